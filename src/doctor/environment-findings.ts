import type { Env } from '../core/env.ts';
import { largest, smallest } from '../core/extremes.ts';
import { bad, type Finding, good } from './finding.ts';

export interface RandomPlay {
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly steps: number;
  readonly positive: number;
  readonly negative: number;
  readonly zero: number;
  readonly terminated: number;
  readonly truncated: number;
}

/** Plays at random until enough episodes ended or the steps are used up. Seeds environment and action space. */
export function playAtRandom(env: Env<unknown, number>, episodes: number, maxSteps: number, seed: number): RandomPlay {
  const returns: number[] = [];
  const lengths: number[] = [];
  let [positive, negative, zero, terminated, truncated, steps, total, length] = [0, 0, 0, 0, 0, 0, 0, 0];
  env.actionSpace.seed(seed);
  env.reset({ seed });
  while (returns.length < episodes && steps < maxSteps) {
    const result = env.step(env.actionSpace.sample());
    steps++;
    length++;
    total += result.reward;
    if (result.reward > 0) positive++;
    else if (result.reward < 0) negative++;
    else zero++;
    if (!result.terminated && !result.truncated) continue;
    if (result.terminated) terminated++;
    else truncated++;
    returns.push(total);
    lengths.push(length);
    [total, length] = [0, 0];
    env.reset();
  }
  return { returns, lengths, steps, positive, negative, zero, terminated, truncated };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a random player's games say about score, reward signs and episode ends. */
export function judgeRandomPlay(play: RandomPlay): Finding[] {
  const { returns, lengths, steps, positive, negative, zero, terminated, truncated } = play;
  const findings: Finding[] = [];
  if (returns.length === 0) {
    findings.push(
      bad('episode ends', `none within ${steps} steps`, `give it a limit: --kwargs '{"max_episode_steps": 1000}'`),
    );
  } else {
    const range = `${smallest(lengths)} to ${largest(lengths)} steps, mean ${mean(lengths).toFixed(0)}`;
    findings.push(good('episode ends', `${terminated} terminated, ${truncated} truncated; ${range}`));
    const spread = `${smallest(returns)} to ${largest(returns)}`;
    findings.push(
      good('random policy', `mean score ${mean(returns).toFixed(2)} over ${returns.length} episodes, ${spread}`),
    );
  }
  const signs = `${positive} positive, ${negative} negative, ${zero} zero in ${steps} steps`;
  findings.push(
    positive + negative > 0
      ? good('reward signs', signs)
      : bad(
          'reward signs',
          signs,
          'a random player never meets a reward: expect long exploration, or choose an easier variant',
        ),
  );
  return findings;
}
