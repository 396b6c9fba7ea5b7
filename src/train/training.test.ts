import { describe, expect, it } from 'vitest';
import {
  endAtLimit,
  restoreEnd,
  saveEnd,
  type Training,
  type TrainingEnd,
  type TrainOptions,
  train,
} from './training.ts';

describe('the end of a training', () => {
  it('says whether there was a bound to reach', () => {
    expect(endAtLimit(300, null)).toEqual({ solved: undefined, message: 'Trained for 300 frames.' });
    expect(endAtLimit(300, 0)).toEqual({ solved: false, message: 'Not solved in 300 frames.' });
  });

  it.each<TrainingEnd | undefined>([
    undefined,
    { solved: true, message: 'Solved!' },
    { solved: false, message: 'Not solved.' },
    { solved: undefined, message: 'Trained.' },
  ])('goes through JSON: %j', (end) => {
    expect(restoreEnd(JSON.parse(JSON.stringify(saveEnd(end))))).toEqual(end);
  });
});

/** A training of `units` units, each of which takes 30 ms; what else happens is noted with the time. */
function scripted({ units = 10, waits = false, clock = { time: 1000 } } = {}) {
  const notes: string[] = [];
  const note = (what: string) => void notes.push(`${clock.time - 1000} ${what}`);
  let step = 0;
  const training = {
    get step() {
      return step;
    },
    get end() {
      return step === units ? { solved: true, message: '' } : undefined;
    },
    advance(observer: object) {
      expect(observer).toBe(watcher);
      const work = () => {
        step++;
        clock.time += 30;
        note(`unit ${step}`);
      };
      if (!waits) return work();
      return Promise.resolve().then(work);
    },
  } as unknown as Training;
  const watcher = {};
  const run = (options: Partial<TrainOptions> = {}) =>
    train(training, {
      observer: watcher,
      now: () => clock.time,
      yieldToEvents: async () => note('events'),
      ...options,
    });
  return { run, notes, note, clock };
}

describe('train', () => {
  it.each([false, true])('advances until the end, waiting for work that takes its time: %s', async (waits) => {
    const { run, notes } = scripted({ units: 3, waits });
    await run();
    expect(notes).toEqual(['30 unit 1', '60 unit 2', '90 unit 3']);
  });

  it('does nothing for a training that has ended', async () => {
    const { run, notes } = scripted({ units: 0 });
    await run();
    expect(notes).toEqual([]);
  });

  it('stops when asked to, with the question before each unit', async () => {
    const { run, notes } = scripted();
    let asked = 0;
    await run({ shouldStop: () => ++asked === 3 });
    expect(notes).toEqual(['30 unit 1', '60 unit 2']);
  });

  it('lets events be handled every 100 ms, after the progress bar, and counts from the end of that', async () => {
    const { run, notes, note, clock } = scripted({ units: 9 });
    const yieldToEvents = async () => {
      await Promise.resolve();
      clock.time += 10;
      note('events');
    };
    await run({ progress: () => note('progress'), yieldToEvents });
    // 120 is the first time from 100 on; the next is due 100 after 130.
    expect(notes.filter((line) => !line.includes('unit'))).toEqual([
      '120 progress',
      '130 events',
      '250 progress',
      '260 events',
    ]);
  });

  it('yields at 100 ms sharp', async () => {
    const { run, notes, clock } = scripted({ units: 2 });
    const afterUnit = () => {
      clock.time += 20;
      return undefined;
    };
    await run({ afterUnit });
    expect(notes).toEqual(['30 unit 1', '80 unit 2', '100 events']);
  });

  it('yields as often as it is told', async () => {
    const { run, notes } = scripted({ units: 4 });
    await run({ yieldEveryMs: 50 });
    expect(notes).toEqual(['30 unit 1', '60 unit 2', '60 events', '90 unit 3', '120 unit 4', '120 events']);
  });

  it('waits after each unit for what the caller does', async () => {
    const { run, notes, note } = scripted({ units: 2 });
    await run({ afterUnit: () => Promise.resolve().then(() => note('after')) });
    expect(notes).toEqual(['30 unit 1', '30 after', '60 unit 2', '60 after']);
  });

  it('saves when a checkpoint is due, before events are handled, and counts from the end of that', async () => {
    const { run, notes, note, clock } = scripted({ units: 24 });
    const checkpoint = () => {
      clock.time += 50;
      note('checkpoint');
    };
    await run({ checkpoint, checkpointEveryMs: 200 });
    // Looked at every 100 ms or so: 120, 240; then 290 + 100 and so on until 490.
    expect(notes.filter((line) => !line.includes('unit'))).toEqual([
      ...['120 events', '290 checkpoint', '290 events', '410 events', '580 checkpoint', '580 events', '700 events'],
      '870 checkpoint',
      '870 events',
    ]);
  });

  it('saves at the moment that a checkpoint is due, never without being asked for', async () => {
    const { run, notes, note } = scripted({ units: 4 });
    await run({ checkpoint: () => note('checkpoint'), checkpointEveryMs: 120 });
    expect(notes.slice(4)).toEqual(['120 checkpoint', '120 events']);
    const never = scripted({ units: 400 });
    await never.run({ checkpoint: () => never.note('checkpoint') });
    expect(never.notes.some((line) => line.includes('checkpoint'))).toBe(false);
    const unsaved = scripted({ units: 40 });
    await unsaved.run({ checkpointEveryMs: 100 });
    expect(unsaved.notes).toHaveLength(50);
  });
});
