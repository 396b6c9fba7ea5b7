import type { Env } from '../core/env.ts';

/** Actions drawn beforehand, so that the measurement is of the environment alone; a power of two. */
const DRAWN = 1 << 12;

/**
 * Steps an environment with random actions and measures it.
 * @param now milliseconds from any fixed moment.
 * @returns steps a second, resets included.
 */
export function stepsPerSecond(env: Env, steps: number, seed: number, now: () => number): number {
  env.actionSpace.seed(seed);
  const actions = Array.from({ length: DRAWN }, () => env.actionSpace.sample());
  env.reset({ seed });
  const play = (count: number) => {
    for (let i = 0; i < count; i++) {
      const result = env.step(actions[i & (DRAWN - 1)]);
      if (result.terminated || result.truncated) env.reset();
    }
  };
  play(Math.min(steps, 20_000)); // the compiler warms up
  const start = now();
  play(steps);
  return (steps / (now() - start)) * 1000;
}
