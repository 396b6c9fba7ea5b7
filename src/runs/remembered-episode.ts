import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { Wrapper } from '../core/wrapper.ts';
import type { GraphRunner } from '../graph/runner.ts';

type Observation = Uint8Array | Float32Array;

/**
 * What an agent with a recurrent network has seen of its episode: every observation in order, those that were answered
 * by a random action too. A reset begins with nothing.
 */
export class RememberedEpisode extends Wrapper<unknown, number> {
  readonly #runner: GraphRunner;
  readonly #state: Float32Array;
  /** Observations that the network has not seen yet, oldest first. */
  #unseen: Observation[] = [];
  #q: Float32Array = new Float32Array(0);

  /**
   * @param runner takes `observations` and `state`, gives `q` and `nextState`, of one row.
   * @param stateSize elements of `state`.
   */
  constructor(env: Env<unknown, number>, runner: GraphRunner, stateSize: number) {
    super(env);
    this.#runner = runner;
    this.#state = new Float32Array(stateSize);
  }

  reset(options?: ResetOptions): ResetResult<unknown> {
    const result = this.env.reset(options);
    this.#state.fill(0);
    this.#unseen = [(result.observation as Observation).slice()];
    return result;
  }

  step(action: number): StepResult<unknown> {
    const result = this.env.step(action);
    this.#unseen.push((result.observation as Observation).slice());
    return result;
  }

  /** Values of the actions in the present state, a view that the next call overwrites. */
  async q(): Promise<Float32Array> {
    for (const observations of this.#unseen) {
      const { q, nextState } = await this.#runner.run({ observations, state: this.#state });
      this.#state.set(nextState as Float32Array);
      this.#q = q as Float32Array;
    }
    this.#unseen = [];
    return this.#q;
  }
}
