import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RgbFrame } from '../../src/core/env.ts';
import { openVideoFile } from '../../src/node/files/video-file.ts';
import { createVideoEncoder } from '../../src/video/index.ts';
import { temporaryFolder } from '../cli/run-bellman.ts';
import { launchChromium } from '../support/launch-chromium.ts';

const WIDTH = 160;
const HEIGHT = 210;
const FRAMES = 60;
const FPS = 25;
const BACKGROUND = [144, 72, 17] as const;
const PADDLE = [92, 186, 92] as const;

/** Pong's colours: a brown field with a green bar that moves down by 3 rows a frame. */
function picture(frame: number): RgbFrame {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const inBar = x >= 60 && x < 100 && y >= 3 * frame && y < 3 * frame + 40;
      data.set(inBar ? PADDLE : BACKGROUND, 3 * (y * WIDTH + x));
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

it('an encoder leaves no handlers of errors in the program', async () => {
  const count = () => ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
  const before = count();
  (await createVideoEncoder('mp4', { fps: 30 })).abort();
  expect(count()).toEqual(before);
});

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
});
afterAll(() => browser?.close());

/** Plays a page's video to a moment and reads a pixel, in the video's own coordinates. */
async function pixelAt(seconds: number, x: number, y: number): Promise<number[]> {
  return page.evaluate(
    async ([time, px, py]) => {
      const video = document.querySelector('video');
      if (video === null) throw new Error('no video in the page');
      video.pause();
      if (video.readyState < 2)
        await new Promise((resolve) => video.addEventListener('loadeddata', resolve, { once: true }));
      const seeked = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
      video.currentTime = time;
      await seeked;
      const canvas = document.createElement('canvas');
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const context = canvas.getContext('2d');
      context?.drawImage(video, 0, 0);
      return Array.from(context?.getImageData(px, py, 1, 1).data.slice(0, 3) ?? []);
    },
    [seconds, x, y] as const,
  );
}

/** The colour at a moment. Waits for it: a busy browser shows the picture from before for a moment after it has seeked. */
const expectPixel = (seconds: number, x: number, y: number, expected: readonly number[]) =>
  expect
    .poll(
      async () => {
        const actual = await pixelAt(seconds, x, y);
        return Math.max(...expected.map((value, i) => Math.abs(value - actual[i])));
      },
      { timeout: 60_000, message: `difference from ${expected} at ${seconds} s, (${x}, ${y})` },
    )
    .toBeLessThan(16);

/** Numbers, from 1, of the samples that hold an IDR picture. */
function idrSamples(bytes: Buffer): number[] {
  const stsz = bytes.indexOf('stsz', 0, 'latin1');
  const stco = bytes.indexOf('stco', 0, 'latin1');
  const stsc = bytes.indexOf('stsc', 0, 'latin1');
  const runs = Array.from({ length: bytes.readUInt32BE(stsc + 8) }, (_, i) => [
    bytes.readUInt32BE(stsc + 12 + 12 * i),
    bytes.readUInt32BE(stsc + 16 + 12 * i),
  ]);
  const found: number[] = [];
  let sample = 0;
  for (let chunk = 1; chunk <= bytes.readUInt32BE(stco + 8); chunk++) {
    let at = bytes.readUInt32BE(stco + 12 + 4 * (chunk - 1));
    const inChunk = runs.filter(([first]) => first <= chunk).at(-1)?.[1] ?? 0;
    for (let i = 0; i < inChunk; i++) {
      const size = bytes.readUInt32BE(stsz + 16 + 4 * sample++);
      for (let nal = at; nal < at + size; nal += 4 + bytes.readUInt32BE(nal)) {
        if ((bytes[nal + 4] & 31) === 5) found.push(sample);
      }
      at += size;
    }
  }
  return found;
}

function delaysOf(bytes: Buffer): number[] {
  const delays: number[] = [];
  // A graphic control extension is 21 F9 04 flags delay(2) transparent 00.
  for (let at = bytes.indexOf('21f904', 0, 'hex'); at >= 0; at = bytes.indexOf('21f904', at + 1, 'hex')) {
    if (bytes[at + 7] === 0) delays.push(bytes.readUInt16LE(at + 4));
  }
  return delays;
}

describe('a recorded game', () => {
  const folder = temporaryFolder();

  it('is a page whose video a real browser plays, in the right colours', async () => {
    const file = join(folder, 'game.html');
    const video = await openVideoFile(file, { fps: FPS, pixelAspect: 2, title: 'Pong <"&">' });
    for (let i = 0; i < FRAMES; i++) video.frame(picture(i));
    await video.close();
    await page.goto(pathToFileURL(file).href);
    expect(await page.title()).toBe('Pong <"&">');
    const facts = await page.evaluate(async () => {
      const v = document.querySelector('video');
      if (v === null) throw new Error('no video in the page');
      if (v.readyState < 1)
        await new Promise((resolve) => v.addEventListener('loadedmetadata', resolve, { once: true }));
      return { width: v.videoWidth, height: v.videoHeight, duration: v.duration, error: v.error?.message };
    });
    expect(facts).toMatchObject({ width: 640, height: 420, error: undefined });
    expect(facts.duration).toBeCloseTo(FRAMES / FPS, 1);
    // Frame 25, shown in the second second: the bar covers source rows 75 to 114, columns 60 to 99, scaled by (4, 2).
    // Where the bar is comes first: once it is there, the picture is the right one.
    await expectPixel(25.5 / FPS, 80 * 4, 95 * 2, PADDLE);
    await expectPixel(25.5 / FPS, 80 * 4, 60 * 2, BACKGROUND);
    await expectPixel(25.5 / FPS, 80 * 4, 130 * 2, BACKGROUND);
    await expectPixel(5.5 / FPS, 80 * 4, 35 * 2, PADDLE);
    await expectPixel(5.5 / FPS, 20 * 4, 35 * 2, BACKGROUND);
  });

  it('is an MP4 with one sample for each picture', async () => {
    const encoder = await createVideoEncoder('mp4', { fps: FPS });
    for (let i = 0; i < FRAMES; i++) encoder.frame(picture(i));
    const bytes = Buffer.from(await encoder.finish());
    expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
    const stsz = bytes.indexOf('stsz', 0, 'latin1');
    // ISO/IEC 14496-12, 8.7.3.2: version and flags, sample size, sample count.
    expect(bytes.readUInt32BE(stsz + 12)).toBe(FRAMES);
    expect(bytes.includes('avc1', 0, 'latin1')).toBe(true);
    // The table of key frames tells the truth: exactly these samples start an IDR picture (H.264, NAL unit type 5).
    const stss = bytes.indexOf('stss', 0, 'latin1');
    const listed = Array.from({ length: bytes.readUInt32BE(stss + 8) }, (_, i) =>
      bytes.readUInt32BE(stss + 12 + 4 * i),
    );
    expect(listed).toEqual(idrSamples(bytes));
    expect(listed).toHaveLength(2);
  });

  it.each([1.9, 23.976, 29.97, 60 / 7, 240])('plays at %d pictures a second', async (fps) => {
    const file = join(folder, `rate-${fps}.html`);
    const video = await openVideoFile(file, { fps, size: { width: 64, height: 48 } });
    for (let i = 0; i < FRAMES; i++) video.frame(picture(i));
    await video.close();
    await page.goto(pathToFileURL(file).href);
    const { duration, size } = await page.evaluate(async () => {
      const v = document.querySelector('video') as HTMLVideoElement;
      if (v.readyState < 1) {
        await new Promise((resolve) => v.addEventListener('loadedmetadata', resolve, { once: true }));
      }
      return { duration: v.duration, size: [v.videoWidth, v.videoHeight] };
    });
    expect(Math.abs(duration - FRAMES / fps)).toBeLessThan(1e-3 * (FRAMES / fps));
    expect(size).toEqual([64, 48]);
  });

  it.each([
    // Hundredths of a second: 100/15 and 100/30 do not divide; of 60 pictures a second every second is shown.
    { fps: 15, frames: 6, delays: [7, 6, 7, 7, 6, 7] },
    { fps: 30, frames: 3, delays: [3, 4, 3] },
    { fps: 60, frames: 6, delays: [3, 4, 3] },
  ])('is a GIF of $fps pictures a second', async ({ fps, frames, delays }) => {
    const encoder = await createVideoEncoder('gif', { fps });
    for (let i = 0; i < frames; i++) encoder.frame(picture(i));
    expect(delaysOf(Buffer.from(await encoder.finish()))).toEqual(delays);
  });

  it('is an endless GIF with the right count and delays', async () => {
    const encoder = await createVideoEncoder('gif', { fps: FPS, pixelAspect: 2 });
    for (let i = 0; i < 7; i++) encoder.frame(picture(i));
    const bytes = Buffer.from(await encoder.finish());
    expect(bytes.toString('latin1', 0, 6)).toBe('GIF89a');
    expect([bytes.readUInt16LE(6), bytes.readUInt16LE(8)]).toEqual([320, 210]);
    expect(delaysOf(bytes)).toEqual(new Array(7).fill(4));
    expect(bytes.includes('NETSCAPE2.0', 0, 'latin1')).toBe(true);
  });

  it('refuses unknown formats, no pictures and pictures of another size', async () => {
    await expect(openVideoFile(join(folder, 'game.avi'), { fps: 25 })).rejects.toThrow(
      'allowed is a name that ends in .mp4, .gif, .html',
    );
    await expect(openVideoFile(join(folder, 'game.mp4'), { fps: 0 })).rejects.toThrow(
      'fps: got 0, allowed is from 1 to 240.',
    );
    const odd = await openVideoFile(join(folder, 'odd.mp4'), { fps: 25, size: { width: 63, height: 48 } });
    expect(() => odd.frame(picture(0))).toThrow('size: got "63x48", allowed is even numbers, as videos need them.');
    odd.abort();
    const video = await openVideoFile(join(folder, 'empty.mp4'), { fps: 25 });
    await expect(video.close()).rejects.toThrow('A video needs at least one picture.');
    expect(() => readFileSync(join(folder, 'empty.mp4'))).toThrow('ENOENT');
    const other = await openVideoFile(join(folder, 'other.gif'), { fps: 25 });
    other.frame(picture(0));
    expect(() => other.frame({ width: 2, height: 2, data: new Uint8Array(12) })).toThrow('the size of the first');
    other.abort();
  });
});
