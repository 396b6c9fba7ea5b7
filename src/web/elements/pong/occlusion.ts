/**
 * What in a picture moves a network's values: parts of it are covered by the background, one at a time, and what changes is the
 * largest difference in the value of any action (occlusion; M. D. Zeiler and R. Fergus, "Visualizing and Understanding
 * Convolutional Networks", 2014; on a player of Atari games S. Greydanus et al., "Visualizing and Understanding Atari Agents",
 * 2018). The
 * background of a row is its most frequent byte. A part that is background in every picture of the stack changes nothing when it is
 * covered, so only the others are tried, some of them in each frame.
 */
export class Occlusion {
  readonly side: number;
  readonly stack: number;
  /** Side of a part in pixels. */
  readonly block: number;
  /** Parts in a row and in a column. */
  readonly count: number;
  /** The last picture that was tried to its end, [stack, side, side]; zeros before the first. */
  readonly tried: Uint8Array;
  /** [count, count], how much each of its parts moves the values. */
  readonly map: Float32Array;
  readonly #next: Float32Array;
  readonly #observation: Uint8Array;
  readonly #waiting: number[] = [];
  /** Of each row of a picture; the walls are some. */
  #background: Uint8Array | undefined;
  #q = new Float32Array(0);

  /** @param stack pictures in an observation. @param side of each. @param block side of a part; the last ones may be smaller. */
  constructor(stack: number, side: number, block = 3) {
    this.stack = stack;
    this.side = side;
    this.block = block;
    this.count = Math.ceil(side / block);
    this.map = new Float32Array(this.count ** 2);
    this.#next = new Float32Array(this.count ** 2);
    this.#observation = new Uint8Array(stack * side * side);
    this.tried = new Uint8Array(stack * side * side);
  }

  /** Whether every part of the present picture has been tried, so that the next may begin. */
  get done(): boolean {
    return this.#waiting.length === 0;
  }

  /** Takes a picture and its values, both copied. */
  begin(observation: Uint8Array, q: Float32Array): void {
    this.#observation.set(observation);
    this.#q = q.slice();
    this.#background ??= backgroundOf(observation, this.side);
    this.#next.fill(0);
    this.#waiting.length = 0;
    for (let part = 0; part < this.map.length; part++) if (!this.#isBackground(part)) this.#waiting.push(part);
    this.#finish();
  }

  /**
   * Writes the picture with parts covered, one part a row, for as many rows as `out` has.
   * @param out [rows, stack, side, side].
   * @returns the parts, to be given to `judge` with the values of these rows; rows after them are not written.
   */
  cover(out: Uint8Array): number[] {
    const size = this.#observation.length;
    const parts = this.#waiting.splice(0, Math.floor(out.length / size));
    parts.forEach((part, row) => {
      const picture = out.subarray(row * size, (row + 1) * size);
      picture.set(this.#observation);
      this.#each(part, (at) => {
        picture[at] = this.#backgroundAt(at);
      });
    });
    return parts;
  }

  /** @param q [rows, actions] of the rows that `cover` wrote. */
  judge(parts: readonly number[], q: Float32Array): void {
    const actions = this.#q.length;
    parts.forEach((part, row) => {
      let most = 0;
      for (let a = 0; a < actions; a++) most = Math.max(most, Math.abs(q[row * actions + a] - this.#q[a]));
      this.#next[part] = most;
    });
    this.#finish();
  }

  #finish(): void {
    if (!this.done) return;
    this.map.set(this.#next);
    this.tried.set(this.#observation);
  }

  #isBackground(part: number): boolean {
    let plain = true;
    this.#each(part, (at) => {
      const byte = this.#observation[at];
      // The pictures before an episode's first are zeros.
      if (byte !== this.#backgroundAt(at) && byte !== 0) plain = false;
    });
    return plain;
  }

  #backgroundAt(at: number): number {
    return (this.#background as Uint8Array)[Math.floor(at / this.side) % this.side];
  }

  /** Visits a part's pixels in every picture of the stack. */
  #each(part: number, visit: (at: number) => void): void {
    const { side, block, count } = this;
    const top = Math.floor(part / count) * block;
    const left = (part % count) * block;
    for (let picture = 0; picture < this.stack; picture++) {
      for (let row = top; row < Math.min(side, top + block); row++) {
        for (let column = left; column < Math.min(side, left + block); column++) {
          visit((picture * side + row) * side + column);
        }
      }
    }
  }
}

/** The most frequent byte of each row, of all pictures but those of zeros. */
function backgroundOf(pictures: Uint8Array, side: number): Uint8Array {
  return Uint8Array.from({ length: side }, (_, row) => {
    const counts = new Int32Array(256);
    for (let start = row * side; start < pictures.length; start += side * side) {
      for (let column = 0; column < side; column++) counts[pictures[start + column]]++;
    }
    counts[0] = 0;
    return counts.reduce((best, count, byte) => (count > counts[best] ? byte : best), 0);
  });
}
