/**
 * Files, command lines and calls as strangers may make them: bytes of good files changed, and structures of any JSON. A case is
 * either refused by a typed error of one printable line, or what was read is as good as what this library writes. Anything else
 * is a finding: another error, a second line, a control character, five seconds.
 */
import fc from 'fast-check';
import { BellmanError } from '../../src/core/errors.ts';

export type Verdict = 'accepted' | 'refused';

/** One sort of input. */
export interface Fuzzed<T = unknown> {
  readonly name: string;
  /** Cases of the long run. */
  readonly count: number;
  readonly inputs: fc.Arbitrary<T>;
  /** Gives the case to the library, and throws where it was accepted and should not have been. */
  readonly attempt: (input: T) => unknown;
  /** Errors of others that count as a refusal, such as those of the parser of command lines. */
  readonly refusals?: (error: unknown) => boolean;
}

export interface FuzzReport {
  readonly name: string;
  readonly accepted: number;
  readonly refused: number;
  /** The slowest case. */
  readonly worstMs: number;
  readonly seconds: number;
}

/** A case may take so long. */
const LONGEST_MS = 5000;

/**
 * Tries cases, shrinks the first finding, and throws it.
 * @param heard called after each case.
 */
export async function fuzz<T>(kind: Fuzzed<T>, numRuns: number, seed: number, heard = () => {}): Promise<FuzzReport> {
  const counts = { accepted: 0, refused: 0 };
  let worstMs = 0;
  const started = performance.now();
  const property = fc.asyncProperty(kind.inputs, async (input) => {
    const before = performance.now();
    counts[await judge(kind, input)]++;
    const took = performance.now() - before;
    worstMs = Math.max(worstMs, took);
    heard();
    if (took > LONGEST_MS) throw new Error(`took ${took.toFixed(0)} ms`);
  });
  await fc.assert(property, { numRuns, seed, endOnFailure: false });
  return { name: kind.name, ...counts, worstMs, seconds: (performance.now() - started) / 1000 };
}

async function judge<T>(kind: Fuzzed<T>, input: T): Promise<Verdict> {
  try {
    await kind.attempt(input);
    return 'accepted';
  } catch (error) {
    if (kind.refusals?.(error)) return 'refused';
    if (!(error instanceof BellmanError)) throw error;
    if (/\p{Cc}/u.test(error.message)) throw new Error(`not one printable line: ${JSON.stringify(error.message)}`);
    if (error.message.length > 4000) throw new Error(`a line of ${error.message.length} characters`);
    return 'refused';
  }
}

interface Edit {
  readonly how: 'flip' | 'set' | 'cut' | 'insert' | 'repeat' | 'swap';
  /** Shares of the file. */
  readonly at: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** Of a whole, evenly: the doubles of fast-check are mostly next to 0. */
export const share = fc.noBias(fc.nat(2 ** 20 - 1)).map((n) => n / 2 ** 20);

/** A few changes of bytes. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    how: fc.constantFrom('flip', 'set', 'cut', 'insert', 'repeat', 'swap'),
    at: share,
    to: share,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  }),
  { minLength: 1, maxLength: 4 },
);

export function applyEdits(good: Uint8Array, changes: readonly Edit[]): Uint8Array {
  let bytes = Buffer.from(good);
  for (const { how, at, to, bytes: more } of changes) {
    if (bytes.length === 0) break;
    const [i, j] = [at, to].map((part) => Math.floor(part * bytes.length)) as [number, number];
    if (how === 'flip') bytes[i]! ^= 1 << (more[0]! & 7);
    else if (how === 'set') bytes.set(more.subarray(0, bytes.length - i), i);
    else if (how === 'cut') bytes = Buffer.concat([bytes.subarray(0, Math.min(i, j)), bytes.subarray(Math.max(i, j))]);
    else if (how === 'insert') bytes = Buffer.concat([bytes.subarray(0, i), more, bytes.subarray(i)]);
    else if (how === 'repeat')
      bytes = Buffer.concat([bytes.subarray(0, i), bytes.subarray(Math.min(i, j), Math.max(i, j)), bytes.subarray(i)]);
    else [bytes[i], bytes[j]] = [bytes[j]!, bytes[i]!];
  }
  return new Uint8Array(bytes);
}

/** What no good file holds at that place. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        null,
        true,
        '',
        [],
        {},
        0,
        -1,
        0.5,
        1e9,
        2 ** 31,
        2 ** 53,
        1e15,
        1e300,
        -0,
        '1',
        'NaN',
        '\u001b[2J\n',
        '../../x',
      ],
      ...[
        '__proto__',
        'constructor',
        './evil.mjs:X-v0',
        'python:evil:X-v0',
        [[[]]],
        { kind: 'none' },
        { $a: 0 },
        { $n: 'x' },
      ],
    ),
  },
);

/** Changes of a structure: what stands at a place, counted through all of them, is something else, gone, or under another name. */
export const changes = fc.array(fc.record({ at: share, how: fc.constantFrom('set', 'drop', 'add'), value: hostile }), {
  minLength: 1,
  maxLength: 3,
});

type Change = { readonly at: number; readonly how: 'set' | 'drop' | 'add'; readonly value: unknown };

/** @returns a copy. */
export function applyChanges(good: unknown, list: readonly Change[]): unknown {
  const root = { root: structuredClone(good) };
  for (const { at, how, value: shared } of list) {
    const value = structuredClone(shared);
    const places: [Record<string, unknown>, string][] = [];
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return;
      for (const key of Object.keys(node)) {
        places.push([node as Record<string, unknown>, key]);
        walk((node as Record<string, unknown>)[key]);
      }
    };
    walk(root);
    const [owner, key] = places[Math.floor(at * places.length)]!;
    if (how === 'drop' && owner !== root) delete owner[key];
    else if (how === 'add' && typeof owner[key] === 'object' && owner[key] !== null && !Array.isArray(owner[key])) {
      (owner[key] as Record<string, unknown>)['more'] = value;
    } else owner[key] = value;
  }
  return root.root;
}
