import type { Env, StepResult } from '../../src/core/env.ts';
import { Generator } from '../../src/core/random/index.ts';
import { Box, Discrete } from '../../src/spaces/index.ts';

/**
 * A T-maze (Bakker 2001) whose corridor is walked by itself: the first observation says which way to turn at its end, the
 * others say nothing of it. Turning right there is worth 1, else -1: 0 on average for whoever sees the present alone, 1 for
 * whoever remembers.
 *
 * Observation: [-1 or 1 at the start for the way, else 0; 1 at the junction, else 0]. Actions: turn left, turn right.
 */
export class TMaze {
  readonly observationSpace = new Box(-1, 1, [2], 'float32');
  readonly actionSpace = new Discrete(2);
  readonly length: number;
  #random = new Generator(0);
  #way = 0;
  #at = 0;

  /** @param length steps between the sign and the junction. */
  constructor(length = 4) {
    this.length = length;
  }

  #see(): Float32Array {
    return Float32Array.of(this.#at === 0 ? 2 * this.#way - 1 : 0, Number(this.#at === this.length));
  }

  reset({ seed }: { readonly seed?: number | undefined } = {}) {
    if (seed !== undefined) this.#random = new Generator(seed);
    this.#way = this.#random.integers(2);
    this.#at = 0;
    return { observation: this.#see(), info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    const terminated = this.#at === this.length;
    const reward = terminated ? (action === this.#way ? 1 : -1) : 0;
    if (!terminated) this.#at++;
    return { observation: this.#see(), reward, terminated, truncated: false, info: {} };
  }

  saveState() {
    return { way: this.#way, at: this.#at, random: this.#random.saveState() };
  }

  restoreState(state: unknown) {
    const { way, at, random } = state as ReturnType<TMaze['saveState']>;
    [this.#way, this.#at] = [way, at];
    this.#random.restoreState(random);
  }

  close() {}
}

export const tMaze = (length?: number) => () => new TMaze(length) as unknown as Env<unknown, number>;
