import type { Env } from '../core/env.ts';
import { Generator } from '../core/random/index.ts';

/** Actions drawn beforehand, so that the measurement is of the environment alone; a power of two. */
const DRAWN = 1 << 12;

/**
 * Steps an environment with random actions and measures it.
 * @param now milliseconds from any fixed moment.
 * @returns steps a second, resets included.
 */
export function stepsPerSecond(env: Env, steps: number, seed: number, now: () => number): number {
  const { n, start: lowest = 0 } = env.actionSpace as { n?: number; start?: number };
  const rng = new Generator(seed);
  env.actionSpace.seed(seed);
  const actions: ArrayLike<unknown> =
    n === undefined
      ? Array.from({ length: DRAWN }, () => env.actionSpace.sample())
      : Int32Array.from({ length: DRAWN }, () => lowest + rng.integers(0, n));
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
