import type { EnvMetadata, EnvSpec, Info, RenderMode, RgbFrame } from '../core/env.ts';
import { OptionError, OrderError, UnknownNameError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Restorable } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import type { VectorBatch } from '../spaces/vector-batch.ts';

/**
 * What happens to an environment whose episode ended (Gymnasium's `AutoresetMode`):
 * - `next-step`: the step after it resets, whatever the action, with reward 0;
 * - `same-step`: the step that ends it also resets; the last observations are in `finalObservations`, and in
 *   `infos.final_obs` with `infos.final_info`;
 * - `disabled`: nothing; it has to be reset with the option `reset_mask` before the next step.
 */
export type AutoresetMode = 'next-step' | 'same-step' | 'disabled';

export const autoresetModes = ['next-step', 'same-step', 'disabled'] as const satisfies readonly AutoresetMode[];

/** @throws OptionError or UnknownNameError for something else; undefined is 'next-step'. */
export function autoresetOption(value: unknown): AutoresetMode {
  if (value === undefined) return 'next-step';
  if (typeof value !== 'string') throw new OptionError('autoresetMode', value, autoresetModes.join(', '));
  if (!autoresetModes.includes(value as AutoresetMode)) {
    throw new UnknownNameError('autoreset mode', value, autoresetModes, nearest(value, autoresetModes));
  }
  return value as AutoresetMode;
}

export interface VectorResetOptions {
  /** An integer seeds environment i with `seed + i`; a list gives each its own, undefined for none. */
  readonly seed?: number | readonly (number | undefined)[] | undefined;
  /** Options of every environment's reset. `reset_mask`, a list of as many booleans, resets only those that are true. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** Infos of all environments by key: an array of the values (0 or null where there is none; rows, where values are arrays),
 * and under `_key` a Uint8Array that is 1 where there is one. Booleans are a Uint8Array, numbers a Float64Array. */
export type VectorInfo = Info;

/**
 * Results are the vector's own, arrays and objects alike: every call fills the same ones again, reset, step and
 * restoreState, unless the vector was made with `copy`. Infos are fresh where there are any.
 */
export interface VectorReset<B> {
  /** A row for each environment. */
  readonly observations: B;
  readonly infos: VectorInfo;
  /** [numEnvs, actions] 1 where the action may be taken after the observation in `observations`; undefined until an
   * environment gives `info.action_mask`. Rows of those that give none are 1. */
  readonly actionMasks?: Uint8Array | undefined;
}

export interface VectorStep<B> extends VectorReset<B> {
  /** [numEnvs] */
  readonly rewards: Float64Array;
  /** [numEnvs] 1 where the task ended. */
  readonly terminations: Uint8Array;
  /** [numEnvs] 1 where the episode was truncated. */
  readonly truncations: Uint8Array;
  /** With 'same-step': the last observations of the episodes that ended in this step, in the rows of their environments.
   * Other rows are old. */
  readonly finalObservations?: B | undefined;
  /** Like `actionMasks`, for `finalObservations`: those of a truncated episode still have a value. */
  readonly finalActionMasks?: Uint8Array | undefined;
  /** Undefined until an environment says that its episodes are parts of games (`info.whole_game`); else every game is an
   * episode. Those who score a player count games. */
  readonly wholeGames?: WholeGames | undefined;
}

/** The games that the ends of a step belong to. Only elements of environments whose episode ended in the step count. */
export interface WholeGames {
  /** [numEnvs] 1 where the game is over too, 0 where it goes on. */
  readonly over: Uint8Array;
  /** [numEnvs] Sum of rewards since the game's start, unclipped, those of steps within resets included; NaN where the
   * episode is the game. */
  readonly returns: Float64Array;
}

/** What vector environments have in common, whether they answer at once or later. */
export interface VectorShape {
  readonly numEnvs: number;
  readonly autoresetMode: AutoresetMode;
  /** Whether every call returns fresh arrays and objects. */
  readonly copy: boolean;
  readonly metadata: EnvMetadata;
  readonly renderMode: RenderMode;
  readonly spec?: EnvSpec | undefined;
  readonly singleObservationSpace: Space;
  readonly observationSpace: Space;
  readonly singleActionSpace: Space;
  readonly actionSpace: Space;
}

/**
 * Several environments that are stepped together (Gymnasium's `VectorEnv`).
 *
 * Trainings take those whose `autoresetMode` is 'same-step' and whose arrays are fixed (`copy` is false).
 */
export interface VectorEnv<B extends VectorBatch = VectorBatch> extends VectorShape, Restorable {
  /** @throws OptionError for seeds or a mask that do not fit, OrderError for a mask in the first reset that leaves one out. */
  reset(options?: VectorResetOptions): VectorReset<B>;
  /**
   * @param actions a member of `actionSpace`: an Int32Array of as many numbers for discrete actions. Read only.
   * @throws ActionError for other actions, before any environment has moved; OrderError before the first reset and, in the
   *   mode 'disabled', for an environment whose episode is over.
   */
  step(actions: unknown): VectorStep<B>;
  /** What each environment draws. */
  render(): (RgbFrame | string | undefined)[];
  close(): void;
}

/** The seeds of all environments.
 * @throws OptionError for a list of another length, or a seed that is no integer from 0 up. */
export function seedsOf(seed: VectorResetOptions['seed'], numEnvs: number): (number | undefined)[] {
  if (seed === undefined) return new Array<undefined>(numEnvs).fill(undefined);
  const seeds = typeof seed === 'number' ? Array.from({ length: numEnvs }, (_, i) => seed + i) : seed;
  const fine = (one: number | undefined): boolean => one === undefined || (Number.isSafeInteger(one) && one >= 0);
  if (!Array.isArray(seeds) || seeds.length !== numEnvs || !seeds.every(fine)) {
    throw new OptionError('seed', seed, `an integer from 0 up, or a list of ${numEnvs} of them`);
  }
  return seeds;
}

/** Which environments a reset is for, and the options without the mask.
 * @param started whether all have been reset before.
 * @throws OptionError for a mask of another length or without a true entry, OrderError for one that leaves out environments
 *   that were never reset. */
export function splitResetMask(
  options: VectorResetOptions['options'],
  numEnvs: number,
  started: boolean,
): { mask: readonly boolean[]; rest: VectorResetOptions['options'] } {
  if (options === undefined || !('reset_mask' in options)) {
    return { mask: new Array<boolean>(numEnvs).fill(true), rest: options };
  }
  const { reset_mask: given, ...rest } = options;
  const mask = ArrayBuffer.isView(given) || Array.isArray(given) ? Array.from(given as ArrayLike<unknown>) : [];
  const boolean = (entry: unknown): boolean => typeof entry === 'boolean' || entry === 0 || entry === 1;
  if (mask.length !== numEnvs || !mask.every(boolean) || !mask.some(Boolean)) {
    throw new OptionError('reset_mask', given, `${numEnvs} booleans, at least one of them true`);
  }
  if (!started && !mask.every(Boolean)) throw new OrderError('Call reset() without reset_mask first.');
  return { mask: mask.map(Boolean), rest };
}

/** @throws OrderError when an episode is over, for the mode 'disabled'. */
export function checkNoneOver({
  terminations,
  truncations,
}: Pick<VectorStep<unknown>, 'terminations' | 'truncations'>): void {
  const over = terminations.findIndex((ended, i) => ended === 1 || truncations[i] === 1);
  if (over >= 0) throw new OrderError(`The episode of environment ${over} is over: reset it with reset_mask.`);
}
