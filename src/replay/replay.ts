import type { Generator } from '../core/random/index.ts';
import type { Restorable } from '../core/snapshot.ts';
import type { Batch, BatchOptions } from './batch.ts';
import type { ElementType } from './observation-store.ts';

/** Observations of one or several environments. */
export type Observations = Uint8Array | Float32Array;

/** What one step of every environment led to, row by row: a step of a vector whose autoreset is 'same-step'. */
export interface EnvStep {
  /** `[streams, ...observation]`: what each shows now, the first observation of the next episode where one ended. */
  readonly observations: Observations;
  /** The same shape: the last observation of episodes that ended in this step, without which none may. Other rows are old. */
  readonly finalObservations?: Observations | undefined;
  /** [streams] 1 where no value follows, truncated or not. */
  readonly terminations: Uint8Array;
  /** [streams] 1 where the value of the last observation still counts. */
  readonly truncations: Uint8Array;
  /** [streams, actions] 1 where an action is allowed at `observations`. */
  readonly actionMasks?: Uint8Array | undefined;
  /** The same for `finalObservations`. */
  readonly finalActionMasks?: Uint8Array | undefined;
}

/**
 * Past transitions to learn from. Observations are copied in, so the environment may overwrite them:
 *
 *     replay.startEpisode(observation)
 *     replay.add(action, reward, terminated, truncated, nextObservation)   // nextObservation of the last step too
 *     replay.sample(random, batch)
 *
 * With several environments each has its stream, and calls may interleave in any order; `addStep` stores a step of all.
 * A replay with action masks takes one with every observation.
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
   * @param mask [actions] what is allowed there, in a replay with action masks.
   * @throws OptionError for an observation or a mask that does not fit, or a stream that does not exist.
   */
  startEpisode(observation: ArrayLike<number>, stream?: number, mask?: Uint8Array): void;
  /**
   * Stores one step. `terminated` means that no value follows; after `truncated` the value of `nextObservation` still
   * counts. Both end the episode; the next call for the stream is `startEpisode`.
   * @param nextMask [actions] what is allowed at `nextObservation`, in a replay with action masks.
   * @throws OrderError outside an episode; OptionError as `startEpisode`, and for an action that is no integer from 0 up or
   * a reward that is not finite.
   */
  add(
    action: number,
    reward: number,
    terminated: boolean,
    truncated: boolean,
    nextObservation: ArrayLike<number>,
    stream?: number,
    nextMask?: Uint8Array,
  ): void;
  /**
   * Starts an episode in every stream.
   * @param observations [streams, ...observation]
   * @param actionMasks [streams, actions], in a replay with action masks.
   */
  startEpisodes(observations: Observations, actionMasks?: Uint8Array): void;
  /**
   * Stores one step of every stream's environment. Where an episode ended it stores the last observation, and starts the
   * next episode.
   * @param actions [streams]
   * @param rewards [streams]
   * @throws as `add`.
   */
  addStep(actions: Int32Array, rewards: ArrayLike<number>, step: EnvStep): void;
  /**
   * Fills a batch of any size with transitions drawn from the generator.
   * @param step environment steps so far, for what is annealed over a run. Default 0.
   * @throws OrderError when the replay holds too few.
   */
  sample(random: Generator, out: Batch<D>, step?: number): void;
  /**
   * Tells the new errors of the transitions last sampled; a replay that draws uniformly does nothing.
   * @param indices a batch's `indices`.
   * @param errors [B] TD errors of either sign.
   */
  updatePriorities(indices: Int32Array, errors: ArrayLike<number>): void;
}
