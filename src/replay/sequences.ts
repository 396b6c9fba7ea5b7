import { RUNNING, TRUNCATED } from '../core/episode-end.ts';
import { OptionError, OrderError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { sizeOf } from '../core/shape.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { Observations } from './replay.ts';

export interface SequenceReplayOptions {
  /** Most steps, of all environments together; rounded up to whole distances between sequences. */
  readonly capacity: number;
  readonly environments: number;
  /** Of one observation. */
  readonly shape: readonly number[];
  readonly elementType: 'uint8' | 'float32';
  /** Numbers that the network remembers of one environment. */
  readonly stateSize: number;
  /** First steps of a sequence, which only bring up to date what is remembered. */
  readonly burnIn: number;
  /** Steps that are learned from. */
  readonly length: number;
  /** Steps of a return. */
  readonly nStep: number;
  /** Steps that are learned from in one sequence and in the next one too; below `length`. */
  readonly overlap: number;
  /** What a sequence begins with: what was remembered when it was played, or nothing. */
  readonly initialState: 'stored' | 'zero';
  readonly gamma: number;
  /** Bytes that it may take. Default: no limit. */
  readonly memoryLimit?: number | undefined;
}

const OPTIONS: OptionNames<SequenceReplayOptions> = {
  ...{ capacity: true, environments: true, shape: true, elementType: true, stateSize: true },
  ...{ burnIn: true, length: true, nStep: true, overlap: true },
  ...{ initialState: true, gamma: true, memoryLimit: true },
};

/** A batch of sequences of burnIn + length + nStep steps, row by row. */
export interface SequenceBatch {
  /** [batch, steps, ...observation] */
  readonly observations: Observations;
  /** [batch, stateSize] before the first step. */
  readonly state: Float32Array;
  /** [batch, steps], 1 where an episode begins with a step; the first step's state says that by itself. */
  readonly starts: Float32Array;
  /** [batch, length], of the steps after the burn-in. */
  readonly actions: Int32Array;
  /** [batch, length] discounted sums of n rewards, or of those up to the episode's end. */
  readonly rewards: Float32Array;
  /** [batch, length] gamma^n; 0 where the episode ended within the n steps. */
  readonly discounts: Float32Array;
  /** [batch, length] 0 where a truncation within the n steps left the return unknown, else 1. */
  readonly weights: Float32Array;
}

/**
 * Past play as sequences (Hausknecht & Stone 2015; Kapturowski et al. 2019): the last steps of every environment in a ring,
 * each observation once, with what was remembered before every `length - overlap`-th step. Sequences begin there, and go on
 * over the ends of episodes.
 */
export class SequenceReplay implements Restorable {
  readonly capacity: number;
  readonly #options: SequenceReplayOptions;
  /** Of a sequence. */
  readonly #steps: number;
  /** Steps from the beginning of a sequence to that of the next. */
  readonly #distance: number;
  /** Steps of each environment that there is room for; a multiple of the distance. */
  readonly #ring: number;
  /** [ring, environments, ...observation] */
  readonly #observations: Observations;
  /** [ring / distance, environments, stateSize] */
  readonly #states: Float32Array;
  /** [ring, environments] */
  readonly #actions: Int32Array;
  readonly #rewards: Float32Array;
  readonly #ends: Uint8Array;
  /** Steps of each environment so far. */
  #total = 0;

  /** @throws UnknownNameError for an option of another name, OptionError when it has no room for a sequence, or would not fit
   *   in the memory limit. */
  constructor(options: SequenceReplayOptions) {
    checkOptionNames(options, OPTIONS);
    const { capacity, environments, shape, elementType, stateSize, burnIn, length, nStep, overlap } = options;
    this.#options = options;
    this.#steps = burnIn + length + nStep;
    this.#distance = length - overlap;
    const each = Math.ceil(capacity / environments / this.#distance) * this.#distance;
    if (each < this.#steps + this.#distance) {
      const least = (this.#steps + this.#distance) * environments;
      throw new OptionError('bufferSize', capacity, `at least ${least}, room for a sequence of each environment`);
    }
    const size = sizeOf(shape);
    const perStep = size * (elementType === 'uint8' ? 1 : 4) + 9 + (4 * stateSize) / this.#distance;
    const bytes = each * environments * perStep;
    if (bytes > (options.memoryLimit ?? Infinity)) {
      const most = Math.floor(options.memoryLimit! / perStep);
      throw new OptionError(
        'bufferSize',
        capacity,
        `at most ${most} in ${(options.memoryLimit! / 1e9).toPrecision(3)} GB`,
      );
    }
    this.#ring = each;
    this.capacity = each * environments;
    const count = this.capacity;
    this.#observations = elementType === 'uint8' ? new Uint8Array(count * size) : new Float32Array(count * size);
    this.#states = new Float32Array((count / this.#distance) * stateSize);
    this.#actions = new Int32Array(count);
    this.#rewards = new Float32Array(count);
    this.#ends = new Uint8Array(count);
  }

  /** Steps stored, of all environments together. */
  get size(): number {
    return Math.min(this.#total, this.#ring) * this.#options.environments;
  }

  /** Sequences that can be drawn. */
  get sequences(): number {
    return Math.max(0, this.#last - this.#first + 1) * this.#options.environments;
  }

  /** Numbers of the oldest and of the newest sequence of an environment that are stored whole. */
  get #first(): number {
    return Math.ceil(Math.max(0, this.#total - this.#ring) / this.#distance);
  }
  get #last(): number {
    return Math.floor((this.#total - this.#steps) / this.#distance);
  }

  createBatch(size: number): SequenceBatch {
    const { shape, elementType, stateSize, length } = this.#options;
    const count = size * this.#steps * sizeOf(shape);
    return {
      observations: elementType === 'uint8' ? new Uint8Array(count) : new Float32Array(count),
      state: new Float32Array(size * stateSize),
      starts: new Float32Array(size * this.#steps),
      actions: new Int32Array(size * length),
      rewards: new Float32Array(size * length),
      discounts: new Float32Array(size * length),
      weights: new Float32Array(size * length),
    };
  }

  /**
   * Stores what the environments show, before their step.
   * @param observations [environments, ...observation]
   * @param state [environments, stateSize], what is remembered of what came before.
   */
  addObservations(observations: Observations, state: Float32Array): void {
    const at = this.#total % this.#ring;
    this.#observations.set(observations, at * observations.length);
    if (at % this.#distance === 0) this.#states.set(state, (at / this.#distance) * state.length);
  }

  /**
   * Stores the step from there.
   * @param actions [environments], as the others.
   * @param ends RUNNING, TERMINATED or TRUNCATED.
   */
  addStep(actions: Int32Array, rewards: ArrayLike<number>, ends: Uint8Array): void {
    const at = (this.#total % this.#ring) * actions.length;
    this.#actions.set(actions, at);
    this.#rewards.set(rewards, at);
    this.#ends.set(ends, at);
    this.#total++;
  }

  /** Fills a batch with sequences, each as likely as any other. @throws OrderError when there is none. */
  sample(random: Generator, out: SequenceBatch): void {
    const { environments, stateSize, initialState } = this.#options;
    const count = this.sequences;
    if (count === 0) throw new OrderError('Cannot draw a sequence: the replay holds none that is whole.');
    const rows = out.state.length / stateSize;
    for (let row = 0; row < rows; row++) {
      const drawn = random.integers(count) as number;
      const environment = drawn % environments;
      const begin = (this.#first + Math.floor(drawn / environments)) * this.#distance;
      this.#readSteps(begin, environment, out, row);
      const from = (((begin % this.#ring) / this.#distance) * environments + environment) * stateSize;
      if (initialState === 'stored') out.state.set(this.#states.subarray(from, from + stateSize), row * stateSize);
    }
  }

  #readSteps(begin: number, environment: number, out: SequenceBatch, row: number): void {
    const { environments, burnIn, length, shape } = this.#options;
    const size = sizeOf(shape);
    const place = (t: number) => ((begin + t) % this.#ring) * environments + environment;
    for (let t = 0; t < this.#steps; t++) {
      const from = place(t) * size;
      const to = row * this.#steps + t;
      out.observations.set(this.#observations.subarray(from, from + size), to * size);
      out.starts[to] = t > 0 && this.#ends[place(t - 1)] !== RUNNING ? 1 : 0;
    }
    for (let t = 0; t < length; t++) this.#readReturn((k) => place(burnIn + t + k), out, row * length + t);
  }

  /** @param place of a step that is so many later. */
  #readReturn(place: (k: number) => number, out: SequenceBatch, to: number): void {
    const { nStep, gamma } = this.#options;
    let [total, discount, end] = [0, 1, RUNNING as number];
    for (let k = 0; k < nStep && end === RUNNING; k++) {
      total += discount * this.#rewards[place(k)];
      discount *= gamma;
      end = this.#ends[place(k)];
    }
    out.actions[to] = this.#actions[place(0)];
    out.rewards[to] = total;
    out.discounts[to] = end === RUNNING ? discount : 0;
    out.weights[to] = end === TRUNCATED ? 0 : 1;
  }

  saveState(): Snapshot {
    const stored = Math.min(this.#total, this.#ring);
    const part = <A extends Observations | Int32Array>(ring: A, length: number): A => ring.slice(0, length) as A;
    const each = (ring: { readonly length: number }) => (ring.length / this.#ring) * stored;
    const states = Math.ceil(stored / this.#distance) * (this.#states.length / (this.#ring / this.#distance));
    return {
      total: this.#total,
      observations: part(this.#observations, each(this.#observations)),
      states: part(this.#states, states),
      actions: part(this.#actions, each(this.#actions)),
      rewards: part(this.#rewards, each(this.#rewards)),
      ends: part(this.#ends, each(this.#ends)),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'replay');
    const total = saved.whole('total');
    const stored = Math.min(total, this.#ring);
    const part = <A extends Observations | Int32Array>(ring: A): A =>
      ring.subarray(0, (ring.length / this.#ring) * stored) as A;
    saved.into('observations', part(this.#observations));
    const states = Math.ceil(stored / this.#distance) * (this.#states.length / (this.#ring / this.#distance));
    saved.into('states', this.#states.subarray(0, states));
    saved.into('actions', part(this.#actions), 0, 2 ** 31 - 1);
    saved.into('rewards', part(this.#rewards), -Number.MAX_VALUE, Number.MAX_VALUE);
    saved.into('ends', part(this.#ends), RUNNING, TRUNCATED);
    this.#total = total;
  }
}
