import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';

/** What `info.episode` holds after an episode's last step, in Gymnasium's letters. */
export interface EpisodeStatisticsInfo {
  /** Sum of rewards. */
  readonly r: number;
  /** Steps. */
  readonly l: number;
}

export interface EpisodeStatisticsOptions {
  /** Episodes that the queues hold. Default 100. */
  readonly bufferLength?: number | undefined;
  /** Key in `info`. Default 'episode'. */
  readonly statsKey?: string | undefined;
}

const OPTIONS: OptionNames<EpisodeStatisticsOptions> = {
  bufferLength: true,
  statsKey: true,
};

/** Adds `info.episode` to an episode's last step and stores the last returns and lengths (Gymnasium's
 * `RecordEpisodeStatistics`, without its clock). */
export class EpisodeStatistics<O = unknown, A = unknown> extends Wrapper<O, A> {
  /** Sums of rewards of the last episodes, oldest first. Read only. */
  readonly returnQueue: number[] = [];
  /** Steps of the last episodes, oldest first. Read only. */
  readonly lengthQueue: number[] = [];
  /** Episodes that ended so far. */
  episodeCount = 0;
  readonly #bufferLength: number;
  readonly #key: string;
  private total = 0;
  private steps = 0;

  /** @throws OptionError for a buffer length that is no positive integer. */
  constructor(env: Env<O, A>, options: EpisodeStatisticsOptions = {}) {
    super(env);
    checkOptionNames(options, OPTIONS);
    const { bufferLength = 100, statsKey = 'episode' } = options;
    if (!Number.isSafeInteger(bufferLength) || bufferLength < 1) {
      throw new OptionError('bufferLength', bufferLength, 'a positive integer');
    }
    this.#bufferLength = bufferLength;
    this.#key = statsKey;
  }

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
      result.info[this.#key] = episode;
      this.episodeCount++;
      this.#keep(this.returnQueue, this.total);
      this.#keep(this.lengthQueue, this.steps);
    }
    return result;
  }

  #keep(queue: number[], value: number): void {
    queue.push(value);
    if (queue.length > this.#bufferLength) queue.shift();
  }

  protected override saveOwnState(): Snapshot {
    return {
      total: this.total,
      steps: this.steps,
      episodeCount: this.episodeCount,
      returns: Float64Array.from(this.returnQueue),
      lengths: Float64Array.from(this.lengthQueue),
    };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'episode statistics');
    this.total = saved.finite('total');
    this.steps = saved.whole('steps');
    this.episodeCount = saved.whole('episodeCount');
    refill(this.returnQueue, saved.array('returns', new Float64Array(0)));
    refill(this.lengthQueue, saved.array('lengths', new Float64Array(0)));
  }
}

/** Not by `splice(0, n, ...values)`: a call takes about 125,000 arguments at most. */
function refill(queue: number[], values: Float64Array): void {
  queue.length = 0;
  for (const value of values) queue.push(value);
}
