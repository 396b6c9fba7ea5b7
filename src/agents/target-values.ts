import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { GraphRunner, TypedArray } from '../graph/index.ts';

/** The part of a batch that is looked at. */
export interface NextObservations {
  /** [batch, ...observation] */
  readonly nextObservations: Uint8Array | Float32Array;
  /** [batch] slots in the replay. */
  readonly indices: Int32Array;
}

/**
 * Outputs of the target network, kept for each transition from one copy of the weights to the next.
 *
 * Between two copies the target network stands still, so its values of a transition's next observation are the same each
 * time that it is drawn. With the book's 10,000 transitions and 1000 updates of 32 between copies each is drawn 3.2 times,
 * and seven of ten passes through the target network would repeat an earlier one.
 */
export class TargetValues implements Restorable {
  /** [batch, width]: values of the batch given to the last `fill`. */
  readonly values: Float32Array;
  readonly #width: number;
  /** [slots, width] */
  readonly #kept: Float32Array;
  /** 1 for slots whose values are known. */
  readonly #known: Uint8Array;
  readonly #runner: GraphRunner;
  readonly #feeds: Record<string, TypedArray>;
  /** Observations of a few rows that still have to be computed, [rows, ...observation]. */
  readonly #rows: Uint8Array | Float32Array;
  readonly #rowCount: number;
  /** Batch rows that stand in `#rows`. */
  readonly #waiting: Int32Array;

  /**
   * @param slots of the replay whose batches are valued.
   * @param runner input `observations` [rows, ...observation], output `q` [rows, width]; the other inputs are `weights`.
   * @param weights of the target network by input name; views of memory that changes when the weights are copied.
   */
  constructor(slots: number, batchSize: number, runner: GraphRunner, weights: Readonly<Record<string, TypedArray>>) {
    const [rows, width] = runner.outputs['q'].shape;
    const { shape, dtype } = runner.inputs['observations'];
    const length = shape.reduce((product, n) => product * n, 1);
    this.#width = width;
    this.#kept = new Float32Array(slots * width);
    this.#known = new Uint8Array(slots);
    this.#runner = runner;
    this.#rows = dtype === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
    this.#rowCount = rows;
    this.#waiting = new Int32Array(rows);
    this.#feeds = { ...weights, observations: this.#rows };
    this.values = new Float32Array(batchSize * width);
  }

  /** The weights changed: nothing is known. */
  clear(): void {
    this.#known.fill(0);
  }

  /** Another transition is in this slot now. */
  forget(slot: number): void {
    this.#known[slot] = 0;
  }

  /** Sets `values` for a batch, running the network for the transitions that it has not seen yet. */
  async fill({ nextObservations, indices }: NextObservations): Promise<void> {
    const width = this.#width;
    const length = this.#rows.length / this.#rowCount;
    let waiting = 0;
    for (let row = 0; row < indices.length; row++) {
      const slot = indices[row];
      if (this.#known[slot] === 0) {
        this.#rows.set(nextObservations.subarray(row * length, (row + 1) * length), waiting * length);
        this.#waiting[waiting++] = row;
        if (waiting === this.#rowCount) {
          await this.#compute(indices, waiting);
          waiting = 0;
        }
      } else copy(this.#kept, slot * width, this.values, row * width, width);
    }
    if (waiting > 0) await this.#compute(indices, waiting);
  }

  async #compute(indices: Int32Array, count: number): Promise<void> {
    const width = this.#width;
    const q = (await this.#runner.run(this.#feeds))['q'] as Float32Array;
    for (let i = 0; i < count; i++) {
      const row = this.#waiting[i];
      copy(q, i * width, this.values, row * width, width);
      copy(q, i * width, this.#kept, indices[row] * width, width);
      this.#known[indices[row]] = 1;
    }
  }

  /** Kept values are part of the state: computed again, in another company of rows, their last bits might differ. */
  saveState(): Snapshot {
    const width = this.#width;
    const slots: number[] = [];
    this.#known.forEach((known, slot) => void (known === 1 && slots.push(slot)));
    const values = new Float32Array(slots.length * width);
    slots.forEach((slot, i) => void copy(this.#kept, slot * width, values, i * width, width));
    return { slots: Int32Array.from(slots), values };
  }

  /** To be called after the replay was restored. */
  restoreState(state: Snapshot): void {
    const { slots, values } = state as { slots: Int32Array; values: Float32Array };
    const width = this.#width;
    this.clear();
    slots.forEach((slot, i) => {
      copy(values, i * width, this.#kept, slot * width, width);
      this.#known[slot] = 1;
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

/**
 * Share of a batch's transitions that were drawn before since the last copy of the weights, on average:
 * 1 - (1 - e^-x) / x with x draws of each transition between two copies.
 */
export function expectedReuse(drawsBetweenCopies: number, transitions: number): number {
  const x = drawsBetweenCopies / transitions;
  return 1 - (1 - Math.exp(-x)) / x;
}
