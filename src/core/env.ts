import type { Restorable } from './snapshot.ts';
import type { Space } from './space.ts';

/** Side information of a step or reset; keys are Gymnasium's (`prob`, `action_mask`, `lives`, `episode` ...). */
export type Info = Record<string, unknown>;

/** What `render()` returns. `rgb_array` gives an `RgbFrame`, `ansi` a string for a terminal, null draws nothing. */
export type RenderMode = 'rgb_array' | 'ansi' | null;

/** A picture: `data` is [height, width, 3] row-major, 8 bits a channel. Owned by the environment, valid until its next call. */
export interface RgbFrame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface EnvMetadata {
  readonly renderModes: readonly Exclude<RenderMode, null>[];
  /** Frames a second at which the environment is meant to be watched. */
  readonly renderFps: number;
  /** False where a saved state lacks the episode itself: after `restoreState` its next step truncates it. Default true. */
  readonly savesEpisodes?: boolean | undefined;
}

/** The entry of the registry that an environment was made from. */
export interface EnvSpec {
  readonly id: string;
  /** Mean return over 100 episodes at which the environment counts as solved; undefined where none is agreed. */
  readonly rewardThreshold?: number | undefined;
  /** Steps after which the registry's time limit truncates an episode; undefined without a limit. */
  readonly maxEpisodeSteps?: number | undefined;
  /** The constructor options the environment was made with. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ResetOptions {
  /** Builds a new generator from the seed; without it the present one continues (the first reset takes fresh entropy). */
  seed?: number | undefined;
  /** Options of one reset, as documented by the environment (Gymnasium's `options`). */
  options?: Readonly<Record<string, unknown>> | undefined;
}

export interface ResetResult<O> {
  observation: O;
  info: Info;
}

export interface StepResult<O> {
  observation: O;
  reward: number;
  /** The task itself ended (goal, death): the value of the next state is zero. */
  terminated: boolean;
  /** The episode was ended from outside (time limit): the next state still has a value. */
  truncated: boolean;
  info: Info;
}

/**
 * Gymnasium's environment.
 *
 * Observations that are numbers or short vectors are new each time. Image observations are views of memory that the
 * environment owns and overwrites, RAM of Atari games too: valid until the next `step` or `reset`; copy those that you need
 * later. So are pictures of `render`, until the next `render`. Arrays in infos (action masks) may be shared: read only.
 *
 * `step` throws `OrderError` before the first `reset` and after an episode's end, and `ActionError` for an action
 * outside `actionSpace`. The same seed gives the same episode as in Gymnasium.
 */
export interface Env<O = unknown, A = unknown> extends Restorable {
  readonly observationSpace: Space<O>;
  readonly actionSpace: Space<A>;
  readonly metadata: EnvMetadata;
  readonly renderMode: RenderMode;
  /** Set by `make`; undefined for an environment constructed directly. */
  spec?: EnvSpec | undefined;
  /** The environment below all wrappers. */
  readonly unwrapped: Env;
  reset(options?: ResetOptions): ResetResult<O>;
  step(action: A): StepResult<O>;
  /** Names of the actions of a `Discrete` space, by their numbers (the word is that of ALE); undefined where there are none. */
  getActionMeanings?(): readonly string[] | undefined;
  /** Draws the present state in the `renderMode` given at construction; undefined when that is null. */
  render(): RgbFrame | string | undefined;
  close(): void;
}
