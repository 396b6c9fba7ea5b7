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

  it('counts whole games where episodes are lives, with the score that the game tells', () => {
    const progress = new Progress({ ...options, environments: 2, rewardWindow: 2 }, () => 0);
    const episodes: EpisodeReport[] = [];
    const rows: [number, Readonly<Record<string, number>>][] = [];
    const best: number[] = [];
    const observer = {
      episode: (report: EpisodeReport) => void episodes.push(report),
      scalars: (at: number, values: Readonly<Record<string, number>>) => void rows.push([at, values]),
      best: (score: number) => void best.push(score),
    };
    const lives = (rewards: number[], ends: number[], over: number[], returns: number[]) => ({
      ...step(rewards, ends),
      wholeGames: { over: Uint8Array.from(over), returns: Float64Array.from(returns) },
    });
    // Of what stands where no episode ended nothing is taken.
    progress.addStep(lives([1, 1], [TERMINATED, RUNNING], [0, 1], [1, 99]), actions, observer);
    progress.addStep(lives([1, 1], [RUNNING, RUNNING], [1, 1], [99, 99]), actions, observer);
    expect(episodes).toEqual([]);
    // 5 of the 8 were earned in a reset.
    progress.addStep(lives([1, 1], [TERMINATED, TERMINATED], [1, 0], [8, 3]), actions, observer);
    const saved = structuredClone(progress.saveState());
    const resumed = new Progress({ ...options, environments: 2, rewardWindow: 2 }, () => 0);
    resumed.restoreState(saved);
    // An environment whose episodes are games tells no score.
    resumed.addStep(lives([1, 1], [RUNNING, TERMINATED], [0, 1], [0, Number.NaN]), actions, observer);
    expect(episodes).toEqual([
      { step: 6, environment: 0, reward: 8, steps: 3, episodes: 1 },
      { step: 8, environment: 1, reward: 4, steps: 4, episodes: 2 },
    ]);
    expect(rows.map(([at, { reward, reward_mean }]) => [at, reward, reward_mean])).toEqual([
      [6, 8, 8],
      [8, 4, 6],
    ]);
    expect(best).toEqual([8]);
  });

  it('logs one record and one line for all games that end in a step', () => {
    const progress = new Progress({ ...options, environments: 3 }, () => 0);
    const rows: [number, Readonly<Record<string, number>>][] = [];
    const lines: string[] = [];
    const observer = {
      scalars: (at: number, values: Readonly<Record<string, number>>) => void rows.push([at, values]),
      line: (text: string) => void lines.push(text),
    };
    progress.addStep(step([1, 1, 1], [RUNNING, TERMINATED, RUNNING]), actions, observer);
    progress.addStep(step([2, 7, 9], [TERMINATED, TRUNCATED, RUNNING]), actions, observer);
    // Too little time has passed to tell a speed.
    expect(rows).toEqual([
      [3, { epsilon: 1, reward_mean: 1, reward: 1, episode_steps: 1 }],
      [6, { epsilon: 1, reward_mean: 11 / 3, reward: 5, episode_steps: 1.5 }],
    ]);
    expect(lines[1]).toBe('6: done 3 games, mean reward 3.667, eps 1.00');
  });

  it('logs what there is when it stops within the first game', () => {
    const progress = new Progress(options, () => 0);
    const rows: [number, Readonly<Record<string, number>>][] = [];
    const observer = {
      scalars: (at: number, values: Readonly<Record<string, number>>) => void rows.push([at, values]),
    };
    progress.reportUnfinished(observer);
    progress.addStep(step([1], [RUNNING]), actions, observer);
    progress.addUpdate({ loss: 3, meanQ: 2 }, observer);
    progress.reportUnfinished(observer);
    play(progress, [4], observer);
    progress.addStep(step([1], [RUNNING]), actions, observer);
    progress.reportUnfinished(observer);
    expect(rows).toEqual([
      [1, { epsilon: 1, loss: 3, mean_q: 2 }],
      [2, { epsilon: 1, loss: 3, mean_q: 2, reward_mean: 5, reward: 5, episode_steps: 2 }],
    ]);
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
      `Diverged at step 1: the loss of an update is ${loss}. `,
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

  it('saves what was learned since the last report, and a state that no later step changes', () => {
    const progress = new Progress({ ...options, environments: 2 }, () => 0);
    progress.addUpdate({ loss: 1, meanQ: 4 }, {});
    progress.addUpdate({ loss: 2, meanQ: 8 }, {});
    progress.addStep(step([5, 1], [RUNNING, RUNNING]), actions, {});
    const saved = progress.saveState();
    const before = structuredClone(saved);
    progress.addStep(step([100, 100], [RUNNING, TERMINATED]), actions, {});
    expect(saved).toEqual(before);
    const resumed = new Progress({ ...options, environments: 2 }, () => 0);
    resumed.restoreState(saved);
    const rows: Readonly<Record<string, number>>[] = [];
    resumed.addStep(step([1, 1], [TERMINATED, RUNNING]), actions, { scalars: (_, values) => void rows.push(values) });
    expect(rows).toEqual([{ epsilon: 1, loss: 1.5, mean_q: 6, reward: 6, reward_mean: 6, episode_steps: 2 }]);
  });

  it("measures its speed by the platform's clock unless another is given", () => {
    const { now } = performance;
    let time = 5000;
    performance.now = () => time;
    try {
      const progress = new Progress(options);
      time += 200;
      const rows: Readonly<Record<string, number>>[] = [];
      play(progress, [1], { scalars: (_: number, values: Readonly<Record<string, number>>) => void rows.push(values) });
      expect(rows[0]['speed']).toBe(5);
    } finally {
      performance.now = now;
    }
  });

  it('has no mean before the first game, and tells one that wants to know nothing', () => {
    const progress = new Progress(options, () => 0);
    expect(progress.status()).toBe('0 games, eps 1.00');
    progress.addStep(step([1], [RUNNING]), actions, {});
    expect(() => progress.reportUnfinished({})).not.toThrow();
  });
});
