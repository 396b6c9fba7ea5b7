import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { OptionError } from '../../core/errors.ts';
import { RandomSampler } from '../../tune/random-sampler.ts';
import type { Pruner, Sampler } from '../../tune/trial.ts';
import type { FileSystem } from '../files/atomic-file.ts';
import type { TrainingEnd, TrainingExecutor, TrainingJob } from '../jobs/training-job.ts';
import { JournalFile } from './journal-file.ts';
import type { StudyTrial } from './journal-format.ts';
import { bestOf, runStudy, type StudyEvent, type StudyOptions } from './run-study.ts';
import { directionOf, SETTINGS, type StudySettings } from './study-settings.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'study-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const STEPS = 64;
const SETTINGS_OF_ALL: StudySettings = {
  recipe: 'r',
  env: 'e',
  kwargs: {},
  set: {},
  space: { x: { kind: 'float', low: 0, high: 1, log: false, step: null } },
  objective: 'score',
  bound: null,
  steps: STEPS,
  seeds: [0, 1],
  evaluation: null,
  sampler: 'random',
  samplerSeed: 0,
  pruner: 'none',
  version: '1.0.0',
};

/** Mean return after some steps: a line that x raises; seeds are 10 apart. */
const scoreAt = ({ set, seed }: TrainingJob, step: number): number => 100 * Number(set['x']) + step + 10 * seed;

/** Trains by the formula, four steps at a time, and remembers what it did as a disk would. */
class FormulaExecutor implements TrainingExecutor {
  slots: number;
  /** Steps that each job has trained, over all programs. */
  readonly steps = new Map<string, number>();
  readonly ends = new Map<string, TrainingEnd>();
  readonly trained = new Map<string, number>();
  readonly starts: string[] = [];
  /** Called before each four steps. */
  onWork: (job: TrainingJob, step: number) => TrainingEnd | undefined = () => undefined;
  most = 0;
  #running = 0;

  constructor(slots = 1) {
    this.slots = slots;
  }

  async run(
    job: TrainingJob,
    onReport: Parameters<TrainingExecutor['run']>[1],
    stop: AbortSignal,
  ): Promise<TrainingEnd> {
    const report = (step: number) => onReport({ step, seconds: step, score: scoreAt(job, step) });
    const done = this.ends.get(job.id);
    if (done !== undefined) {
      for (let step = 4; step <= this.steps.get(job.id)!; step += 4) report(step);
      return done;
    }
    this.starts.push(job.id);
    this.most = Math.max(this.most, ++this.#running);
    try {
      let step = this.steps.get(job.id) ?? 0;
      for (let before = 4; before <= step; before += 4) report(before);
      for (; step < STEPS; report(step)) {
        await new Promise((resolve) => setImmediate(resolve));
        if (stop.aborted) return { kind: 'stopped', step };
        const end = this.onWork(job, step);
        if (end !== undefined) return end;
        step += 4;
        this.steps.set(job.id, step);
        this.trained.set(job.id, (this.trained.get(job.id) ?? 0) + 4);
      }
      const end: TrainingEnd = { kind: 'ended', step, seconds: step, solved: null, score: scoreAt(job, step) };
      this.ends.set(job.id, end);
      return end;
    } finally {
      this.#running--;
    }
  }

  async close(): Promise<void> {}
}

/** The disk, without waiting for it. */
const quick: FileSystem = { ...fs, fsyncSync: () => {} };

let files = 0;
const freshPath = () => join(folder, `${files++}.log`);

interface Asked extends Partial<Omit<StudyOptions, 'settings' | 'executor'>> {
  readonly path?: string;
  readonly settings?: Partial<StudySettings>;
  readonly executor?: FormulaExecutor;
}

async function study({ path = freshPath(), settings: some, executor = new FormulaExecutor(), ...more }: Asked) {
  const settings = { ...SETTINGS_OF_ALL, ...some };
  const journal = more.journal ?? new JournalFile(path, { fs: quick });
  const { id } =
    journal.read()[0] ?? (await journal.createStudy('s', directionOf(settings.objective), { [SETTINGS]: settings }));
  const events: StudyEvent[] = [];
  const result = await runStudy({
    journal,
    study: id,
    settings,
    sampler: new RandomSampler(0),
    pruner: undefined,
    executor,
    name: 's',
    trials: 4,
    seconds: undefined,
    check: async () => {},
    onEvent: (event) => events.push(event),
    onProgress: () => {},
    stop: new AbortController().signal,
    ...more,
  });
  return { path, events, executor, settings, trials: result.trials };
}

/** All but times. */
const factsOf = (trials: readonly StudyTrial[]) =>
  trials.map(({ begun: _, ended: __, reports, ...trial }) => ({ ...trial, reports: [...reports] }));

/** Stops whoever is below the mean of the others at the same step, from the second quarter on. */
const belowMean: Pruner = {
  prunes: (trial, trials) => {
    const step = [...trial.reports.keys()].at(-1)!;
    const others = trials.flatMap(({ number, reports }) => (number < trial.number ? (reports.get(step) ?? []) : []));
    const mean = others.reduce((sum, value) => sum + value, 0) / others.length;
    return step >= STEPS / 4 && others.length > 1 && trial.reports.get(step)! < mean;
  },
};

/** Given settings, one after the other. */
const given = (...xs: number[]): Sampler => ({ sample: (_, __, number) => ({ x: xs[number] }) });

describe('a study', () => {
  it('tries settings, each with all seeds, and knows the best', async () => {
    const { trials, settings, executor } = await study({ sampler: given(0.2, 0.9, 0.5, 0.9) });
    // 100 x + 64 + the mean of 0 and 10.
    expect(trials.map(({ state, value }) => [state, value])).toEqual([
      ['complete', 89],
      ['complete', 159],
      ['complete', 119],
      ['complete', 159],
    ]);
    expect(bestOf(trials, settings)?.number).toBe(1);
    expect(trials[1].attributes).toMatchObject({ scores: { 0: 154, 1: 164 }, steps: { 0: 64, 1: 64 } });
    // Reports at sixteenths: the mean over the seeds at equal steps.
    expect([...trials[1].reports]).toEqual(Array.from({ length: 16 }, (_, i) => [4 * (i + 1), 99 + 4 * i]));
    expect(executor.most).toBe(1);
    expect([...executor.trained.values()]).toEqual(new Array(8).fill(STEPS));
  });

  it('fills its slots, with one trial at a time where its seeds do', async () => {
    const { executor, trials } = await study({ executor: new FormulaExecutor(3), trials: 5 });
    expect(executor.most).toBe(3);
    expect(trials.map(({ state }) => state)).toEqual(new Array(5).fill('complete'));
    const alone = await study({ executor: new FormulaExecutor(2), trials: 3 });
    // Both seeds of a trial end together, so trials follow one another.
    expect(alone.executor.starts.map((id) => id.slice(0, 12))).toEqual(
      ['0', '0', '1', '1', '2', '2'].map((n) => `s/trial-000${n}`),
    );
  });

  it('counts steps and minutes to the bound, twice where it is not reached', async () => {
    const executor = new FormulaExecutor();
    // The first seed reaches it at once, the other never.
    executor.onWork = ({ seed }, step) =>
      seed === 0 && step === 16 ? { kind: 'ended', step, seconds: 120, solved: true, score: 1 } : undefined;
    const run = FormulaExecutor.prototype.run;
    executor.run = async (...args) => {
      const end = await run.apply(executor, args);
      return end.kind === 'ended' && end.solved === null ? { ...end, seconds: 60, solved: false } : end;
    };
    const steps = await study({ settings: { objective: 'steps', bound: 5 }, executor, trials: 1 });
    expect(steps.trials[0].value).toBe((16 + 2 * STEPS) / 2);
    expect(steps.trials[0].attributes['reached']).toBe('1 of 2 seeds');
    // Lower is better, of what is reported too.
    const x = Number(steps.trials[0].settings['x']);
    expect(steps.trials[0].reports.get(8)).toBeCloseTo(-(100 * x + 8 + 5), 9);
    executor.steps.clear();
    executor.ends.clear();
    const minutes = await study({ settings: { objective: 'minutes', bound: 5 }, executor, trials: 1 });
    expect(minutes.trials[0].value).toBe((2 + 2 * 1) / 2);
  });

  it('prunes by means at equal steps: seeds take turns where there is one slot', async () => {
    const { trials, executor } = await study({ pruner: belowMean, sampler: given(0.5, 0.6, 0.1, 0.9) });
    expect(trials.map(({ state }) => state)).toEqual(['complete', 'complete', 'pruned', 'complete']);
    expect([...trials[2].reports.keys()]).toEqual([4, 8, 12, 16]);
    // Both seeds of it were trained for little more than a quarter.
    for (const seed of [0, 1]) expect(executor.trained.get(`s/trial-0002/seed${seed}`)).toBeLessThanOrEqual(STEPS / 2);
    expect(trials[3].value).toBe(159);
  });

  it('tries a crash again, once, and nothing else', async () => {
    for (const [crashes, state] of [
      [1, 'complete'],
      [2, 'failed'],
    ] as const) {
      const executor = new FormulaExecutor();
      let left = crashes;
      executor.onWork = ({ id }, step) =>
        id === 's/trial-0001/seed0' && step === 32 && left-- > 0
          ? { kind: 'failed', message: 'killed by SIGKILL', cause: 'crashed' }
          : undefined;
      const { trials } = await study({ executor, trials: 3 });
      expect(trials.map((trial) => trial.state)).toEqual(['complete', state, 'complete']);
      if (state === 'failed')
        expect(trials[1]).toMatchObject({ value: null, attributes: { error: 'killed by SIGKILL' } });
      expect(executor.trained.get('s/trial-0001/seed0')).toBe(state === 'failed' ? 32 : STEPS);
    }
    const executor = new FormulaExecutor();
    executor.onWork = ({ id }) => (id.includes('0001') ? { kind: 'failed', message: 'loss is NaN' } : undefined);
    const { trials } = await study({ executor, trials: 3 });
    expect(trials.map(({ state }) => state)).toEqual(['complete', 'failed', 'complete']);
    expect(executor.starts.filter((id) => id.includes('0001'))).toHaveLength(1);
  });

  it('stops where a training cannot write, and goes on with that trial when it can', async () => {
    const path = freshPath();
    const executor = new FormulaExecutor();
    const full = 'Cannot write s/status.json: no space left on the disk.';
    executor.onWork = ({ id }, step) =>
      id.includes('0001') && step === 32 ? { kind: 'failed', message: full, cause: 'unwritable' } : undefined;
    await expect(study({ path, executor, trials: 3 })).rejects.toThrow(full);
    const states = new JournalFile(path).read()[0].trials.map(({ state }) => state);
    expect(states).toEqual(['complete', 'running']);
    executor.onWork = () => undefined;
    const { trials } = await study({ path, executor, trials: 3 });
    expect(factsOf(trials)).toEqual(factsOf((await study({ trials: 3 })).trials));
  });

  it('takes the room that workers bring who come later, while what is begun goes on', async () => {
    const executor = new FormulaExecutor(1);
    const run = executor.run.bind(executor);
    let began = 0;
    let letGo = () => {};
    const second = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    executor.run = async (...args) => {
      // The first training lasts until there is a second one: no end of a training gives room.
      if (++began === 1) {
        executor.slots = 3;
        await second;
      } else letGo();
      return run(...args);
    };
    await study({ executor, trials: 2 });
    expect(began).toBe(4);
  });

  it('fails a trial whose settings are refused, without training, and gives up where all do', async () => {
    const check = async ({ x }: Readonly<Record<string, unknown>>) => {
      if (Number(x) > 0.5) throw new OptionError('x', x, 'at most 0.5');
    };
    const { trials, executor } = await study({ check, sampler: given(0.2, 0.9, 0.4), trials: 3 });
    expect(trials.map(({ state }) => state)).toEqual(['complete', 'failed', 'complete']);
    expect(trials[1].attributes['error']).toBe('x: got 0.9, allowed is at most 0.5.');
    expect(executor.starts.some((id) => id.includes('0001'))).toBe(false);
    const hopeless = study({ check, sampler: given(0.9, 0.9, 0.9, 0.9, 0.9, 0.1), trials: 9 });
    await expect(hopeless).rejects.toThrow(/^The first 5 trials failed, the last of them: x: got 0\.9/);
  });

  it('begins no trial when time is up, and ends those that run', async () => {
    let time = 0;
    const executor = new FormulaExecutor();
    executor.onWork = () => {
      time += 1000;
      return undefined;
    };
    // 32 s a trial: the third would begin after 64 s.
    const { trials } = await study({ executor, trials: 100, seconds: 60, now: () => time });
    expect(trials.map(({ state }) => state)).toEqual(['complete', 'complete']);
  });

  it('tells time left by the trials so far', async () => {
    let time = 0;
    const executor = new FormulaExecutor();
    executor.onWork = () => {
      time += 1000;
      return undefined;
    };
    const told: [done: number, seconds: number | undefined][] = [];
    const onProgress: StudyOptions['onProgress'] = ({ done, secondsLeft }) => told.push([done, secondsLeft]);
    await study({ executor, now: () => time, onProgress });
    // 32 s a trial.
    expect(told).toContainEqual([1, 96]);
    expect(told).toContainEqual([3, 32]);
  });

  it("goes by Optuna's trials too, leaves those that it runs, and counts all", async () => {
    const path = freshPath();
    const other = new JournalFile(path);
    const { id } = await other.createStudy('s', 'maximize', { [SETTINGS]: SETTINGS_OF_ALL });
    for (const number of [0, 1]) {
      await other.createTrial(id, SETTINGS_OF_ALL.space, () => ({
        settings: { x: 0.3 + number / 10 },
        attributes: {},
      }));
    }
    await other.endTrial(0, 'complete', 1000, {});
    const seen: number[][] = [];
    const sampler: Sampler = {
      sample: (_, trials, number) => {
        seen.push([number, ...trials.map(({ settings }) => Number(settings['x']))]);
        return { x: 0.5 };
      },
    };
    const { trials, settings } = await study({ path, sampler, trials: 3 });
    expect(seen).toEqual([[2, 0.3, 0.4]]);
    expect(trials.map(({ state, value }) => [state, value])).toEqual([
      ['complete', 1000],
      ['running', null],
      ['complete', 119],
    ]);
    expect(bestOf(trials, settings)?.number).toBe(0);
    const foreign = { ...trials[0], number: 3, value: 2000, settings: { zzz: 7 } };
    expect(bestOf([...trials, foreign], settings)?.number).toBe(0);
    // The study's key, with a value that it does not try.
    for (const x of [7, -1, 'text']) {
      expect(bestOf([...trials, { ...foreign, settings: { x } }], settings)?.number).toBe(0);
    }
  });
});

describe('a study that is broken off', () => {
  const settings = { pruner: 'median' } as const;
  const asked = { settings, pruner: belowMean, trials: 5 };

  it('at any addition to its file goes on to the same study: nothing twice, nothing lost', async () => {
    let additions = 0;
    const counting = (...args: Parameters<typeof fs.writeSync>) => {
      additions++;
      return fs.writeSync(...args);
    };
    const counted = { ...quick, writeSync: counting as typeof fs.writeSync };
    const calm = await study({ ...asked, journal: new JournalFile(freshPath(), { fs: counted }) });
    const expected = factsOf(calm.trials);
    expect(new Set(expected.map(({ state }) => state))).toEqual(new Set(['complete', 'pruned']));
    expect(additions).toBeGreaterThan(60);
    for (let at = 3; at < additions; at += 9) {
      const path = freshPath();
      const executor = new FormulaExecutor();
      let left = at;
      const writeSync = (...args: Parameters<typeof fs.writeSync>) => {
        // As a kill is: nothing is written any more.
        if (left-- <= 0) throw new Error('killed');
        return fs.writeSync(...args);
      };
      const dying = new JournalFile(path, { fs: { ...quick, writeSync: writeSync as typeof fs.writeSync } });
      await expect(study({ ...asked, path, executor, journal: dying })).rejects.toThrow('killed');
      const { trials } = await study({ ...asked, path, executor });
      expect({ at, trials: factsOf(trials) }).toEqual({ at, trials: expected });
      for (const [id, steps] of executor.trained) expect({ id, twice: steps > STEPS }).toEqual({ id, twice: false });
    }
  });

  it('by a full disk says so, and goes on when there is room', async () => {
    const path = freshPath();
    const executor = new FormulaExecutor();
    let left = 40;
    const writeSync = (...args: Parameters<typeof fs.writeSync>) => {
      if (left-- <= 0) throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
      return fs.writeSync(...args);
    };
    const full = new JournalFile(path, { fs: { ...quick, writeSync: writeSync as typeof fs.writeSync } });
    const message = /^Cannot write .*\.log: no space left on the disk\.$/;
    await expect(study({ ...asked, path, executor, journal: full })).rejects.toThrow(message);
    const { trials } = await study({ ...asked, path, executor });
    expect(factsOf(trials)).toEqual(factsOf((await study(asked)).trials));
  });

  it('on request ends soon, and goes on likewise, though somebody stops it again and again', async () => {
    const expected = factsOf((await study(asked)).trials);
    const path = freshPath();
    const executor = new FormulaExecutor();
    for (let round = 0; ; round++) {
      const stop = new AbortController();
      let work = 0;
      executor.onWork = () => {
        if (++work === 23) stop.abort();
        return undefined;
      };
      const { trials } = await study({ ...asked, path, executor, stop: stop.signal });
      if (!stop.signal.aborted) {
        expect(round).toBeGreaterThan(3);
        expect(factsOf(trials)).toEqual(expected);
        break;
      }
    }
  });
});
