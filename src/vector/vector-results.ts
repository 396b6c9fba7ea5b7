import { copyValue } from '../core/trajectory.ts';
import type { VectorArrays } from './vector-arrays.ts';
import type { VectorBatch } from './vector-batch.ts';
import type { VectorInfo, VectorReset, VectorStep } from './vector-env.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Hands a vector's arrays out as results: in the same two objects at each call, or as copies. */
export class VectorResults<B extends VectorBatch> {
  readonly #arrays: VectorArrays<B>;
  readonly #copy: boolean;
  readonly #reset: Writable<VectorReset<B>>;
  readonly #step: Writable<VectorStep<B>>;

  constructor(arrays: VectorArrays<B>, copy: boolean) {
    this.#arrays = arrays;
    this.#copy = copy;
    const { observations, finalObservations, rewards, terminations, truncations } = arrays;
    this.#reset = { observations, infos: {}, actionMasks: undefined };
    this.#step = {
      ...{ observations, rewards, terminations, truncations, finalObservations, infos: {} },
      ...{ actionMasks: undefined, finalActionMasks: undefined },
    };
  }

  reset(infos: VectorInfo): VectorReset<B> {
    return this.#given(this.#reset, infos);
  }

  step(infos: VectorInfo): VectorStep<B> {
    const step = this.#step;
    if (step.finalActionMasks === undefined && step.finalObservations !== undefined && this.#masked) {
      step.finalActionMasks = this.#arrays.finalActionMasks;
    }
    return this.#given(step, infos);
  }

  #given<R extends VectorReset<B>>(result: Writable<R>, infos: VectorInfo): R {
    if (result.actionMasks === undefined && this.#masked) result.actionMasks = this.#arrays.actionMasks;
    result.infos = infos;
    return this.#copy ? { ...copyValue({ ...result, infos: {} }), infos } : result;
  }

  get #masked(): boolean {
    return this.#arrays.masked.includes(1);
  }
}
