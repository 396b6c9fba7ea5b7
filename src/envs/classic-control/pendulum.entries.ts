import { envEntry } from '../../core/env-entry.ts';
import { PendulumEnv, type PendulumOptions } from './pendulum.ts';

/** The registry entry of Pendulum. Thresholds and limits are Gymnasium's. */
export const pendulumEntries = {
  'Pendulum-v1': envEntry({
    create: (options: PendulumOptions) => new PendulumEnv(options),
    summary: 'swing a pendulum up by a torque',
    maxEpisodeSteps: 200,
    actions: ['torque in N m, positive counter-clockwise'],
    options: { g: 'm/s²; default 10', renderMode: 'rgb_array or null' },
  }),
};
