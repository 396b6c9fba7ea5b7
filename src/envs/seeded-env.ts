import type { Env, EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../core/env.ts';
import { EPISODE_PHASES, type EpisodePhase, notRunning } from '../core/episode-phase.ts';
import type { Generator } from '../core/random/generator.ts';
import { SavedState } from '../core/saved-state.ts';
import { generatorForReset, restoreGenerator, saveGenerator } from '../core/seeding.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';

/**
 * What environments share: a generator that a seed makes anew, the order of calls, and saving of all that is not the
 * environment's own state.
 * @typeParam P what it draws.
 */
export abstract class SeededEnv<O, A, P extends RgbFrame | string = RgbFrame> implements Env<O, A> {
  abstract readonly metadata: EnvMetadata;
  abstract readonly observationSpace: Space<O>;
  abstract readonly actionSpace: Space<A>;
  abstract readonly renderMode: RenderMode;
  readonly unwrapped = this;
  spec: Env['spec'];

  /** What its states are called: a state of another name is refused. undefined takes the states of all. */
  protected readonly stateName: string | undefined = undefined;
  protected phase: EpisodePhase = 'new';
  #generator: Generator | undefined;

  abstract reset(options?: ResetOptions): ResetResult<O>;
  abstract step(action: A): StepResult<O>;
  /** The picture or text of the present state, in the mode `renderMode`, which is not null. */
  protected abstract draw(): P;
  /** State of the environment itself, without phase, generator and spaces. */
  protected abstract saveOwnState(): Snapshot;
  protected abstract restoreOwnState(state: Snapshot): void;

  /** What episodes are drawn from (Gymnasium's `np_random`); undefined before the first reset. */
  get generator(): Generator | undefined {
    return this.#generator;
  }

  /** Starts an episode: to be called by `reset` once its options are checked.
   * @returns the generator to draw the first state from. */
  protected begin(options: ResetOptions | undefined): Generator {
    return this.beginWith(generatorForReset(this.#generator, options));
  }

  /** `begin` for an environment that derives its generator from the seed in its own way. */
  protected beginWith(generator: Generator): Generator {
    this.#generator = generator;
    this.phase = 'running';
    return generator;
  }

  render(): P | undefined {
    if (this.renderMode === null) return undefined;
    if (this.phase === 'new') throw notRunning('new', 'render');
    return this.draw();
  }

  close(): void {}

  saveState(): Snapshot {
    return {
      ...(this.stateName !== undefined && { of: this.stateName }),
      own: this.saveOwnState(),
      phase: this.phase,
      generator: saveGenerator(this.#generator),
      actionSpace: this.actionSpace.saveState(),
      observationSpace: this.observationSpace.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'environment');
    // A state is a few numbers that fit other environments as well. Until version 0.2 it did not say whose it was.
    if (this.stateName !== undefined && saved.has('of')) saved.oneOf('of', [this.stateName]);
    // Until version 0.2, Pong and the Atari games saved their own state on the same level as the rest.
    this.restoreOwnState(saved.has('own') ? saved.part('own') : state);
    this.phase = saved.oneOf('phase', EPISODE_PHASES);
    this.#generator = restoreGenerator(saved.part('generator'));
    saved.require(
      this.#generator !== undefined || this.phase === 'new',
      'generator',
      'one, as the environment was reset',
    );
    this.actionSpace.restoreState(saved.part('actionSpace'));
    this.observationSpace.restoreState(saved.part('observationSpace'));
  }
}
