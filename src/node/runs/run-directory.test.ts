import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileFormatError, MismatchError, WriteError } from '../../core/errors.ts';
import { parseMetricsLine } from '../../log/jsonl.ts';
import { crc32 } from '../../storage/crc32.ts';
import type { CreateRunOptions } from './build-run-folder.ts';
import { listCheckpoints } from './run-checkpoints.ts';
import { createRun, type OpenedRun, openRun, type RunDirectory, readBest, readRunConfig } from './run-directory.ts';

let root: string;
const opened: RunDirectory[] = [];
beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'bellman-test-'));
});
afterEach(() => {
  for (const run of opened.splice(0)) run.close();
  fs.rmSync(root, { recursive: true, force: true });
});

const CONFIG = { recipe: 'dqn-pong', seed: 1, values: { gamma: 0.99, env: null } };
const now = (): number => 1700000000000;

function create(options: Partial<CreateRunOptions> = {}): RunDirectory {
  const run = createRun({ config: CONFIG, version: '0.1.0', root, name: 'dqn-pong-seed1', now, ...options });
  opened.push(run);
  return run;
}

function open(path: string): OpenedRun & { readonly run: RunDirectory } {
  const result = openRun(path, { version: '0.1.0', now });
  const run = result.begin();
  opened.push(run);
  return { ...result, run };
}

/** Every file of a folder, by its path in it. */
function contents(path: string): Record<string, string> {
  const files = fs.readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => {
    return fs.statSync(join(path, name)).isFile();
  });
  return Object.fromEntries(files.sort().map((name) => [name, fs.readFileSync(join(path, name)).toString('base64')]));
}

const names = (path: string): string[] => fs.readdirSync(path).sort();
const events = (path: string): string => names(path).find((name) => name.startsWith('events.out.tfevents.'))!;

describe('createRun', () => {
  it('makes all that a run has, and nothing temporary', () => {
    const run = create();
    expect(run.path).toBe(join(root, 'dqn-pong-seed1-1'));
    const eventsName = `events.out.tfevents.1700000000.${hostname().replace(/[^A-Za-z0-9-]/g, '-')}.0`;
    expect(names(run.path)).toEqual([
      '.lock',
      'checkpoints',
      'config.json',
      eventsName,
      'log.txt',
      'metrics.jsonl',
      'videos',
    ]);
    expect(names(root)).toEqual(['dqn-pong-seed1-1']);
    expect(readRunConfig(run.path)).toEqual({ ...CONFIG, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    run.close();
    expect(names(run.path)).not.toContain('.lock');
  });

  it('numbers runs after the highest there is', () => {
    fs.mkdirSync(join(root, 'dqn-pong-seed1-7'));
    fs.writeFileSync(join(root, 'dqn-pong-seed1-7', 'x'), '');
    fs.mkdirSync(join(root, 'dqn-pong-seed1-x9'));
    fs.mkdirSync(join(root, 'dqn-pong-seed11-30'));
    expect([create().path, create().path]).toEqual([join(root, 'dqn-pong-seed1-8'), join(root, 'dqn-pong-seed1-9')]);
  });

  it('takes a new folder, whose parents it makes, or an empty one', () => {
    expect(create({ path: join(root, 'a', 'b') }).path).toBe(join(root, 'a', 'b'));
    fs.mkdirSync(join(root, 'empty'));
    create({ path: join(root, 'empty') });
    expect(names(join(root, 'empty'))).toContain('config.json');
  });

  it('refuses a folder with something in it, and a file, and leaves them as they were', () => {
    const run = create({ path: join(root, 'run') });
    run.close();
    fs.mkdirSync(join(root, 'other'));
    fs.writeFileSync(join(root, 'other', 'letter.txt'), 'dear');
    fs.writeFileSync(join(root, 'file'), 'x');
    const before = contents(root);
    expect(() => create({ path: run.path })).toThrow(`${run.path} is not empty. Resume it with --resume`);
    expect(() => create({ path: join(root, 'other') })).toThrow(MismatchError);
    expect(() => create({ path: join(root, 'file') })).toThrow('is a file');
    expect(contents(root)).toEqual(before);
  });

  it('has lines for people in log.txt, each with its time, cut back at a resume', () => {
    const run = create();
    run.line('first');
    run.saveCheckpoint(1, 'test', null);
    run.line('after\nthe checkpoint');
    run.close();
    const told = () => fs.readFileSync(join(run.path, 'log.txt'), 'utf8').trim().split('\n');
    expect(told()).toEqual(['2023-11-14T22:13:20.000Z first', '2023-11-14T22:13:20.000Z after the checkpoint']);
    open(run.path).run.close();
    expect(told()).toEqual(['2023-11-14T22:13:20.000Z first']);
  });

  it('shows what it has logged as it is refreshed, without a further line', () => {
    let time = 1_700_000_000_000;
    const run = createRun({ config: CONFIG, version: '0', path: join(root, 'watched'), now: () => time });
    run.log.scalars(1, { reward: 2 });
    run.refresh();
    expect(fs.readFileSync(join(run.path, 'metrics.jsonl'), 'utf8')).toBe('');
    time += 300;
    run.refresh();
    expect(fs.readFileSync(join(run.path, 'metrics.jsonl'), 'utf8')).toBe('{"step":1,"time":1700000000,"reward":2}\n');
    run.close();
  });

  it('takes the current folder, and one in which a killed program began', () => {
    const folder = join(root, 'begun');
    const run = create({ path: folder });
    run.close();
    fs.rmSync(join(folder, 'config.json'));
    fs.writeFileSync(join(folder, 'metrics.jsonl'), 'half');
    fs.writeFileSync(join(folder, '.config.json.1.tmp'), '{');
    const before = process.cwd();
    process.chdir(folder);
    try {
      const here = create({ path: '.' });
      expect(() => create({ path: '.' })).toThrow(MismatchError);
      here.saveCheckpoint(1, 'test', null);
      here.close();
    } finally {
      process.chdir(before);
    }
    expect(Object.keys(contents(folder))).toEqual([
      'checkpoints/checkpoint-1.bck',
      'config.json',
      events(folder),
      'log.txt',
      'metrics.jsonl',
    ]);
    expect(fs.readFileSync(join(folder, 'metrics.jsonl'), 'utf8')).toBe('');
  });

  it('does not begin in a folder where another program is beginning', () => {
    const folder = join(root, 'begun');
    fs.mkdirSync(folder);
    fs.writeFileSync(join(folder, '.lock'), JSON.stringify({ pid: process.pid, started: '', host: hostname() }));
    expect(() => create({ path: folder })).toThrow(`being written by another program (pid ${process.pid})`);
  });

  it('says when it cannot be made', () => {
    fs.writeFileSync(join(root, 'file'), 'x');
    expect(() => create({ root: join(root, 'file') })).toThrow(WriteError);
    expect(() => create({ root: join(root, 'file', 'deeper') })).toThrow(WriteError);
    expect(names(root)).toEqual(['file']);
  });

  it('removes what a killed program left beside the runs, and not what a living one builds', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    const exit = new Promise((resolve) => child.once('exit', resolve));
    const building = join(root, `.bellman-run.${child.pid}.tmp`);
    fs.mkdirSync(building);
    fs.writeFileSync(join(building, 'config.json'), '{');
    create();
    expect(names(root)).toContain(`.bellman-run.${child.pid}.tmp`);
    child.kill('SIGKILL');
    await exit;
    create();
    expect(names(root)).toEqual(['dqn-pong-seed1-1', 'dqn-pong-seed1-2']);
  });
});

describe('checkpoints', () => {
  it('are the newest two, by step', () => {
    const run = create();
    for (const step of [5, 90, 1000]) run.saveCheckpoint(step, 'test', { step });
    expect(listCheckpoints(run.path).map(({ step }) => step)).toEqual([1000, 90]);
    expect(names(join(run.path, 'checkpoints'))).toEqual(['checkpoint-1000.bck', 'checkpoint-90.bck']);
  });

  it('come back as they were', () => {
    const run = create();
    const snapshot = { weights: Float32Array.of(1, 2, 3), state: 2n ** 100n, list: [null, Number.NaN, -0] };
    run.saveCheckpoint(3, 'test', snapshot);
    run.close();
    const { checkpoint, config, notes } = open(run.path);
    expect(checkpoint?.snapshot).toStrictEqual(snapshot);
    expect(checkpoint?.header).toMatchObject({ kind: 'test', version: '0.1.0', step: 3 });
    expect(config).toMatchObject(CONFIG);
    expect(notes).toEqual([]);
  });

  it.each<[string, (path: string) => void, string]>([
    ['truncated', (path) => fs.truncateSync(path, 100), 'truncated'],
    ['empty', (path) => fs.truncateSync(path, 0), 'empty'],
    [
      'damaged',
      (path) => {
        const bytes = fs.readFileSync(path);
        bytes[bytes.length - 30] ^= 1;
        fs.writeFileSync(path, bytes);
      },
      'damaged',
    ],
  ])('a %s one is passed over with a note, and set aside', (_name, harm, problem) => {
    const run = create();
    run.saveCheckpoint(1, 'test', { a: new Uint8Array(64) });
    run.saveCheckpoint(9, 'test', { a: new Uint8Array(64) });
    run.close();
    harm(join(run.path, 'checkpoints', 'checkpoint-9.bck'));
    const { checkpoint, notes, run: again } = open(run.path);
    expect(checkpoint?.header.step).toBe(1);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(new RegExp(`checkpoint-9\\.bck: .*${problem}.* Resuming from checkpoint-1\\.bck\\.$`));
    // The damaged one must not push a good one out.
    again.saveCheckpoint(2, 'test', null);
    again.saveCheckpoint(3, 'test', null);
    expect(listCheckpoints(run.path).map(({ step }) => step)).toEqual([3, 2]);
  });

  it('none undamaged is an error, and gives the lock back', () => {
    const run = create();
    run.saveCheckpoint(1, 'test', null);
    run.saveCheckpoint(2, 'test', null);
    run.close();
    for (const { path } of listCheckpoints(run.path)) fs.truncateSync(path, 20);
    const before = contents(run.path);
    for (let i = 0; i < 2; i++) {
      expect(() => open(run.path)).toThrow(FileFormatError);
      expect(() => open(run.path)).toThrow('none of the 2 checkpoints is undamaged');
    }
    expect(contents(run.path)).toEqual(before);
  });

  it('one of another format is not taken for damaged', () => {
    const run = create();
    run.saveCheckpoint(1, 'test', null);
    run.saveCheckpoint(2, 'test', null);
    run.close();
    const path = join(run.path, 'checkpoints', 'checkpoint-2.bck');
    const bytes = fs.readFileSync(path);
    bytes[8] = 9;
    const json = bytes.subarray(32, 32 + bytes.readUInt32LE(12));
    bytes.writeUInt32LE(crc32(json, crc32(bytes.subarray(0, 24), 0)), 24);
    fs.writeFileSync(path, bytes);
    expect(() => open(run.path)).toThrow('checkpoint format 9, this version reads 1');
    expect(fs.existsSync(path)).toBe(true);
  });

  it('are not written by a program that lost the run', () => {
    const run = create();
    fs.writeFileSync(join(run.path, '.lock'), JSON.stringify({ pid: 1, started: 'x', host: 'elsewhere' }));
    expect(() => run.saveCheckpoint(1, 'test', null)).toThrow(MismatchError);
    expect(names(join(run.path, 'checkpoints'))).toEqual([]);
  });
});

describe('openRun', () => {
  it.each([
    ['a missing folder', () => join(root, 'none')],
    ['a folder that is no run', () => root],
  ])('refuses %s', (_name, path) => {
    expect(() => open(path())).toThrow(FileFormatError);
    expect(() => open(path())).toThrow('not a run, there is no config.json');
  });

  it.each(['{"recipe":', '[1]', ''])('refuses a config.json of %j', (text) => {
    const run = create();
    run.close();
    fs.writeFileSync(join(run.path, 'config.json'), text);
    expect(() => open(run.path)).toThrow(FileFormatError);
    expect(() => open(run.path)).toThrow('config.json: the file is damaged');
  });

  it('refuses a run that is being written', () => {
    const run = create();
    expect(() => open(run.path)).toThrow(`is being written by another program (pid ${process.pid})`);
  });

  it('clears away what a killed program left', () => {
    const run = create();
    run.saveCheckpoint(1, 'test', null);
    run.close();
    for (const name of ['.config.json.1.tmp', 'checkpoints/.checkpoint-2.bck.1.tmp', 'videos/.a.mp4.1.tmp']) {
      fs.writeFileSync(join(run.path, name), 'half');
    }
    fs.writeFileSync(join(run.path, 'notes.txt'), 'mine');
    open(run.path).run.close();
    expect(Object.keys(contents(run.path))).toEqual([
      'checkpoints/checkpoint-1.bck',
      'config.json',
      events(run.path),
      'log.txt',
      'metrics.jsonl',
      'notes.txt',
    ]);
  });
});

describe('logs of a continued run are those of one that never stopped', () => {
  const log = (run: RunDirectory, from: number, to: number): void => {
    for (let step = from; step <= to; step++) run.log.scalars(step, { reward: step / 3, epsilon: 1 / step });
  };
  const logsOf = (path: string): Buffer[] => [
    fs.readFileSync(join(path, 'metrics.jsonl')),
    fs.readFileSync(join(path, events(path))),
  ];
  let reference: Buffer[];
  beforeEach(() => {
    const run = create({ path: join(root, 'reference') });
    run.log.text(0, 'config', 'text');
    log(run, 1, 30);
    run.close();
    reference = logsOf(run.path);
  });

  it.each([
    ['at once after a checkpoint', 10],
    ['later', 17],
  ])('stopped %s', (_name, stop) => {
    const run = create({ path: join(root, 'run') });
    run.log.text(0, 'config', 'text');
    log(run, 1, 10);
    run.saveCheckpoint(10, 'test', null);
    log(run, 11, stop);
    run.close();
    const again = open(run.path);
    log(again.run, again.checkpoint!.header.step + 1, 30);
    again.run.close();
    expect(logsOf(run.path)).toEqual(reference);
  });

  it('killed in the middle of a line', () => {
    const run = create({ path: join(root, 'run') });
    run.log.text(0, 'config', 'text');
    log(run, 1, 10);
    run.saveCheckpoint(10, 'test', null);
    run.close();
    fs.appendFileSync(join(run.path, 'metrics.jsonl'), '{"step":11,"ti');
    fs.appendFileSync(join(run.path, events(run.path)), Uint8Array.of(1, 2, 3));
    const again = open(run.path);
    log(again.run, 11, 30);
    again.run.close();
    expect(logsOf(run.path)).toEqual(reference);
  });

  it('killed before the first checkpoint', () => {
    const run = create({ path: join(root, 'run') });
    run.log.text(0, 'config', 'text');
    log(run, 1, 5);
    run.close();
    const again = open(run.path);
    expect(again.checkpoint).toBeUndefined();
    again.run.log.text(0, 'config', 'text');
    log(again.run, 1, 30);
    again.run.close();
    expect(logsOf(run.path)).toEqual(reference);
  });

  it('continued from the older checkpoint because the newer is damaged', () => {
    const run = create({ path: join(root, 'run') });
    run.log.text(0, 'config', 'text');
    log(run, 1, 10);
    run.saveCheckpoint(10, 'test', null);
    log(run, 11, 20);
    run.saveCheckpoint(20, 'test', null);
    run.close();
    fs.truncateSync(join(run.path, 'checkpoints', 'checkpoint-20.bck'), 50);
    const again = open(run.path);
    log(again.run, again.checkpoint!.header.step + 1, 30);
    again.run.close();
    expect(logsOf(run.path)).toEqual(reference);
  });

  it('and all steps are there when a checkpoint is written', () => {
    const run = create({ path: join(root, 'run') });
    log(run, 1, 10);
    run.saveCheckpoint(10, 'test', null);
    const lines = fs.readFileSync(join(run.path, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => parseMetricsLine(line)?.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('a log that was deleted is begun anew, and the user is told', () => {
    const run = create({ path: join(root, 'run') });
    log(run, 1, 10);
    run.saveCheckpoint(10, 'test', null);
    run.close();
    fs.rmSync(join(run.path, 'metrics.jsonl'));
    fs.rmSync(join(run.path, events(run.path)));
    const { notes, run: again } = open(run.path);
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain('metrics.jsonl is shorter than at the checkpoint');
    log(again, 11, 12);
    again.close();
    expect(logsOf(run.path).map((bytes) => bytes.length > 0)).toEqual([true, true]);
  });
});

describe('a run that is refused stays as it was, and can be opened again', () => {
  const finished = (options: Partial<CreateRunOptions> = {}): RunDirectory => {
    const run = create(options);
    run.log.scalars(1, { reward: 1 });
    run.saveCheckpoint(5, 'test', { a: new Uint8Array(64) });
    run.log.scalars(6, { reward: 2 });
    run.saveCheckpoint(9, 'test', { a: new Uint8Array(64) });
    run.log.scalars(10, { reward: 3 });
    run.close();
    fs.writeFileSync(join(run.path, 'checkpoints', '.checkpoint-12.bck.1.tmp'), 'half');
    return run;
  };
  const checkpoint = (path: string, step: number) => join(path, 'checkpoints', `checkpoint-${step}.bck`);
  const refuse = (path: string, message: string) => {
    const before = contents(path);
    expect(() => open(path)).toThrow(message);
    expect(contents(path)).toEqual(before);
  };

  it('because its caller changes its mind', () => {
    const { path } = finished();
    fs.truncateSync(checkpoint(path, 9), 100);
    const before = contents(path);
    const { close, checkpoint: found } = openRun(path, { version: '0.1.0' });
    expect(found?.header.step).toBe(5);
    expect(Object.keys(contents(path)).sort()).toEqual(['.lock', ...Object.keys(before)].sort());
    close();
    close();
    expect(contents(path)).toEqual(before);
    open(path);
  });

  it.each<[string, Record<string, unknown>]>([
    ['environment', { env: 'Taxi-v3' }],
    ['algorithm', { algorithm: 'sarsa' }],
    ['seed', { seed: 2 }],
    ['nothing but its id', {}],
  ])('because of a checkpoint of another run: %s', (_name, change) => {
    const config = { ...CONFIG, algorithm: 'q-learning', env: 'FrozenLake-v1', seed: 1 };
    const run = finished({ config });
    const other = finished({ config: { ...config, ...change } as typeof config });
    fs.copyFileSync(checkpoint(other.path, 9), checkpoint(run.path, 10_000));
    const { algorithm, env, seed } = { ...config, ...change };
    refuse(
      run.path,
      `${checkpoint(run.path, 10_000)} is of another run, "${algorithm}" on "${env}" with seed ${seed} (`,
    );
    fs.rmSync(checkpoint(run.path, 10_000));
    expect(open(run.path).checkpoint?.header.step).toBe(9);
  });

  it('because its checkpoints are gone', () => {
    const run = finished();
    run.close();
    const status = {
      state: 'stopped',
      message: null,
      step: 9,
      saved: 9,
      maxSteps: 20,
      started: '',
      updated: '',
      pid: 1,
    };
    const lost = (part: object) => {
      fs.writeFileSync(join(run.path, 'status.json'), JSON.stringify({ ...status, ...part }));
    };
    lost({});
    for (const step of [5, 9]) fs.rmSync(checkpoint(run.path, step));
    refuse(run.path, 'has no checkpoint, but the run had one of step 9.');
    lost({ saved: undefined });
    refuse(run.path, 'has no checkpoint, but the run had one of step 9.');
    lost({ saved: null });
    expect(open(run.path).checkpoint).toBeUndefined();
  });
});

describe('what lies in a run and is not what it says', () => {
  it('a checkpoint under a wrong number gets its own, and the newest is the newest', () => {
    const run = create();
    for (const step of [1000, 2500]) run.saveCheckpoint(step, 'test', { step });
    run.close();
    const at = (step: number) => join(run.path, 'checkpoints', `checkpoint-${step}.bck`);
    fs.renameSync(at(1000), at(9_000_000));
    const { checkpoint, notes, run: again } = open(run.path);
    expect(checkpoint?.snapshot).toEqual({ step: 2500 });
    expect(notes).toEqual([`${at(9_000_000)} is of step 1000, and is named so now.`]);
    expect(listCheckpoints(run.path).map(({ step }) => step)).toEqual([2500, 1000]);
    again.saveCheckpoint(3000, 'test', null);
    expect(listCheckpoints(run.path).map(({ step }) => step)).toEqual([3000, 2500]);
    again.close();
    // A second one of the same step is kept too, out of the way.
    fs.copyFileSync(at(3000), at(50));
    open(run.path).run.close();
    expect(names(join(run.path, 'checkpoints'))).toEqual([
      'checkpoint-2500.bck',
      'checkpoint-3000.bck',
      'checkpoint-50.bck.other',
    ]);
  });

  it('a log of another run is set aside', () => {
    const run = create();
    run.log.scalars(1, { reward: 1 });
    run.saveCheckpoint(9, 'test', null);
    run.close();
    const file = join(run.path, 'metrics.jsonl');
    const foreign = `${'{"step":1,"time":1,"reward":7}\n'.repeat(9)}`;
    fs.writeFileSync(file, foreign);
    const { notes, run: again } = open(run.path);
    expect(notes).toEqual([`${file} is not what the run has logged: it is set aside, and the log begins anew.`]);
    again.log.scalars(10, { reward: 2 });
    again.saveCheckpoint(10, 'test', null);
    again.close();
    expect(fs.readFileSync(`${file}.other`, 'utf8')).toBe(foreign);
    expect(
      fs
        .readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).step),
    ).toEqual([10]);
    expect(open(run.path).notes).toEqual([]);
  });

  it('an edited configuration is said, and does not keep the run from being resumed', () => {
    const run = create();
    run.saveCheckpoint(9, 'test', null);
    run.close();
    const file = join(run.path, 'config.json');
    const config = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    // Another order of keys is the same; threads and devices decide nothing.
    fs.writeFileSync(file, JSON.stringify({ threads: 7, ...Object.fromEntries(Object.entries(config).reverse()) }));
    const first = open(run.path);
    expect(first.notes).toEqual([]);
    first.run.close();
    fs.writeFileSync(file, JSON.stringify({ ...config, config: { gamma: 0.5 } }));
    expect(open(run.path).notes).toEqual([
      `The run's configuration was edited after ${join(run.path, 'checkpoints', 'checkpoint-9.bck')} was saved.`,
    ]);
  });

  it('a program that lost the run writes nothing more into its logs', () => {
    const run = create();
    run.log.scalars(1, { reward: 1 });
    run.log.flush();
    const before = contents(run.path);
    fs.writeFileSync(join(run.path, '.lock'), JSON.stringify({ pid: 1, started: 'x', host: 'elsewhere' }));
    run.log.scalars(2, { reward: 1 });
    expect(() => run.log.flush()).toThrow('is no longer held by this program; nothing more is written to the run.');
    expect(contents(run.path)['metrics.jsonl']).toBe(before['metrics.jsonl']);
    expect(() => run.close()).toThrow(MismatchError);
    expect(fs.readFileSync(join(run.path, '.lock'), 'utf8')).toContain('elsewhere');
  });
});

describe('the best model', () => {
  it('is there with what is known of it, once there is one', () => {
    const run = create();
    expect(readBest(run.path)).toBeUndefined();
    run.saveBest(Uint8Array.of(1, 2, 3), { reward: 12.5, step: 9 });
    run.saveBest(Uint8Array.of(4, 5), { reward: 13, step: 10 });
    const model = join(run.path, 'best.onnx');
    expect(readBest(run.path)).toEqual({ model, info: { reward: 13, step: 10 } });
    expect([...fs.readFileSync(model)]).toEqual([4, 5]);
  });

  it('may be a text under another name', () => {
    const run = create();
    run.saveBest('{"policy":[]}', { reward: 1 }, 'best-policy.json');
    expect(readBest(run.path)).toEqual({
      model: join(run.path, 'best-policy.json'),
      info: { reward: 1 },
    });
  });

  it('a kill between description and model leaves the one before, with what is known of it', () => {
    const run = create();
    const files = ['best.json', 'best.onnx'].map((name) => join(run.path, name));
    const state = () => files.map((file) => (fs.existsSync(file) ? fs.readFileSync(file) : undefined));
    run.saveBest(Uint8Array.of(1, 2, 3), { reward: 1 });
    const [firstInfo, firstModel] = state();
    run.saveBest(Uint8Array.of(4, 5), { reward: 2 });
    const [secondInfo, secondModel] = state();
    run.saveBest(Uint8Array.of(6), { reward: 3 });
    const model = files[1];
    fs.writeFileSync(model, secondModel!);
    expect(readBest(run.path)).toEqual({ model, info: { reward: 2 } });
    // The run goes on from there.
    run.saveBest(Uint8Array.of(7), { reward: 4 });
    fs.writeFileSync(model, secondModel!);
    expect(readBest(run.path)).toEqual({ model, info: { reward: 2 } });
    fs.writeFileSync(files[0], secondInfo!);
    fs.writeFileSync(model, firstModel!);
    expect(readBest(run.path)).toEqual({ model, info: { reward: 1 } });
    // The very first model is there before its description.
    fs.writeFileSync(files[0], firstInfo!);
    expect(readBest(run.path)).toEqual({ model, info: { reward: 1 } });
  });

  it('that is damaged is refused, by its name', () => {
    const run = create();
    run.saveBest(Uint8Array.of(1, 2, 3), { reward: 1 });
    run.saveBest(Uint8Array.of(4, 5, 6), { reward: 2 });
    const model = join(run.path, 'best.onnx');
    fs.writeFileSync(model, Uint8Array.of(1, 2, 4));
    expect(() => readBest(run.path)).toThrow(FileFormatError);
    expect(() => readBest(run.path)).toThrow(
      `${model}: the file is damaged: its checksum is not the one in best.json.`,
    );
  });

  it('of another run is refused', () => {
    const [run, other] = [create(), create()];
    for (const one of [run, other]) one.saveBest(Uint8Array.of(1), { reward: 1 });
    fs.copyFileSync(join(other.path, 'best.json'), join(run.path, 'best.json'));
    expect(() => readBest(run.path)).toThrow(`${join(run.path, 'best.onnx')} is of another run.`);
  });

  it('a description without its model is an error', () => {
    const run = create();
    run.saveBest(Uint8Array.of(1), {});
    fs.rmSync(join(run.path, 'best.onnx'));
    expect(() => readBest(run.path)).toThrow('best.onnx: no such file');
  });
});
