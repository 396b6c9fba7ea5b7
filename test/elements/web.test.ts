/** `elements/web.js`, which a page without a bundler imports: the guide's first program, word for word, under the policy that it promises. */
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readOnnx } from '../../src/graph/index.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(['web']);
});
afterAll(() => stage?.close());

it('trains in a page without a bundler, shows it and offers the network', async () => {
  const guide = readFileSync(new URL('../../docs/guide/browser.md', import.meta.url), 'utf8');
  const [, program] = /```ts main\.ts\n([\s\S]*?)```/.exec(guide) as RegExpExecArray;
  expect(guide).toContain("`import { startTraining } from '/elements/web.js'`");
  const [from, request] = ["'bellman-rl/web'", "{ recipe: 'pqn-cart-pole', seed: 1 }"];
  for (const part of [from, request]) expect(program).toContain(part);
  const short = program
    .replace(from, "'/elements/web.js'")
    .replace(request, "{ recipe: 'pqn-cart-pole', seed: 1, set: { maxSteps: 4096 } }");
  stage.files.set('/main.js', transformSync(short, { loader: 'ts', format: 'esm' }).code);
  const shown = await stage.open({
    body: '<canvas></canvas><pre></pre><script type="module" src="/main.js"></script>',
    isolated: true,
  });
  const link = shown.page.locator('pre a');
  await link.waitFor();
  expect(await link.getAttribute('download')).toMatch(/\.onnx$/);
  const [file] = await Promise.all([shown.page.waitForEvent('download'), link.click()]);
  const { inputs, outputs } = readOnnx(readFileSync(await file.path()));
  expect([Object.keys(inputs), Object.keys(outputs)]).toEqual([['observations'], ['q']]);
  expect(await shown.page.locator('pre').innerText()).toMatch(/4096/);
  // The first environment's picture, in its own size.
  expect(await shown.page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBe(600);
  await shown.close();
});
