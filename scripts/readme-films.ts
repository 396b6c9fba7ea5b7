/**
 * Makes the README's moving picture of the pole in docs/pictures: the game played four times, at random and by the networks that
 * a run kept on its way, each with the steps of its training below.
 *
 *   npx tsx scripts/readme-films.ts pole=runs/pole     of a run trained with --snapshot-every
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RgbFrame } from '../src/core/env.ts';
import { renderFrame } from '../src/core/render.ts';
import { Canvas, hex, textWidth } from '../src/draw/index.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { loadAgent } from '../src/node/runs/load-agent.ts';
import { gifOf } from './small-gif.ts';

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));

interface Film {
  /** Steps of training at which the three networks are wanted; the nearest kept one is taken. */
  readonly steps: readonly number[];
  /** Pictures, and steps of the environment from one to the next. */
  readonly pictures: number;
  readonly every: number;
  readonly fps: number;
  /** Pictures that are left out at the start. */
  readonly from: number;
  /** Pixels across and down that become one. */
  readonly shrink: readonly [across: number, down: number];
  readonly seed: number;
}

const FILMS: Readonly<Record<string, Film>> = {
  pole: { steps: [16_000, 57_000, 1e9], pictures: 100, every: 2, fps: 25, from: 0, shrink: [4, 4], seed: 4 },
};
const GAP = 8;
const CAPTION = 20;

/** Pictures of a game; when it is over, the next one begins. */
async function* pictures(path: string, random: boolean, { every, seed }: Film): AsyncGenerator<RgbFrame> {
  const agent = await loadAgent(path, { renderMode: 'rgb_array', noopMax: 0 });
  const { env } = agent;
  let { observation, info } = env.reset({ seed });
  env.actionSpace.seed(seed);
  for (let step = 0; ; step++) {
    if (step % every === 0) yield renderFrame(env);
    const next = env.step(random ? agent.randomAction(info) : await agent.act(observation, info));
    ({ observation, info } = next.terminated || next.truncated ? env.reset() : next);
  }
}

/** Means of rectangles of pixels. */
function shrunk({ width, height, data }: RgbFrame, [across, down]: readonly [number, number]): RgbFrame {
  const [w, h] = [Math.floor(width / across), Math.floor(height / down)];
  const out = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w * 3; x++) {
      let sum = 0;
      for (let dy = 0; dy < down; dy++)
        for (let dx = 0; dx < across; dx++)
          sum += data[((y * down + dy) * width + Math.floor(x / 3) * across + dx) * 3 + (x % 3)];
      out[y * w * 3 + x] = sum / (across * down);
    }
  return { width: w, height: h, data: out };
}

/** Pictures next to each other on white, a line of capital letters below each. */
function row(parts: readonly RgbFrame[], captions: readonly string[]): Canvas {
  const [{ width, height }] = parts;
  const canvas = new Canvas(parts.length * (width + GAP) - GAP, height + CAPTION);
  canvas.clear(hex('#ffffff'));
  parts.forEach(({ data }, i) => {
    const left = i * (width + GAP);
    for (let y = 0; y < height; y++) {
      canvas.data.set(data.subarray(y * width * 3, (y + 1) * width * 3), (y * canvas.width + left) * 3);
    }
    const middle = left + width / 2;
    canvas.text(Math.round(middle - textWidth(captions[i], 2) / 2), height + 5, captions[i], 2, hex('#33475b'));
  });
  return canvas;
}

const captionOf = (steps: number): string =>
  `${steps < 1e6 ? `${Math.round(steps / 1000)}K` : `${(steps / 1e6).toFixed(1)}M`} STEPS`;

/** The kept model nearest to so many steps. */
function keptAt(run: string, wanted: number): { readonly path: string; readonly steps: number } {
  const kept = readdirSync(join(run, 'models')).map((name) => ({
    path: join(run, 'models', name),
    steps: Number(/\d+/.exec(name)?.[0]),
  }));
  return kept.reduce((best, model) => (Math.abs(model.steps - wanted) < Math.abs(best.steps - wanted) ? model : best));
}

mkdirSync(folder, { recursive: true });
for (const argument of process.argv.slice(2)) {
  const [kind, run] = argument.split('=');
  const film = FILMS[kind];
  const models = film.steps.map((steps) => keptAt(run, steps));
  const captions = ['AT RANDOM', ...models.map(({ steps }) => captionOf(steps))];
  const games = [pictures(models[0].path, true, film), ...models.map(({ path }) => pictures(path, false, film))];
  const shown: RgbFrame[] = [];
  for (let i = 0; i < film.from + film.pictures; i++) {
    const parts: RgbFrame[] = [];
    for (const game of games) parts.push(shrunk((await game.next()).value, film.shrink));
    if (i >= film.from) shown.push(row(parts, captions));
  }
  const file = join(folder, `${kind}.gif`);
  const bytes = gifOf(shown, film.fps);
  writeFileAtomic(file, bytes);
  console.log(`${file}: ${bytes.length} bytes`);
}
process.exit();
