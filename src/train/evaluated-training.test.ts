import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { EvaluatedTraining, type Evaluator } from './evaluated-training.ts';
import type { EvaluationReport, Training, TrainingEnd, TrainingObserver } from './training.ts';

/** A training that does nothing but count, three steps a unit, and calls itself best all the time. */
class Counting implements Training {
  step = 0;
  readonly maxSteps: number;
  readonly seen: string[] = [];

  constructor(maxSteps = 31) {
    this.maxSteps = maxSteps;
  }
  get end(): TrainingEnd | undefined {
    return this.step >= this.maxSteps ? { solved: undefined, message: 'Trained.' } : undefined;
  }
  status(): string {
    return 'counting';
  }
  exportModel() {
    return { fileName: 'best.json', content: `${this.step}` };
  }
  advance(observer: TrainingObserver): void {
    this.step += 3;
    observer.episode?.({ step: this.step, environment: 0, reward: 1, steps: 3, episodes: this.step / 3 });
    observer.best?.(this.step);
  }
  saveState(): Snapshot {
    return this.step;
  }
  restoreState(state: Snapshot): void {
    this.step = state as number;
  }
  async close(): Promise<void> {}
}

const settings = { every: 10, episodes: 2, epsilon: 0.05, noops: 0 };

/** Returns of each evaluation by the step of the model that is evaluated. */
function scripted(returns: Readonly<Record<string, readonly number[]>>) {
  const calls: { step: number; seed: number; epsilon: number | undefined; episodes: number }[] = [];
  const evaluate: Evaluator = async ({ content }, { seed, epsilon, episodes }) => {
    calls.push({ step: Number(content), seed, epsilon, episodes });
    return returns[String(content)].map((totalReward, i) => ({ totalReward, steps: 10 * (i + 1), cut: false }));
  };
  return { calls, evaluate };
}

const RETURNS = { 12: [1, 3], 21: [5, 7], 30: [5, 5], 33: [0, 12.5] };

async function run(training: EvaluatedTraining, until = Infinity) {
  const best: [number, number][] = [];
  const rows: [number, Readonly<Record<string, number>>][] = [];
  const evaluations: EvaluationReport[] = [];
  const lines: string[] = [];
  let episodes = 0;
  while (training.end === undefined && training.step < until) {
    await training.advance({
      best: (score) => void best.push([training.step, score]),
      scalars: (step, values) => void rows.push([step, values]),
      evaluation: (report) => void evaluations.push(report),
      line: (text) => void lines.push(text),
      episode: () => void episodes++,
    });
  }
  return { best, rows, evaluations, lines, episodes };
}

describe('EvaluatedTraining', () => {
  it('evaluates after each multiple that a unit passes, and at the end', async () => {
    const { calls, evaluate } = scripted(RETURNS);
    const { rows, evaluations, lines, episodes } = await run(
      new EvaluatedTraining(new Counting(), settings, 1, evaluate),
    );
    expect(calls.map(({ step }) => step)).toEqual([12, 21, 30, 33]);
    for (const call of calls) expect(call).toMatchObject({ epsilon: 0.05, episodes: 2 });
    expect(rows[0]).toEqual([12, { eval_reward: 2, eval_reward_std: Math.SQRT2, eval_episode_steps: 15 }]);
    expect(evaluations[1]).toEqual({ step: 21, returns: [5, 7], meanSteps: 15, isBest: true });
    expect(lines[0]).toBe('12: evaluation, mean reward 2.000 +- 1.414 of 2 episodes, eps 0.05, best');
    expect(lines[2]).toBe('30: evaluation, mean reward 5.000 +- 0.000 of 2 episodes, eps 0.05');
    expect(episodes).toBe(11);
  });

  it('has the best evaluated model as the best, not the one of the training', async () => {
    const { evaluate } = scripted(RETURNS);
    const { best } = await run(new EvaluatedTraining(new Counting(), settings, 1, evaluate));
    expect(best).toEqual([
      [12, 2],
      [21, 6],
      [33, 6.25],
    ]);
  });

  it('plays each evaluation with a seed of its own that follows from the run and the step', async () => {
    const seeds = async (seed: number) => {
      const { calls, evaluate } = scripted(RETURNS);
      await run(new EvaluatedTraining(new Counting(), settings, seed, evaluate));
      return calls.map((call) => call.seed);
    };
    expect(new Set(await seeds(1)).size).toBe(4);
    expect(await seeds(1)).toEqual(await seeds(1));
    expect((await seeds(2))[0]).not.toBe((await seeds(1))[0]);
  });

  it('goes on from a saved state as if it had not stopped', async () => {
    const straight = scripted(RETURNS);
    const whole = await run(new EvaluatedTraining(new Counting(), settings, 1, straight.evaluate));
    const [first, second] = [scripted(RETURNS), scripted(RETURNS)];
    const stopped = new EvaluatedTraining(new Counting(), settings, 1, first.evaluate);
    const before = await run(stopped, 24);
    const resumed = new EvaluatedTraining(new Counting(), settings, 1, second.evaluate);
    resumed.restoreState(stopped.saveState());
    expect(resumed.status()).toBe('counting, eval 6.00');
    const after = await run(resumed);
    expect([...first.calls, ...second.calls]).toEqual(straight.calls);
    expect([...before.best, ...after.best]).toEqual(whole.best);
  });

  it("draws a seed below 2^31 from the hundred and first child of the run's, moved on by the step", async () => {
    const { calls, evaluate } = scripted(RETURNS);
    await run(new EvaluatedTraining(new Counting(), settings, 1, evaluate));
    const drawn = new Generator(1).spawn(101)[100].integers(2 ** 31);
    expect(calls.map(({ seed }) => seed)).toEqual([12, 21, 30, 33].map((step) => (drawn + step) % 2 ** 31));
  });

  it('says nothing of an evaluation before the first', () => {
    expect(new EvaluatedTraining(new Counting(), settings, 1, scripted(RETURNS).evaluate).status()).toBe('counting');
  });

  it('keeps the earlier of two equal models as the best', async () => {
    const { evaluate } = scripted({ 12: [4, 4], 21: [3, 5] });
    const { best } = await run(new EvaluatedTraining(new Counting(20), settings, 1, evaluate));
    expect(best).toEqual([[12, 4]]);
  });

  it('trains for an observer that wants to know nothing', async () => {
    const training = new EvaluatedTraining(new Counting(), settings, 1, scripted(RETURNS).evaluate);
    while (training.end === undefined) await training.advance({});
    expect(training.status()).toBe('counting, eval 6.25');
  });

  it('tells each observer what happens while it watches', async () => {
    const training = new EvaluatedTraining(new Counting(), settings, 1, scripted(RETURNS).evaluate);
    const seen: string[] = [];
    for (const name of ['first', 'second', 'first']) {
      await training.advance({ episode: ({ step }) => void seen.push(`${name} ${step}`) });
    }
    expect(seen).toEqual(['first 3', 'second 6', 'first 9']);
  });

  it('passes on what the training can do', () => {
    const inner = new Counting();
    const calls: string[] = [];
    const able: Training = Object.assign(inner, {
      reopen: () => void calls.push('reopen'),
      reportUnfinished: () => void calls.push('unfinished'),
      close: async () => void calls.push('close'),
    });
    const training = new EvaluatedTraining(able, settings, 1, scripted(RETURNS).evaluate);
    training.reopen();
    training.reportUnfinished({});
    void training.close();
    expect(calls).toEqual(['reopen', 'unfinished', 'close']);
    expect(training.maxSteps).toBe(31);
    expect(training.exportModel()).toEqual({ fileName: 'best.json', content: '0' });
    const unable = new EvaluatedTraining(new Counting(), settings, 1, scripted(RETURNS).evaluate);
    expect(() => unable.reopen()).not.toThrow();
    expect(() => unable.reportUnfinished({})).not.toThrow();
  });
});
