import type { EnvMetadata, EnvSpec, Info, RenderMode, RgbFrame } from '../core/env.ts';
import { OptionError, UnknownNameError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Space } from '../core/space.ts';
import type { Batch } from './batch-space.ts';

/**
 * What happens to an environment whose episode ended (Gymnasium's `AutoresetMode`):
 * - `next-step`: the step after it resets, whatever the action, with reward 0;
 * - `same-step`: the step that ends it also resets; the last observation and info are in `info.final_obs` and
 *   `info.final_info`;
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

/** Infos of all environments by key: an array of the values (0 or null where there is none), and under `_key` a
 * Uint8Array that is 1 where there is one. */
export type VectorInfo = Info;

export interface VectorReset<B> {
  observations: B;
  infos: VectorInfo;
}

/** Arrays are the vector environment's own and overwritten by its next call, unless it was made with `copy`. */
export interface VectorStep<B> extends VectorReset<B> {
  /** [numEnvs] */
  rewards: Float64Array;
  /** [numEnvs] 1 where the task ended. */
  terminations: Uint8Array;
  /** [numEnvs] 1 where the episode was cut from outside. */
  truncations: Uint8Array;
}

/** What vector environments have in common, whether they answer at once or later. */
export interface VectorShape {
  readonly numEnvs: number;
  readonly autoresetMode: AutoresetMode;
  readonly metadata: EnvMetadata;
  readonly renderMode: RenderMode;
  readonly spec?: EnvSpec | undefined;
  readonly singleObservationSpace: Space;
  readonly observationSpace: Space;
  readonly singleActionSpace: Space;
  readonly actionSpace: Space;
}

/** Several environments that are stepped together (Gymnasium's `VectorEnv`). */
export interface VectorEnv<B extends Batch = Batch> extends VectorShape {
  reset(options?: VectorResetOptions): VectorReset<B>;
  /** @param actions a member of `actionSpace`: an Int32Array of as many numbers for discrete actions. */
  step(actions: unknown): VectorStep<B>;
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
 * @throws OptionError for a mask of another length or without a true entry. */
export function splitResetMask(
  options: VectorResetOptions['options'],
  numEnvs: number,
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
  return { mask: mask.map(Boolean), rest };
}
