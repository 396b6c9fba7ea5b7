import { copyValue } from '../core/trajectory.ts';
import type { VectorBatch } from '../spaces/vector-batch.ts';
import type { VectorArrays } from './vector-arrays.ts';
import type { VectorInfo, VectorReset, VectorStep, WholeGames } from './vector-env.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Hands a vector's arrays out as results: in the same two objects at each call, or as copies. */
export class VectorResults<B extends VectorBatch> {
  readonly #arrays: VectorArrays<B>;
  readonly #copy: boolean;
  readonly #reset: Writable<VectorReset<B>>;
  readonly #step: Writable<VectorStep<B>>;
  readonly #wholeGames: WholeGames;

  constructor(arrays: VectorArrays<B>, copy: boolean) {
    this.#arrays = arrays;
    this.#copy = copy;
    const { observations, finalObservations, rewards, terminations, truncations } = arrays;
    this.#reset = { observations, infos: {}, actionMasks: undefined };
    this.#step = {
      ...{ observations, rewards, terminations, truncations, finalObservations, infos: {} },
      ...{ actionMasks: undefined, finalActionMasks: undefined, wholeGames: undefined },
    };
    this.#wholeGames = { over: arrays.gamesOver, returns: arrays.gameReturns };
  }

  reset(infos: VectorInfo): VectorReset<B> {
    this.#showMasks();
    return this.#given(this.#reset, infos);
  }

  step(infos: VectorInfo): VectorStep<B> {
    this.#showMasks();
    if (this.#step.wholeGames === undefined && hasOne(this.#arrays.inGames)) this.#step.wholeGames = this.#wholeGames;
    return this.#given(this.#step, infos);
  }

  #given<R extends VectorReset<B>>(result: Writable<R>, infos: VectorInfo): R {
    result.infos = infos;
    return this.#copy ? { ...copyValue({ ...result, infos: {} }), infos } : result;
  }

  /** Masks are part of results once an environment has given one. */
  #showMasks(): void {
    const { masked, actionMasks, finalActionMasks, finalObservations } = this.#arrays;
    if (this.#step.actionMasks !== undefined || !hasOne(masked)) return;
    this.#reset.actionMasks = this.#step.actionMasks = actionMasks;
    if (finalObservations !== undefined) this.#step.finalActionMasks = finalActionMasks;
  }
}

/** `includes(1)`, which is slower on the few elements that these are. */
function hasOne(flags: Uint8Array): boolean {
  for (let i = 0; i < flags.length; i++) if (flags[i] === 1) return true;
  return false;
}
