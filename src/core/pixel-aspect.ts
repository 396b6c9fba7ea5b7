import type { Env } from './env.ts';

/** How many times as wide as high a pixel of an environment's pictures is shown: those of a console's screen twice. */
export function pixelAspectOf(env: Pick<Env, 'unwrapped'>): number {
  return (env.unwrapped as { readonly screenShape?: unknown }).screenShape === undefined ? 1 : 2;
}
