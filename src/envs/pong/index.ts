import { type EnvEntry, envEntry } from '../../core/env-entry.ts';
import { PongEnv, type PongOptions } from './pong-env.ts';

export { PongEnv, type PongOptions } from './pong-env.ts';
export { PongGame, type PongOpponent, type PongSide } from './pong-rules.ts';

/** Registry entries of the built-in Pong. */
export const pongEnvironments: { readonly 'bellman/Pong-v0': EnvEntry<PongOptions, PongEnv> } = {
  'bellman/Pong-v0': envEntry({
    create: (options: PongOptions) => new PongEnv(options),
    summary: 'table tennis to 21 points, as on the Atari 2600, without a cartridge',
    rewardThreshold: 19,
    maxEpisodeSteps: 108_000,
    options: {
      frameSkip: 'frames a step, or [low, high) to draw it; default 1',
      repeatActionProbability: 'sticky actions: probability of repeating the last action in a frame; default 0',
      obsType: 'rgb (default) or grayscale',
      variedServes: 'row and slope of serves are drawn; default true',
      opponent: 'built-in (default), or steered by calls of steerOpponent',
      renderMode: 'rgb_array or null',
    },
  }),
};
