import type { Env, ResetOptions, ResetResult, StepResult } from '../../src/core/env.ts';
import { Wrapper } from '../../src/core/wrapper.ts';
import { Box } from '../../src/spaces/box.ts';
import type { Discrete } from '../../src/spaces/discrete.ts';

/** Numbered states as vectors that a network takes: 1 at the state's index, 0 elsewhere. */
export class OneHot extends Wrapper<Float32Array, number, number> {
  readonly #space: Box;

  constructor(env: Env<number, number>) {
    super(env);
    this.#space = new Box(0, 1, [(env.observationSpace as Discrete).n]);
  }
  override get observationSpace(): Box {
    return this.#space;
  }
  reset(options?: ResetOptions): ResetResult<Float32Array> {
    const { observation, info } = this.env.reset(options);
    return { observation: this.#vector(observation), info };
  }
  step(action: number): StepResult<Float32Array> {
    const result = this.env.step(action);
    return { ...result, observation: this.#vector(result.observation) };
  }
  #vector(state: number): Float32Array {
    const vector = new Float32Array(this.#space.size);
    vector[state] = 1;
    return vector;
  }
}
