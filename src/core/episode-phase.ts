import { OrderError } from './errors.ts';

/** Where an environment is between `reset` and an episode's end. */
export type EpisodePhase = 'new' | 'running' | 'over';
export const EPISODE_PHASES: readonly EpisodePhase[] = ['new', 'running', 'over'];

/** The error for a `step` (or `render`) while no episode runs. */
export function notRunning(phase: EpisodePhase, call = 'step'): OrderError {
  return new OrderError(
    phase === 'new' ? `Call reset() before ${call}().` : `The episode is over: call reset() before the next ${call}().`,
  );
}
