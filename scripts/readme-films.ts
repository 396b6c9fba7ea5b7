/**
 * Makes the README's moving pictures in docs/pictures: the same game twice, on the left at random, on the right by a trained agent.
 *
 *   npx tsx scripts/readme-films.ts pole=runs/pole pong=runs/pong
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RgbFrame } from '../src/core/env.ts';
import { renderFrame } from '../src/core/render.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { loadAgent } from '../src/node/runs/load-agent.ts';
import { createVideoEncoder } from '../src/video/index.ts';

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
/** Pictures of a film, and steps of the environment from one to the next. */
const PICTURES = 110;
const kinds: Readonly<Record<string, { every: number; shrink: number; fps: number; from: number }>> = {
  pole: { every: 2, shrink: 2, fps: 25, from: 0 },
  pong: { every: 2, shrink: 1, fps: 15, from: 60 },
};
const GAP = 8;

/** Pictures of a game; when it is over, the next one begins. */
async function* pictures(path: string, random: boolean, every: number): AsyncGenerator<RgbFrame> {
  const agent = await loadAgent(path, { renderMode: 'rgb_array' });
  const { env } = agent;
  let { observation, info } = env.reset({ seed: 4 });
  env.actionSpace.seed(4);
  for (let step = 0; ; step++) {
    if (step % every === 0) yield renderFrame(env);
    const next = env.step(random ? agent.randomAction(info) : await agent.act(observation, info));
    ({ observation, info } = next.terminated || next.truncated ? env.reset() : next);
  }
}

/** Every `factor`th row and column is the mean of so many. */
function shrunk({ width, height, data }: RgbFrame, factor: number): RgbFrame {
  const [w, h] = [Math.floor(width / factor), Math.floor(height / factor)];
  const out = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w * 3; x++) {
      const channel = x % 3;
      let sum = 0;
      for (let dy = 0; dy < factor; dy++)
        for (let dx = 0; dx < factor; dx++)
          sum += data[((y * factor + dy) * width + Math.floor(x / 3) * factor + dx) * 3 + channel];
      out[y * w * 3 + x] = sum / factor ** 2;
    }
  return { width: w, height: h, data: out };
}

/** Two pictures next to each other on white. */
function pair(left: RgbFrame, right: RgbFrame): RgbFrame {
  const width = 2 * left.width + GAP;
  const data = new Uint8Array(width * left.height * 3).fill(255);
  for (let y = 0; y < left.height; y++) {
    const row = left.width * 3;
    data.set(left.data.subarray(y * row, (y + 1) * row), y * width * 3);
    data.set(right.data.subarray(y * row, (y + 1) * row), y * width * 3 + row + GAP * 3);
  }
  return { width, height: left.height, data };
}

mkdirSync(folder, { recursive: true });
for (const argument of process.argv.slice(2)) {
  const [kind, path] = argument.split('=');
  const { every, shrink, fps, from } = kinds[kind];
  const film = await createVideoEncoder('gif', { fps, pixelAspect: kind === 'pong' ? 2 : 1 });
  const [left, right] = [true, false].map((random) => pictures(path, random, every));
  for (let i = 0; i < from + PICTURES; i++) {
    const [one, other] = [await left.next(), await right.next()];
    if (i >= from) film.frame(pair(shrunk(one.value, shrink), shrunk(other.value, shrink)));
  }
  const file = join(folder, `${kind}.gif`);
  const bytes = await film.finish();
  writeFileAtomic(file, bytes);
  console.log(`${file}: ${bytes.length} bytes`);
}
process.exit();
