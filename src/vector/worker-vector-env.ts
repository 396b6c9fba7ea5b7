import type { Env, RgbFrame } from '../core/env.ts';
import { OrderError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { VectorBatch } from '../spaces/vector-batch.ts';
import { makeOne } from './make-vec.ts';
import { checkSharedOptions, checkShares, SharedVectorEnv, type SharedVectorOptions } from './shared-vector-env.ts';
import type { VectorReset, VectorResetOptions, VectorStep } from './vector-env.ts';
import type { VectorPort } from './vector-port.ts';
import { errorOf, type ShareAnswer, type ShareFailure, type VectorSource } from './vector-share.ts';

/** `infos` are true by default. */
export type WorkerVectorOptions = SharedVectorOptions;

/**
 * Steps the environments of a vector in threads that answer by messages (Gymnasium's `AsyncVectorEnv`): each port leads to
 * a thread that holds a share of them, as even as can be, and writes its results into shared memory. Same seeds, same
 * results as `SyncVectorEnv`. It pays for environments that take longer than a message, a game with pixels say.
 *
 * Calls answer later and run one at a time, so that the caller's thread stays free: the page of a browser may not wait.
 * `ThreadedVectorEnv` in `bellman-rl/node`, which trainings take, waits instead and is told of a step without a message.
 */
export class WorkerVectorEnv<B extends VectorBatch = VectorBatch> extends SharedVectorEnv<B> {
  readonly #ports: readonly VectorPort[];
  /** Who waits for an answer, by port, first come first. */
  readonly #waiting: { resolve(answer: ShareAnswer | ShareFailure): void; reject(error: Error): void }[][];
  readonly #ready: Promise<unknown>;
  #busy = false;
  #broken: Error | undefined;

  /** @param ports as many as threads shall work, at most as many as environments.
   * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range. */
  constructor(source: VectorSource, numEnvs: number, ports: readonly VectorPort[], options: WorkerVectorOptions = {}) {
    checkSharedOptions(options);
    checkShares(numEnvs, ports.length, 'ports');
    // One environment here tells the spaces, and refuses wrong options before a thread starts.
    const model: Env = makeOne(typeof source === 'string' ? source : source.make, options.envOptions);
    super(model, source, numEnvs, ports.length, { ...options, infos: options.infos ?? true });
    model.close();
    this.#ports = ports;
    this.#waiting = ports.map(() => []);
    for (const [k, port] of ports.entries()) {
      port.onMessage((message) => this.#waiting[k].shift()?.resolve(message as ShareAnswer | ShareFailure));
      port.onEnd?.((reason) => this.#break(reason));
    }
    this.#ready = this.#ask(ports.map((_, k) => this.work(k)));
    // A failure shows at the first call.
    this.#ready.catch(() => {});
  }

  /** @throws OptionError for seeds or a mask that do not fit. */
  async reset(options: VectorResetOptions = {}): Promise<VectorReset<B>> {
    const requests = this.resetRequests(options);
    return this.resetResult(await this.#exclusively(() => this.#ask(requests)));
  }

  /** @throws ActionError for actions that are not in `actionSpace`, OrderError before the first reset and, in the mode
   *   'disabled', for an environment whose episode is over. */
  async step(actions: unknown): Promise<VectorStep<B>> {
    const answers = await this.#exclusively(() => {
      this.takeActions(actions);
      return this.#ask(this.all({ kind: 'step' }));
    });
    return this.stepResult(answers);
  }

  async render(): Promise<(RgbFrame | string | undefined)[]> {
    return this.frames(await this.#exclusively(() => this.#ask(this.all({ kind: 'render' }))));
  }

  /** Copies the whole state out; it fits any number of threads. */
  async saveState(): Promise<Snapshot> {
    return this.saved(await this.#exclusively(() => this.#ask(this.all({ kind: 'save' }))));
  }

  /** @throws MismatchError for a state of another number of environments. */
  async restoreState(state: Snapshot): Promise<void> {
    const requests = this.restoreRequests(state);
    await this.#exclusively(() => this.#ask(requests));
    this.restored(state);
  }

  /** Ends the threads; what is asked afterwards, or was asked and not answered, fails. */
  close(): void {
    this.phase = 'closed';
    for (const port of this.#ports) port.end?.();
    this.#break(new OrderError('The vector environment is closed.'));
  }

  async #exclusively<T>(call: () => Promise<T>): Promise<T> {
    if (this.phase === 'closed') throw new OrderError('The vector environment is closed.');
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
  async #ask(messages: readonly unknown[]): Promise<ShareAnswer[]> {
    if (this.#broken !== undefined) throw this.#broken;
    const answers = await Promise.all(
      this.#ports.map(
        (port, k) =>
          new Promise<ShareAnswer | ShareFailure>((resolve, reject) => {
            this.#waiting[k].push({ resolve, reject });
            port.postMessage(messages[k]);
          }),
      ),
    );
    for (const answer of answers) if ('error' in answer) throw errorOf(answer);
    return answers as ShareAnswer[];
  }

  #break(reason: Error): void {
    this.#broken ??= reason;
    for (const queue of this.#waiting) for (const { reject } of queue.splice(0)) reject(reason);
  }
}
