import type { Env, EnvMetadata, EnvSpec, RenderMode, RgbFrame } from '../core/env.ts';
import { ActionError, OptionError, OrderError, UnavailableError } from '../core/errors.ts';
import { booleanOption, checkOptionNames } from '../core/options.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { batchSpace } from '../spaces/batch-space.ts';
import { copyBatch, createVectorBatch, rowsOf, type VectorBatch } from '../spaces/vector-batch.ts';
import { createVectorArrays, rowsOfArrays, type VectorArrays } from './vector-arrays.ts';
import {
  type AutoresetMode,
  autoresetOption,
  checkNoneOver,
  seedsOf,
  splitResetMask,
  type VectorInfo,
  type VectorReset,
  type VectorResetOptions,
  type VectorShape,
  type VectorStep,
} from './vector-env.ts';
import { InfoColumns } from './vector-info.ts';
import { VectorResults } from './vector-results.ts';
import type { ShareAnswer, ShareRequest, ShareWork, VectorSource } from './vector-share.ts';
import { joinStates, type SavedVector, savedVector, shareOfState } from './vector-state.ts';

export interface SharedVectorOptions {
  /** Constructor options of every environment; plain data, since they go to other threads. */
  readonly envOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Default 'next-step'. */
  readonly autoresetMode?: AutoresetMode | undefined;
  /** Whether every call returns fresh arrays. Default false: the same arrays, on shared memory. */
  readonly copy?: boolean | undefined;
  /** Whether infos are brought from the threads, as messages. */
  readonly infos?: boolean | undefined;
  /** URL of a module that registers environments; every thread imports it first. */
  readonly setup?: string | undefined;
}

const SHARED_OPTIONS = {
  ...{ envOptions: true, autoresetMode: true, copy: true, infos: true, setup: true },
} as const satisfies Record<keyof SharedVectorOptions, true>;

/** @param more other names that there are.
 * @throws UnknownNameError for an option of another name. */
export function checkSharedOptions(options: unknown, more: Readonly<Record<string, true>> = {}): void {
  checkOptionNames(options, { ...SHARED_OPTIONS, ...more });
}

/**
 * The owner's side of a vector whose environments are shared out evenly among threads: spaces, arrays on shared memory, and
 * what each share is asked. How a question travels is the subclass's.
 */
export abstract class SharedVectorEnv<B extends VectorBatch = VectorBatch> implements VectorShape {
  readonly numEnvs: number;
  readonly autoresetMode: AutoresetMode;
  readonly copy: boolean;
  readonly metadata: EnvMetadata;
  readonly renderMode: RenderMode;
  readonly spec: EnvSpec | undefined;
  readonly singleObservationSpace: Space;
  readonly observationSpace: Space;
  readonly singleActionSpace: Space;
  readonly actionSpace: Space;
  protected phase: 'new' | 'running' | 'closed' = 'new';
  readonly #source: VectorSource;
  readonly #options: SharedVectorOptions;
  readonly #infos: boolean;
  /** First environment of each share, and the number of all at the end. */
  readonly #from: readonly number[];
  readonly #arrays: VectorArrays<B>;
  readonly #actions: VectorBatch;
  readonly #results: VectorResults<B>;

  /** @param model one of the environments, for its spaces.
   * @throws OptionError for a value out of range, UnavailableError for spaces that cannot be batched. */
  constructor(
    model: Env,
    source: VectorSource,
    numEnvs: number,
    shares: number,
    options: SharedVectorOptions & { readonly infos: boolean },
  ) {
    if (typeof SharedArrayBuffer !== 'function') {
      const headers = 'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';
      throw new UnavailableError(
        'Shared memory',
        `is missing: a page has it with the headers ${headers}. makeVec needs none.`,
      );
    }
    this.numEnvs = numEnvs;
    this.autoresetMode = autoresetOption(options.autoresetMode);
    this.copy = booleanOption('copy', options.copy, false);
    this.metadata = model.metadata;
    this.renderMode = model.renderMode;
    this.spec = model.spec;
    this.singleObservationSpace = model.observationSpace;
    this.observationSpace = batchSpace(model.observationSpace, numEnvs);
    this.singleActionSpace = model.actionSpace;
    this.actionSpace = batchSpace(model.actionSpace, numEnvs);
    this.#source = source;
    this.#options = options;
    this.#infos = options.infos;
    this.#from = Array.from({ length: shares + 1 }, (_, k) => Math.floor((k * numEnvs) / shares));
    const memory = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
    const spaces = { observation: model.observationSpace, action: model.actionSpace };
    this.#arrays = createVectorArrays(spaces, numEnvs, this.autoresetMode, memory);
    this.#actions = createVectorBatch(model.actionSpace, numEnvs, memory);
    this.#results = new VectorResults(this.#arrays, this.copy);
  }

  /** What the thread of share k has to know. */
  protected work(k: number): ShareWork {
    const [source, from, to] = [this.#source, this.#from[k], this.#from[k + 1]];
    return {
      source: typeof source === 'string' ? source : { module: source.module, name: source.name ?? source.make.name },
      count: to - from,
      envOptions: this.#options.envOptions ?? {},
      autoresetMode: this.autoresetMode,
      infos: this.#infos,
      arrays: rowsOfArrays(this.#arrays, this.numEnvs, from, to),
      actions: rowsOf(this.#actions, this.numEnvs, from, to),
      setup: this.#options.setup,
    };
  }

  /** What a reset asks each share.
   * @throws OptionError or OrderError as `reset`. */
  protected resetRequests(options: VectorResetOptions = {}): ShareRequest[] {
    const seeds = seedsOf(options.seed, this.numEnvs);
    const { mask, rest } = splitResetMask(options.options, this.numEnvs, this.phase !== 'new');
    return this.#each((from, to) => ({
      kind: 'reset',
      seed: seeds.slice(from, to),
      options: { ...rest, reset_mask: mask.slice(from, to) },
    }));
  }

  protected resetResult(answers: readonly ShareAnswer[]): VectorReset<B> {
    this.phase = 'running';
    return this.#results.reset(this.#joinInfos(answers));
  }

  /** Puts the actions of a step where the shares find them.
   * @throws OrderError or ActionError as `step`. */
  protected takeActions(actions: unknown): void {
    if (this.phase === 'new') throw new OrderError('Call reset() before step().');
    if (!this.actionSpace.contains(actions)) throw new ActionError(actions, String(this.actionSpace));
    if (this.autoresetMode === 'disabled') checkNoneOver(this.#arrays);
    copyBatch(actions as VectorBatch, this.#actions);
  }

  protected stepResult(answers: readonly ShareAnswer[]): VectorStep<B> {
    return this.#results.step(this.#joinInfos(answers));
  }

  protected saved(answers: readonly ShareAnswer[]): Snapshot {
    const joined = joinStates(answers.map(({ state }) => state as unknown as SavedVector));
    return { ...joined, started: this.phase === 'running', actionSpace: this.actionSpace.saveState() };
  }

  /** What restoring a state asks each share.
   * @throws MismatchError for a state of another number of environments. */
  protected restoreRequests(state: Snapshot): ShareRequest[] {
    const saved = savedVector(state, this.numEnvs);
    return this.#each((from, to) => ({ kind: 'restore', state: shareOfState(saved, from, to) }));
  }

  /** Once the shares have restored theirs. */
  protected restored(state: Snapshot): void {
    const { started, actionSpace } = savedVector(state, this.numEnvs);
    this.phase = started ? 'running' : 'new';
    this.actionSpace.restoreState(actionSpace);
  }

  protected frames(answers: readonly ShareAnswer[]): (RgbFrame | string | undefined)[] {
    return answers.flatMap(({ frames = [] }) => frames);
  }

  /** The same question for every share. */
  protected all(request: ShareRequest): ShareRequest[] {
    return this.#each(() => request);
  }

  #each(request: (from: number, to: number) => ShareRequest): ShareRequest[] {
    return this.#from.slice(0, -1).map((from, k) => request(from, this.#from[k + 1]));
  }

  /** In the order in which one thread would have been told. */
  #joinInfos(answers: readonly ShareAnswer[]): VectorInfo {
    const columns = new InfoColumns(this.numEnvs, this.#infos);
    for (const [k, { infos = [] }] of answers.entries()) {
      for (const [i, info] of infos) columns.add(info, this.#from[k] + i);
    }
    return columns.all;
  }
}

/** @throws OptionError for another number of environments or threads than these: 1 or more, and 1 to `numEnvs`. */
export function checkShares(numEnvs: number, shares: number, name: string): void {
  if (!Number.isSafeInteger(numEnvs) || numEnvs < 1) throw new OptionError('numEnvs', numEnvs, 'a positive integer');
  if (Number.isSafeInteger(shares) && shares >= 1 && shares <= numEnvs) return;
  throw new OptionError(name, shares, `an integer from 1 to ${numEnvs}`);
}
