import type { NetworkConfig } from '../../agents/network-config.ts';
import type { NetworkSpec } from '../../agents/network-spec.ts';
import type { PreprocessingConfig } from '../../agents/preprocessing-config.ts';
import { MismatchError, OptionError } from '../../core/errors.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { LearnerTraining, type LearnerTrainingOptions, type NetworkTrainingConfig } from '../learner-training.ts';
import type { Progress } from '../progress.ts';
import type { ActorSettings, Actors } from './chunk.ts';
import { Playback } from './playback.ts';
import { Rounds } from './rounds.ts';

export interface ActorTrainingConfig extends NetworkTrainingConfig {
  /** Of all actors together. */
  readonly environments: number;
  readonly network: NetworkConfig;
}

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

  constructor(options: ActorTrainingOptions<C>, progress: Progress) {
    super(options, progress);
    const { config, settings, actors, spec } = options;
    this.rounds = new Rounds(settings, actors);
    this.playback = new Playback(spec, config.environments, stackOf(config.preprocessing));
    this.#actors = actors;
    this.#settings = settings;
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

/** @throws OptionError when a configuration cannot be played by so many actors. */
export function checkActorConfig(
  { environments, actionMasks, network }: ActorTrainingConfig,
  settings: ActorSettings,
): void {
  const { actors, steps, lag, epsilonSpread } = settings;
  const whole = (name: string, value: number, from: number, to: number) => {
    if (Number.isSafeInteger(value) && value >= from && value <= to) return;
    throw new OptionError(name, value, `a whole number from ${from} to ${to}`);
  };
  whole('actors', actors, 1, 4096);
  whole('actors.steps', steps, 1, 65_536);
  whole('actors.lag', lag, 0, 16);
  if (!(epsilonSpread >= 0 && epsilonSpread <= 100)) {
    throw new OptionError('actors.epsilonSpread', epsilonSpread, 'a number from 0 to 100');
  }
  if (environments % actors !== 0) {
    const cure = `a multiple of the ${actors} actors, as --set environments=${Math.ceil(environments / actors) * actors}`;
    throw new OptionError('environments', environments, cure);
  }
  if (actionMasks) throw new OptionError('actionMasks', actionMasks, 'false with actors');
  if (network.lstm) throw new OptionError('network.lstm', network.lstm, 'null with actors');
}
