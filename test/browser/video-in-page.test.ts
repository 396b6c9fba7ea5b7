/** Videos that a page makes by itself, played by the same browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleModule } from '../support/bundle.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { serve } from './serve.ts';

/** Pong's colours: a brown field with a green bar that moves down by 3 rows a picture; 60 pictures, 25 a second. */
const program = `
  import { createVideoEncoder } from 'bellman-rl/video';
  const picture = (frame) => {
    const data = new Uint8Array(160 * 210 * 3);
    for (let at = 0; at < 160 * 210; at++) {
      const [x, y] = [at % 160, Math.floor(at / 160)];
      const inBar = x >= 60 && x < 100 && y >= 3 * frame && y < 3 * frame + 40;
      data.set(inBar ? [92, 186, 92] : [144, 72, 17], 3 * at);
    }
    return { width: 160, height: 210, data };
  };
  globalThis.encode = async (format) => {
    const encoder = await createVideoEncoder(format, { fps: 25 });
    for (let frame = 0; frame < 60; frame++) encoder.frame(picture(frame));
    const bytes = await encoder.finish();
    return new Blob([bytes], { type: format === 'gif' ? 'image/gif' : 'video/mp4' });
  };
  globalThis.ready = true;`;

let browser: Browser;
let page: Page;
let close: () => void;
beforeAll(async () => {
  browser = await launchChromium();
  const server = await serve(
    { '/page.js': await bundleModule(program) },
    "default-src 'self'; script-src 'self'; media-src blob:; img-src blob:",
  );
  close = server.close;
  page = await browser.newPage();
  await page.goto(server.address);
  await page.waitForFunction(() => 'ready' in globalThis);
});
afterAll(async () => {
  await browser?.close();
  close?.();
});

declare function encode(format: 'gif' | 'mp4'): Promise<Blob>;

const near = (actual: readonly number[], expected: readonly number[]) =>
  expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]))), `${actual}`).toBeLessThan(24);

it('an MP4, without a byte from elsewhere, under a strict policy', async () => {
  const found = await page.evaluate(async () => {
    const video = document.createElement('video');
    const blob = await encode('mp4');
    video.src = URL.createObjectURL(blob);
    const event = (name: string) =>
      new Promise((resolve, reject) => {
        video.addEventListener(name, resolve, { once: true });
        video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
      });
    await event('loadeddata');
    const pixels: number[][] = [];
    // Forwards, backwards, and across the second key frame, which is picture 50.
    for (const picture of [40, 10, 52]) {
      const seeked = event('seeked');
      video.currentTime = (picture + 0.5) / 25;
      await seeked;
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      const at = (x: number, y: number) =>
        [...context.getImageData(x * (canvas.width / 160), y * (canvas.height / 210), 1, 1).data].slice(0, 3);
      // A busy browser shows the picture from before for a moment longer.
      for (let tries = 0; tries < 1000; tries++) {
        context.drawImage(video, 0, 0);
        const [red, green] = at(80, 3 * picture + 20);
        if (green > red) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      pixels.push(at(80, 3 * picture + 20), at(20, 3 * picture + 20), at(80, 3 * picture - 12));
    }
    const { duration, videoWidth, videoHeight } = video;
    return { bytes: blob.size, duration, videoWidth, videoHeight, pixels };
  });
  expect(found.duration).toBeCloseTo(60 / 25, 3);
  expect(found).toMatchObject({ videoWidth: 320, videoHeight: 420 });
  expect(found.bytes).toBeLessThan(500_000);
  for (let i = 0; i < found.pixels.length; i += 3) {
    near(found.pixels[i], [92, 186, 92]);
    near(found.pixels[i + 1], [144, 72, 17]);
    near(found.pixels[i + 2], [144, 72, 17]);
  }
});

it('a GIF', async () => {
  const size = await page.evaluate(async () => {
    const { width, height } = await createImageBitmap(await encode('gif'));
    return [width, height];
  });
  expect(size[1] / size[0]).toBeCloseTo(210 / 160, 2);
});
