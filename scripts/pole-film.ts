/**
 * The guide's film of <bellman-pole>: a network that knows nothing learns CartPole by PQN in a real Chromium. Some seconds of the
 * element at each stage, in real time; between them the picture rests, so that the cores learn. Prints how long it took.
 *
 *   npx tsx scripts/pole-film.ts [FILE] [SEED]     default docs/pictures/bellman-pole.gif, 1
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import type { RgbFrame } from '../src/core/env.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { openStage } from '../test/elements/stage.ts';
import { gifOf } from './small-gif.ts';

const FPS = 8;
/** Of the element: its buttons have one row. */
const WIDTH = 660;
/** Steps of the training at which the element is filmed, and seconds of film; the last at its end. */
const STAGES = [
  [0, 2.5],
  [12_000, 2.5],
  [40_000, 2.5],
  [80_000, 2.5],
  [Number.POSITIVE_INFINITY, 5],
] as const;

const file = process.argv[2] ?? fileURLToPath(new URL('../docs/pictures/bellman-pole.gif', import.meta.url));
const seed = process.argv[3] ?? '1';

/** Waits until the training has made so many steps, or has ended. */
async function reaches(page: Page, steps: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const root = document.querySelector('bellman-pole')?.shadowRoot;
      const fact = [...(root?.querySelectorAll('.facts div') ?? [])].find((one) =>
        /^Steps\s*\d/.test(one.textContent ?? ''),
      );
      const made = Number(fact?.querySelector('dd')?.textContent?.replace(/\D/g, '') ?? Number.NaN);
      return made >= wanted || root?.querySelector('.ended') !== null;
    },
    steps,
    { timeout: 600_000, polling: 200 },
  );
}

/** So many seconds of what the browser draws, PNGs at equal times. */
async function record(page: Page, seconds: number): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const shots: { readonly at: number; readonly png: string }[] = [];
  session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    shots.push({ at: metadata.timestamp ?? 0, png: data });
    // The next one when it is due.
    setTimeout(() => session.send('Page.screencastFrameAck', { sessionId }).catch(() => {}), 700 / FPS);
  });
  await session.send('Page.startScreencast', { format: 'png' });
  await page.waitForTimeout(1000 * seconds);
  await session.send('Page.stopScreencast');
  const began = shots[0]?.at ?? 0;
  return Array.from({ length: Math.round(seconds * FPS) }, (_, i) => {
    const before = shots.filter(({ at }) => at <= began + i / FPS);
    return (before.at(-1) ?? shots[0])?.png ?? '';
  });
}

/** A rectangle of a picture, its transparency left out. */
function cropped(png: string, [left, top, width, height]: readonly number[]): RgbFrame {
  const { width: whole, data, channels } = decode(Buffer.from(png, 'base64'));
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++)
        rgb[3 * (y * width + x) + c] = data[channels * ((top + y) * whole + left + x) + c] ?? 0;
  return { width, height, data: rgb };
}

const stage = await openStage(['pole']);
try {
  stage.files.set('/models/pole.onnx', readFileSync(new URL('../models/pole.onnx', import.meta.url)));
  const body = `<bellman-pole seed="${seed}"></bellman-pole>`;
  const { page, close } = await stage.open({ body, width: WIDTH + 24, height: 1100 });
  await page.getByText('A trained network').waitFor();
  await page.getByRole('button', { name: 'Learn', exact: true }).click();
  const began = performance.now();
  const shots: string[] = [];
  let took = 0;
  for (const [steps, seconds] of STAGES) {
    await reaches(page, steps);
    if (steps === Number.POSITIVE_INFINITY) took = (performance.now() - began) / 1000;
    await page.evaluate(() => document.querySelector('bellman-pole')?.play());
    shots.push(...(await record(page, seconds)));
    await page.evaluate(() => document.querySelector('bellman-pole')?.pause());
  }
  const said = await page.locator('.ended').innerText();
  // From its top to the last of the numbers.
  const element = await page.locator('bellman-pole').boundingBox();
  const facts = await page.locator('.facts').boundingBox();
  if (element === null || facts === null) throw new Error('The element is not to be seen.');
  const box = [element.x, element.y, element.width, facts.y + facts.height + 12 - element.y].map(Math.floor);
  const bytes = gifOf(
    shots.map((png) => cropped(png, box)),
    FPS,
  );
  writeFileAtomic(file, bytes);
  console.log(
    `${said} ${took.toFixed(1)} s after the click. ${file}: ${shots.length} pictures, ${(bytes.length / 1000).toFixed(0)} kB`,
  );
  await close();
} finally {
  await stage.close();
}
