import type { Generator } from '../core/random/index.ts';
import type { Restorable } from '../core/snapshot.ts';
import type { Batch, BatchOptions } from './batch.ts';
import type { ElementType } from './observation-store.ts';

/**
 * Past transitions to learn from. Observations are copied in, so the environment may overwrite them:
 *
 *     replay.startEpisode(observation)
 *     replay.add(action, reward, terminated, truncated, nextObservation)   // nextObservation of the last step too
 *     replay.sample(random, batch)
 *
 * With several environments each has its stream, and calls may interleave in any order.
 */
export interface Replay<D extends ElementType = ElementType> extends Restorable {
  /** Most transitions that can be drawn. */
  readonly capacity: number;
  /** Transitions that can be drawn now. A step counts once its n-step return is known. */
  readonly size: number;
  /** Makes a batch of this replay's observations to pass to `sample`. */
  createBatch(size: number, options?: BatchOptions): Batch<D>;
  /**
   * Stores the first observation of an episode. An episode still under way counts as truncated at its last step.
   * @param observation a frame, or a whole stack whose last frame is the new one.
   * @param stream environment it belongs to. Default 0.
   * @throws OptionError for an observation that does not fit, or a stream that does not exist.
   */
  startEpisode(observation: ArrayLike<number>, stream?: number): void;
  /**
   * Stores one step. `terminated` means that no value follows; after `truncated` the value of `nextObservation` still
   * counts. Both end the episode; the next call for the stream is `startEpisode`.
   * @throws OrderError outside an episode; OptionError as `startEpisode`.
   */
  add(
    action: number,
    reward: number,
    terminated: boolean,
    truncated: boolean,
    nextObservation: ArrayLike<number>,
    stream?: number,
  ): void;
  /**
   * Fills a batch of any size with transitions drawn from the generator.
   * @throws OrderError when the replay holds too few.
   */
  sample(random: Generator, out: Batch<D>): void;
}
