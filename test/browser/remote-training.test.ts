/** Trainings that move between Node and a worker in Chromium, and what becomes of a worker that does not work. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpointFile } from '../../src/node/runs/checkpoint-file.ts';
import { resolveRun } from '../../src/node/runs/resolve-run.ts';
import { listCheckpoints } from '../../src/node/runs/run-checkpoints.ts';
import { type RunTrainingOptions, runTraining } from '../../src/node/runs/run-training.ts';
import { decodeCheckpoint } from '../../src/storage/index.ts';
import type { NewTraining, Port, ResumedTraining, TrainingHostOptions } from '../../src/web/worker/protocol.ts';
import { RemoteTraining, TrainingLink } from '../../src/web/worker/remote-training.ts';
import { serveTraining } from '../../src/web/worker/serve-training.ts';
import { bundleModule, bundlePage } from '../support/bundle.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { type PageServer, serve } from './serve.ts';

/** What the page does when it is told to. */
const PAGE = `
  import { startTraining } from 'bellman-rl/web';
  globalThis.train = async (start, options, units) => {
    const loads = [];
    const training = await startTraining(start, { ...options, onLoad: (load) => loads.push(load) });
    await training.step(units);
    const checkpoint = await training.checkpoint();
    const { runtime } = training.facts;
    training.close();
    return { checkpoint: [...checkpoint], runtime, loads };
  };
  globalThis.failure = (start, options) =>
    startTraining(start, { ...options, worker: options?.worker && (() => new Worker(options.worker, { type: 'module' })) }).then(
      () => 'it started',
      ({ name, code, message }) => ({ name, code, message }),
    );`;

let browser: Browser;
let server: PageServer;
let page: Page;
const folder = mkdtempSync(join(tmpdir(), 'bellman-moves-'));
beforeAll(async () => {
  const scripts = {
    '/page.js': await bundleModule(PAGE),
    '/training-worker.js': await bundlePage('src/web/worker/training-worker.ts'),
    '/dying-worker.js': 'throw new RangeError("no room");',
  };
  server = await serve(scripts);
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(server.address);
  await page.waitForFunction('globalThis.train !== undefined');
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Trained {
  readonly checkpoint: Uint8Array;
  readonly runtime: string;
  readonly loads: readonly { readonly loaded: number; readonly total?: number }[];
}

type Start = NewTraining | ResumedTraining;

async function inPage(start: Start, options: TrainingHostOptions, units: number): Promise<Trained> {
  const bytes = 'checkpoint' in start ? [...start.checkpoint] : undefined;
  const told = await page.evaluate(
    async ({ start, bytes, options, units }) => {
      const { train } = globalThis as unknown as { train: (...all: unknown[]) => Promise<{ checkpoint: number[] }> };
      return train(bytes === undefined ? start : { checkpoint: Uint8Array.from(bytes) }, options, units);
    },
    { start: bytes === undefined ? (start as object) : {}, bytes, options: options as object, units },
  );
  return { ...(told as unknown as Trained), checkpoint: Uint8Array.from(told.checkpoint) };
}

/** A run of Node's from its start or from a checkpoint. @returns the content of its newest checkpoint. */
let runs = 0;
async function inNode(start: RunTrainingOptions['start'], stopAfter: number): Promise<string> {
  const output = { line() {}, progress() {}, close() {} };
  const { path, training } = await runTraining({
    ...{ version: '0', command: 'test', output, checkpointEveryMs: Number.POSITIVE_INFINITY, stopAfter },
    start: { ...start, path: join(folder, `${runs++}`) },
  });
  await training.close();
  process.channel?.ref();
  return listCheckpoints(path)[0].path;
}

function saved(bytes: Uint8Array): string {
  const file = join(folder, `moved-${runs++}.bck`);
  writeFileSync(file, bytes);
  return file;
}

describe('a training begun in Node, gone on with in a page and finished in Node, equals one that never moved', () => {
  const small = { 'network.hiddenSizes': [16], learningStarts: 100, bufferSize: 1000, batchSize: 16 };
  const cases: readonly (readonly [string, NewTraining, string, number])[] = [
    ['a table', { recipe: 'q-learning-taxi' }, 'cpu', 3000],
    ['DQN on the kernels', { recipe: 'dqn-cart-pole', set: small }, 'kernels', 300],
    ['PQN on onnxruntime-web', { recipe: 'pqn-cart-pole', set: { 'network.hiddenSizes': [16] } }, 'wasm', 2048],
  ];
  it.each(cases)('%s', async (_, { recipe, set = {} }, device, units) => {
    const run = await resolveRun({ recipe, seed: 5, device, threads: 1, set });
    const straight = await inNode({ run }, 3 * units);
    const first = await inNode({ run }, units);
    const inside = await inPage({ checkpoint: new Uint8Array(readFileSync(first)) }, {}, units);
    expect(inside.runtime).toBe({ cpu: 'none', wasm: 'onnxruntime', kernels: 'kernels' }[device]);
    const last = await inNode({ resume: saved(inside.checkpoint) }, units);
    const end = readCheckpointFile(last);
    expect(end.header.step).toBe(3 * units);
    expect(end.snapshot).toEqual(readCheckpointFile(straight).snapshot);
    if (device === 'wasm') {
      expect(inside.loads.at(-1)?.loaded).toBeGreaterThan(10e6);
      expect(inside.loads.at(-1)?.loaded).toBe(inside.loads.at(-1)?.total);
    }
  });

  it('DQN on the interpreter', async () => {
    const ports: MessagePort[] = [];
    const here = async (start: Start, units: number): Promise<Uint8Array> => {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1);
      serveTraining(port2 as Port);
      const link = new TrainingLink(port1 as Port, () => {});
      const training = await RemoteTraining.begin(link, start, { runtime: 'interpreter' });
      await training.step(units);
      return training.checkpoint();
    };
    const start: NewTraining = { recipe: 'dqn-cart-pole', seed: 6, set: { ...small, 'network.hiddenSizes': [8] } };
    const first = await here(start, 100);
    const inside = await inPage({ checkpoint: first }, { runtime: 'interpreter' }, 50);
    expect(inside.runtime).toBe('interpreter');
    const { snapshot, header } = decodeCheckpoint(await here({ checkpoint: inside.checkpoint }, 50), 'end');
    expect(header.step).toBe(200);
    expect(snapshot).toEqual(decodeCheckpoint(await here(start, 200), 'straight').snapshot);
    for (const port of ports) port.close();
  });
});

const failure = (start: object, options?: object): Promise<unknown> =>
  page.evaluate(
    ([start, options]) =>
      (globalThis as unknown as { failure: (...all: unknown[]) => unknown }).failure(start, options),
    [start, options] as const,
  );

describe('a training that does not start says why', () => {
  const pole = { recipe: 'dqn-cart-pole' };
  it('by the name and code of its error', async () => {
    expect(await failure({ recipe: 'dqn-cart-poel' })).toMatchObject({
      name: 'UnknownNameError',
      code: 'UNKNOWN_RECIPE',
    });
    expect(await failure(pole, { runtime: 'onnxruntime', device: 'webgpu' })).toEqual({
      name: 'UnavailableError',
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/WebGPU.*\.$/),
    });
    expect(await failure(pole, { runtime: 'onnxruntime', ort: '/nowhere/' })).toEqual({
      name: 'UnavailableError',
      code: 'UNAVAILABLE',
      message: expect.stringMatching(
        /^onnxruntime-web does not load from http:\S+\/nowhere\/\S+: .+ say where they are: \{ ort: "\/folder\/" \}\.$/,
      ),
    });
  });

  it('where the worker is missing or dies', async () => {
    const lost = { name: 'TrainingLostError', code: 'TRAINING_LOST' };
    expect(await failure(pole, { worker: '/missing.js' })).toEqual({
      ...lost,
      message: 'The worker of the training does not load.',
    });
    expect(await failure(pole, { worker: '/dying-worker.js' })).toEqual({
      ...lost,
      message: 'The worker of the training died: Uncaught RangeError: no room',
    });
  });
});

it('works in a page of another origin than its script', async () => {
  const other = await serve({
    '/page.js': `import '${server.address}page.js'; document.title = 'here';`,
  });
  const elsewhere = await browser.newPage();
  await elsewhere.goto(other.address);
  await elsewhere.waitForFunction('globalThis.train !== undefined');
  const { checkpoint } = await elsewhere.evaluate(() =>
    (globalThis as unknown as { train: (...all: unknown[]) => Promise<{ checkpoint: number[] }> }).train(
      { recipe: 'q-learning-frozen-lake' },
      {},
      100,
    ),
  );
  other.close();
  expect(decodeCheckpoint(Uint8Array.from(checkpoint), 'elsewhere').header.step).toBe(100);
});
