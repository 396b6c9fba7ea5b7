import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SearchSpace } from '../../tune/search-space.ts';
import { JournalFile } from './journal-file.ts';
import { distributionToJson, type StudyTrial } from './journal-format.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const fixture = (name: string) => new URL(`fixtures/${name}`, import.meta.url).pathname;
const { studies: expected } = JSON.parse(fs.readFileSync(fixture('optuna-study.json'), 'utf8'));

/** As test/oracle/optuna_journal.py prints what Optuna reads. */
const STATES = { running: 'RUNNING', complete: 'COMPLETE', pruned: 'PRUNED', failed: 'FAIL' } as const;
const shown = (trial: StudyTrial) => ({
  number: trial.number,
  state: trial.waiting ? 'WAITING' : STATES[trial.state],
  settings: trial.settings,
  distributions: Object.fromEntries(
    Object.entries(trial.distributions).map(([key, one]) => [key, JSON.parse(distributionToJson(one))]),
  ),
  value: trial.value,
  reports: Object.fromEntries(
    [...trial.reports].map(([step, value]) => [
      String(step),
      Number.isFinite(value) ? value : String(value).toLowerCase(),
    ]),
  ),
  attributes: trial.attributes,
});

describe('a journal that Optuna wrote', () => {
  it('reads as Optuna reads it: states, settings, distributions, reports, attributes', () => {
    const studies = new JournalFile(fixture('optuna-study.log')).read();
    expect(studies.map(({ name, directions, attributes }) => ({ name, directions, attributes }))).toEqual(
      expected.map(({ trials: _, ...study }: { trials: unknown }) => study),
    );
    const [{ trials }] = expected as { trials: ({ state: string; values: number[] | null } & object)[] }[];
    // The value of a pruned trial is its last report.
    const values = trials.map(({ values: all, ...trial }) => ({
      ...trial,
      value: trial.state === 'COMPLETE' ? all![0] : null,
    }));
    expect(studies[0].trials.map(shown)).toEqual(values);
    expect(new Set(values.map(({ state }) => state))).toEqual(new Set(['COMPLETE', 'FAIL', 'PRUNED', 'WAITING']));
    expect(studies[0].trials[1].begun).toBeGreaterThan(Date.UTC(2026, 0));
  });
});

const SPACE: SearchSpace = {
  learningRate: { kind: 'float', low: 1e-5, high: 1e-1, log: true, step: null },
  batchSize: { kind: 'int', low: 16, high: 256, log: true, step: 1 },
  'replay.kind': { kind: 'choice', choices: ['uniform', 'prioritized', null] },
};
const SETTINGS = { learningRate: 0.001, batchSize: 32, 'replay.kind': 'prioritized' };
const choose = () => ({ settings: SETTINGS, attributes: { runs: 'x' } });

let files = 0;
const fresh = () => join(folder, `study-${files++}.log`);

describe('a journal of ours', () => {
  it('reads back, line by line as it grows, in another program too', async () => {
    const path = fresh();
    const [writer, reader] = [new JournalFile(path, { now: () => Date.UTC(2026, 1, 3) }), new JournalFile(path)];
    expect(reader.read()).toEqual([]);
    const { id } = await writer.createStudy('pole', 'maximize', { settings: { steps: 5 } });
    expect(reader.read()).toMatchObject([{ id, name: 'pole', directions: ['maximize'], trials: [] }]);
    for (const number of [0, 1, 2]) expect(await writer.createTrial(id, SPACE, choose)).toBe(number);
    await writer.report(0, 20, 2.5);
    await writer.report(0, 10, 1.5);
    await writer.endTrial(0, 'complete', 7, { seeds: { 0: 7 } });
    await writer.endTrial(1, 'pruned', 2, {});
    await writer.endTrial(2, 'failed', null, { error: 'diverged' });
    // Facts of a trial that has ended are settled.
    await writer.report(0, 30, 99);
    await writer.setStudyAttribute(id, 'best', 0);
    const [study] = reader.read();
    expect(study.attributes).toEqual({ settings: { steps: 5 }, best: 0 });
    expect(study.trials.map(({ state, value }) => [state, value])).toEqual([
      ['complete', 7],
      ['pruned', null],
      ['failed', null],
    ]);
    expect(study.trials[0]).toMatchObject({
      settings: SETTINGS,
      distributions: SPACE,
      attributes: { runs: 'x', seeds: { 0: 7 } },
      begun: Date.UTC(2026, 1, 3),
    });
    expect([...study.trials[0].reports]).toEqual([
      [10, 1.5],
      [20, 2.5],
    ]);
    expect(fs.readdirSync(folder).filter((name) => name.startsWith(`${path.split('/').pop()}.`))).toEqual([]);
  });

  it('takes no second study of a name, and writers that add at once lose nothing', async () => {
    const path = fresh();
    const writers = [0, 1, 2].map(() => new JournalFile(path));
    const made = await Promise.all(writers.map((writer) => writer.createStudy('one', 'minimize', {})));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const numbers = await Promise.all(
      writers.flatMap((writer) => Array.from({ length: 5 }, () => writer.createTrial(0, SPACE, choose))),
    );
    expect([...numbers].sort((a, b) => a! - b!)).toEqual(Array.from({ length: 15 }, (_, i) => i));
    expect(new JournalFile(path).read()[0].trials).toHaveLength(15);
  });

  it('chooses by the trials as they are at that moment, and may choose none', async () => {
    const [one, other] = [new JournalFile(fresh()), new JournalFile(join(folder, `study-${files - 1}.log`))];
    const { id } = await one.createStudy('s', 'maximize', {});
    const seen: number[] = [];
    const chooseAfter = ({ trials }: { trials: readonly unknown[] }) => {
      seen.push(trials.length);
      return trials.length < 2 ? choose() : undefined;
    };
    expect(await one.createTrial(id, SPACE, chooseAfter)).toBe(0);
    expect(await other.createTrial(id, SPACE, chooseAfter)).toBe(1);
    expect(await one.createTrial(id, SPACE, chooseAfter)).toBeUndefined();
    expect(seen).toEqual([0, 1, 2]);
  });

  it('drops a torn last line, as of a program that was killed', async () => {
    const path = fresh();
    const journal = new JournalFile(path);
    const { id } = await journal.createStudy('s', 'maximize', {});
    fs.appendFileSync(path, '{"op_code":4,"study_id":0,"dat');
    expect(new JournalFile(path).read()[0].trials).toEqual([]);
    expect(await journal.createTrial(id, SPACE, choose)).toBe(0);
    expect(new JournalFile(path).read()[0].trials).toHaveLength(1);
    expect(fs.readFileSync(path, 'utf8')).not.toContain('"dat\n');
  });

  it('waits for a lock, and takes one away that nothing moves', async () => {
    for (const take of [(lock: string) => fs.writeFileSync(lock, ''), (lock: string) => fs.symlinkSync('gone', lock)]) {
      const path = fresh();
      const journal = new JournalFile(path);
      take(`${path}.lock`);
      const made = journal.createStudy('s', 'maximize', {});
      const first = await Promise.race([made.then(() => 'made'), new Promise((r) => setTimeout(r, 50, 'waits'))]);
      expect(first).toBe('waits');
      fs.rmSync(`${path}.lock`);
      await made;
      take(`${path}.lock`);
      await new JournalFile(path, { lockGrace: 20 }).setStudyAttribute(0, 'a', 1);
      expect(new JournalFile(path).read()[0].attributes).toEqual({ a: 1 });
    }
  });

  it('begins a study with its attributes or not at all', async () => {
    const path = fresh();
    let appends = 0;
    const openSync = ((file: string, flags: string) => {
      if (flags === 'a' && appends++ > 0) throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'open' });
      return fs.openSync(file, flags);
    }) as typeof fs.openSync;
    const journal = new JournalFile(path, { fs: { ...fs, openSync } });
    await journal.createStudy('s', 'maximize', { bellman: { seeds: [1] } }, 'score').catch(() => {});
    expect(new JournalFile(path).read()).toMatchObject([{ name: 's', attributes: { bellman: { seeds: [1] } } }]);
    const { id } = await new JournalFile(path).createStudy('t', 'minimize', { more: 1 });
    expect(new JournalFile(path).read()).toMatchObject([{ id: 0 }, { id, name: 't', attributes: { more: 1 } }]);
  });

  it('of a full disk says so and keeps what it had', async () => {
    const path = fresh();
    const { id } = await new JournalFile(path).createStudy('s', 'maximize', {});
    const before = fs.readFileSync(path, 'utf8');
    // Part of the line still fits.
    const writeSync = (fd: number, bytes: Uint8Array, offset: number) => {
      if (offset > 0) throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
      return fs.writeSync(fd, bytes, 0, 10);
    };
    const full = new JournalFile(path, { fs: { ...fs, writeSync: writeSync as typeof fs.writeSync } });
    await expect(full.createTrial(id, SPACE, choose)).rejects.toThrow(/^Cannot write .*: no space left on the disk\.$/);
    expect(fs.readFileSync(path, 'utf8')).toBe(before);
    expect(fs.existsSync(`${path}.lock`)).toBe(false);
  });

  it.each([
    ['{"a":1}\n', /line 1 is no operation of a journal/],
    ['step,reward\n1,2\n', /line 1 is no operation/],
    ['{"op_code":77}\n', /line 1 is an operation that this version does not know \(op_code 77\)/],
    ['no line at all', /no whole line/],
    [
      '{"op_code":0,"study_name":"s","directions":[2]}\n{"op_code":4,"st\n{"op_code":4,"study_id":0}\n',
      /line 2 is no operation of a journal\. Restore the file from a copy, or continue with .*: head -n 1 \S+ > mended\.log$/,
    ],
    [
      '{"op_code":0,"study_name":"s","directions":[2]}\n{"op_code":4,"study_id":0,"distributions":{"a":"{}"}}\n',
      /line 2 is a distribution that this version does not know: \{\}/,
    ],
  ])('%j is refused in one line', (content, message) => {
    const path = fresh();
    fs.writeFileSync(path, content);
    expect(() => new JournalFile(path).read()).toThrow(message);
    expect(() => new JournalFile(path).read()).toThrow(/^[^\n]*$/);
  });

  it('a folder is refused too', () => {
    expect(() => new JournalFile(folder).read()).toThrow(/a folder, not a file/);
  });
});
