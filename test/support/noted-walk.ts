import type { ResetOptions } from '../../src/core/env.ts';
import { WalkEnv } from './walk-env.ts';

export interface NotedStep {
  readonly from: readonly number[];
  readonly action: number;
  readonly reward: number;
  /** What the step led to, at the end of an episode too. */
  readonly to: readonly number[];
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** A walk that notes what it did. */
export class NotedWalk extends WalkEnv {
  readonly steps: NotedStep[] = [];
  #shown: readonly number[] = [];
  override reset(options?: ResetOptions) {
    const start = super.reset(options);
    this.#shown = [...start.observation];
    return start;
  }
  override step(action: number) {
    const from = this.#shown;
    const result = super.step(action);
    const { observation, reward, terminated, truncated } = result;
    this.#shown = [...observation];
    this.steps.push({ from, action, reward, to: this.#shown, terminated, truncated });
    return result;
  }
}
