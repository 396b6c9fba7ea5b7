import { checkReset, checkStep } from '../core/check-result.ts';
import type { Env, EnvMetadata, EnvSpec, Info, RenderMode, RgbFrame } from '../core/env.ts';
import { ActionError, ActionMaskError, MismatchError, OptionError, OrderError } from '../core/errors.ts';
import { booleanOption, checkOptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { copyValue } from '../core/trajectory.ts';
import { wholeGameOf } from '../core/whole-game.ts';
import { batchDifferingSpaces, batchSpace } from '../spaces/batch-space.ts';
import { spacesEqual } from '../spaces/spaces-equal.ts';
import { readRow, restoreBatch, type VectorBatch, writeRow } from '../spaces/vector-batch.ts';
import { createVectorArrays, type VectorArrays } from './vector-arrays.ts';
import {
  type AutoresetMode,
  autoresetOption,
  checkNoneOver,
  seedsOf,
  splitResetMask,
  type VectorEnv,
  type VectorReset,
  type VectorResetOptions,
  type VectorStep,
} from './vector-env.ts';
import { InfoColumns, type TakeInfo } from './vector-info.ts';
import { VectorResults } from './vector-results.ts';
import { type SavedVector, savedVector } from './vector-state.ts';

const MASK = 'action_mask';

export interface SyncVectorOptions {
  /** Default 'next-step'. */
  readonly autoresetMode?: AutoresetMode | undefined;
  /** Whether all environments observe in the same space, or in spaces whose bounds may differ. Default 'same'. */
  readonly observationMode?: 'same' | 'different' | undefined;
  /** Whether every call returns fresh arrays. Default false: the same arrays each time. (Gymnasium's default is true.) */
  readonly copy?: boolean | undefined;
  /** Whether infos are collected; without them a step makes no objects. Default true. */
  readonly infos?: boolean | undefined;
  /** Told each info as it comes, the environment's own object; those of results are empty then. */
  readonly takeInfo?: TakeInfo | undefined;
  /** Memory of the results, made by `createVectorArrays` for as many environments and the same mode. Default: own. */
  readonly arrays?: VectorArrays | undefined;
}

/** @internal */
export const SYNC_OPTIONS = {
  ...{ autoresetMode: true, observationMode: true, copy: true, infos: true, takeInfo: true, arrays: true },
} as const satisfies Record<keyof SyncVectorOptions, true>;

/** Steps several environments one after the other (Gymnasium's `SyncVectorEnv`), observations in one array. */
export class SyncVectorEnv<B extends VectorBatch = VectorBatch> implements VectorEnv<B> {
  readonly envs: readonly Env[];
  readonly numEnvs: number;
  readonly autoresetMode: AutoresetMode;
  readonly copy: boolean;
  readonly metadata: EnvMetadata;
  readonly renderMode: RenderMode;
  readonly singleObservationSpace: Space;
  readonly observationSpace: Space;
  readonly singleActionSpace: Space;
  readonly actionSpace: Space;
  readonly #arrays: VectorArrays<B>;
  readonly #results: VectorResults<B>;
  readonly #infos: InfoColumns;
  #started = false;

  /** @param makers functions that each make one environment; all with the same spaces, or
   *   observations that differ in their bounds alone.
   * @throws OptionError for no makers or an option out of range, UnknownNameError for an unknown one, MismatchError when the spaces differ in what they may not. */
  constructor(makers: readonly (() => Env)[], options: SyncVectorOptions = {}) {
    if (!Array.isArray(makers) || makers.length === 0 || !makers.every((maker) => typeof maker === 'function')) {
      throw new OptionError('makers', makers, 'a list of functions that make environments, at least one');
    }
    checkOptionNames(options, SYNC_OPTIONS);
    this.autoresetMode = autoresetOption(options.autoresetMode);
    this.copy = booleanOption('copy', options.copy, false);
    const infos = booleanOption('infos', options.infos, true);
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
        if (spacesEqual(env[name], first[name])) continue;
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
    const spaces = { observation: first.observationSpace, action: first.actionSpace };
    this.#arrays = (options.arrays ?? createVectorArrays(spaces, n, this.autoresetMode)) as VectorArrays<B>;
    this.#results = new VectorResults(this.#arrays, this.copy);
    this.#infos = new InfoColumns(n, infos, options.takeInfo);
  }

  get spec(): EnvSpec | undefined {
    return this.envs[0].spec;
  }

  reset(options: VectorResetOptions = {}): VectorReset<B> {
    const seeds = seedsOf(options.seed, this.numEnvs);
    const { mask, rest } = splitResetMask(options.options, this.numEnvs, this.#started);
    this.#infos.clear();
    for (let i = 0; i < this.numEnvs; i++) if (mask[i]) this.#begin(i, { seed: seeds[i], options: rest });
    this.#started = true;
    return this.#results.reset(this.#infos.all);
  }

  step(actions: unknown): VectorStep<B> {
    if (!this.#started) throw new OrderError('Call reset() before step().');
    if (!this.actionSpace.contains(actions)) throw new ActionError(actions, String(this.actionSpace));
    const { autoresetMode: mode, envs, singleActionSpace } = this;
    const { observations, rewards, terminations, truncations, actionMasks, masked } = this.#arrays;
    const collects = this.#infos.wanted;
    const discrete = singleActionSpace.kind === 'discrete';
    if (mode === 'disabled') checkNoneOver(this.#arrays);
    this.#infos.clear();
    for (let i = 0; i < envs.length; i++) {
      if (mode === 'next-step' && (terminations[i] === 1 || truncations[i] === 1)) {
        this.#begin(i, undefined);
        rewards[i] = 0;
        continue;
      }
      const action = discrete ? (actions as Int32Array)[i] : readRow(singleActionSpace, actions, i);
      const { observation, reward, terminated, truncated, info } = checkStep(envs[i].step(action));
      rewards[i] = reward;
      if (terminated || truncated) this.#noteGame(i, info);
      if (mode === 'same-step' && (terminated || truncated)) {
        this.#noteFinal(i, observation, info);
        this.#begin(i, undefined);
      } else {
        writeRow(this.singleObservationSpace, observations, i, observation);
        if (MASK in info || masked[i] === 1) this.#noteMask(actionMasks, i, info);
        if (collects) this.#infos.add(info, i);
      }
      terminations[i] = terminated ? 1 : 0;
      truncations[i] = truncated ? 1 : 0;
    }
    return this.#results.step(this.#infos.all);
  }

  /** Resets environment i. */
  #begin(i: number, options: Parameters<Env['reset']>[0]): void {
    const { observations, terminations, truncations, actionMasks } = this.#arrays;
    const { observation, info } = checkReset(this.envs[i].reset(options));
    terminations[i] = 0;
    truncations[i] = 0;
    writeRow(this.singleObservationSpace, observations, i, observation);
    this.#noteMask(actionMasks, i, info);
    if (wholeGameOf(info) !== undefined) this.#noteGame(i, info);
    this.#infos.add(info, i);
  }

  /** Notes the game that environment i's episode was a part of, or was. */
  #noteGame(i: number, info: Info): void {
    const { inGames, gamesOver, gameReturns } = this.#arrays;
    const game = wholeGameOf(info);
    gamesOver[i] = game === undefined || game.over ? 1 : 0;
    gameReturns[i] = game === undefined ? Number.NaN : game.reward;
    if (game !== undefined) inGames[i] = 1;
  }

  #noteFinal(i: number, observation: unknown, info: Info): void {
    const { finalObservations, finalActionMasks } = this.#arrays;
    writeRow(this.singleObservationSpace, finalObservations as B, i, observation);
    this.#noteMask(finalActionMasks, i, info);
    this.#infos.addFinal(observation, info, i);
  }

  /** Writes the mask that came with environment i's observation. */
  #noteMask(masks: Uint8Array, i: number, info: Info): void {
    const mask = info['action_mask'] as ArrayLike<number | boolean> | undefined;
    const { masked } = this.#arrays;
    if (mask === undefined && masked[i] === 0) return;
    const actions = masks.length / this.numEnvs;
    const from = i * actions;
    if (mask === undefined) {
      masks.fill(1, from, from + actions);
    } else if (actions > 0) {
      // One that forbids everything may stand: nobody acts after a terminal state, and who acts by masks says so.
      if (mask?.length !== actions) throw new ActionMaskError(mask, actions);
      for (let k = 0; k < actions; k++) masks[from + k] = mask[k] ? 1 : 0;
      masked[i] = 1;
    }
  }

  render(): (RgbFrame | string | undefined)[] {
    return this.envs.map((env) => env.render());
  }

  close(): void {
    for (const env of this.envs) env.close();
  }

  saveState(): Snapshot {
    const { observations, terminations, truncations, actionMasks, masked } = this.#arrays;
    return {
      envs: this.envs.map((env) => env.saveState()),
      observations: copyValue(observations) as Snapshot,
      terminations: terminations.slice(),
      truncations: truncations.slice(),
      actionMasks: masked.includes(1) ? actionMasks.slice() : null,
      started: this.#started,
      actionSpace: this.actionSpace.saveState(),
    } satisfies SavedVector;
  }

  restoreState(state: Snapshot): void {
    const { observations, terminations, truncations, actionMasks, masked } = this.#arrays;
    const saved = savedVector(state, this.numEnvs);
    for (const [i, env] of this.envs.entries()) env.restoreState(saved.envs[i]);
    const own = new SavedState(saved, 'vector');
    restoreBatch(saved.observations, observations);
    own.into('terminations', terminations, 0, 1);
    own.into('truncations', truncations, 0, 1);
    masked.fill(saved.actionMasks === null ? 0 : 1);
    if (saved.actionMasks === null) actionMasks.fill(1);
    else own.into('actionMasks', actionMasks, 0, 1);
    this.#started = own.flag('started');
    this.actionSpace.restoreState(saved.actionSpace);
  }
}
