import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { NetworkSpec } from '../../agents/network-spec.ts';
import type { PreprocessingConfig } from '../../agents/preprocessing-config.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { type EnvGroup, GroupMemory, groupRows, LocalEnvGroup, newArrays } from '../../train/env-group.ts';
import { networkSpec, type Observation } from '../../train/preprocessing.ts';
import type { EnvGroupAnswer, EnvGroupRequest, EnvGroupWork } from './env-group-worker.ts';
import { makeWrapped } from './make-wrapped.ts';
import { spawnWorker } from './spawn-worker.ts';
import { ASK, FAILED, QUIT, RUN, say, waitWhile } from './thread-link.ts';

export interface EnvGroupOptions {
  readonly envId: string;
  readonly envKwargs: Readonly<Record<string, unknown>>;
  readonly view: PreprocessingConfig;
  readonly environments: number;
  /** The caller's included; at most one for each environment is used. */
  readonly threads: number;
}

/** A thread and its link. */
interface Helper {
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly port: MessagePort;
}

/**
 * A group whose environments are shared out evenly among threads, which step them at the same time. Every environment has
 * its own generator, so that what they say does not depend on the number of threads.
 *
 * The calls wait for the threads: they take as long as the slowest share.
 */
export class ThreadedEnvGroup extends GroupMemory implements EnvGroup {
  readonly environments: number;
  readonly spec: NetworkSpec;
  readonly #own: LocalEnvGroup;
  readonly #helpers: readonly Helper[];
  readonly #starts: readonly number[];
  readonly #actions: Int32Array;

  /** @throws what making or wrapping the environment throws. */
  constructor({ envId, envKwargs, view, environments, threads }: EnvGroupOptions) {
    const first = makeWrapped(envId, envKwargs, view);
    const spec = networkSpec(first);
    const memory = (bytes: number) => new SharedArrayBuffer(bytes);
    const arrays = newArrays(spec, environments, memory);
    super(arrays);
    this.spec = spec;
    this.environments = environments;
    this.#actions = new Int32Array(memory(environments * 4));
    const shares = Math.min(threads, environments);
    // Bounds of the shares; the first is the caller's.
    this.#starts = Array.from({ length: shares + 1 }, (_, i) => Math.round((i * environments) / shares));
    const part = (i: number) => groupRows(arrays, environments, this.#starts[i], this.#starts[i + 1]);
    this.#helpers = Array.from({ length: shares - 1 }, (_, i): Helper => {
      const state = new Int32Array(new SharedArrayBuffer(4));
      state[0] = RUN;
      const { port1, port2 } = new MessageChannel();
      const [from, to] = [this.#starts[i + 1], this.#starts[i + 2]];
      const actions = this.#actions.subarray(from, to);
      const work: EnvGroupWork = {
        ...{ envId, envKwargs, view, count: to - from, arrays: part(i + 1), actions, state, port: port2 },
      };
      spawnWorker('threads/env-group-worker', { workerData: work, transferList: [port2] }).unref();
      port1.unref();
      return { state, port: port1 };
    });
    const others = Array.from({ length: this.#starts[1] - 1 }, () => makeWrapped(envId, envKwargs, view));
    this.#own = new LocalEnvGroup([first, ...others], part(0));
  }

  reset(seed: number): void {
    this.#helpers.forEach((helper, i) => void this.#ask(helper, { kind: 'reset', seed: seed + this.#starts[i + 1] }));
    this.#own.reset(seed);
    for (const helper of this.#helpers) this.#await(helper);
  }

  step(actions: Int32Array): void {
    this.#actions.set(actions);
    for (const helper of this.#helpers) say(helper, RUN);
    this.#own.step(actions);
    for (const helper of this.#helpers) this.#await(helper);
  }

  saveState(): Snapshot {
    const shares = this.#helpers.map((helper) => {
      this.#ask(helper, { kind: 'save' });
      this.#await(helper);
      return (receiveMessageOnPort(helper.port)!.message as { state: Snapshot }).state;
    });
    return joined([this.#own.saveState(), ...shares] as unknown as readonly SavedGroup[]);
  }

  restoreState(state: Snapshot): void {
    const { envs, observations } = state as unknown as SavedGroup;
    const length = observations.length / envs.length;
    const share = (i: number): Snapshot => ({
      envs: envs.slice(this.#starts[i], this.#starts[i + 1]),
      observations: observations.slice(this.#starts[i] * length, this.#starts[i + 1] * length),
    });
    this.#own.restoreState(share(0));
    this.#helpers.forEach((helper, i) => {
      this.#ask(helper, { kind: 'restore', state: share(i + 1) });
      this.#await(helper);
    });
  }

  close(): void {
    for (const helper of this.#helpers) {
      say(helper, QUIT);
      helper.port.close();
    }
    this.#own.close();
  }

  /** The thread finds the question in its port. */
  #ask(helper: Helper, request: EnvGroupRequest): void {
    // It may still be starting.
    this.#await(helper);
    helper.port.postMessage(request);
    say(helper, ASK);
  }

  #await(helper: Helper): void {
    let word = helper.state[0];
    while (word === RUN || word === ASK) word = waitWhile(helper, word);
    if (word !== FAILED) return;
    const { error } = receiveMessageOnPort(helper.port)!.message as Extract<EnvGroupAnswer, { error: string }>;
    throw new UnavailableError('A thread of the environments', `failed: ${error}`);
  }
}

interface SavedGroup {
  readonly envs: readonly Snapshot[];
  readonly observations: Observation;
}

/** The state that one group of all environments would have. */
function joined(shares: readonly SavedGroup[]): Snapshot {
  const observations = shares[0].observations.slice(0, 0);
  const all = new (observations.constructor as Uint8ArrayConstructor)(
    shares.reduce((sum, share) => sum + share.observations.length, 0),
  );
  let at = 0;
  for (const share of shares) {
    all.set(share.observations, at);
    at += share.observations.length;
  }
  return { envs: shares.flatMap(({ envs }) => envs), observations: all };
}
