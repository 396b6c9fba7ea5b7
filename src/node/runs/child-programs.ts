/** This program started again for a part of the work, several at a time: a training for each seed, an evaluation. */
import { type ChildProcess, spawn } from 'node:child_process';
import { isStopCode, StopRequests, type StopSignal } from './stop-requests.ts';
import { heardErrorCode } from './told-error-code.ts';

/** How a child process ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it did not run to its end by itself; undefined where it did. */
  readonly problem: string | undefined;
  /** Of the `BellmanError` that ended it; undefined where none did. */
  readonly errorCode: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program with other arguments and waits for its end. */
export type RunChild = (args: readonly string[]) => Promise<ChildEnd>;

export interface ChildWork<T> {
  readonly items: readonly T[];
  /** Items at the same time. */
  readonly jobs: number;
  /** Called for an item when there is room for it; not after a request to stop. */
  readonly work: (item: T, run: RunChild) => Promise<void>;
  /** Asks to stop, as a signal to the process does. */
  readonly stop?: AbortSignal | undefined;
}

/**
 * Works through items with children of this process. A request to stop is handed to each running child, which saves and ends, and no
 * more are started; a second one is handed on too and ends them at once.
 * @returns the signal that stopped them, if one did.
 */
export async function workWithChildren<T>({ items, jobs, work, stop }: ChildWork<T>): Promise<StopSignal | undefined> {
  const running = new Set<ChildProcess>();
  const toAll = () => {
    for (const child of running) child.kill('SIGINT');
  };
  const requests = new StopRequests({ onStop: toAll, onGiveUp: toAll, abort: stop });
  const queue = [...items];
  const run: RunChild = (args) => runChild(args, running);
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined && requests.signal === undefined; item = queue.shift()) {
      await work(item, run);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, worker));
  } finally {
    requests.close();
  }
  return requests.signal;
}

/** Whether a child was asked to stop, and did. @param told whether it printed what it came to. */
export const wasInterrupted = ({ code, signal }: ChildEnd, told: boolean): boolean =>
  isStopCode(code) || (!told && (signal === 'SIGINT' || signal === 'SIGTERM'));

/** Why a child failed, in its own words. */
export function failureOf({ problem, stderr, code }: ChildEnd): string {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return (problem ?? last.replace(/^bellman: /, '')) || `ended with exit code ${code}`;
}

/** The JSON object in the last line that a child printed; undefined where there is none. */
export function printedObject<T>({ stdout }: ChildEnd): T | undefined {
  const last = stdout.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(last) as T;
  } catch {
    return undefined;
  }
}

/** @param running children, this one among them while it runs. */
export function runChild(args: readonly string[], running: Set<ChildProcess>): Promise<ChildEnd> {
  return new Promise((resolve) => {
    // A group of its own: a terminal's Ctrl-C goes to this program alone, which passes on one signal, not two. The channel
    // tells the child when this program is gone, and this one what error ended the child: `close` comes after all that it says.
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    running.add(child);
    let stdout = '';
    let stderr = '';
    let errorCode: string | undefined;
    child.on('message', (message: unknown) => {
      errorCode = heardErrorCode(message) ?? errorCode;
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const end = (code: number | null, signal: NodeJS.Signals | null, problem?: string) => {
      running.delete(child);
      resolve({ code, signal, problem, errorCode, stdout, stderr });
    };
    child.once('error', (error) => end(null, null, error.message));
    child.once('close', (code, signal) => end(code, signal, signal === null ? undefined : `killed by ${signal}`));
  });
}
