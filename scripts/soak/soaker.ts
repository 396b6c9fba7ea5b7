/** One training in pieces: begun, ended by a signal at a moment of its own, resumed, and so on; looked at every few seconds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Generator } from '../../src/core/random/index.ts';
import { filesIn, lastStep, readProcess, readRunFolder, type Sample } from './sample.ts';
import type { SoakedTraining } from './trainings.ts';

/** How a piece ended. */
export interface PieceEnd {
  readonly training: string;
  readonly piece: number;
  /** Time soaked, in seconds. */
  readonly time: number;
  readonly signal: NodeJS.Signals | null;
  /** Exit code, or the signal that ended the process. */
  readonly end: number | string;
  /** Last steps at its beginning and at its end. */
  readonly steps: readonly [number, number];
  /** What was not as docs/guide/runs.md promises. */
  readonly problem?: string;
}

/** Signals by turns, with the exit codes that docs/guide/runs.md names. */
const ENDS: readonly (readonly [NodeJS.Signals, number | string])[] = [
  ['SIGTERM', 143],
  ['SIGKILL', 'SIGKILL'],
  ['SIGINT', 130],
  ['SIGHUP', 129],
];

/**
 * Runs in the training's process before it: says what V8 holds, which nothing outside can see, and ends the training when the
 * soak is gone. Threads and children of the training have no channel, and leave it at that. It has V8 collect everything
 * before: what nothing holds any more may wait for hours, and looks like a leak.
 */
const PROBE = `data:text/javascript,${encodeURIComponent(`
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
if (process.send) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  setInterval(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    process.send({ heap: heapUsed, external }, () => {});
  }, 10_000).unref();
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}`)}`;

export interface SoakerOptions {
  /** The program, and what comes before its arguments. */
  readonly program: readonly [string, ...string[]];
  readonly folder: string;
  /** Ends of a piece's length in seconds. */
  readonly pieceSeconds: readonly [number, number];
  readonly firstPiece: number;
  /** Time soaked, in seconds. */
  readonly clock: () => number;
  readonly onSample: (sample: Sample) => void;
  readonly onEnd: (end: PieceEnd) => void;
}

export class Soaker {
  readonly run: string;
  readonly temporary: string;
  readonly #training: SoakedTraining;
  readonly #options: SoakerOptions;
  #child: ChildProcess | undefined;
  #inside: { readonly heap: number; readonly external: number } | undefined;
  #piece: number;
  #began = 0;
  #stopping = false;

  constructor(training: SoakedTraining, options: SoakerOptions) {
    this.#training = training;
    this.#options = options;
    this.#piece = options.firstPiece;
    this.run = join(options.folder, 'runs', training.name);
    this.temporary = join(options.folder, 'temporary', training.name);
    mkdirSync(join(options.folder, 'output'), { recursive: true });
    mkdirSync(join(options.folder, 'runs'), { recursive: true });
    mkdirSync(this.temporary, { recursive: true });
  }

  /** Soaks until `stop`, or until a piece does not end as it should. */
  async soak(): Promise<void> {
    while (!this.#stopping) {
      const { problem } = await this.#soakPiece();
      if (problem !== undefined) return;
    }
  }

  /** Ends the piece that is under way, and begins no other. */
  stop(): void {
    this.#stopping = true;
    this.#child?.kill('SIGTERM');
  }

  sample(): void {
    const pid = this.#child?.pid;
    const use = pid === undefined ? undefined : readProcess(pid);
    if (use === undefined) return;
    const files = filesIn(this.temporary);
    const time = this.#options.clock();
    this.#options.onSample({
      training: this.#training.name,
      piece: this.#piece,
      time,
      age: time - this.#began,
      step: lastStep(this.run),
      ...use,
      ...this.#inside,
      ...readRunFolder(this.run),
      temporary: files.reduce((total, { size }) => total + size, 0),
      temporaryFiles: files.length,
    });
  }

  async #soakPiece(): Promise<PieceEnd> {
    const { clock, pieceSeconds, program, folder } = this.#options;
    const { name } = this.#training;
    // The same signals at the same times, however often the soak is started.
    const random = new Generator(this.#piece * 1000 + name.length);
    const [signal, promised] = ENDS[this.#piece % ENDS.length];
    const before = lastStep(this.run);
    const outputPath = join(folder, 'output', `${name}.txt`);
    const output = openSync(outputPath, 'w');
    this.#began = clock();
    this.#inside = undefined;
    const child = spawn(program[0], ['--import', PROBE, ...program.slice(1), 'train', ...this.#args()], {
      stdio: ['ignore', output, output, 'ipc'],
      env: { ...process.env, TMPDIR: this.temporary },
      // Ctrl-C ends the soak, which ends its trainings; they should not hear it twice.
      detached: true,
    });
    closeSync(output);
    this.#child = child;
    child.on('message', (message) => {
      this.#inside = message as { heap: number; external: number };
    });
    let sent: NodeJS.Signals | null = null;
    const seconds = random.uniform(...pieceSeconds);
    const timer = setTimeout(() => {
      sent = signal;
      child.kill(signal);
    }, seconds * 1000);
    const end = await new Promise<number | string>((resolve) => {
      child.on('error', ({ message }) => resolve(message));
      child.on('exit', (code, by) => resolve(code ?? by ?? 'gone'));
    });
    clearTimeout(timer);
    this.#child = undefined;
    const after = lastStep(this.run);
    const asPromised = this.#stopping
      ? end === 143 || end === promised || end === 'SIGTERM'
      : sent !== null && end === promised;
    const problem = asPromised
      ? {}
      : { problem: `ended with ${end}: ${readFileSync(outputPath, 'utf8').trim().slice(-500)}` };
    const steps = [before, after] as const;
    const piece: PieceEnd = { training: name, piece: this.#piece, time: clock(), signal: sent, end, steps, ...problem };
    this.#options.onEnd(piece);
    this.#piece += 1;
    return piece;
  }

  /** A run without a checkpoint, killed early, is begun anew, as docs/guide/runs.md says. */
  #args(): string[] {
    const checkpoints = join(this.run, 'checkpoints');
    const every = ['--checkpoint-every', '30', '--threads', '1', '--quiet'];
    if (existsSync(checkpoints) && readdirSync(checkpoints).some((name) => name.endsWith('.bck'))) {
      return ['--resume', this.run, ...every];
    }
    rmSync(this.run, { recursive: true, force: true });
    return [...this.#training.args, '--run', this.run, ...every];
  }
}
