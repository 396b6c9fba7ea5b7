import { envEntry } from '../../core/env-entry.ts';
import { MountainCarEnv } from './mountain-car.ts';
import { MountainCarContinuousEnv } from './mountain-car-continuous.ts';
import type { MountainCarOptions } from './valley-car.ts';

const mountainCarOptions = {
  goalVelocity: 'velocity that the car must have at the flag; default 0',
  renderMode: 'rgb_array or null',
};

/** Registry entries of the cars in the valley. Thresholds and limits are Gymnasium's. */
export const mountainCarEntries = {
  'MountainCar-v0': envEntry({
    create: (options: MountainCarOptions) => new MountainCarEnv(options),
    summary: 'rock a weak car out of a valley',
    rewardThreshold: -110,
    maxEpisodeSteps: 200,
    actions: ['push the car to the left', 'do not push', 'push the car to the right'],
    options: mountainCarOptions,
  }),
  'MountainCarContinuous-v0': envEntry({
    create: (options: MountainCarOptions) => new MountainCarContinuousEnv(options),
    summary: 'rock a weak car out of a valley, continuous force',
    rewardThreshold: 90,
    maxEpisodeSteps: 999,
    actions: ['push on the car, positive to the right'],
    options: mountainCarOptions,
  }),
};
