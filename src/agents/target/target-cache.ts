import { SavedState } from '../../core/saved-state.ts';
import type { Restorable, Snapshot } from '../../core/snapshot.ts';
import type { BackgroundPass, DirectPass, TargetRows } from './target-pass.ts';

/** The transitions whose values are cached: a replay. */
export interface CachedTransitions {
  /** Slots are numbered from 0 to one less. */
  readonly slots: number;
  /** Called with the slot of each transition that becomes ready to be drawn; another one may have stood there before. */
  onReady: ((slot: number) => void) | undefined;
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
 * Outputs of the target network, cached for each transition from one target sync to the next.
 *
 * Between two syncs the target network stands still, so its values of a transition's next observation are the same each
 * time that it is drawn. With the book's 10,000 transitions and 1000 updates of 32 between syncs each is drawn 3.2 times,
 * and seven of ten forward passes of the target network would repeat an earlier one.
 *
 * The network runs for a fixed number of rows at a time, whenever a batch has unknown transitions; rows that the batch
 * leaves free are filled from the replay, since those transitions will soon be drawn too. A background thread can be given
 * some of them beforehand (`prefetch`).
 */
export class TargetCache implements Restorable {
  /** [batch, width]: values of the batch given to the last `fill`. */
  readonly values: Float32Array;
  readonly #stored: CachedTransitions;
  readonly #direct: DirectPass;
  readonly #background: BackgroundPass | undefined;
  readonly #width: number;
  /** [slots, width] */
  readonly #cached: Float32Array;
  /** [slots] UNKNOWN, KNOWN or EMPTY; those on their way through the network are KNOWN. */
  readonly #state: Uint8Array;

  constructor(stored: CachedTransitions, batchSize: number, direct: DirectPass, background?: BackgroundPass) {
    this.#stored = stored;
    this.#direct = direct;
    this.#background = background;
    this.#width = direct.width;
    this.#cached = new Float32Array(stored.slots * direct.width);
    this.#state = new Uint8Array(stored.slots).fill(EMPTY);
    this.values = new Float32Array(batchSize * direct.width);
    stored.onReady = (slot) => {
      this.#state[slot] = UNKNOWN;
    };
  }

  /** The weights changed: nothing is known. */
  clear(): void {
    this.#direct.renew();
    this.#background?.renew();
    const state = this.#state;
    for (let slot = 0; slot < state.length; slot++) if (state[slot] === KNOWN) state[slot] = UNKNOWN;
  }

  /**
   * Sets `values` for a batch, running the network for transitions that it has not seen yet.
   * @param indices [batch] their slots in the replay.
   */
  async fill(indices: Int32Array): Promise<void> {
    this.#collect();
    const width = this.#width;
    const { rows } = this.#direct;
    for (let row = 0; row < indices.length; row++) {
      if (this.#state[indices[row]] !== UNKNOWN) continue;
      this.#take(indices[row], rows);
      if (rows.count === rows.slots.length) this.#store(rows, await this.#direct.run());
    }
    if (rows.count > 0) {
      this.#topUp();
      this.#store(rows, await this.#direct.run());
    }
    for (let row = 0; row < indices.length; row++) {
      copy(this.#cached, indices[row] * width, this.values, row * width, width);
    }
  }

  /**
   * Gives the background thread, where there is one, transitions that a later `fill` will ask for. Until then weights may
   * change and transitions be replaced: what is outdated is computed again.
   * @param indices slots that will probably be in the next batch.
   * @param most transitions that it is given.
   */
  prefetch(indices: Int32Array, most: number): void {
    if (this.#background === undefined) return;
    this.#collect();
    const { rows } = this.#background;
    const limit = Math.min(most, rows.slots.length);
    for (let i = 0; i < indices.length && rows.count < limit; i++) {
      if (this.#state[indices[i]] === UNKNOWN && this.#stored.holds(indices[i])) this.#take(indices[i], rows);
    }
    if (rows.count > 0) this.#background.start();
  }

  /** Takes a transition into a pass. */
  #take(slot: number, rows: TargetRows): void {
    const length = rows.observations.length / rows.slots.length;
    this.#stored.readNext(slot, rows.observations, rows.count * length);
    this.#state[slot] = KNOWN; // drawn a second time, it must not be taken twice
    rows.slots[rows.count++] = slot;
  }

  /** Fills free rows of the direct pass with other unknown transitions, as far as there are any. */
  #topUp(): void {
    const state = this.#state;
    const { rows } = this.#direct;
    let slot = state.length;
    while (rows.count < rows.slots.length && slot > 0) {
      slot = state.lastIndexOf(UNKNOWN, slot - 1);
      if (slot === -1) break;
      if (this.#stored.holds(slot)) this.#take(slot, rows);
      else state[slot] = EMPTY;
    }
  }

  /** Waits for the background thread, if it is at work, and stores what came out. */
  #collect(): void {
    const background = this.#background;
    if (background !== undefined && background.rows.count > 0) this.#store(background.rows, background.finish());
  }

  #store(rows: TargetRows, q: Float32Array): void {
    const width = this.#width;
    for (let row = 0; row < rows.count; row++) copy(q, row * width, this.#cached, rows.slots[row] * width, width);
    rows.count = 0;
  }

  /** Cached values are saved: recomputed in a batch with other rows, their last bits could differ. */
  saveState(): Snapshot {
    this.#collect();
    const width = this.#width;
    const slots: number[] = [];
    this.#state.forEach((state, slot) => void (state === KNOWN && slots.push(slot)));
    const values = new Float32Array(slots.length * width);
    slots.forEach((slot, i) => void copy(this.#cached, slot * width, values, i * width, width));
    return { slots: Int32Array.from(slots), values };
  }

  /**
   * To be called after the replay and the target network's weights were restored.
   * @param state null for that of a training without a cache.
   */
  restoreState(state: Snapshot): void {
    this.#collect();
    this.clear();
    const width = this.#width;
    for (let slot = 0; slot < this.#state.length; slot++) {
      this.#state[slot] = this.#stored.holds(slot) ? UNKNOWN : EMPTY;
    }
    if (state === null) return;
    const saved = new SavedState(state, 'target network');
    const slots = saved.array('slots', new Int32Array(0));
    saved.within('slots', slots, 0, this.#state.length - 1);
    // Some of them may have been given up since: their values wait for nobody.
    const values = saved.array('values', this.values, slots.length * width);
    slots.forEach((slot, i) => {
      copy(values, i * width, this.#cached, slot * width, width);
      this.#state[slot] = KNOWN;
    });
  }

  async close(): Promise<void> {
    await this.#direct.close();
    await this.#background?.close();
  }
}

/** `set` with `subarray` makes two objects; these rows are a handful of numbers. */
function copy(from: Float32Array, start: number, to: Float32Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from[start + i];
}
