import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MismatchError, OptionError, UnavailableError, UnknownNameError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { printable } from '../../core/printable.ts';
import { environmentIds, familyIds } from '../../envs/registry.ts';
import { allRecipes } from '../../recipes/registry.ts';
import type { StartRequest } from '../../web/board/messages.ts';
import { kindOf } from '../files/folder.ts';
import { CONFIG_FILE } from '../runs/run-layout.ts';
import { reachableOwner } from '../runs/run-lock.ts';

/**
 * Starts trainings and stops them. They are programs of their own, `bellman train`, that live on when the board ends; a training
 * is stopped as Ctrl-C stops it, so it saves and ends.
 */
export interface TrainingsOptions {
  /** The watched folder. */
  readonly folder: string;
  /** Whether code that a request or a run names may run. */
  readonly allowCode: boolean;
  /** What starts this program: node's arguments and the program's file. */
  readonly program: readonly string[];
}

/** Milliseconds in which a training that is refused has said so. */
const PATIENCE = 20_000;
const LOOK_EVERY = 50;

export class Trainings {
  readonly #options: TrainingsOptions;

  constructor(options: TrainingsOptions) {
    this.#options = options;
  }

  /**
   * Starts a training and waits until its folder is there.
   * @returns the folder's name.
   * @throws BellmanError that says what is wrong with the request.
   */
  async start(request: StartRequest): Promise<string> {
    const { recipe, env, seeds, set, evalEvery } = this.#check(request);
    const name = request.name ?? this.#unusedName(recipe, seeds);
    const path = join(this.#options.folder, name);
    const several = !/^\d+$/.test(seeds);
    const args = ['train', recipe, '--run', path, '--quiet', several ? '--seeds' : '--seed', seeds];
    if (env !== null) args.push('--env', env);
    if (evalEvery !== null) args.push('--eval-every', String(evalEvery));
    for (const [place, value] of Object.entries(set)) args.push('--set', `${place}=${JSON.stringify(value)}`);
    await this.#launch(args, () => (several ? kindOf(path) === 'folder' : kindOf(join(path, CONFIG_FILE)) === 'file'));
    return name;
  }

  /** Resumes a run. @throws BellmanError that says why it cannot be. */
  async resume(path: string, namesCode: boolean): Promise<void> {
    if (namesCode && !this.#options.allowCode) {
      throw new MismatchError(
        'This run names code of its own. A board runs none unless it is started with --allow-code.',
      );
    }
    const code = namesCode ? ['--allow-code'] : [];
    await this.#launch(['train', '--resume', path, '--quiet', ...code], () => reachableOwner(path) !== undefined);
  }

  /** Asks a run's program to save and end. @throws UnavailableError where that program cannot be reached from here. */
  stop(path: string): void {
    const cure = 'Press Ctrl-C where it runs.';
    if (process.platform === 'win32')
      throw new UnavailableError('Windows has no signal that lets a program save.', cure);
    const owner = reachableOwner(path);
    if (owner === undefined) throw new UnavailableError('No program of this machine trains this run.', cure);
    // The lock is a file that anyone may have written: nothing but a training of ours gets the signal.
    if (!isTraining(owner.pid)) throw new UnavailableError(`Process ${owner.pid} is no training of bellman.`, cure);
    process.kill(owner.pid, 'SIGINT');
  }

  #check(request: StartRequest): StartRequest {
    const { recipe, env, seeds, set, name, evalEvery } = request;
    const text = (key: string, value: unknown, pattern: RegExp, allowed: string): void => {
      if (typeof value !== 'string' || !pattern.test(value)) throw new OptionError(key, value, allowed);
    };
    const ids = allRecipes.map(({ id }) => id);
    if (!ids.includes(recipe)) throw new UnknownNameError('recipe', String(recipe), ids, nearest(String(recipe), ids));
    // Ids of a module or of Python would run code.
    if (env !== null && !this.#options.allowCode) {
      const known = [...environmentIds(), ...familyIds()];
      text('env', env, /^[\w/-]{1,80}$/, `an id such as ${known[0]}`);
    }
    text('seeds', seeds, /^\d{1,10}(\.\.\d{1,10}|(,\d{1,10})*)$/, 'a number, 0..3 or 0,3,7');
    if (name !== null) text('name', name, /^[\w][\w.-]{0,79}$/, 'letters, digits, dots and dashes');
    if (evalEvery !== null && !(Number.isSafeInteger(evalEvery) && evalEvery >= 1)) {
      throw new OptionError('evalEvery', evalEvery, 'a whole number from 1 up');
    }
    if (typeof set !== 'object' || set === null || Array.isArray(set)) {
      throw new OptionError('set', set, 'an object of values by their places');
    }
    for (const [place, value] of Object.entries(set)) {
      text('set', place, /^[A-Za-z][\w.]{0,79}$/, 'places such as gamma or replay.alpha');
      if (!this.#options.allowCode && namesModule(value)) {
        throw new MismatchError(`${place} names code. A board runs none unless it is started with --allow-code.`);
      }
    }
    return request;
  }

  #unusedName(recipe: string, seeds: string): string {
    const base = /^\d+$/.test(seeds) ? `${recipe}-seed${seeds}` : `${recipe}-seeds`;
    for (let i = 1; ; i++) {
      if (kindOf(join(this.#options.folder, `${base}-${i}`)) === undefined) return `${base}-${i}`;
    }
  }

  /** @param begun whether the training is under way. */
  async #launch(args: readonly string[], begun: () => boolean): Promise<void> {
    const log = join(fs.mkdtempSync(join(tmpdir(), 'bellman-board-')), 'output');
    const output = fs.openSync(log, 'w');
    // In a group of its own, and with its words in a file: it outlives the board.
    const child = spawn(process.execPath, [...this.#options.program, ...args], {
      detached: true,
      stdio: ['ignore', output, output],
    });
    fs.closeSync(output);
    let ended: number | null | undefined;
    let failure: Error | undefined;
    child.once('exit', (code) => {
      ended = code;
    });
    child.once('error', (error) => {
      failure = error;
    });
    child.unref();
    const until = performance.now() + PATIENCE;
    while (failure === undefined && ended === undefined && !begun() && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
    const words = fs.readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
    // The program goes on writing to the file, which has no name any more.
    fs.rmSync(join(log, '..'), { recursive: true, force: true });
    if (failure !== undefined) throw new UnavailableError('The training does not start:', `${failure.message}.`);
    if (ended !== undefined && ended !== 0 && !begun()) {
      throw new MismatchError(
        printable(words.replace(/^bellman( train)?: /, '')) || `It ended with exit code ${ended}.`,
      );
    }
  }
}

/** Whether a value of a configuration names a module: of a part its kind, or the value itself. */
function namesModule(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(':') || /^\.{0,2}[/\\]/.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(namesModule);
}

/** Whether a process is `bellman train`, as far as the system tells. */
function isTraining(pid: number): boolean {
  try {
    const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.includes('train');
  } catch {
    // Not Linux: the lock names the process with its start time.
    return process.platform !== 'linux';
  }
}
