import type { Env, ResetOptions, ResetResult, StepResult } from '../../../core/env.ts';
import { Wrapper } from '../../../core/wrapper.ts';

/** Remembers the last step and counts the visits of each state. */
export class RecordingEnv extends Wrapper<number, number> {
  /** [nStates] how often an action was taken there. */
  readonly visits: Float64Array;
  /** S, A, R, S' of the last step, and whether that ended the episode, and whether it ended the task. */
  state = 0;
  action = 0;
  reward = 0;
  nextState = 0;
  ended = false;
  terminated = false;
  /** Episodes that have ended. */
  episodes = 0;
  /** Where the agent stands. */
  position = 0;

  constructor(env: Env<number, number>, nStates: number) {
    super(env);
    this.visits = new Float64Array(nStates);
  }
  reset(options?: ResetOptions): ResetResult<number> {
    const result = this.env.reset(options);
    this.position = result.observation;
    return result;
  }
  step(action: number): StepResult<number> {
    const result = this.env.step(action);
    this.state = this.position;
    this.action = action;
    this.reward = result.reward;
    this.nextState = result.observation;
    this.terminated = result.terminated;
    this.ended = result.terminated || result.truncated;
    if (this.ended) this.episodes++;
    this.visits[this.position]++;
    this.position = result.observation;
    return result;
  }
}
