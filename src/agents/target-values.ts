import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { GraphRunner, TypedArray } from '../graph/index.ts';

/** The transitions that values are kept of: a replay. */
export interface StoredTransitions {
  /** Slots are numbered from 0 to one less. */
  readonly slots: number;
  /** Whether a transition that can be drawn is in the slot. */
  holds(slot: number): boolean;
  /** Writes the next observation of a slot's transition to `out` from index `at` on. */
  readNext(slot: number, out: Uint8Array | Float32Array, at: number): void;
}

/**
 * Makes what computes the target network with its weights of now: input `observations` [rows, ...observation], output `q`
 * [rows, width].
 */
export type CreateTargetRunner = () => Promise<GraphRunner>;

/** What is known of a slot. */
const UNKNOWN = 0;
const KNOWN = 1;
const EMPTY = 2;

/**
 * Outputs of the target network, kept for each transition from one copy of the weights to the next.
 *
 * Between two copies the target network stands still, so its values of a transition's next observation are the same each
 * time that it is drawn. With the book's 10,000 transitions and 1000 updates of 32 between copies each is drawn 3.2 times,
 * and seven of ten passes through the target network would repeat an earlier one.
 *
 * The network runs for a fixed number of rows at a time, whenever a batch has an unknown transition; rows that the batch
 * leaves free are filled from the replay, since those transitions will soon be drawn too.
 */
export class TargetValues implements Restorable {
  /** [batch, width]: values of the batch given to the last `fill`. */
  readonly values: Float32Array;
  readonly #width: number;
  /** [slots, width] */
  readonly #kept: Float32Array;
  /** [slots] UNKNOWN, KNOWN or EMPTY. */
  readonly #state: Uint8Array;
  readonly #stored: StoredTransitions;
  readonly #create: CreateTargetRunner;
  #runner: GraphRunner;
  /** Whether the weights changed since the runner was made. */
  #outdated = false;
  readonly #feeds: Record<string, TypedArray>;
  /** Observations to be computed, [rows, ...observation]. */
  readonly #rows: Uint8Array | Float32Array;
  /** [rows] their slots. */
  readonly #waiting: Int32Array;

  private constructor(stored: StoredTransitions, batchSize: number, create: CreateTargetRunner, runner: GraphRunner) {
    const [rows, width] = runner.outputs['q'].shape;
    const { shape, dtype } = runner.inputs['observations'];
    const length = shape.reduce((product, n) => product * n, 1);
    this.#stored = stored;
    this.#create = create;
    this.#width = width;
    this.#kept = new Float32Array(stored.slots * width);
    this.#state = new Uint8Array(stored.slots).fill(EMPTY);
    this.#runner = runner;
    this.#rows = dtype === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
    this.#waiting = new Int32Array(rows);
    this.#feeds = { observations: this.#rows };
    this.values = new Float32Array(batchSize * width);
  }

  static async create(stored: StoredTransitions, batchSize: number, create: CreateTargetRunner): Promise<TargetValues> {
    return new TargetValues(stored, batchSize, create, await create());
  }

  /** The weights changed: nothing is known. */
  clear(): void {
    this.#outdated = true;
    const state = this.#state;
    for (let slot = 0; slot < state.length; slot++) if (state[slot] === KNOWN) state[slot] = UNKNOWN;
  }

  /** Another transition is in this slot now. */
  forget(slot: number): void {
    this.#state[slot] = UNKNOWN;
  }

  /**
   * Sets `values` for a batch, running the network for transitions that it has not seen yet.
   * @param indices [batch] their slots in the replay.
   */
  async fill(indices: Int32Array): Promise<void> {
    const width = this.#width;
    const waiting = this.#waiting;
    const length = this.#rows.length / waiting.length;
    let count = 0;
    for (let row = 0; row < indices.length; row++) {
      const slot = indices[row];
      if (this.#state[slot] !== UNKNOWN) continue;
      this.#stored.readNext(slot, this.#rows, count * length);
      this.#state[slot] = KNOWN; // drawn a second time in this batch, it must not wait twice
      waiting[count++] = slot;
      if (count === waiting.length) {
        await this.#compute(count);
        count = 0;
      }
    }
    if (count > 0) await this.#compute(this.#topUp(count));
    for (let row = 0; row < indices.length; row++) {
      copy(this.#kept, indices[row] * width, this.values, row * width, width);
    }
  }

  /** Fills the rows from `count` on with other unknown transitions, as far as there are any; returns how many rows wait. */
  #topUp(count: number): number {
    const state = this.#state;
    const length = this.#rows.length / this.#waiting.length;
    let rows = count;
    let slot = state.length;
    while (rows < this.#waiting.length && slot > 0) {
      slot = state.lastIndexOf(UNKNOWN, slot - 1);
      if (slot === -1) break;
      if (!this.#stored.holds(slot)) {
        state[slot] = EMPTY;
        continue;
      }
      this.#stored.readNext(slot, this.#rows, rows * length);
      state[slot] = KNOWN;
      this.#waiting[rows++] = slot;
    }
    return rows;
  }

  async #compute(count: number): Promise<void> {
    const width = this.#width;
    if (this.#outdated) {
      await this.#runner.release();
      this.#runner = await this.#create();
      this.#outdated = false;
    }
    const q = (await this.#runner.run(this.#feeds))['q'] as Float32Array;
    for (let row = 0; row < count; row++) copy(q, row * width, this.#kept, this.#waiting[row] * width, width);
  }

  /** Kept values are part of the state: computed again, in another company of rows, their last bits might differ. */
  saveState(): Snapshot {
    const width = this.#width;
    const slots: number[] = [];
    this.#state.forEach((state, slot) => void (state === KNOWN && slots.push(slot)));
    const values = new Float32Array(slots.length * width);
    slots.forEach((slot, i) => void copy(this.#kept, slot * width, values, i * width, width));
    return { slots: Int32Array.from(slots), values };
  }

  /**
   * To be called after the replay and the target network's weights were restored.
   * @param state null for that of a training that kept none.
   */
  restoreState(state: Snapshot): void {
    this.#outdated = true;
    const width = this.#width;
    for (let slot = 0; slot < this.#state.length; slot++) {
      this.#state[slot] = this.#stored.holds(slot) ? UNKNOWN : EMPTY;
    }
    if (state === null) return;
    const { slots, values } = state as unknown as { slots: Int32Array; values: Float32Array };
    slots.forEach((slot, i) => {
      copy(values, i * width, this.#kept, slot * width, width);
      this.#state[slot] = KNOWN;
    });
  }

  async close(): Promise<void> {
    await this.#runner.release();
  }
}

/** `set` with `subarray` makes two objects; these rows are a handful of numbers. */
function copy(from: Float32Array, start: number, to: Float32Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from[start + i];
}
