import type { Env } from '../../../core/env.ts';
import { bestAction } from '../../../tabular/action-values.ts';
import type { World } from './world.ts';

/** Episodes by the greedy policy of a table, from which nothing is learned. */
export class Walk {
  state: number;
  /** Episodes that are over; how many of them ended well, how many ran out of steps. */
  episodes = 0;
  reached = 0;
  outOfSteps = 0;
  /** Sum of their returns. */
  total = 0;
  readonly #env: Env<number, number>;
  #return = 0;
  /** A pause at an episode's end, so that it is seen. */
  #over = false;

  constructor(world: World, seed: number) {
    this.#env = world.makeEnv();
    this.state = this.#env.reset({ seed }).observation;
  }

  /** One step, or the next start. @param q [nStates, nActions] @param isGoal whether an end is a good one. */
  step(q: Float64Array, nActions: number, isGoal: (state: number) => boolean): void {
    if (this.#over) {
      this.state = this.#env.reset().observation;
      this.#over = false;
      return;
    }
    const { observation, reward, terminated, truncated } = this.#env.step(bestAction(q, nActions, this.state));
    this.state = observation;
    this.#return += reward;
    if (!terminated && !truncated) return;
    this.episodes++;
    this.total += this.#return;
    this.#return = 0;
    this.#over = true;
    if (!terminated) this.outOfSteps++;
    else if (isGoal(observation)) this.reached++;
  }
}
