/**
 * Checkpoints that are right in every byte and wrong in one place: the state of a real training with one thing changed, encoded
 * with a right checksum. It is refused when it is restored, or the training goes on from it, or diverges.
 */
import fc from 'fast-check';
import type { Platform } from '../../src/algorithms/algorithm.ts';
import type { Env } from '../../src/core/env.ts';
import { DivergenceError } from '../../src/core/errors.ts';
import type { Snapshot, SnapshotArray } from '../../src/core/snapshot.ts';
import { makeFromKwargs } from '../../src/envs/registry.ts';
import { interpretGraphs } from '../../src/graph/index.ts';
import { compileGraphs } from '../../src/graph/kernels/kernel-runner.ts';
import { createTrainingOn } from '../../src/runs/create-training.ts';
import { restoreTraining } from '../../src/runs/restore-training.ts';
import type { ResolvedRun, RunRequest } from '../../src/runs/run.ts';
import { settleRun } from '../../src/runs/settle-run.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/storage/checkpoint-format.ts';
import type { Training } from '../../src/train/training.ts';
import { makeTrainingEnv } from '../../src/train/training-env.ts';
import { share } from './strangers.ts';

/** That a training goes on for. */
const UNITS = 50;

/** The run that a checkpoint is of, and the units before it. */
type Origin = Pick<RunRequest, 'recipe' | 'env'> & {
  readonly set: Readonly<Record<string, unknown>>;
  readonly units: number;
  readonly interpreted?: boolean;
};

const network = { 'network.hiddenSizes': [8] };
const dqn = { ...network, bufferSize: 64, batchSize: 8, learningStarts: 20, targetUpdateInterval: 16, nStep: 2 };
const categorical = { ...dqn, values: { kind: 'categorical', atoms: 5, vMin: 0, vMax: 20 } };
const ORIGINS: readonly Origin[] = [
  { recipe: 'dqn-cart-pole', set: dqn, units: 90 },
  { recipe: 'dqn-cart-pole', set: { ...dqn, replay: { kind: 'prioritized' }, environments: 2 }, units: 50 },
  { recipe: 'dqn-cart-pole', set: { ...categorical, 'network.noisy': { sigma: 0.5 } }, units: 40, interpreted: true },
  { recipe: 'pqn-cart-pole', set: { ...network, environments: 4, rolloutSteps: 8, minibatches: 2 }, units: 11 },
  { recipe: 'stream-q-cart-pole', set: network, units: 40 },
  { recipe: 'cross-entropy-cart-pole', set: { ...network, batchSize: 64, batchEpisodes: 2 }, units: 60 },
  { recipe: 'q-learning', env: 'FrozenLake-v1', set: {}, units: 150 },
  { recipe: 'dyna-q', env: 'Taxi-v3', set: {}, units: 80 },
  { recipe: 'q-iteration', env: 'FrozenLake-v1', set: {}, units: 3 },
];

/** A training that was saved. */
export interface Original {
  readonly name: string;
  readonly algorithm: string;
  readonly step: number;
  readonly state: Snapshot;
  create(): Promise<Training>;
}

/** Trains each a little. */
export const originals = (): Promise<readonly Original[]> =>
  Promise.all(
    ORIGINS.map(async ({ units, interpreted = false, ...asked }, i) => {
      const run = await settleRun({ ...asked, seed: 1, device: 'cpu', threads: 1 });
      const create = (): Promise<Training> => createTrainingOn(platformOf(run, interpreted), run, noModels);
      const training = await create();
      for (let unit = 0; unit < units; unit++) await training.advance({});
      const state = structuredClone(training.saveState());
      await training.close();
      return { name: `${asked.recipe}/${i}`, algorithm: run.algorithm, step: training.step, state, create };
    }),
  );

const noModels = (): never => {
  throw new Error('no model is run');
};

function platformOf({ env, envKwargs }: ResolvedRun, interpreted: boolean): Platform {
  const makeEnv = () => makeFromKwargs(env, envKwargs) as Env<unknown, number>;
  const createRunner = interpreted ? interpretGraphs : compileGraphs;
  return {
    makeEnv,
    makeEnvs: async ({ environments, preprocessing }) => makeTrainingEnv(makeEnv, preprocessing, environments),
    runners: async () => ({ createRunner, createBackgroundRunner: undefined }),
    now: () => 0,
    memoryLimit: 1e8,
  };
}

/** Restores a forged state and trains on. @throws what restoring throws; later a DivergenceError, or Error for a finding. */
export async function goOn({ algorithm, step, create }: Original, forged: Snapshot): Promise<void> {
  const file = Buffer.concat(encodeCheckpoint(forged, { kind: algorithm, version: '1.0.0', step }));
  const training = await create();
  try {
    restoreTraining(training, decodeCheckpoint(file, 'a.bck'), algorithm, 'a.bck');
    try {
      for (let unit = 0; unit < UNITS && training.end === undefined; unit++) await training.advance({});
      if (!/^\P{Cc}{0,200}$/u.test(training.status())) throw new Error('a status that is not one short line');
      training.exportModel();
      training.saveState();
    } catch (error) {
      // Too late for a refusal: only that it diverges is found out while it learns.
      if (error instanceof DivergenceError) throw error;
      throw new Error('failed after it was restored', { cause: error });
    }
  } finally {
    await training.close();
  }
}

const ODD_NUMBERS = [
  Number.NaN,
  Infinity,
  -Infinity,
  -1,
  -0,
  0,
  0.5,
  1,
  7,
  255,
  1e9,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -1e300,
];
const ODD_VALUES: readonly Snapshot[] = [
  ...ODD_NUMBERS,
  ...[null, true, '', '7', '\u001b[2J\n', 'x'.repeat(100_000), 5n, -(2n ** 70n), [], {}, [0], { length: 3 }],
  ...[new Float64Array(3), new Uint8Array(0), new BigInt64Array(2), ['__proto__'], [[[]]], { state: null }],
];
const KINDS = [Uint8Array, Int32Array, Float32Array, Float64Array] as const;
const HOW = ['value', 'gone', 'more', 'length', 'kind', 'element'] as const;

/** One thing done to a place of a state. */
export interface Forgery {
  /** Share of the places, in their order. */
  readonly at: number;
  readonly how: (typeof HOW)[number];
  /** Chooses among the ways to do it. */
  readonly pick: number;
  /** Share of an array. */
  readonly to: number;
}

export const forgeries: fc.Arbitrary<Forgery> = fc.record({
  at: share,
  how: fc.constantFrom(...HOW),
  pick: fc.nat(ODD_VALUES.length - 1),
  to: share,
});

type Owner = Record<string, Snapshot>;

/** Where anything stands in an object, in lists and objects alike. */
function placesOf(root: Owner): [owner: Owner, key: string][] {
  const places: [Owner, string][] = [];
  const walk = (node: Snapshot): void => {
    if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return;
    for (const [key, value] of Object.entries(node)) {
      places.push([node as Owner, key]);
      walk(value);
    }
  };
  walk(root);
  return places;
}

/** @returns a changed copy. */
export function forge(state: Snapshot, { at, how, pick, to }: Forgery): Snapshot {
  const root: Owner = { root: structuredClone(state) };
  const places = placesOf(root);
  const [owner, key] = places[Math.floor(at * places.length)]!;
  const value = owner[key]!;
  const odd = structuredClone(ODD_VALUES[pick]!);
  if (how === 'gone' && Array.isArray(owner)) owner.splice(Number(key), 1);
  else if (how === 'gone' && owner !== root) delete owner[key];
  else if (how === 'more' && Array.isArray(value)) value.push(odd);
  else if (how === 'more' && typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
    (value as Owner)['more'] = odd;
  else if (ArrayBuffer.isView(value) && how !== 'value') owner[key] = otherArray(value as SnapshotArray, how, pick, to);
  else owner[key] = odd;
  return root['root']!;
}

function otherArray(array: SnapshotArray, how: Forgery['how'], pick: number, to: number): Snapshot {
  const numbers = array as Float64Array;
  if (how === 'kind') return pick % 5 === 4 ? [...numbers] : KINDS[pick % 5]!.from(numbers);
  if (how === 'element') {
    numbers[Math.floor(to * numbers.length)] = ODD_NUMBERS[pick % ODD_NUMBERS.length]!;
    return numbers;
  }
  const { length } = numbers;
  const lengths = [0, 1, Math.max(length - 1, 0), length + 1, 2 * length, 100_000];
  const other = new (array.constructor as Float64ArrayConstructor)(lengths[pick % lengths.length]!);
  other.set(numbers.subarray(0, other.length));
  return other;
}
