/** The thread of some environments of a `ThreadedEnvGroup`: steps them when told. */
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { PreprocessingConfig } from '../../agents/preprocessing-config.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { type GroupArrays, LocalEnvGroup } from '../../train/env-group.ts';
import { importEnvironment } from '../runs/import-environment.ts';
import { makeWrapped } from './make-wrapped.ts';
import { ASK, DONE, FAILED, IDLE, QUIT, RUN, say, waitWhile } from './thread-link.ts';

export interface EnvGroupWork {
  readonly envId: string;
  readonly envKwargs: Readonly<Record<string, unknown>>;
  readonly view: PreprocessingConfig;
  readonly count: number;
  /** Memory of the thread's own environments, and of their actions. */
  readonly arrays: GroupArrays;
  readonly actions: Int32Array;
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly port: MessagePort;
}

export type EnvGroupRequest =
  | { readonly kind: 'reset'; readonly seed: number }
  | { readonly kind: 'save' }
  | { readonly kind: 'restore'; readonly state: Snapshot };

/** The state that was asked for, or why the thread failed. */
export type EnvGroupAnswer = { readonly state: Snapshot } | { readonly error: string };

const { envId, envKwargs, view, count, arrays, actions, state, port } = workerData as EnvGroupWork;
const link = { state };

function answer(group: LocalEnvGroup, request: EnvGroupRequest): void {
  if (request.kind === 'reset') group.reset(request.seed);
  else if (request.kind === 'restore') group.restoreState(request.state);
  else port.postMessage({ state: group.saveState() } satisfies EnvGroupAnswer);
}

let word = RUN;
try {
  await importEnvironment(envId);
  const envs = Array.from({ length: count }, () => makeWrapped(envId, envKwargs, view));
  const group = new LocalEnvGroup(envs, arrays);
  word = DONE;
  say(link, word);
  for (;;) {
    const next = waitWhile(link, word);
    if (next === QUIT) break;
    if (next === RUN) group.step(actions);
    else if (next === ASK) answer(group, receiveMessageOnPort(port)!.message as EnvGroupRequest);
    word = next === IDLE ? IDLE : DONE;
    if (word === DONE) say(link, word);
  }
} catch (error) {
  port.postMessage({ error: error instanceof Error ? error.message : String(error) } satisfies EnvGroupAnswer);
  say(link, FAILED);
}
