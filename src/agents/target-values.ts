import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { BesidePass, OwnPass, TargetRows } from './target-pass.ts';

/** The transitions that values are kept of: a replay. */
export interface StoredTransitions {
  /** Slots are numbered from 0 to one less. */
  readonly slots: number;
  /** Whether a transition that can be drawn is in the slot. */
  holds(slot: number): boolean;
  /** Writes the next observation of a slot's transition to `out` from index `at` on. */
  readNext(slot: number, out: Uint8Array | Float32Array, at: number): void;
}

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
 * The network runs for a fixed number of rows at a time, whenever a batch has unknown transitions; rows that the batch
 * leaves free are filled from the replay, since those transitions will soon be drawn too. A thread beside this one can be
 * told some of them beforehand (`foresee`).
 */
export class TargetValues implements Restorable {
  /** [batch, width]: values of the batch given to the last `fill`. */
  readonly values: Float32Array;
  readonly #stored: StoredTransitions;
  readonly #own: OwnPass;
  readonly #beside: BesidePass | undefined;
  readonly #width: number;
  /** [slots, width] */
  readonly #kept: Float32Array;
  /** [slots] UNKNOWN, KNOWN or EMPTY; those on their way through the network are KNOWN. */
  readonly #state: Uint8Array;

  constructor(stored: StoredTransitions, batchSize: number, own: OwnPass, beside?: BesidePass) {
    this.#stored = stored;
    this.#own = own;
    this.#beside = beside;
    this.#width = own.width;
    this.#kept = new Float32Array(stored.slots * own.width);
    this.#state = new Uint8Array(stored.slots).fill(EMPTY);
    this.values = new Float32Array(batchSize * own.width);
  }

  /** Whether `foresee` does anything. */
  get foresees(): boolean {
    return this.#beside !== undefined;
  }

  /** The weights changed: nothing is known. */
  clear(): void {
    this.#own.renew();
    this.#beside?.renew();
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
    this.#collect();
    const width = this.#width;
    const { rows } = this.#own;
    for (let row = 0; row < indices.length; row++) {
      if (this.#state[indices[row]] !== UNKNOWN) continue;
      this.#take(indices[row], rows);
      if (rows.count === rows.slots.length) this.#keep(rows, await this.#own.run());
    }
    if (rows.count > 0) {
      this.#topUp();
      this.#keep(rows, await this.#own.run());
    }
    for (let row = 0; row < indices.length; row++) {
      copy(this.#kept, indices[row] * width, this.values, row * width, width);
    }
  }

  /**
   * Gives the thread beside this one, where there is one, something of what a later `fill` will ask for. Until then weights may
   * change and transitions be replaced: what is outdated is computed again.
   * @param indices slots that will probably be in the next batch.
   * @param most transitions that it is given.
   */
  foresee(indices: Int32Array, most: number): void {
    if (this.#beside === undefined) return;
    this.#collect();
    const { rows } = this.#beside;
    const limit = Math.min(most, rows.slots.length);
    for (let i = 0; i < indices.length && rows.count < limit; i++) {
      if (this.#state[indices[i]] === UNKNOWN && this.#stored.holds(indices[i])) this.#take(indices[i], rows);
    }
    if (rows.count > 0) this.#beside.start();
  }

  /** Takes a transition into a pass. */
  #take(slot: number, rows: TargetRows): void {
    const length = rows.observations.length / rows.slots.length;
    this.#stored.readNext(slot, rows.observations, rows.count * length);
    this.#state[slot] = KNOWN; // drawn a second time, it must not be taken twice
    rows.slots[rows.count++] = slot;
  }

  /** Fills free rows of the own pass with other unknown transitions, as far as there are any. */
  #topUp(): void {
    const state = this.#state;
    const { rows } = this.#own;
    let slot = state.length;
    while (rows.count < rows.slots.length && slot > 0) {
      slot = state.lastIndexOf(UNKNOWN, slot - 1);
      if (slot === -1) break;
      if (this.#stored.holds(slot)) this.#take(slot, rows);
      else state[slot] = EMPTY;
    }
  }

  /** Waits for the thread beside this one, if it is at work, and keeps what came out. */
  #collect(): void {
    const beside = this.#beside;
    if (beside !== undefined && beside.rows.count > 0) this.#keep(beside.rows, beside.finish());
  }

  #keep(rows: TargetRows, q: Float32Array): void {
    const width = this.#width;
    for (let row = 0; row < rows.count; row++) copy(q, row * width, this.#kept, rows.slots[row] * width, width);
    rows.count = 0;
  }

  /** Kept values are part of the state: computed again, in another company of rows, their last bits might differ. */
  saveState(): Snapshot {
    this.#collect();
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
    this.#collect();
    this.clear();
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
    await this.#own.close();
    await this.#beside?.close();
  }
}

/** `set` with `subarray` makes two objects; these rows are a handful of numbers. */
function copy(from: Float32Array, start: number, to: Float32Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from[start + i];
}
