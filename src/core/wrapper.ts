import type { Env, EnvMetadata, EnvSpec, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from './env.ts';
import { SavedState } from './saved-state.ts';
import type { Snapshot } from './snapshot.ts';
import type { Space } from './space.ts';

/**
 * An environment around an environment (Gymnasium's `Wrapper`): everything is passed on unless a subclass says otherwise.
 * A wrapper with state of its own overrides `saveOwnState` and `restoreOwnState`, so that a whole stack saves and
 * restores as one.
 * @typeParam O observation that the wrapper gives, OI the one that it receives.
 * @typeParam A action that the wrapper takes, AI the one that it passes on.
 */
export abstract class Wrapper<O, A, OI = O, AI = A> implements Env<O, A> {
  readonly env: Env<OI, AI>;
  constructor(env: Env<OI, AI>) {
    this.env = env;
  }
  // The casts say what is true unless a subclass changes the space, in which case it overrides the getter too.
  get observationSpace(): Space<O> {
    return this.env.observationSpace as unknown as Space<O>;
  }
  get actionSpace(): Space<A> {
    return this.env.actionSpace as unknown as Space<A>;
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
  set spec(spec: EnvSpec | undefined) {
    this.env.spec = spec;
  }
  get unwrapped(): Env {
    return this.env.unwrapped;
  }
  abstract reset(options?: ResetOptions): ResetResult<O>;
  abstract step(action: A): StepResult<O>;
  render(): RgbFrame | string | undefined {
    return this.env.render();
  }
  close(): void {
    this.env.close();
  }
  /** State of this wrapper alone; null when it has none. */
  protected saveOwnState(): Snapshot {
    return null;
  }
  protected restoreOwnState(_state: Snapshot): void {}
  saveState(): Snapshot {
    return { own: this.saveOwnState(), env: this.env.saveState() };
  }
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'wrapper');
    this.env.restoreState(saved.part('env'));
    this.restoreOwnState(saved.part('own'));
  }
}
