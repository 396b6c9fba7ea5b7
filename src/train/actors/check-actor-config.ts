import type { NetworkConfig } from '../../agents/network-config.ts';
import { OptionError } from '../../core/errors.ts';
import type { NetworkTrainingConfig } from '../learner-training.ts';
import type { ActorSettings } from './chunk.ts';

export interface ActorTrainingConfig extends NetworkTrainingConfig {
  /** Of all actors together. */
  readonly environments: number;
  readonly network: NetworkConfig;
}

/** @throws OptionError for settings out of range, and when a configuration cannot be played by so many actors. */
export function checkActorConfig(
  { environments, actionMasks, network }: ActorTrainingConfig,
  settings: ActorSettings,
): void {
  if (typeof settings !== 'object' || settings === null) {
    throw new OptionError('settings', settings, 'an object with actors, steps, lag and epsilonSpread');
  }
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
