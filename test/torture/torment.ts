/**
 * Trainings that are interrupted at random moments, again and again, and resumed each time until they reach a step: the state,
 * the logs and the best model must then be those of the same training that nobody interrupted, bit for bit.
 *
 * Any moment is fair, from the start of the program on, so nothing here depends on how fast a machine is: a slow one is
 * interrupted earlier in its work. What an interrupted program must leave is checked each time: an exit code that says what
 * happened, no stack trace, no lock of a program that is gone for good.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Generator } from '../../src/core/random/index.ts';
import { isTemporaryName } from '../../src/node/files/atomic-file.ts';
import { readCheckpointFile } from '../../src/node/runs/checkpoint-file.ts';
import { listCheckpoints } from '../../src/node/runs/run-checkpoints.ts';
import { readBest } from '../../src/node/runs/run-directory.ts';
import { isLocked, isRunning } from '../../src/node/runs/run-lock.ts';

/**
 * How a training is interrupted: `kill` by SIGKILL; `hang-up` by SIGHUP, up to three times; `terminal` by the end of the
 * terminal that it runs in; `pipe` by the end of its output's reader; `full-output` by an output without room from the start;
 * `file-size` by a limit that files hit at a random place, as at a full disk, without being root; `full-disk` by a disk that
 * something else fills.
 */
export type Torment = 'kill' | 'hang-up' | 'terminal' | 'pipe' | 'full-output' | 'file-size' | 'full-disk';

export interface TormentedCase {
  readonly name: string;
  /** Arguments of `bellman train`. */
  readonly args: readonly string[];
  /** Step at which it is compared with the training that nobody interrupted. */
  readonly steps: number;
  /** Interruptions come within so many milliseconds of the program's start. */
  readonly windowMs: number;
}

export interface TormentOptions {
  /** Program and first arguments that are `bellman`. */
  readonly program: readonly [string, ...string[]];
  /** Folder for the runs, which is made. */
  readonly folder: string;
  /** A disk of its own, a few megabytes large, for `full-disk`. */
  readonly smallDisk?: string | undefined;
  readonly seed: number;
  readonly onRound?: (round: Round) => void;
}

/** What one interruption left. */
export interface Round {
  readonly kind: Torment;
  readonly name: string;
  /** Exit code, or the signal where there is none; `gone` for a program in a terminal that is gone. */
  readonly end: string;
  /** How far the run was. */
  readonly left: 'no folder' | 'no checkpoint' | 'a checkpoint' | 'the last step';
  /** What is wrong; empty when all is well. */
  readonly problems: readonly string[];
}

export class Tormentor {
  readonly #options: TormentOptions;
  readonly #random: Generator;
  readonly #references = new Map<string, Promise<Ending>>();
  #runs = 0;

  constructor(options: TormentOptions) {
    this.#options = options;
    this.#random = new Generator(options.seed);
    mkdirSync(options.folder, { recursive: true });
  }

  /** Interrupts trainings of a case so many times in all, each training until it reaches its last step. */
  async torment(kind: Torment, wanted: TormentedCase, rounds: number): Promise<{ rounds: Round[]; compared: number }> {
    const done: Round[] = [];
    let compared = 0;
    while (done.length < rounds) {
      const home = kind === 'full-disk' ? (this.#options.smallDisk ?? this.#options.folder) : this.#options.folder;
      const run = join(home, `${wanted.name}-${kind}-${this.#runs++}`);
      // Few in a row, so that many are compared.
      for (let i = 0; i < 6 && done.length < rounds && stepOf(run) < wanted.steps; i++) {
        const round = await this.#interrupt(kind, wanted, run);
        done.push(round);
        this.#options.onRound?.(round);
      }
      const problems = await this.#finishAndCompare(wanted, run, done.at(-1)?.end === 'SIGKILL');
      compared++;
      if (problems.length > 0) {
        const round: Round = { kind, name: wanted.name, end: 'compared', left: 'the last step', problems };
        done.push(round);
        this.#options.onRound?.(round);
      } else {
        rmSync(run, { recursive: true });
      }
    }
    return { rounds: done, compared };
  }

  async #interrupt(kind: Torment, wanted: TormentedCase, run: string): Promise<Round> {
    const begun = existsSync(run);
    const args = this.#arguments(wanted, run, this.#random.random() < 0.7 ? 0 : 1);
    const moment = this.#random.random() * wanted.windowMs;
    const outcome = await this.#start(kind, args, moment, run);
    const problems = [...outcome.problems];
    if (/\n\s+at /.test(outcome.stderr)) problems.push(`a stack trace: ${outcome.stderr}`);
    if (isLocked(run)) problems.push('the run is still locked');
    if (begun && !existsSync(run)) problems.push('the run is gone');
    if (!outcome.allowed.includes(outcome.end)) {
      problems.push(`ended with ${outcome.end}, not ${outcome.allowed.join(' or ')}: ${outcome.stderr.trim()}`);
    }
    const step = stepOf(run);
    const left = !existsSync(run)
      ? 'no folder'
      : step === 0
        ? 'no checkpoint'
        : step < wanted.steps
          ? 'a checkpoint'
          : 'the last step';
    // Saved and ended: nothing of what it had done may be missing.
    if (['129', '141'].includes(outcome.end) && existsSync(run)) {
      const { state, step: said } = JSON.parse(readFileSync(join(run, 'status.json'), 'utf8'));
      if (!['stopped', 'ended', 'solved'].includes(state) || said !== step)
        problems.push(`status says ${state} at step ${said}; the checkpoint is of step ${step}`);
    }
    return { kind, name: wanted.name, end: outcome.end, left, problems };
  }

  /** Arguments that begin or resume a run and take it to the last step at most. */
  #arguments({ args, steps }: TormentedCase, run: string, checkpointEvery: number): string[] {
    const from = existsSync(join(run, 'config.json')) ? ['--resume', run] : [...args, '--run', run];
    return ['train', ...from, '--stop-after', `${steps - stepOf(run)}`, '--checkpoint-every', `${checkpointEvery}`];
  }

  async #start(kind: Torment, args: readonly string[], moment: number, run: string): Promise<Interrupted> {
    const [program, ...first] = this.#options.program;
    const whole = [...first, ...args];
    const wait = () => new Promise((resolve) => setTimeout(resolve, moment));
    if (kind === 'terminal') return this.#inTerminal([program, ...whole], wait);
    if (kind === 'full-output') {
      const output = openSync('/dev/full', 'w');
      const ended = finished(spawn(program, whole, { stdio: ['ignore', output, 'pipe'] }));
      closeSync(output);
      return { ...(await ended), allowed: ['1'], problems: stepOf(run) > 0 ? [] : ['it did not go on'] };
    }
    if (kind === 'file-size') {
      // In blocks of 512 or 1024 bytes: from what holds nothing to what holds nearly all.
      const blocks = 1 + Math.floor(this.#random.random() ** 2 * 60);
      const quoted = [program, ...whole].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
      const ended = finished(
        spawn('sh', ['-c', `ulimit -f ${blocks}; exec ${quoted}`], { stdio: ['ignore', 'pipe', 'pipe'] }),
      );
      return { ...(await ended), allowed: ['0', '1'], problems: [] };
    }
    const child = spawn(program, whole, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = finished(child);
    await Promise.race([wait(), ended]);
    const early = child.exitCode !== null;
    if (kind === 'kill') {
      child.kill('SIGKILL');
      return { ...(await ended), allowed: early ? ['0'] : ['0', 'SIGKILL'], problems: [] };
    }
    if (kind === 'hang-up') {
      const times = 1 + Math.floor(this.#random.random() * 3);
      for (let i = 0; i < times; i++) child.kill('SIGHUP');
      // By the signal itself: before the program listens, and as it ends.
      return { ...(await ended), allowed: ['0', '129', 'SIGHUP'], problems: [] };
    }
    if (kind === 'pipe') {
      child.stdout?.destroy();
      return { ...(await ended), allowed: early ? ['0'] : ['0', '141'], problems: [] };
    }
    const filler = fillDisk(this.#options.smallDisk ?? this.#options.folder);
    const outcome = await ended;
    rmSync(filler, { force: true });
    return { ...outcome, allowed: ['0', '1'], problems: [] };
  }

  /** In a terminal of `script`, which is killed: the terminal hangs up, and its program is not this one's child. */
  async #inTerminal(command: readonly string[], wait: () => Promise<unknown>): Promise<Interrupted> {
    const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const pidFile = join(this.#options.folder, '.pid');
    rmSync(pidFile, { force: true });
    const inner = `echo $$ > '${pidFile}'; exec ${quoted}`;
    const child = spawn('script', ['-qec', inner, '/dev/null'], { stdio: ['ignore', 'ignore', 'ignore'] });
    const ended = finished(child);
    await Promise.race([wait(), ended]);
    child.kill('SIGKILL');
    await ended;
    const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
    while (pid > 0 && isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    return { end: 'gone', stderr: '', allowed: ['gone'], problems: [] };
  }

  async #finishAndCompare(wanted: TormentedCase, run: string, wasKilled: boolean): Promise<string[]> {
    const problems: string[] = [];
    const resume = async (args: readonly string[]): Promise<void> => {
      const [program, ...first] = this.#options.program;
      const child = spawn(program, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      const { end, stderr } = await finished(child);
      if (end !== '0') problems.push(`cannot be resumed, ended with ${end}: ${stderr.trim()}`);
    };
    const isSaved = stepOf(run) >= wanted.steps;
    if (!isSaved) await resume(this.#arguments(wanted, run, 300));
    if (problems.length > 0) return problems;
    const ending = endingOf(run);
    // Killed after its last checkpoint and before its end: nothing has resumed it, and taken away what was left.
    const hasLeftovers = wasKilled && isSaved && ending.files.some(isLeftover);
    const actual = hasLeftovers ? { ...ending, files: ending.files.filter((name) => !isLeftover(name)) } : ending;
    const expected = await this.#reference(wanted);
    for (const key of ['step', 'snapshot', 'metrics', 'best', 'files'] as const) {
      if (isDeepStrictEqual(actual[key], expected[key])) continue;
      problems.push(`another ${key} than without interruption${key === 'files' ? `: ${actual.files.join(' ')}` : ''}`);
    }
    if (hasLeftovers) {
      await resume(['train', '--resume', run, '--stop-after', '1']);
      const still = readdirSync(run).filter(isLeftover);
      if (still.length > 0) problems.push(`what a killed program left is still there: ${still.join(' ')}`);
    }
    return problems;
  }

  #reference(wanted: TormentedCase): Promise<Ending> {
    let reference = this.#references.get(wanted.name);
    if (reference === undefined) {
      const run = join(this.#options.folder, `${wanted.name}-straight`);
      const [program, ...first] = this.#options.program;
      const args = ['train', ...wanted.args, '--run', run, '--stop-after', `${wanted.steps}`];
      reference = finished(spawn(program, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })).then(
        (outcome) => {
          if (outcome.end !== '0')
            throw new Error(`the training without interruption ended with ${outcome.end}: ${outcome.stderr}`);
          return endingOf(run);
        },
      );
      this.#references.set(wanted.name, reference);
    }
    return reference;
  }
}

interface Interrupted {
  readonly end: string;
  readonly stderr: string;
  readonly allowed: readonly string[];
  readonly problems: readonly string[];
}

function finished(child: ChildProcess): Promise<{ readonly end: string; readonly stderr: string }> {
  let stderr = '';
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ end: String(signal ?? code), stderr })),
  );
}

/** What a killed program has no time to take away. */
const isLeftover = (name: string): boolean => name === '.lock' || isTemporaryName(name);

/** Step of a run's newest checkpoint; 0 without one. */
const stepOf = (run: string): number => listCheckpoints(run)[0]?.step ?? 0;

interface Ending {
  readonly step: number;
  readonly snapshot: unknown;
  readonly metrics: readonly unknown[];
  readonly best: unknown;
  /** Names of what lies in it, but for what a straight run lacks: a second checkpoint, what was cut off. */
  readonly files: readonly string[];
}

/** What a run has come to: all of it but times. */
function endingOf(run: string): Ending {
  const { header, snapshot } = readCheckpointFile(listCheckpoints(run)[0]!.path);
  const metrics = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { time: _, speed: __, ...rest } = JSON.parse(line) as Record<string, unknown>;
      return rest;
    });
  const best = readBest(run);
  return {
    step: header.step,
    snapshot,
    metrics,
    best: best === undefined ? undefined : { info: best.info, model: readFileSync(best.model).toString('base64') },
    files: readdirSync(run)
      .map((name) => name.replace(/^events.*/, 'events'))
      .sort(),
  };
}

/** Fills a disk to its last byte. @returns the file that does. */
function fillDisk(disk: string): string {
  const path = join(disk, '.filler');
  const file = openSync(path, 'w');
  try {
    for (let bytes = 1 << 20; bytes >= 1; ) {
      try {
        writeSync(file, new Uint8Array(bytes));
      } catch {
        bytes >>= 1;
      }
    }
  } finally {
    closeSync(file);
  }
  return path;
}

/** Keeps what was found for whoever reads it later. */
export function writeFindings(path: string, rounds: readonly Round[]): void {
  writeFileSync(path, rounds.map((round) => `${JSON.stringify(round)}\n`).join(''));
}
