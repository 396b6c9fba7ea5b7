import type { Env, EnvMetadata, EnvSpec, Info, RenderMode, RgbFrame } from '../core/env.ts';
import { ActionError, MismatchError, OptionError, OrderError } from '../core/errors.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { copyValue } from '../core/trajectory.ts';
import { type Batch, batchDifferingSpaces, batchSpace, createBatch, readRow, writeRow } from './batch-space.ts';
import {
  type AutoresetMode,
  autoresetOption,
  seedsOf,
  splitResetMask,
  type VectorEnv,
  type VectorReset,
  type VectorResetOptions,
  type VectorStep,
} from './vector-env.ts';
import { addInfo } from './vector-info.ts';

export interface SyncVectorOptions {
  /** Default 'next-step'. */
  readonly autoresetMode?: AutoresetMode | undefined;
  /** Whether all environments observe in the same space, or in spaces whose bounds may differ. Default 'same'. */
  readonly observationMode?: 'same' | 'different' | undefined;
  /** Whether every call returns fresh arrays. Default false: the same arrays each time. (Gymnasium's default is true.) */
  readonly copy?: boolean | undefined;
  /** Where observations are written: made by `createBatch` for as many environments. Default: own memory. */
  readonly observations?: Batch | undefined;
}

/** Steps several environments one after the other (Gymnasium's `SyncVectorEnv`), observations in one array. */
export class SyncVectorEnv<B extends Batch = Batch> implements VectorEnv<B>, Restorable {
  readonly envs: readonly Env[];
  readonly numEnvs: number;
  readonly autoresetMode: AutoresetMode;
  readonly metadata: EnvMetadata;
  readonly renderMode: RenderMode;
  readonly singleObservationSpace: Space;
  readonly observationSpace: Space;
  readonly singleActionSpace: Space;
  readonly actionSpace: Space;
  readonly #copy: boolean;
  readonly #observations: B;
  readonly #rewards: Float64Array;
  readonly #terminations: Uint8Array;
  readonly #truncations: Uint8Array;
  #started = false;

  /** @param makers functions that each make one environment; all with the same spaces, or
   *   observations that differ in their bounds alone.
   * @throws OptionError for no makers or an unknown mode, MismatchError when the spaces differ in what they may not. */
  constructor(makers: readonly (() => Env)[], options: SyncVectorOptions = {}) {
    if (!Array.isArray(makers) || makers.length === 0 || !makers.every((maker) => typeof maker === 'function')) {
      throw new OptionError('makers', makers, 'a list of functions that make environments, at least one');
    }
    this.autoresetMode = autoresetOption(options.autoresetMode);
    this.envs = makers.map((maker) => maker());
    const [first] = this.envs;
    const { observationMode = 'same' } = options;
    if (observationMode !== 'same' && observationMode !== 'different') {
      throw new OptionError('observationMode', observationMode, "'same' or 'different'");
    }
    const alike =
      observationMode === 'same' ? (['observationSpace', 'actionSpace'] as const) : (['actionSpace'] as const);
    for (const [i, env] of this.envs.entries()) {
      for (const name of alike) {
        if (String(env[name]) === String(first[name])) continue;
        throw new MismatchError(`Environment ${i} has the ${name} ${env[name]}, environment 0 ${first[name]}.`);
      }
    }
    const n = makers.length;
    this.numEnvs = n;
    this.metadata = first.metadata;
    this.renderMode = first.renderMode;
    this.singleObservationSpace = first.observationSpace;
    this.observationSpace = batchDifferingSpaces(this.envs.map((env) => env.observationSpace));
    this.singleActionSpace = first.actionSpace;
    this.actionSpace = batchSpace(first.actionSpace, n);
    this.#copy = options.copy === true;
    this.#observations = (options.observations ?? createBatch(first.observationSpace, n)) as B;
    this.#rewards = new Float64Array(n);
    this.#terminations = new Uint8Array(n);
    this.#truncations = new Uint8Array(n);
  }

  get spec(): EnvSpec | undefined {
    return this.envs[0].spec;
  }

  /** @throws OptionError for seeds or a mask that do not fit. */
  reset(options: VectorResetOptions = {}): VectorReset<B> {
    const seeds = seedsOf(options.seed, this.numEnvs);
    const { mask, rest } = splitResetMask(options.options, this.numEnvs);
    const infos: Info = {};
    for (const [i, env] of this.envs.entries()) {
      if (!mask[i]) continue;
      const { observation, info } = env.reset({ seed: seeds[i], options: rest });
      this.#terminations[i] = 0;
      this.#truncations[i] = 0;
      writeRow(this.singleObservationSpace, this.#observations, i, observation);
      addInfo(infos, info, i, this.numEnvs);
    }
    this.#started = true;
    return { observations: this.#given(this.#observations), infos };
  }

  /** @throws ActionError for actions that are not in `actionSpace`, OrderError before the first reset and, in the mode
   *   'disabled', for an environment whose episode is over. */
  step(actions: unknown): VectorStep<B> {
    if (!this.#started) throw new OrderError('Call reset() before step().');
    if (!this.actionSpace.contains(actions)) throw new ActionError(actions, String(this.actionSpace));
    const mode = this.autoresetMode;
    const [terminations, truncations] = [this.#terminations, this.#truncations];
    if (mode === 'disabled') {
      const over = terminations.findIndex((ended, i) => ended === 1 || truncations[i] === 1);
      if (over >= 0) throw new OrderError(`The episode of environment ${over} is over: reset it with reset_mask.`);
    }
    const infos: Info = {};
    const space = this.singleObservationSpace;
    for (let i = 0; i < this.numEnvs; i++) {
      const env = this.envs[i];
      if (mode === 'next-step' && (terminations[i] === 1 || truncations[i] === 1)) {
        const { observation, info } = env.reset();
        writeRow(space, this.#observations, i, observation);
        this.#rewards[i] = 0;
        terminations[i] = 0;
        truncations[i] = 0;
        addInfo(infos, info, i, this.numEnvs);
        continue;
      }
      let { observation, reward, terminated, truncated, info } = env.step(readRow(this.singleActionSpace, actions, i));
      this.#rewards[i] = reward;
      terminations[i] = terminated ? 1 : 0;
      truncations[i] = truncated ? 1 : 0;
      if (mode === 'same-step' && (terminated || truncated)) {
        addInfo(infos, { final_obs: copyValue(observation), final_info: copyValue(info) }, i, this.numEnvs);
        ({ observation, info } = env.reset());
      }
      writeRow(space, this.#observations, i, observation);
      addInfo(infos, info, i, this.numEnvs);
    }
    return {
      observations: this.#given(this.#observations),
      rewards: this.#given(this.#rewards),
      terminations: this.#given(terminations),
      truncations: this.#given(truncations),
      infos,
    };
  }

  #given<T>(value: T): T {
    return this.#copy ? copyValue(value) : value;
  }

  render(): (RgbFrame | string | undefined)[] {
    return this.envs.map((env) => env.render());
  }

  close(): void {
    for (const env of this.envs) env.close();
  }

  saveState(): Snapshot {
    return {
      envs: this.envs.map((env) => env.saveState()),
      observations: copyValue(this.#observations) as Snapshot,
      terminations: this.#terminations.slice(),
      truncations: this.#truncations.slice(),
      started: this.#started,
      actionSpace: this.actionSpace.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = state as {
      envs: readonly Snapshot[];
      observations: Snapshot;
      terminations: Uint8Array;
      truncations: Uint8Array;
      started: boolean;
      actionSpace: Snapshot;
    };
    for (const [i, env] of this.envs.entries()) env.restoreState(saved.envs[i]);
    copyBatch(saved.observations as Batch, this.#observations);
    this.#terminations.set(saved.terminations);
    this.#truncations.set(saved.truncations);
    this.#started = saved.started;
    this.actionSpace.restoreState(saved.actionSpace);
  }
}

function copyBatch(from: Batch, to: Batch): void {
  if (ArrayBuffer.isView(from)) {
    (to as Float32Array).set(from as Float32Array);
    return;
  }
  for (const [key, part] of Object.entries(from)) copyBatch(part, (to as Record<string, Batch>)[key]);
}
