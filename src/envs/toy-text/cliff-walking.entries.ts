import { envEntry } from '../../core/env-entry.ts';
import { CliffWalkingEnv, type CliffWalkingOptions } from './cliff-walking.ts';

const cliffActionLines = ['move up', 'move right', 'move down', 'move left'];

const cliffOptions = {
  isSlippery: 'a step may go to either side, each with probability 1/3; default false (CliffWalkingSlippery-v1: true)',
  renderMode: 'ansi, rgb_array or null',
};

/** Registry entries of CliffWalking. Thresholds and limits are Gymnasium's. */
export const cliffWalkingEntries = {
  'CliffWalking-v1': envEntry({
    create: (options: CliffWalkingOptions) => new CliffWalkingEnv(options),
    summary: 'walk along a cliff',
    actions: cliffActionLines,
    options: cliffOptions,
  }),
  'CliffWalkingSlippery-v1': envEntry({
    create: (options: CliffWalkingOptions) =>
      new CliffWalkingEnv({ ...options, isSlippery: options.isSlippery ?? true }),
    summary: 'walk along a cliff in the wet',
    actions: cliffActionLines,
    options: cliffOptions,
  }),
};
