import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { TrainingJob } from '../jobs/training-job.ts';
import { FolderStore } from './folder-store.ts';
import { ClaimLostError, fetchRun, type StoredEnd, StoredRun, storedEnd } from './stored-run.ts';

const root = mkdtempSync(join(tmpdir(), 'stored-run-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
/** A store and machines with a folder each. */
function place() {
  const here = join(root, `${count++}`);
  const machine = (name: string) => {
    const folder = join(here, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  return {
    store: new FolderStore(join(here, 'store')),
    machine,
    files: (key: string) => readdirSync(join(here, 'store', key)),
  };
}

const job: TrainingJob = {
  ...{ id: 'study/seed1', recipe: 'dqn', env: 'CartPole-v1', kwargs: {}, set: { gamma: 0.9 }, seed: 1 },
  evaluation: null,
};
const end: StoredEnd = { kind: 'ended', step: 30, seconds: 2, solved: null, score: 4 };

/** What a training has after some steps. */
function write(folder: string, step: number): void {
  const run = join(folder, job.id);
  mkdirSync(join(run, 'checkpoints'), { recursive: true });
  mkdirSync(join(run, 'models'), { recursive: true });
  writeFileSync(join(run, 'config.json'), '{}');
  writeFileSync(join(run, '.lock'), 'mine');
  writeFileSync(join(run, 'metrics.jsonl'), `${'row\n'.repeat(step)}`);
  writeFileSync(join(run, 'checkpoints', `checkpoint-${step}.bck`), `state ${step}`);
  writeFileSync(join(run, 'models', `step-${step}.onnx`), `model ${step}`);
  writeFileSync(`${run}.json`, `{"parts":[${step}]}`);
}

const read = (folder: string, ...path: string[]) => readFileSync(join(folder, job.id, ...path), 'utf8');

it('brings a run to another machine as it was, its newest checkpoint alone and no lock', async () => {
  const { store, machine } = place();
  const [a, b] = [machine('a'), machine('b')];
  const first = await StoredRun.claim(store, job, 'a');
  expect(await first.restore(a)).toBeUndefined();
  write(a, 10);
  await first.publish(a, 10);
  write(a, 20);
  await first.publish(a, 20);
  const second = await StoredRun.claim(store, job, 'b');
  write(b, 5);
  expect(await second.restore(b)).toBe(20);
  expect(readdirSync(join(b, job.id)).sort()).toEqual(['checkpoints', 'config.json', 'metrics.jsonl', 'models']);
  expect(readdirSync(join(b, job.id, 'checkpoints'))).toEqual(['checkpoint-20.bck']);
  expect(read(b, 'checkpoints', 'checkpoint-20.bck')).toBe('state 20');
  expect(read(b, 'metrics.jsonl')).toBe('row\n'.repeat(20));
  expect(readFileSync(join(b, `${job.id}.json`), 'utf8')).toBe('{"parts":[20]}');
});

it('lets the later of two have it', async () => {
  const { store, machine } = place();
  const [a, b] = [machine('a'), machine('b')];
  const first = await StoredRun.claim(store, job, 'a');
  write(a, 10);
  await first.publish(a, 10);
  const second = await StoredRun.claim(store, job, 'b');
  expect([first.epoch, second.epoch]).toEqual([1, 2]);
  write(a, 20);
  await expect(first.publish(a, 20)).rejects.toThrow(ClaimLostError);
  await expect(first.finish(a, end)).rejects.toThrow(ClaimLostError);
  expect(await second.restore(b)).toBe(10);
  const claims = await Promise.all(['c', 'd', 'e'].map((name) => StoredRun.claim(store, job, name)));
  expect(claims.map(({ epoch }) => epoch).sort()).toEqual([3, 4, 5]);
});

it('keeps what ended without checkpoints and older content', async () => {
  const { store, machine, files } = place();
  const [a, home] = [machine('a'), machine('home')];
  const run = await StoredRun.claim(store, job, 'a');
  for (const step of [10, 20, 30]) {
    write(a, step);
    await run.publish(a, step);
  }
  expect(await storedEnd(store, job, '1')).toBeUndefined();
  await run.finish(a, end);
  expect(await storedEnd(store, job, '1')).toEqual(end);
  // config, metrics, three models, the file beside the run.
  expect(files(`${job.id}/objects`)).toHaveLength(6);
  expect((await fetchRun(store, job.id, home))?.step).toBe(30);
  expect(readdirSync(join(home, job.id)).sort()).toEqual(['config.json', 'metrics.jsonl', 'models']);
});

it('refuses another job of the same name, and another version', async () => {
  const { store } = place();
  await storedEnd(store, job, '1.0.0');
  await storedEnd(store, { ...job, set: { gamma: 0.9 } }, '1.0.0');
  await expect(storedEnd(store, { ...job, set: { gamma: 0.8 }, seed: 2 }, '1.0.0')).rejects.toThrow(
    /has a job study\/seed1 with another set, seed\. Give this one another name/,
  );
  await expect(storedEnd(store, job, '1.1.0')).rejects.toThrow('another version');
});

it('passes over states that are not whole, and takes no file from outside the run', async () => {
  const { store, machine, files } = place();
  const [a, b] = [machine('a'), machine('b')];
  const first = await StoredRun.claim(store, job, 'a');
  write(a, 10);
  await first.publish(a, 10);
  const [object] = files(`${job.id}/objects`);
  const state = (path: string, sha256 = object!) =>
    JSON.stringify({ format: 1, step: 99, files: [{ path, size: 1, sha256 }] });
  const forged = [
    state(`${job.id}/../../outside`),
    state('/etc/outside'),
    state('study/seed2/config.json'),
    state(`${job.id}/a\\..\\b`),
    state(`${job.id}/config.json`, '0'.repeat(64)),
    '{"format":2}',
    'text',
  ];
  for (const [i, text] of forged.entries()) await store.put(`${job.id}/states/00000${i + 2}.json`, text);
  expect((await fetchRun(store, job.id, b))?.step).toBe(10);
  expect(readdirSync(b)).toEqual(['study']);
  await store.put(`${job.id}/objects/${object}`, 'damaged');
  expect(await fetchRun(store, job.id, machine('c'))).toBeUndefined();
  await store.put(`${job.id}/result.json`, '{"kind":"ended"}');
  await expect(storedEnd(store, job, '1')).rejects.toThrow(/result\.json: not what a worker writes\./);
});
