import { describe, expect, it } from 'vitest';
import { RUNNING, TERMINATED, TRUNCATED } from '../core/episode-end.ts';
import { Progress } from './progress.ts';
import type { EpisodeReport, StepReport, UpdateReport } from './training.ts';

const options = { environments: 1, epsilonStart: 1, rewardBound: 10, rewardWindow: 3, maxSteps: 1000 };
const NONE = new Float32Array(0);
const step = (rewards: number[], ends: number[]) => ({
  observations: NONE,
  finalObservations: NONE,
  rewards: Float64Array.from(rewards),
  terminations: Uint8Array.from(ends, (end) => Number(end === TERMINATED)),
  truncations: Uint8Array.from(ends, (end) => Number(end === TRUNCATED)),
  infos: {},
});
const actions = Int32Array.of(0);

/** Plays episodes of one step with these returns. */
function play(progress: Progress, returns: number[], observer = {}): void {
  for (const reward of returns) progress.addStep(step([reward], [TERMINATED]), actions, observer);
}

describe('Progress', () => {
  it('is solved by the mean of a full window only', () => {
    const progress = new Progress(options, () => 0);
    play(progress, [100, 100]);
    expect(progress.end).toBeUndefined();
    play(progress, [100]);
    expect(progress.end).toEqual({ solved: true, message: 'Solved in 3 frames!' });
  });

  it('needs a mean above the bound, of the last episodes alone', () => {
    const progress = new Progress(options, () => 0);
    play(progress, [10, 10, 10]);
    expect(progress.end).toBeUndefined(); // 10 is not above 10
    play(progress, [-100, 10.5, 10.5]);
    expect(progress.end).toBeUndefined();
    play(progress, [10.5]);
    expect(progress.end?.solved).toBe(true);
  });

  it.each([
    { rewardBound: null, solved: undefined, message: 'Trained for 4 frames.' },
    { rewardBound: 10, solved: false, message: 'Not solved in 4 frames.' },
  ])('ends at the last step (bound $rewardBound)', ({ rewardBound, ...end }) => {
    const progress = new Progress({ ...options, rewardBound, maxSteps: 4 }, () => 0);
    play(progress, [1, 1, 1]);
    expect(progress.end).toBeUndefined();
    play(progress, [1]);
    expect(progress.end).toEqual(end);
  });

  it('sums the returns of several environments apart, and counts their steps together', () => {
    const progress = new Progress({ ...options, environments: 2 }, () => 0);
    const episodes: EpisodeReport[] = [];
    const observer = { episode: (report: EpisodeReport) => void episodes.push(report) };
    const both = Int32Array.of(0, 1);
    progress.addStep(step([1, 10], [RUNNING, RUNNING]), both, observer);
    progress.addStep(step([2, 20], [TRUNCATED, RUNNING]), both, observer);
    progress.addStep(step([4, 40], [RUNNING, TERMINATED]), both, observer);
    progress.addStep(step([8, 80], [TERMINATED, RUNNING]), both, observer);
    expect(progress.step).toBe(8);
    expect(episodes).toEqual([
      { step: 4, environment: 0, reward: 3, steps: 2, episodes: 1 },
      { step: 6, environment: 1, reward: 70, steps: 3, episodes: 2 },
      { step: 8, environment: 0, reward: 12, steps: 2, episodes: 3 },
    ]);
  });

  it('logs means over the updates since the last episode, the speed since then, and the best mean', () => {
    let time = 0;
    const progress = new Progress(options, () => time);
    progress.epsilon = 0.25;
    const rows: [number, Readonly<Record<string, number>>][] = [];
    const best: number[] = [];
    const lines: string[] = [];
    const observer = {
      scalars: (at: number, values: Readonly<Record<string, number>>) => void rows.push([at, values]),
      best: (score: number) => void best.push(score),
      line: (text: string) => void lines.push(text),
    };
    progress.addUpdate({ loss: 1, meanQ: 4 }, observer);
    progress.addUpdate({ loss: 2, meanQ: 8 }, observer);
    progress.addStep(step([5], [RUNNING]), actions, observer);
    time = 100;
    play(progress, [1], observer);
    time = 150;
    play(progress, [2, 9], observer);
    expect(rows[0]).toEqual([
      2,
      { epsilon: 0.25, speed: 20, reward_mean: 6, reward: 6, episode_steps: 2, loss: 1.5, mean_q: 6 },
    ]);
    expect(rows[1]).toEqual([3, { epsilon: 0.25, speed: 20, reward_mean: 4, reward: 2, episode_steps: 1 }]);
    expect(rows[2][1]['reward_mean']).toBeCloseTo(17 / 3, 12);
    expect(best).toEqual([6]);
    expect(lines[0]).toBe('2: done 1 games, mean reward 6.000, eps 0.25, speed 20.00 f/s');
  });

  it('calls the hooks of a step and of an update', () => {
    const progress = new Progress(options, () => 0);
    const seen: (StepReport | UpdateReport)[] = [];
    const observer = {
      step: (report: StepReport) => void seen.push(report),
      update: (report: UpdateReport) => void seen.push(report),
    };
    const result = step([1], [RUNNING]);
    progress.addStep(result, actions, observer);
    progress.addUpdate({ loss: 3, meanQ: 2 }, observer);
    expect(seen).toEqual([
      { step: 1, actions, epsilon: 1, result },
      { step: 1, loss: 3, meanQ: 2 },
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('stops at a loss of %d', (loss) => {
    const progress = new Progress(options, () => 0);
    play(progress, [1]);
    expect(() => progress.addUpdate({ loss, meanQ: 0 }, {})).toThrow(
      `The loss of an update at step 1 is ${loss}: the weights have diverged.`,
    );
  });

  it('goes on from a saved state', () => {
    const [straight, resumed] = [new Progress(options, () => 0), new Progress(options, () => 0)];
    play(straight, [1, 30]);
    straight.addStep(step([7], [RUNNING]), actions, {});
    play(resumed, [5]);
    resumed.restoreState(straight.saveState());
    for (const progress of [straight, resumed]) play(progress, [2]);
    expect(resumed.saveState()).toEqual(straight.saveState());
    expect(resumed.end).toEqual({ solved: true, message: 'Solved in 4 frames!' });
    expect(resumed.status()).toBe('3 games, reward 13.33, eps 1.00');
  });
});
