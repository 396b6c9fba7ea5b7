import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MismatchError } from '../../core/errors.ts';
import { encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import { checksum } from '../files/checksum.ts';
import { summarizeRun } from './list-runs.ts';
import { createRun, openRun } from './run-directory.ts';

let root: string;
let run: string;
let victim: string;
const now = (): number => 1700000000000;

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'bellman-test-'));
  victim = join(root, 'victim.txt');
  fs.writeFileSync(victim, 'precious');
  const made = createRun({ config: { seed: 1 }, version: '0.1.0', path: join(root, 'run'), now });
  made.log.scalars(1, { loss: 1 });
  made.saveCheckpoint(1, 'dqn', { step: 1 });
  made.close();
  run = made.path;
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** Puts something else in the place of an entry of the run. */
function replace(name: string, make: (path: string) => void): void {
  fs.rmSync(join(run, name), { recursive: true, force: true });
  make(join(run, name));
}

const events = (): string => fs.readdirSync(run).find((name) => name.startsWith('events.'))!;

it.each([
  ['metrics.jsonl', () => victim],
  ['events', () => victim],
  ['status.json', () => victim],
  ['best.json', () => '../victim.txt'],
  ['metrics.jsonl', () => join(root, 'not-there.txt')],
  ['checkpoints/checkpoint-2.bck', () => victim],
  ['videos', () => root],
  ['checkpoints', () => root],
])('a link out of the run is refused: %s', (name, target) => {
  replace(name === 'events' ? events() : name, (path) => fs.symlinkSync(target(), path));
  const before = fs.readdirSync(root).sort();
  const open = () => openRun(run, { version: '0.1.0', now });
  expect(open).toThrow(MismatchError);
  expect(open).toThrow("is a link that leads out of the run's folder");
  expect(fs.readFileSync(victim, 'utf8')).toBe('precious');
  expect(fs.readdirSync(root).sort()).toEqual(before);
});

it('a run that is reached by a link, and links within it, are fine', () => {
  fs.symlinkSync(run, join(root, 'latest'));
  fs.symlinkSync('checkpoints/checkpoint-1.bck', join(run, 'newest'));
  const opened = openRun(join(root, 'latest'), { version: '0.1.0', now });
  opened.begin().close();
  expect(opened.checkpoint?.header.step).toBe(1);
});

it('names of logs in a checkpoint reach nothing but the events file of the run itself', () => {
  const logs = { 'metrics.jsonl': 0, 'events.out.tfevents.x/../../victim.txt': 0, '../victim.txt': 0 };
  const forged = encodeCheckpoint({ step: 2 }, { kind: 'dqn', version: '0.1.0', step: 2, logs }, checksum);
  fs.writeFileSync(join(run, 'checkpoints', 'checkpoint-2.bck'), Buffer.concat(forged));
  openRun(run, { version: '0.1.0', now }).begin().close();
  expect(fs.readFileSync(victim, 'utf8')).toBe('precious');
  expect(fs.readdirSync(root).sort()).toEqual(['run', 'victim.txt']);
});

it('a temporary name that is a link is replaced, not followed', () => {
  const opened = openRun(run, { version: '0.1.0', now }).begin();
  fs.symlinkSync(victim, join(run, `.best.onnx.${process.pid}.tmp`));
  opened.saveBest('model', { score: 1 });
  opened.close();
  expect(fs.readFileSync(victim, 'utf8')).toBe('precious');
  expect(fs.readFileSync(join(run, 'best.onnx'), 'utf8')).toBe('model');
});

it.skipIf(process.platform === 'win32')('a pipe in the place of a file is refused at once', () => {
  for (const name of ['metrics.jsonl', '.lock', 'config.json']) {
    replace(name, (path) => execFileSync('mkfifo', [path]));
    expect(() => openRun(run, { version: '0.1.0', now })).toThrow('a pipe or a device');
    expect(summarizeRun(run).path).toBe(run);
    if (name !== 'config.json') fs.rmSync(join(run, name));
  }
});
