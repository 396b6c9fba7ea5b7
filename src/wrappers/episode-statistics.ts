import type { ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';

/** What `info.episode` holds after an episode's last step, in Gymnasium's letters. */
export interface EpisodeStatisticsInfo {
  /** Sum of rewards. */
  readonly r: number;
  /** Steps. */
  readonly l: number;
}

/** Adds `info.episode` to an episode's last step (Gymnasium's `RecordEpisodeStatistics`, without its clock). */
export class EpisodeStatistics<O = unknown, A = unknown> extends Wrapper<O, A> {
  private total = 0;
  private steps = 0;

  override reset(options?: ResetOptions): ResetResult<O> {
    this.total = 0;
    this.steps = 0;
    return this.env.reset(options);
  }

  override step(action: A): StepResult<O> {
    const result = this.env.step(action);
    this.total += result.reward;
    this.steps++;
    if (result.terminated || result.truncated) {
      const episode: EpisodeStatisticsInfo = { r: this.total, l: this.steps };
      result.info['episode'] = episode;
    }
    return result;
  }

  protected override saveOwnState(): Snapshot {
    return { total: this.total, steps: this.steps };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = state as { total: number; steps: number };
    this.total = saved.total;
    this.steps = saved.steps;
  }
}
