import type { EnvMetadata, EnvSpec, Info, RenderMode } from '../core/env.ts';
import { ActionError, BellmanError, OptionError, OrderError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { copyValue } from '../core/trajectory.ts';
import { type Batch, batchSpace, createBatch } from './batch-space.ts';
import { type EnvMaker, makeVec } from './make-vec.ts';
import {
  type AutoresetMode,
  autoresetOption,
  seedsOf,
  splitResetMask,
  type VectorReset,
  type VectorResetOptions,
  type VectorShape,
  type VectorStep,
} from './vector-env.ts';
import { addInfo, infosOfEach } from './vector-info.ts';
import type { VectorAnswer, VectorPort, VectorRequest } from './vector-port.ts';

export interface WorkerVectorOptions {
  /** Constructor options of every environment; plain data, since they go to other threads. */
  readonly envOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Default 'next-step'. */
  readonly autoresetMode?: AutoresetMode | undefined;
  /** Whether every call returns fresh arrays. Default false: the same arrays, on shared memory. */
  readonly copy?: boolean | undefined;
  /** URL of a module that registers environments; every thread imports it first. */
  readonly setup?: string | undefined;
}

/** An environment that no registry knows: a function that makes one, and where threads find it. */
export interface WorkerVectorSource {
  readonly make: EnvMaker;
  /** URL of the module that exports the function: in that module `import.meta.url`. */
  readonly module: string;
  /** Name of the export. Default: the function's own. */
  readonly name?: string | undefined;
}

/**
 * Steps the environments of a vector in threads (Gymnasium's `AsyncVectorEnv`): each port leads to a thread that holds a
 * share of them, as even as can be, and writes its observations into shared memory. Same seeds, same results as
 * `SyncVectorEnv`. It pays for environments that take longer than a message, a game with pixels say.
 *
 * Calls answer later and run one at a time. Environments come from the registry by id, or from a module.
 */
export class WorkerVectorEnv<B extends Batch = Batch> implements VectorShape {
  readonly numEnvs: number;
  readonly autoresetMode: AutoresetMode;
  readonly metadata: EnvMetadata;
  readonly renderMode: RenderMode;
  readonly spec: EnvSpec | undefined;
  readonly singleObservationSpace: Space;
  readonly observationSpace: Space;
  readonly singleActionSpace: Space;
  readonly actionSpace: Space;
  readonly #ports: readonly VectorPort[];
  /** First environment of each port, and the number of all at the end. */
  readonly #from: readonly number[];
  readonly #copy: boolean;
  readonly #observations: B;
  readonly #rewards: Float64Array;
  readonly #terminations: Uint8Array;
  readonly #truncations: Uint8Array;
  /** Who waits for an answer, by port, first come first. */
  readonly #waiting: { resolve(answer: VectorAnswer): void; reject(error: Error): void }[][];
  readonly #ready: Promise<unknown>;
  #phase: 'new' | 'running' | 'closed' = 'new';
  #busy = false;
  #broken: Error | undefined;

  /** @param ports as many as threads shall work, at most as many as environments.
   * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range. */
  constructor(
    source: string | WorkerVectorSource,
    numEnvs: number,
    ports: readonly VectorPort[],
    options: WorkerVectorOptions = {},
  ) {
    // One environment here tells the spaces, and refuses wrong options before a thread starts.
    const model = makeVec(typeof source === 'string' ? source : source.make, 1, { envOptions: options.envOptions });
    if (!Number.isSafeInteger(numEnvs) || numEnvs < 1) throw new OptionError('numEnvs', numEnvs, 'a positive integer');
    if (ports.length < 1 || ports.length > numEnvs) throw new OptionError('ports', ports.length, `1 to ${numEnvs}`);
    this.numEnvs = numEnvs;
    this.autoresetMode = autoresetOption(options.autoresetMode);
    this.metadata = model.metadata;
    this.renderMode = model.renderMode;
    this.spec = model.spec;
    this.singleObservationSpace = model.singleObservationSpace;
    this.observationSpace = batchSpace(model.singleObservationSpace, numEnvs);
    this.singleActionSpace = model.singleActionSpace;
    this.actionSpace = batchSpace(model.singleActionSpace, numEnvs);
    model.close();
    this.#ports = ports;
    this.#copy = options.copy === true;
    this.#observations = createBatch(
      this.singleObservationSpace,
      numEnvs,
      (bytes) => new SharedArrayBuffer(bytes),
    ) as B;
    this.#rewards = new Float64Array(numEnvs);
    this.#terminations = new Uint8Array(numEnvs);
    this.#truncations = new Uint8Array(numEnvs);
    this.#from = Array.from({ length: ports.length + 1 }, (_, k) => Math.floor((k * numEnvs) / ports.length));
    this.#waiting = ports.map(() => []);
    for (const [k, port] of ports.entries()) {
      port.onMessage((message) => this.#waiting[k].shift()?.resolve(message as VectorAnswer));
      port.onEnd?.((reason) => this.#break(reason));
    }
    const { autoresetMode } = this;
    this.#ready = this.#ask((from, to) => ({
      kind: 'start',
      source: typeof source === 'string' ? source : { module: source.module, name: source.name ?? source.make.name },
      count: to - from,
      envOptions: options.envOptions ?? {},
      autoresetMode,
      observations: rows(this.#observations, numEnvs, from, to),
      setup: options.setup,
    }));
    // A failure shows at the first call.
    this.#ready.catch(() => {});
  }

  /** @throws OptionError for seeds or a mask that do not fit. */
  async reset(options: VectorResetOptions = {}): Promise<VectorReset<B>> {
    const seeds = seedsOf(options.seed, this.numEnvs);
    const { mask, rest } = splitResetMask(options.options, this.numEnvs);
    const answers = await this.#exclusively(() =>
      this.#ask((from, to) => ({
        kind: 'reset',
        seed: seeds.slice(from, to),
        options: { ...rest, reset_mask: mask.slice(from, to) },
      })),
    );
    for (let i = 0; i < this.numEnvs; i++) {
      if (!mask[i]) continue;
      this.#terminations[i] = 0;
      this.#truncations[i] = 0;
    }
    this.#phase = 'running';
    return { observations: this.#given(this.#observations), infos: this.#joined(answers) };
  }

  /** @throws ActionError for actions that are not in `actionSpace`, OrderError before the first reset and, in the mode
   *   'disabled', for an environment whose episode is over. */
  async step(actions: unknown): Promise<VectorStep<B>> {
    if (this.#phase === 'new') throw new OrderError('Call reset() before step().');
    if (!this.actionSpace.contains(actions)) throw new ActionError(actions, String(this.actionSpace));
    const answers = await this.#exclusively(() =>
      this.#ask((from, to) => ({ kind: 'step', actions: actionRows(this.singleActionSpace, actions, from, to) })),
    );
    for (const [k, answer] of answers.entries()) {
      const { rewards, terminations, truncations } = answer as VectorStep<B>;
      this.#rewards.set(rewards, this.#from[k]);
      this.#terminations.set(terminations, this.#from[k]);
      this.#truncations.set(truncations, this.#from[k]);
    }
    return {
      observations: this.#given(this.#observations),
      rewards: this.#given(this.#rewards),
      terminations: this.#given(this.#terminations),
      truncations: this.#given(this.#truncations),
      infos: this.#joined(answers),
    };
  }

  /** Copies the whole state out; for a vector with as many threads. */
  async saveState(): Promise<Snapshot> {
    const answers = await this.#exclusively(() => this.#ask(() => ({ kind: 'save' })));
    return {
      shares: answers.map((answer) => (answer as { state: Snapshot }).state),
      phase: this.#phase,
      actionSpace: this.actionSpace.saveState(),
    };
  }

  async restoreState(state: Snapshot): Promise<void> {
    const saved = state as { shares: readonly Snapshot[]; phase: 'new' | 'running'; actionSpace: Snapshot };
    await this.#exclusively(() => this.#ask((_from, _to, k) => ({ kind: 'restore', state: saved.shares[k] })));
    this.#phase = saved.phase;
    this.actionSpace.restoreState(saved.actionSpace);
  }

  /** Ends the threads; what is asked afterwards, or was asked and not answered, fails. */
  close(): void {
    this.#phase = 'closed';
    for (const port of this.#ports) port.end?.();
    this.#break(new OrderError('The vector environment is closed.'));
  }

  async #exclusively<T>(call: () => Promise<T>): Promise<T> {
    if (this.#phase === 'closed') throw new OrderError('The vector environment is closed.');
    if (this.#busy) throw new OrderError('A call of the vector environment is running: await it before the next.');
    this.#busy = true;
    try {
      await this.#ready;
      return await call();
    } finally {
      this.#busy = false;
    }
  }

  /** Asks every port and waits for all; the first error of any is thrown once all have answered. */
  async #ask(request: (from: number, to: number, k: number) => VectorRequest): Promise<VectorAnswer[]> {
    if (this.#broken !== undefined) throw this.#broken;
    const answers = await Promise.all(
      this.#ports.map(
        (port, k) =>
          new Promise<VectorAnswer>((resolve, reject) => {
            this.#waiting[k].push({ resolve, reject });
            port.postMessage(request(this.#from[k], this.#from[k + 1], k));
          }),
      ),
    );
    for (const answer of answers) {
      if (!('error' in answer)) continue;
      const { code, message } = answer.error;
      throw code === 'WRONG_ORDER' ? new OrderError(message) : new BellmanError(code, message);
    }
    return answers;
  }

  #break(reason: Error): void {
    this.#broken ??= reason;
    for (const queue of this.#waiting) for (const { reject } of queue.splice(0)) reject(reason);
  }

  #joined(answers: readonly VectorAnswer[]): Info {
    const infos: Info = {};
    for (const [k, answer] of answers.entries()) {
      const [from, to] = [this.#from[k], this.#from[k + 1]];
      for (const [i, info] of infosOfEach((answer as { infos: Info }).infos, to - from).entries()) {
        addInfo(infos, info, from + i, this.numEnvs);
      }
    }
    return infos;
  }

  #given<T>(value: T): T {
    return this.#copy ? copyValue(value) : value;
  }
}

/** Views of some rows of a batch of `n`. */
function rows(batch: Batch, n: number, from: number, to: number): Batch {
  if (ArrayBuffer.isView(batch)) {
    const array = batch as Float32Array;
    const size = array.length / n;
    return array.subarray(from * size, to * size);
  }
  if (Array.isArray(batch)) return batch.map((part: Batch) => rows(part, n, from, to));
  return Object.fromEntries(Object.entries(batch).map(([key, part]) => [key, rows(part as Batch, n, from, to)]));
}

/** Copies of some rows of a batch of actions. */
function actionRows(space: Space, actions: unknown, from: number, to: number): unknown {
  const batch = createBatch(space, to - from);
  if (ArrayBuffer.isView(batch)) {
    const array = batch as Float32Array;
    const size = array.length / (to - from);
    array.set((actions as Float32Array).subarray(from * size, to * size));
    return array;
  }
  const parts = (space as unknown as { spaces: Readonly<Record<string, Space>> }).spaces;
  const rest = Object.entries(parts).map(
    ([key, part]) => [key, actionRows(part, (actions as Record<string, unknown>)[key], from, to)] as const,
  );
  return space.kind === 'tuple' ? rest.map(([, part]) => part) : Object.fromEntries(rest);
}
