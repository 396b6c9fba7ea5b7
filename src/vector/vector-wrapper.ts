import type { EnvMetadata, EnvSpec, RenderMode, RgbFrame } from '../core/env.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import type { VectorBatch } from '../spaces/vector-batch.ts';
import type { AutoresetMode, VectorReset, VectorResetOptions, VectorShape, VectorStep } from './vector-env.ts';

type Later<T> = T | Promise<T>;

/** A vector environment that answers at once (`SyncVectorEnv`) or later (`WorkerVectorEnv`). */
export interface AnyVectorEnv extends VectorShape {
  reset(options?: VectorResetOptions): Later<VectorReset<VectorBatch>>;
  step(actions: unknown): Later<VectorStep<VectorBatch>>;
  render(): Later<(RgbFrame | string | undefined)[]>;
  saveState(): Later<Snapshot>;
  restoreState(state: Snapshot): Later<void>;
  close(): void;
}

/** Uses an answer: at once, or when it comes. */
function whenAnswered<T, R>(answer: Later<T>, use: (value: T) => R): Later<R> {
  return answer instanceof Promise ? answer.then(use) : use(answer);
}

/**
 * Changes what a vector environment tells (Gymnasium's `VectorWrapper`). It answers as the one below does: at once, or by
 * a promise.
 */
export abstract class VectorWrapper<E extends AnyVectorEnv = AnyVectorEnv> implements VectorShape {
  readonly env: E;

  constructor(env: E) {
    this.env = env;
  }
  get numEnvs(): number {
    return this.env.numEnvs;
  }
  get autoresetMode(): AutoresetMode {
    return this.env.autoresetMode;
  }
  get copy(): boolean {
    return this.env.copy;
  }
  get metadata(): EnvMetadata {
    return this.env.metadata;
  }
  get renderMode(): RenderMode {
    return this.env.renderMode;
  }
  get spec(): EnvSpec | undefined {
    return this.env.spec;
  }
  get singleObservationSpace(): Space {
    return this.env.singleObservationSpace;
  }
  get observationSpace(): Space {
    return this.env.observationSpace;
  }
  get singleActionSpace(): Space {
    return this.env.singleActionSpace;
  }
  get actionSpace(): Space {
    return this.env.actionSpace;
  }

  reset(options?: VectorResetOptions): ReturnType<E['reset']> {
    return whenAnswered(this.env.reset(options), (result) => this.onReset(result)) as ReturnType<E['reset']>;
  }
  step(actions: unknown): ReturnType<E['step']> {
    return whenAnswered(this.env.step(actions), (result) => this.onStep(result)) as ReturnType<E['step']>;
  }

  /** What a reset tells, from what it told below. A wrapper that changes a part makes an object of its own. */
  protected onReset(result: VectorReset<VectorBatch>): VectorReset<VectorBatch> {
    return result;
  }
  protected abstract onStep(result: VectorStep<VectorBatch>): VectorStep<VectorBatch>;

  /** State of the wrapper itself. */
  protected abstract saveOwnState(): Snapshot;
  protected abstract restoreOwnState(state: Snapshot): void;

  saveState(): ReturnType<E['saveState']> {
    const own = this.saveOwnState();
    return whenAnswered(this.env.saveState(), (env) => ({ own, env })) as ReturnType<E['saveState']>;
  }
  restoreState(state: Snapshot): ReturnType<E['restoreState']> {
    const saved = new SavedState(state, 'wrapper');
    this.restoreOwnState(saved.part('own'));
    return this.env.restoreState(saved.part('env')) as ReturnType<E['restoreState']>;
  }

  render(): ReturnType<E['render']> {
    return this.env.render() as ReturnType<E['render']>;
  }

  close(): void {
    this.env.close();
  }
}
