import { envEntry } from '../../core/env-entry.ts';
import { TaxiEnv, type TaxiOptions, type TaxiV3Options } from './taxi.ts';

const taxiActionLines = [
  'move south (down)',
  'move north (up)',
  'move east (right)',
  'move west (left)',
  'pick the passenger up',
  'drop the passenger off',
];

/** Registry entries of Taxi. Thresholds and limits are Gymnasium's. */
export const taxiEntries = {
  'Taxi-v3': envEntry({
    create: ({ renderMode }: TaxiV3Options) => new TaxiEnv({ renderMode }),
    summary: 'fetch and deliver a passenger, without rain',
    rewardThreshold: 8,
    maxEpisodeSteps: 200,
    actions: taxiActionLines,
    options: { renderMode: 'ansi, rgb_array or null' },
  }),
  'Taxi-v4': envEntry({
    create: (options: TaxiOptions) => new TaxiEnv(options),
    summary: 'fetch and deliver a passenger, with rain and changes of mind if asked for',
    rewardThreshold: 8,
    maxEpisodeSteps: 200,
    actions: taxiActionLines,
    options: {
      isRainy: 'rain pushes the taxi to a side; default false',
      ficklePassenger: 'the passenger may change the destination once; default false',
      rainyProbability: 'in rain, probability of the intended direction; default 0.8',
      fickleProbability: 'probability of an episode with a change of mind; default 0.3',
      renderMode: 'ansi, rgb_array or null',
    },
  }),
};
