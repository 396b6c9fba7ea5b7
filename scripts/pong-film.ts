/**
 * The film of <bellman-pong> that learns in a page: begins with a random network in a real Chromium and keeps some seconds
 * of the element at each stage, until the training ends.
 * While it is filmed the training rests, and the game's frames are played one by one: a picture takes longer than a frame does.
 *
 *   npx tsx scripts/pong-film.ts learn FOLDER      pictures and facts of every stage
 *   npx tsx scripts/pong-film.ts cut FOLDER FILE   the film, a GIF
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import type { RgbFrame } from '../src/core/env.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { openStage } from '../test/elements/stage.ts';
import { launchChromium } from '../test/support/launch-chromium.ts';
import { gifOf } from './small-gif.ts';

/** What the film shows of the element, in its pixels of 960: the game with the network's view, and the curve with its facts. */
const CUTS = [
  { top: 95, height: 568 },
  { top: 880, height: 240 },
] as const;
const WIDTH = 680;
/** Seconds of each stage; the last lasts twice as long. */
const SHOWN_SECONDS = 3;

/** Steps of the training at which the element is filmed; the end is always. */
const STAGES = [0, 120_000, 400_000, 900_000, 1_350_000, 1_850_000, 2_350_000];
/** Game frames between two pictures: 15 a second of play. */
const FRAMES_PER_PICTURE = 4;
const SECONDS = 6;

declare global {
  interface Window {
    film: { hold(yes: boolean): void; tick(frames: number): Promise<void> };
  }
}

interface Stage {
  readonly step: number;
  readonly seconds: number;
  readonly facts: Readonly<Record<string, string>>;
  readonly pictures: number;
}

const [order, folder, file] = process.argv.slice(2);
if (order === 'learn' && folder !== undefined) await learn(folder);
else if (order === 'cut' && folder !== undefined && file !== undefined) await cut(folder, file);
else {
  console.error('npx tsx scripts/pong-film.ts learn FOLDER | cut FOLDER FILE');
  process.exitCode = 2;
}

/** Pieces the stages together. */
async function cut(folder: string, file: string): Promise<void> {
  const stages: Stage[] = JSON.parse(readFileSync(join(folder, 'stages.json'), 'utf8'));
  const paths = stages.flatMap(({ pictures }, stage) => {
    const seconds = stage === stages.length - 1 ? 2 * SHOWN_SECONDS : SHOWN_SECONDS;
    const count = Math.min(pictures, (seconds * 60) / FRAMES_PER_PICTURE);
    return Array.from({ length: count }, (_, i) => join(folder, `${stage}-${i}.png`));
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const pictures: RgbFrame[] = [];
    for (const path of paths) {
      const whole = readFileSync(path).toString('base64');
      const small = await page.evaluate(drawCuts, { png: whole, width: WIDTH, cuts: CUTS });
      pictures.push(rgbOf(decode(Buffer.from(small, 'base64'))));
    }
    const bytes = gifOf(pictures, 60 / FRAMES_PER_PICTURE);
    writeFileAtomic(file, bytes);
    console.log(`${file}: ${pictures.length} pictures, ${(bytes.length / 1e6).toFixed(2)} MB`);
  } finally {
    await browser.close();
  }
}

function rgbOf({ width, height, data, channels }: ReturnType<typeof decode>): RgbFrame {
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < rgb.length; i++) rgb[i] = data[channels * Math.floor(i / 3) + (i % 3)] ?? 0;
  return { width, height, data: rgb };
}

/** In a page. @returns a PNG of the parts below one another, base64. */
async function drawCuts(of: {
  png: string;
  width: number;
  cuts: readonly { readonly top: number; readonly height: number }[];
}): Promise<string> {
  const image = new Image();
  image.src = `data:image/png;base64,${of.png}`;
  await image.decode();
  const scale = of.width / image.width;
  const canvas = document.createElement('canvas');
  canvas.width = of.width;
  canvas.height = Math.round(scale * of.cuts.reduce((sum, { height }) => sum + height, 0));
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  let y = 0;
  for (const { top, height } of of.cuts) {
    context.drawImage(image, 0, top, image.width, height, 0, y, of.width, scale * height);
    y += scale * height;
  }
  return canvas.toDataURL('image/png').split(',')[1]!;
}

async function learn(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const stage = await openStage(['pong']);
  stage.files.set('/models/pong.onnx', readFileSync(new URL('../models/pong.onnx', import.meta.url)));
  const shown = await stage.open({
    body: '<bellman-pong learn seed="0"></bellman-pong>',
    width: 984,
    height: 900,
    isolated: true,
  });
  const { page } = shown;
  const began = Date.now();
  await installTicks(page);
  const stages: Stage[] = [];
  try {
    for (const wanted of [...STAGES, Number.POSITIVE_INFINITY]) {
      const ended = await reaches(page, wanted);
      const facts = await factsOf(page);
      const count = await filmed(page, folder, stages.length, ended ? 30 : SECONDS);
      stages.push({
        step: Number(facts.Steps?.replace(/\D/g, '')),
        seconds: (Date.now() - began) / 1000,
        facts,
        pictures: count,
      });
      writeFileSync(join(folder, 'stages.json'), JSON.stringify(stages, null, 1));
      console.log(JSON.stringify(stages.at(-1)));
      if (ended) break;
    }
    writeFileSync(
      join(folder, 'end.txt'),
      (await page.locator('bellman-pong .ended, bellman-pong .error').allTextContents()).join('\n'),
    );
    await shown.close();
  } finally {
    await stage.close();
  }
}

/** Rests the game, so that the cores learn, until the training has made so many steps. @returns whether it has ended. */
async function reaches(page: Page, steps: number): Promise<boolean> {
  await rest(page);
  for (;;) {
    if ((await page.locator('bellman-pong .ended, bellman-pong .error').count()) > 0) return true;
    const made = Number((await factsOf(page)).Steps?.replace(/\D/g, '') ?? -1);
    if (made >= steps) return false;
    await page.waitForTimeout(2000);
  }
}

async function rest(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector('bellman-pong')?.pause());
}

function factsOf(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => {
    const facts: Record<string, string> = {};
    for (const row of document.querySelector('bellman-pong')?.shadowRoot?.querySelectorAll('.learning .facts > div') ??
      [])
      facts[row.querySelector('dt')?.textContent ?? ''] = row.querySelector('dd')?.textContent?.trim() ?? '';
    return facts;
  });
}

/** Hands the page's frames to `film.tick`: a picture takes longer than a frame of the game does. */
function installTicks(page: Page): Promise<void> {
  return page.evaluate(() => {
    const [ask, cancel] = [window.requestAnimationFrame, window.cancelAnimationFrame];
    let waiting = new Map<number, FrameRequestCallback>();
    let held = false;
    let last = 0;
    let now = 0;
    window.requestAnimationFrame = (callback) => {
      if (!held) return ask.call(window, callback);
      waiting.set(--last, callback);
      return last;
    };
    window.cancelAnimationFrame = (id) => {
      if (!waiting.delete(id)) cancel.call(window, id);
    };
    window.film = {
      hold(yes) {
        held = yes;
        now = performance.now();
      },
      async tick(count) {
        for (let i = 0; i < count; i++) {
          now += 1000 / 60;
          const due = waiting;
          waiting = new Map();
          for (const callback of due.values()) callback(now);
          // The network answers in a later task.
          await new Promise((resolve) => setTimeout(resolve, 12));
        }
      },
    };
  });
}

/** Pictures of the element at play while the training rests. */
async function filmed(page: Page, folder: string, stage: number, seconds: number): Promise<number> {
  const learning = page.getByRole('button', { name: 'Pause learning' });
  if ((await learning.count()) > 0) await learning.click();
  await page.evaluate(() => {
    window.film.hold(true);
    document.querySelector('bellman-pong')?.play();
  });
  const element = page.locator('bellman-pong');
  const count = Math.round((seconds * 60) / FRAMES_PER_PICTURE);
  for (let i = 0; i < count; i++) {
    await page.evaluate((ticks) => window.film.tick(ticks), FRAMES_PER_PICTURE);
    await element.screenshot({ path: join(folder, `${stage}-${i}.png`) });
  }
  await rest(page);
  await page.evaluate(() => window.film.hold(false));
  const on = page.getByRole('button', { name: 'Go on learning' });
  if ((await on.count()) > 0) await on.click();
  return count;
}
