import type { Env } from './env.ts';

/** Pictures a second at which an environment is shown and filmed: its own `renderFps`, within 1 and 240. */
export function frameRateOf(env: Pick<Env, 'metadata'>): number {
  return Math.min(240, Math.max(1, env.metadata.renderFps));
}
