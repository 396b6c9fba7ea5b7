/** <bellman-pong> as a person uses it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type ShownPage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(['pong']);
  // Where the package has it: next to dist.
  stage.files.set('/models/pong.onnx', readFileSync(new URL('../../models/pong.onnx', import.meta.url)));
});
afterAll(() => stage?.close());

/** Top row of the left paddle as it is painted, of 210; -1 where there is none. */
const leftPaddle = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector('bellman-pong')?.shadowRoot?.querySelector('canvas') as HTMLCanvasElement;
    const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(17, 34, 1, 160);
    for (let row = 0; row < 160; row++) if (data[4 * row] === 213) return 34 + row;
    return -1;
  });

/** Waits until the left paddle is where it should be. */
async function paddleReaches(page: Page, low: number, high: number): Promise<void> {
  await expect.poll(() => leftPaddle(page)).toBeGreaterThanOrEqual(low);
  await expect.poll(() => leftPaddle(page)).toBeLessThanOrEqual(high);
}

const open = (scene: Parameters<Stage['open']>[0]): Promise<ShownPage> => stage.open(scene);

it('watches the network that ships with the package: values, its view, pause', async () => {
  const shown = await open({ body: '<bellman-pong></bellman-pong>' });
  const { page } = shown;
  const numbers = page.locator('.value-bars .number');
  await expect
    .poll(async () => (await numbers.allTextContents()).filter((text) => /\d\.\d\d/.test(text)).length)
    .toBe(6);
  expect(await page.locator('.value-bars .chosen').count()).toBe(1);
  await page.getByText('Mark what matters').click();
  // The field is one grey; what the network sees has paddles too, and some of it is marked in colour.
  await page.waitForFunction(() => {
    const canvas = document
      .querySelector('bellman-pong')
      ?.shadowRoot?.querySelector('.sight canvas') as HTMLCanvasElement;
    const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, 42, 42);
    return data.some((value, i) => i % 4 === 0 && value > data[i + 2] + 40);
  });
  expect(await shown.axe()).toEqual([]);
  await shown.picture('pong', 'bellman-pong');
  await page.locator('.stage').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  expect(await page.evaluate(() => document.querySelector('bellman-pong')?.paused)).toBe(true);
  await shown.close();
});

it('is played against by the keyboard', async () => {
  const shown = await open({ body: '<bellman-pong mode="play"></bellman-pong>', scheme: 'dark' });
  const { page } = shown;
  await page.getByRole('button', { name: 'Start' }).waitFor();
  await shown.picture('pong-start-dark', 'bellman-pong');
  await page.locator('.stage').focus();
  await page.keyboard.down('ArrowUp');
  await paddleReaches(page, 34, 40);
  await page.keyboard.up('ArrowUp');
  await page.keyboard.down('s');
  await paddleReaches(page, 150, 190);
  await page.keyboard.up('s');
  expect(await shown.axe()).toEqual([]);
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  await shown.close();
});

it('is played by touch on a small screen, and rests when it is scrolled away', async () => {
  const shown = await open({
    body: '<bellman-pong mode="play"></bellman-pong><div id="below"></div>',
    width: 320,
    height: 640,
    touch: true,
    scheme: 'dark',
  });
  const { page } = shown;
  // On its icon, which is no button itself.
  await page.locator('.veil button svg').tap();
  const box = await page.locator('.stage').boundingBox();
  if (box === null) throw new Error('The stage is not there.');
  const client = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', row: number) =>
    client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + 40, y: box.y + (row / 210) * box.height }],
    });
  await touch('touchStart', 100);
  await touch('touchMove', 60);
  await paddleReaches(page, 48, 56);
  await touch('touchMove', 170);
  await paddleReaches(page, 158, 166);
  await touch('touchEnd', 170);
  await shown.picture('pong-320-dark', 'bellman-pong');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  expect(await shown.axe()).toEqual([]);
  await page.evaluate(() => {
    (document.querySelector('#below') as HTMLElement).style.height = '3000px';
    scrollTo(0, 4000);
  });
  await page.waitForFunction(() => document.querySelector('bellman-pong')?.paused);
  await shown.close();
});

it('says what is wrong with a model, and takes another', async () => {
  stage.files.set('/bad.onnx', 'no model');
  const shown = await open({ body: '<bellman-pong model="/bad.onnx"></bellman-pong>', width: 700 });
  const { page } = shown;
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').textContent()).toMatch(/bad\.onnx.*not an ONNX model/);
  await page.evaluate(async () => {
    const bytes = new Uint8Array(await (await fetch('/models/pong.onnx')).arrayBuffer());
    await document.querySelector('bellman-pong')?.loadModel(bytes);
  });
  await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  await expect.poll(() => page.locator('.value-bars .chosen').count()).toBe(1);
  await shown.close();
});
