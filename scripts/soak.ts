/**
 * Trains for hours in pieces, each ended by a signal at a moment of its own and resumed, and watches what the trainings hold:
 *
 *     npm run soak -- --run FOLDER [--hours 12] [--pieces 20..60] [--every 5] [--warm-up 180] [--matters 5]
 *                     [--only NAME] [--watch NAME=FOLDER] [--judge] [--pictures FOLDER]
 *
 * PQN on Pong, DQN on Pong with a replay that is full within minutes, and two seeds of Q-learning run at the same time, one
 * thread each (with Pong's cartridge where `BELLMAN_ROMS` has it). `--pieces` are ends of a piece's minutes; `--warm-up`
 * are seconds of each process that are not judged; `--matters` is the growth of memory that matters, in MB an hour. FOLDER gets
 * samples.jsonl and pieces.jsonl, a line every `--every` seconds and one a piece. Started again it goes on where it was, until
 * `--hours` have been soaked in all. `--judge` soaks no more and says what there is. Linux only; wants a built program
 * (`npm run build`). `--watch NAME=FOLDER` (repeatable) trains nothing: it watches the training that others have under way in a run, or
 * below a folder of runs, a piece for each of their processes, and judges memory, descriptors and threads. Ends with 1 when something grows, or a piece did not end as docs/guide/runs.md promises; with 3 when it was too
 * short to say.
 */
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BellmanError, OptionError } from '../src/core/errors.ts';
import { RunLock } from '../src/node/runs/run-lock.ts';
import { judge } from './soak/judge.ts';
import { drawSoak } from './soak/pictures.ts';
import type { Sample } from './soak/sample.ts';
import { type PieceEnd, Soaker } from './soak/soaker.ts';
import { soakedTrainings } from './soak/trainings.ts';
import { Watcher } from './soak/watcher.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

const OPTIONS = {
  run: { type: 'string' },
  hours: { type: 'string', default: '12' },
  pieces: { type: 'string', default: '20..60' },
  every: { type: 'string', default: '5' },
  'warm-up': { type: 'string', default: '180' },
  matters: { type: 'string', default: '5' },
  only: { type: 'string' },
  watch: { type: 'string', multiple: true },
  judge: { type: 'boolean', default: false },
  pictures: { type: 'string' },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.run === undefined) throw new OptionError('--run', undefined, 'a folder');
  const folder = resolve(values.run);
  const hours = positive('--hours', values.hours);
  const every = positive('--every', values.every);
  const options = {
    warmUp: positive('--warm-up', values['warm-up']),
    matters: 1e6 * positive('--matters', values.matters),
  };
  const pieceSeconds = secondsOf(values.pieces);
  const roms = process.env['BELLMAN_ROMS'];
  const all = soakedTrainings(roms !== undefined && existsSync(join(roms, 'pong.bin')));
  const trainings = all.filter(({ name }) => name.startsWith(values.only ?? ''));
  if (trainings.length === 0) throw new OptionError('--only', values.only, all.map(({ name }) => name).join(', '));
  const watched = (values.watch ?? []).map((text) => {
    const [, name, path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || !existsSync(path))
      throw new OptionError('--watch', text, 'NAME=FOLDER, a folder of runs');
    return { name, folder: resolve(path) };
  });
  const samplesPath = join(folder, 'samples.jsonl');
  const piecesPath = join(folder, 'pieces.jsonl');

  if (!values.judge) {
    if (!existsSync('/proc/self/fd')) throw new OptionError('platform', process.platform, 'linux: /proc is read');
    if (watched.length === 0 && !existsSync(MAIN))
      throw new OptionError('dist', 'not there', 'a built program: npm run build');
    mkdirSync(folder, { recursive: true });
    const lock = RunLock.acquire(folder);
    try {
      await soak();
    } finally {
      lock.release();
    }
  }
  if (!existsSync(samplesPath)) throw new OptionError('--run', values.run, 'a folder with samples.jsonl');
  report();

  async function soak(): Promise<void> {
    const earlier = readLines<Sample>(samplesPath);
    const pieces = readLines<PieceEnd>(piecesPath);
    const before = Math.max(0, ...[...earlier, ...pieces].map(({ time }) => time));
    const started = performance.now();
    for (const path of [samplesPath, piecesPath]) cutHalfLine(path);
    const clock = () => round(before + (performance.now() - started) / 1000);
    const firstPiece = (name: string) =>
      1 + Math.max(-1, ...[...earlier, ...pieces].filter((of) => of.training === name).map(({ piece }) => piece));
    const onSample = (sample: Sample) =>
      appendFileSync(samplesPath, `${JSON.stringify({ ...sample, age: round(sample.age) })}\n`);
    const watchers = watched.map((of) => new Watcher({ ...of, firstPiece: firstPiece(of.name), clock, onSample }));
    const soakers = (watched.length > 0 ? [] : trainings).map(
      (training) =>
        new Soaker(training, {
          program: [process.execPath, MAIN],
          folder,
          pieceSeconds,
          firstPiece: firstPiece(training.name),
          clock,
          onSample,
          onEnd: (end) => {
            appendFileSync(piecesPath, `${JSON.stringify(end)}\n`);
            const how = end.problem ?? `ended with ${end.end}`;
            console.error(
              `${(end.time / 3600).toFixed(2)} h: ${end.training}, piece ${end.piece}, step ${end.steps[1]}: ${how}`,
            );
          },
        }),
    );
    const stopped = new AbortController();
    const stop = () => {
      for (const soaker of soakers) soaker.stop();
      stopped.abort();
    };
    const sampler = setInterval(() => {
      for (const taker of [...soakers, ...watchers]) taker.sample();
      if (clock() >= hours * 3600) stop();
    }, every * 1000);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    const watching = watchers.length > 0 ? [once(stopped.signal, 'abort')] : [];
    if (before < hours * 3600) await Promise.all([...soakers.map((soaker) => soaker.soak()), ...watching]);
    clearInterval(sampler);
  }

  function report(): void {
    const samples = readLines<Sample>(samplesPath);
    const pieces = readLines<PieceEnd>(piecesPath);
    const fullAt = Object.fromEntries(all.map((training) => [training.name, training.fullAt]));
    const findings = judge(samples, { ...options, fullAt });
    const problems = pieces.filter(({ problem }) => problem !== undefined);
    const minutes = Math.max(0, ...samples.map(({ time }) => time)) / 60;
    console.log(
      `${minutes.toFixed(0)} minutes soaked, ${samples.length} samples, ${pieces.length} pieces ended by signals.\n`,
    );
    console.log('| training | what | verdict | |\n|---|---|---|---|');
    for (const { training, what, state, says } of findings)
      console.log(`| ${training} | ${what} | ${state} | ${says} |`);
    for (const { training, piece, problem } of problems) console.log(`\n${training}, piece ${piece}: ${problem}`);
    if (values.pictures !== undefined) {
      mkdirSync(values.pictures, { recursive: true });
      for (const path of drawSoak(samples, values.pictures)) console.log(`picture      ${path}`);
    }
    const grows = findings.some(({ state }) => state === 'grows');
    if (grows || problems.length > 0) process.exitCode = 1;
    else if (findings.some(({ state }) => state === 'undecided')) process.exitCode = 3;
  }
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new OptionError(name, text, 'a number above 0');
  return value;
}

/** @param range ends in minutes, such as `20..60`. */
function secondsOf(range: string): readonly [number, number] {
  const ends = /^([\d.]+)\.\.([\d.]+)$/.exec(range);
  const [low, high] = ends?.slice(1).map((end) => 60 * positive('--pieces', end)) ?? [1, 0];
  if (low > high) throw new OptionError('--pieces', range, 'two ends in minutes, such as 20..60');
  return [low, high];
}

/** The whole lines of a file; half a line at its end, which a power cut leaves, is not read. */
function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** So that the next line begins anew. */
function cutHalfLine(path: string): void {
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  truncateSync(path, bytes.lastIndexOf(0x0a) + 1);
}

main().catch((error: unknown) => {
  const isUsers =
    error instanceof BellmanError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  console.error(isUsers ? `soak: ${(error as Error).message}` : error);
  process.exitCode = 2;
});
