import { envEntry } from '../../core/env-entry.ts';
import { AcrobotEnv, type AcrobotOptions } from './acrobot.ts';

/** The registry entry of Acrobot. Thresholds and limits are Gymnasium's. */
export const acrobotEntries = {
  'Acrobot-v1': envEntry({
    create: (options: AcrobotOptions) => new AcrobotEnv(options),
    summary: 'swing two links up to a line',
    rewardThreshold: -100,
    maxEpisodeSteps: 500,
    actions: ['torque of -1 N m at the middle joint', 'no torque', 'torque of 1 N m at the middle joint'],
    options: {
      bookOrNips: "equations of the book (default) or of the 1996 paper: 'book' or 'nips'",
      torqueNoiseMax: 'largest random torque that is added, N m; default 0',
      dt: 'seconds a step; default 0.2',
      availTorque: 'torques of the three actions, N m; default [-1, 0, 1]',
      linkLength1: 'm; default 1',
      linkLength2: 'm; default 1',
      linkMass1: 'kg; default 1',
      linkMass2: 'kg; default 1',
      linkComPos1: 'centre of mass from the upper end, m; default 0.5',
      linkComPos2: 'the same of the lower link; default 0.5',
      linkMoi: 'moment of inertia, kg m²; default 1',
      renderMode: 'rgb_array or null',
    },
  }),
};
