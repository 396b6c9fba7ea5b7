import type { Env, Info, RgbFrame } from '../core/env.ts';
import { BellmanError, OptionError, OrderError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { copyValue } from '../core/trajectory.ts';
import type { VectorBatch } from '../spaces/vector-batch.ts';
import { type EnvMaker, makeOne } from './make-vec.ts';
import { SyncVectorEnv } from './sync-vector-env.ts';
import type { VectorArrays } from './vector-arrays.ts';
import type { AutoresetMode } from './vector-env.ts';

/** An environment that no registry knows: a function that makes one, and where threads find it. */
export interface VectorModule {
  readonly make: EnvMaker;
  /** URL of the module that exports the function: in that module `import.meta.url`. */
  readonly module: string;
  /** Name of the export that threads call; it may answer later. Default: the function's own. */
  readonly name?: string | undefined;
}

/** What the environments of a vector in threads are: the id of a registered one, or a function of a module. */
export type VectorSource = string | VectorModule;

/** The share of a vector that one thread steps. Plain data and shared memory. */
export interface ShareWork {
  readonly source: string | { readonly module: string; readonly name: string };
  readonly count: number;
  readonly envOptions: Readonly<Record<string, unknown>>;
  readonly autoresetMode: AutoresetMode;
  readonly infos: boolean;
  /** Rows of the vector's arrays, on shared memory. */
  readonly arrays: VectorArrays;
  /** Rows of the actions of the next step, on shared memory. */
  readonly actions: VectorBatch;
  /** URL of a module that registers environments when it is imported. */
  readonly setup: string | undefined;
}

/** What a share is asked. Results come in the shared arrays, the rest in the answer. */
export type ShareRequest =
  | {
      readonly kind: 'reset';
      readonly seed: readonly (number | undefined)[];
      readonly options: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly kind: 'step' }
  | { readonly kind: 'save' }
  | { readonly kind: 'restore'; readonly state: Snapshot }
  | { readonly kind: 'render' };

export interface ShareAnswer {
  /** Of a reset or a step, when wanted: what each environment told, in order, with its number within the share. */
  readonly infos?: readonly (readonly [number, Info])[];
  readonly state?: Snapshot;
  readonly frames?: readonly (RgbFrame | string | undefined)[];
}

/** A mistake or a failure in a thread, as plain data. */
export interface ShareFailure {
  readonly error: { readonly code: string; readonly message: string };
}

/** The environments of a share and the actions that they are to take. */
export class VectorShare {
  readonly #env: SyncVectorEnv;
  readonly #actions: VectorBatch;
  /** Of the call that runs. */
  #infos: (readonly [number, Info])[] = [];

  /** @throws what making the environments throws. */
  constructor(makers: readonly (() => Env)[], { actions, autoresetMode, infos, arrays }: ShareWork) {
    const takeInfo = (info: Info, i: number): void => void this.#infos.push([i, copyValue(info)]);
    this.#env = new SyncVectorEnv(makers, { autoresetMode, infos, arrays, takeInfo });
    this.#actions = actions;
  }

  /** Makes the share that a thread was told of.
   * @param prepare loads what registers an id.
   * @throws OptionError when the module has no such function, and whatever importing and making throw. */
  static async open(work: ShareWork, prepare?: (id: string) => Promise<void>): Promise<VectorShare> {
    const { source, count, envOptions, setup } = work;
    if (setup !== undefined) await import(/* webpackIgnore: true */ /* @vite-ignore */ setup);
    if (typeof source === 'string') await prepare?.(source);
    const make = typeof source === 'string' ? () => makeOne(source, envOptions) : await importMaker(source);
    const envs: Env[] = [];
    for (let i = 0; i < count; i++) envs.push(await make(envOptions));
    return new VectorShare(
      envs.map((env) => () => env),
      work,
    );
  }

  answer(request: ShareRequest): ShareAnswer {
    const env = this.#env;
    switch (request.kind) {
      case 'reset': {
        // Nobody of this share is meant: the mask of the others would be refused.
        const mask = request.options?.['reset_mask'];
        if (Array.isArray(mask) && !mask.some(Boolean)) return { infos: [] };
        this.#infos = [];
        env.reset(request);
        return { infos: this.#infos };
      }
      case 'step':
        this.#infos = [];
        env.step(this.#actions);
        return { infos: this.#infos };
      case 'save':
        return { state: env.saveState() };
      case 'restore':
        env.restoreState(request.state);
        return {};
      case 'render':
        return { frames: env.render() };
    }
  }

  close(): void {
    this.#env.close();
  }
}

type LaterMaker = (...options: Parameters<EnvMaker>) => Env | Promise<Env>;

async function importMaker({ module, name }: { module: string; name: string }): Promise<LaterMaker> {
  const exported = (await import(/* webpackIgnore: true */ /* @vite-ignore */ module)) as Readonly<
    Record<string, unknown>
  >;
  if (typeof exported[name] !== 'function') throw new OptionError('name', name, `a function that ${module} exports`);
  return exported[name] as LaterMaker;
}

/** An error as plain data. */
export function failureOf(error: unknown): ShareFailure {
  const code = error instanceof BellmanError ? error.code : 'FAILED';
  return { error: { code, message: error instanceof Error ? error.message : String(error) } };
}

/** The error that `failureOf` was given, as far as plain data tells it. */
export function errorOf({ error: { code, message } }: ShareFailure): BellmanError {
  return code === 'WRONG_ORDER' ? new OrderError(message) : new BellmanError(code, message);
}
