import type { Snapshot } from '../../core/snapshot.ts';
import type { Observation } from '../preprocessing.ts';

/** How the environments of a training are shared out among actors. */
export interface ActorSettings {
  /** Groups of environments, each played as a whole by one actor: a divisor of the number of environments. */
  readonly actors: number;
  /** Steps of each environment in a round. */
  readonly steps: number;
  /** Rounds by which the weights that actors play with are older than the learner's: round r is played with what was learned
   * up to round r - 1 - lag. 0: actors and learner take turns. 1: they work at the same time. */
  readonly lag: number;
  /** Alpha of Horgan et al. 2018: how far epsilon differs between environments (`spreadEpsilon`); 0 for the same in all. */
  readonly epsilonSpread: number;
}

/**
 * A piece of play: one actor's part of a round. What comes of it follows from it and the weights alone, so any worker may play
 * it, and two that do give the same bits.
 */
export interface Chunk {
  /** From 0. */
  readonly actor: number;
  /** From 0. */
  readonly round: number;
  /** Of the weights to play with: rounds that had been learned from when they were made. */
  readonly version: number;
  /** What the actor's last play left; null in round 0. */
  readonly state: Snapshot;
}

/** What comes of a chunk. Arrays are [steps, environments of the actor] unless they say otherwise. */
export interface Play {
  readonly actor: number;
  readonly round: number;
  /** Of the weights that it was played with. */
  readonly version: number;
  /** Environments, generators and open n-step returns after it. */
  readonly state: Snapshot;
  readonly actions: Int32Array;
  /** Not clipped. */
  readonly rewards: Float64Array;
  /** RUNNING, TERMINATED or TRUNCATED. */
  readonly ends: Uint8Array;
  /** Newest frames, each once: in round 0 what each environment shows at first; then for each step of each environment the
   * last frame of its episode, where that ended, and what it shows now. */
  readonly frames: Observation;
  /** [ended episodes], in the order of `ends`: 1 where the game is over too. */
  readonly over: Uint8Array;
  /** The same: return of the game; NaN where the episode is the game. */
  readonly gameReturns: Float64Array;
  /** max_a Q of what each step led to, under the actor's weights; where an episode terminated without meaning. Empty unless
   * asked for. */
  readonly nextValues: Float32Array;
  /** TD errors of the transitions that this play completed, in the order in which a replay can draw them: by the step that
   * completed them, by environment, oldest first. Empty unless asked for. */
  readonly errors: Float32Array;
}

/** Where chunks are played: in this thread, in processes beside it, on other machines. */
export interface Actors {
  /** Tells the weights of a version. They are not changed afterwards. */
  publish(version: number, weights: Float32Array): void;
  /** Says that versions before this one will not be asked for again. */
  retire(before: number): void;
  /** @throws BellmanError when nobody can play it. */
  play(chunk: Chunk): Promise<Play>;
  /** For a progress bar, such as `4 workers, 1.2 MB/s`; undefined where there is nothing to say. */
  status(): string | undefined;
  /** Gives up what is being played. */
  close(): Promise<void>;
}
