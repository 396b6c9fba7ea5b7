import type { NetworkSpec } from '../../agents/network-spec.ts';
import type { PreprocessingConfig } from '../../agents/preprocessing-config.ts';
import { MismatchError } from '../../core/errors.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { LearnerTraining, type LearnerTrainingOptions } from '../learner-training.ts';
import type { Progress } from '../progress.ts';
import type { ActorTrainingConfig } from './check-actor-config.ts';
import type { ActorSettings, Actors } from './chunk.ts';
import { Playback } from './playback.ts';
import { Rounds } from './rounds.ts';

export interface ActorTrainingOptions<C> extends LearnerTrainingOptions<C> {
  /** What the network takes and gives. */
  readonly spec: NetworkSpec;
  readonly settings: ActorSettings;
  /** Closed with the training. */
  readonly actors: Actors;
}

/** A training of a network whose environments are played by actors. One unit is a round of play and what is learned from it. A
 * subclass has the algorithm's learner. */
export abstract class ActorTraining<C extends ActorTrainingConfig> extends LearnerTraining<C> {
  protected readonly rounds: Rounds;
  protected readonly playback: Playback;
  readonly #actors: Actors;
  readonly #settings: ActorSettings;
  #waiting = false;

  constructor(options: ActorTrainingOptions<C>, progress: Progress) {
    super(options, progress);
    const { config, settings, actors, spec } = options;
    this.rounds = new Rounds(settings, actors);
    this.playback = new Playback(spec, config.environments, stackOf(config.preprocessing));
    this.#actors = actors;
    this.#settings = settings;
  }

  /** The plays of the next round: all that a round begins with. */
  protected async takeRound(): Promise<void> {
    this.#waiting = true;
    const plays = await this.rounds.take(this.learner.online.buffer);
    this.playback.begin(plays);
    this.#waiting = false;
  }

  /** Nothing is done with a round before all of it has been played. */
  get untouched(): boolean {
    return this.#waiting;
  }

  override status(): string {
    const { lag } = this.#settings;
    const workers = this.#actors.status();
    const age = `weights ${lag} round${lag === 1 ? '' : 's'} old`;
    return [super.status(), workers, age].filter((part) => part !== undefined).join(', ');
  }

  protected saveRounds(): { readonly [key: string]: Snapshot } {
    return {
      ...this.progress.saveState(),
      rounds: this.rounds.saveState(),
      observations: this.playback.saveState(),
    };
  }

  protected restoreRounds(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    this.progress.restoreState(state);
    if (!saved.has('rounds')) {
      throw new MismatchError('The saved training was played without actors, this one is played by actors.');
    }
    this.rounds.restoreState(saved.part('rounds'));
    this.playback.restoreState(saved.part('observations'));
  }

  override async close(): Promise<void> {
    await this.#actors.close();
    await super.close();
  }
}

/** Frames of an observation. */
export const stackOf = (view: PreprocessingConfig): number => (view.kind === 'none' ? 1 : view.frameStack);
