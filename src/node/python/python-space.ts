import { sizeOf } from '../../core/shape.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Space } from '../../core/space.ts';
import { Box, type BoxType } from '../../spaces/box.ts';
import { Dict } from '../../spaces/dict.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { MultiBinary } from '../../spaces/multi-binary.ts';
import { MultiDiscrete } from '../../spaces/multi-discrete.ts';
import { Tuple } from '../../spaces/tuple.ts';
import { ASK, type PythonProcess } from './python-process.ts';
import type { ValueReader } from './tagged-values.ts';

/** A space as `describe_space` of the server says it. */
export type SpaceDescription =
  | {
      readonly kind: 'box';
      readonly low: Float64Array;
      readonly high: Float64Array;
      readonly shape: readonly number[];
      readonly dtype: BoxType;
    }
  | { readonly kind: 'discrete'; readonly n: number; readonly start: number }
  | {
      readonly kind: 'multi-discrete';
      readonly nvec: readonly number[];
      readonly start: readonly number[];
      readonly shape: readonly number[];
    }
  | { readonly kind: 'multi-binary'; readonly shape: readonly number[]; readonly vector: boolean }
  | { readonly kind: 'tuple'; readonly spaces: readonly SpaceDescription[] }
  | { readonly kind: 'dict'; readonly keys: readonly string[]; readonly spaces: readonly SpaceDescription[] }
  | { readonly kind: 'other'; readonly name: string; readonly text: string };

/** Which space of an environment: observations or actions, and the way down through tuples and dicts. */
export interface SpacePlace {
  readonly of: 'observation' | 'action';
  readonly path: readonly number[];
}

/** A space of ours like one of Python's, and how its members are read from an answer. */
export interface ReadableSpace {
  readonly space: Space;
  readonly read: (answer: ValueReader) => unknown;
}

/** @param python that is asked for samples of spaces which we have not. */
export function createSpace(description: SpaceDescription, place: SpacePlace, python: PythonProcess): ReadableSpace {
  switch (description.kind) {
    case 'box': {
      const { low, high, shape, dtype } = description;
      const box = new Box(low, high, shape, dtype);
      return { space: box, read: arrayReader(box.low) };
    }
    case 'discrete': {
      const { n, start } = description;
      return { space: new Discrete(n, { start }), read: (answer) => answer.integer() };
    }
    case 'multi-discrete': {
      const { nvec, start, shape } = description;
      return { space: new MultiDiscrete(nvec, { start, shape }), read: arrayReader(new Int32Array(nvec.length)) };
    }
    case 'multi-binary': {
      const { shape, vector } = description;
      const space = new MultiBinary(vector ? (shape[0] as number) : shape);
      return { space, read: arrayReader(new Int8Array(sizeOf(shape))) };
    }
    case 'tuple': {
      const parts = createParts(description.spaces, place, python);
      const space = new Tuple(parts.map((part) => part.space));
      return { space, read: (answer) => parts.map((part) => part.read(answer)) };
    }
    case 'dict': {
      const parts = createParts(description.spaces, place, python);
      const named = description.keys.map((key, i) => [key, parts[i]!] as const);
      // In Python's order, which is sorted unless the user gave another.
      const space = new Dict(Object.fromEntries(named.map(([key, part]) => [key, part.space])), { sortKeys: false });
      return { space, read: (answer) => Object.fromEntries(named.map(([key, part]) => [key, part.read(answer)])) };
    }
    case 'other':
      return { space: new PythonSpace(description, place, python), read: (answer) => answer.value() };
  }
}

function createParts(parts: readonly SpaceDescription[], place: SpacePlace, python: PythonProcess): ReadableSpace[] {
  return parts.map((part, i) => createSpace(part, { ...place, path: [...place.path, i] }, python));
}

/** Reads arrays like the given one, in fresh memory. */
function arrayReader(like: { readonly byteLength: number; readonly constructor: unknown }) {
  const length = like.byteLength;
  const type = like.constructor as new (memory: ArrayBuffer) => unknown;
  return (answer: ValueReader): unknown => new type(answer.take(length));
}

/** A space that only Python has, such as `Text` or `Graph`: it draws the samples, and members are plain data. */
export class PythonSpace implements Space {
  readonly kind = 'python';
  readonly shape = undefined;
  /** Python's class. */
  readonly name: string;
  readonly #text: string;
  readonly #place: SpacePlace;
  readonly #python: PythonProcess;

  constructor({ name, text }: { name: string; text: string }, place: SpacePlace, python: PythonProcess) {
    this.name = name;
    this.#text = text;
    this.#place = place;
    this.#python = python;
  }

  sample(): unknown {
    return this.#python.askJson(ASK.sample, this.#place, `sampling ${this.#text}`).value();
  }

  /** Whether the value is a string, for texts; of others, whether it is a value at all: Python looks at it itself. */
  contains(value: unknown): value is unknown {
    return this.name === 'Text' ? typeof value === 'string' : value !== undefined && value !== null;
  }

  seed(seed?: number | bigint): void {
    this.#python.askJson(ASK.seed, { ...this.#place, seed: seed === undefined ? null : Number(seed) }, 'seeding');
  }

  /** Nothing: the generator is Python's. */
  saveState(): Snapshot {
    return null;
  }

  restoreState(): void {}

  toString(): string {
    return this.#text;
  }
}
