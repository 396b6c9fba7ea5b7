import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Env, RgbFrame } from '../../core/env.ts';
import { OrderError, UnavailableError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { VectorBatch } from '../../spaces/vector-batch.ts';
import { makeOne } from '../../vector/make-vec.ts';
import {
  checkSharedOptions,
  checkShares,
  SharedVectorEnv,
  type SharedVectorOptions,
} from '../../vector/shared-vector-env.ts';
import type { VectorEnv, VectorReset, VectorResetOptions, VectorStep } from '../../vector/vector-env.ts';
import {
  errorOf,
  type ShareAnswer,
  type ShareFailure,
  type ShareRequest,
  VectorShare,
  type VectorSource,
} from '../../vector/vector-share.ts';
import { type StartedThread, startThread } from './spawn-worker.ts';
import { ASK, ENDED, FAILED, QUIT, RUN, say, waitWhile } from './thread-link.ts';
import type { ThreadWork } from './threaded-vector-worker.ts';

/** `infos` are false by default: steps are told without messages. */
export interface ThreadedVectorOptions extends SharedVectorOptions {
  /** The caller's included; at most one for each environment is used. */
  readonly threads: number;
}

/** A thread and its link. */
interface Helper extends Pick<StartedThread, 'lifeline' | 'failure'> {
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly port: MessagePort;
  /** Why the thread ended by itself. */
  broken: Error | undefined;
}

/**
 * A vector whose environments are shared out evenly among threads, which step them at the same time on shared memory. Same
 * seeds, same results, same saved states as `SyncVectorEnv`, whatever the number of threads.
 *
 * Calls wait for the threads: they take as long as the slowest share, and nothing else happens in the caller's thread
 * meanwhile. For calls that answer later see `makeWorkerVectorEnv`.
 */
export class ThreadedVectorEnv<B extends VectorBatch = VectorBatch> extends SharedVectorEnv<B> implements VectorEnv<B> {
  readonly #own: VectorShare;
  readonly #helpers: readonly Helper[];
  readonly #infos: boolean;

  /** @param source id of a registered environment, or a function of a module that threads can import.
   * @throws OptionError for a value out of range, and what making an environment throws. */
  constructor(source: VectorSource, numEnvs: number, options: ThreadedVectorOptions) {
    checkSharedOptions(options, { threads: true });
    const { envOptions, infos = false } = options;
    const threads = Math.min(options.threads, numEnvs);
    checkShares(numEnvs, threads, 'threads');
    const make = (): Env => makeOne(typeof source === 'string' ? source : source.make, envOptions);
    const first = make();
    super(first, source, numEnvs, threads, { ...options, infos });
    this.#infos = infos;
    this.#helpers = Array.from({ length: threads - 1 }, (_, k): Helper => {
      const state = new Int32Array(new SharedArrayBuffer(4));
      state[0] = RUN;
      const { port1, port2 } = new MessageChannel();
      const work: ThreadWork = { share: this.work(k + 1), state, port: port2 };
      const { worker, lifeline, failure } = startThread('threads/threaded-vector-worker', work, [port2]);
      worker.unref();
      port1.unref();
      return { state, port: port1, lifeline, failure, broken: undefined };
    });
    const own = this.work(0);
    const makers = Array.from({ length: own.count }, (_, i) => (i === 0 ? () => first : make));
    this.#own = new VectorShare(makers, own);
  }

  reset(options?: VectorResetOptions): VectorReset<B> {
    return this.resetResult(this.#ask(this.resetRequests(options)));
  }

  step(actions: unknown): VectorStep<B> {
    this.takeActions(actions);
    for (const helper of this.#helpers) this.#tell(helper, RUN);
    return this.stepResult(this.#answers({ kind: 'step' }, this.#infos));
  }

  render(): (RgbFrame | string | undefined)[] {
    return this.frames(this.#ask(this.all({ kind: 'render' })));
  }

  saveState(): Snapshot {
    return this.saved(this.#ask(this.all({ kind: 'save' })));
  }

  restoreState(state: Snapshot): void {
    this.#ask(this.restoreRequests(state));
    this.restored(state);
  }

  close(): void {
    if (this.phase === 'closed') return;
    this.phase = 'closed';
    for (const { state, port } of this.#helpers) {
      say({ state }, QUIT);
      port.close();
    }
    this.#own.close();
  }

  /** Asks every share; the threads find the question in their ports. */
  #ask(requests: readonly ShareRequest[]): ShareAnswer[] {
    for (const [k, helper] of this.#helpers.entries()) {
      this.#tell(helper, ASK, requests[k + 1]);
    }
    return this.#answers(requests[0], true);
  }

  /** @throws OrderError for a vector that is closed, and why the thread ended if it did. */
  #tell(helper: Helper, word: number, request?: ShareRequest): void {
    if (this.phase === 'closed') throw new OrderError('The vector environment is closed.');
    // It may still be starting.
    this.#wait(helper);
    if (helper.broken !== undefined) throw helper.broken;
    if (request !== undefined) helper.port.postMessage(request);
    say(helper, word);
  }

  /** Does the caller's share and waits for the others; throws the first error of any once all are done.
   * @param messages whether the threads answer by a message when nothing fails. */
  #answers(request: ShareRequest, messages: boolean): ShareAnswer[] {
    let error: unknown;
    let own: ShareAnswer = {};
    try {
      own = this.#own.answer(request);
    } catch (failure) {
      error = failure;
    }
    const answers = [own];
    for (const helper of this.#helpers) {
      const word = this.#wait(helper);
      const answer = word === FAILED || word === ENDED || messages ? this.#receive(helper) : {};
      if (helper.broken === undefined && 'error' in answer) error ??= errorOf(answer);
      error ??= helper.broken;
      answers.push(answer as ShareAnswer);
    }
    if (error !== undefined) throw error;
    return answers;
  }

  /** Waits until a thread has done what it was told; returns its word. */
  #wait(helper: Helper): number {
    let word = Atomics.load(helper.state, 0);
    while (word === RUN || word === ASK) word = waitWhile(helper, word);
    if (word === ENDED) helper.broken ??= this.#whyEnded(helper);
    return word;
  }

  #whyEnded(helper: Helper): Error {
    const answer = this.#receive(helper);
    if ('error' in answer) return errorOf(answer);
    const reason = helper.failure()?.message ?? 'it does not say why (memory may have run out)';
    return new UnavailableError('A thread of the vector environment', `ended: ${reason}.`);
  }

  #receive({ port }: Helper): ShareAnswer | ShareFailure {
    return receiveMessageOnPort(port)?.message ?? {};
  }
}
