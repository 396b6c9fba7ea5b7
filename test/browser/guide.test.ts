/** The guide's worker and page, as a reader types them, in Chromium. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readOnnx } from '../../src/graph/index.ts';
import { bundleModule, bundlePage } from '../support/bundle.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { serve } from './serve.ts';

const guide = readFileSync(fileURLToPath(new URL('../../docs/guide/browser.md', import.meta.url)), 'utf8');
const block = (name: string): string => new RegExp(`\`\`\`ts ${name}\n([\\s\\S]*?)\`\`\``).exec(guide)![1];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

it('has a worker that learns and ends with a model', async () => {
  const config = 'const { config } = pqnCartPole;';
  expect(block('worker.ts')).toContain(config);
  // Cut short, and with the bytes as text, which a test can read.
  const short = block('worker.ts')
    .replace(config, 'const config = { ...pqnCartPole.config, maxSteps: 8000 };')
    .replace(
      'postMessage(training.exportModel()',
      'const told = (bytes: unknown) => postMessage(bytes);\ntold(training.exportModel()',
    );
  const server = await serve({
    '/worker.js': await bundleModule(short),
    '/page.js': await bundleModule(`${block('page.ts')}
      (globalThis as any).ended = new Promise((resolve, reject) => {
        worker.addEventListener('message', ({ data }) => typeof data === 'string' || resolve([...data]));
        worker.addEventListener('error', ({ message }) => reject(new Error(message)));
      });`),
  });
  const page = await browser.newPage();
  await page.goto(server.address);
  const bytes = await page.evaluate(() => (globalThis as unknown as { ended: Promise<number[]> }).ended);
  const shown = await page.innerText('body');
  server.close();
  expect(shown).toMatch(/^\d+: done \d+ games, mean reward /);
  expect(shown).toContain(`a model of ${bytes.length} bytes`);
  const { inputs, outputs } = readOnnx(Uint8Array.from(bytes));
  expect([Object.keys(inputs), Object.keys(outputs)]).toEqual([['observations'], ['q']]);
});

it('saves, goes on, and trains in a worker of its own', async () => {
  const server = await serve({
    '/save.js': await bundleModule(block('save.ts')),
    '/own-worker.js': await bundleModule(block('own-worker.ts')),
    '/own.js': await bundleModule(block('own.ts')),
    '/training-worker.js': await bundlePage('src/web/worker/training-worker.ts'),
    '/page.js': `
      import { save, goOn } from './save.js';
      import { training } from './own.js';
      globalThis.ended = (async () => {
        await training.step(64);
        const { env } = training.config;
        training.close();
        const before = await goOn().catch((error) => error.message);
        const { openCheckpointStore, startTraining } = await import('./web.js');
        const table = await startTraining({ recipe: 'q-learning-frozen-lake', seed: 1 });
        await table.step(100);
        await save(table);
        const again = await goOn();
        await Promise.all([table.step(50), again.step(50)]);
        const [a, b] = await Promise.all([table.checkpoint(), again.checkpoint()]);
        const store = await openCheckpointStore();
        await store.put('pole.bck', Uint8Array.of(1, 2, 3));
        const [first, ...others] = await store.list();
        const replaced = [first.name, first.size, others.length, ...(await store.get('pole.bck'))];
        const refused = await store.put('../pole', new Uint8Array(1)).catch(({ code, message }) => [code, message]);
        await store.remove('pole.bck');
        await store.remove('pole.bck');
        const left = await store.list();
        return { replaced, refused, left, env, before, step: again.progress.step, equal: a.length === b.length && a.every((byte, i) => byte === b[i]) };
      })();`,
    '/web.js': await bundleModule("export { openCheckpointStore, startTraining } from 'bellman-rl/web';"),
  });
  // A page of its own context: nothing is stored yet.
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.address);
  await page.waitForFunction('globalThis.ended !== undefined');
  const told = await page.evaluate(() => (globalThis as unknown as { ended: Promise<object> }).ended);
  server.close();
  await context.close();
  expect(told).toEqual({
    replaced: ['pole.bck', 3, 0, 1, 2, 3],
    refused: [
      'BAD_OPTION',
      'name: got "../pole", allowed is a name of letters, digits, dots, hyphens and spaces, up to 100.',
    ],
    left: [],
    env: 'LongPole-v0',
    before: 'pole.bck: no such file. Nothing is stored yet.',
    step: 150,
    equal: true,
  });
});
