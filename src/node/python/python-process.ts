import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PythonError, UnavailableError, UnknownNameError } from '../../core/errors.ts';
import type { PythonChoice } from './find-python.ts';
import { ValueReader } from './tagged-values.ts';
import { CALLS, GONE, LATE, pythonTimeLimit, watch } from './time-limit.ts';

/** What can be asked, by the numbers of `environment_server.py`. */
export const ASK = { describe: 1, make: 2, reset: 3, step: 4, render: 5, sample: 6, seed: 7 } as const;
const FAILED = 1;
const MISSING = 2;
const UNKNOWN = 3;

const SERVER = fileURLToPath(new URL('./environment_server.py', import.meta.url));

/** The ends of the pipes are opened by a shell, so that they are open, and close, whatever becomes of Python. An
 * interrupt of the terminal goes to the whole group: Python ignores it, since we decide when to stop. */
const START = 'trap "" INT; exec "$@" 3<"$0/requests" 4>"$0/answers"';

const HEAD = 5;

/**
 * A Python process that answers questions one after the other. Asking blocks the thread until the answer is there: two
 * named pipes, plain reads and writes. It sees the end of its requests, and ends, when this process does.
 */
export class PythonProcess {
  /** What errors are about: the environment's id. */
  readonly subject: string;
  readonly python: PythonChoice;
  readonly #child: ChildProcess;
  readonly #requests: number;
  readonly #answers: number;
  readonly #cells = new Int32Array(new SharedArrayBuffer(12));
  readonly #limit = pythonTimeLimit();
  #request = Buffer.alloc(1 << 10);
  #answer = Buffer.alloc(1 << 14);
  #closed = false;
  /** How it ended, as the event loop learns it. */
  #exit: string | undefined;

  /** @throws UnavailableError when no process can be started here. */
  constructor(python: PythonChoice, subject: string) {
    this.python = python;
    this.subject = subject;
    const folder = mkdtempSync(join(tmpdir(), 'bellman-python-'));
    try {
      const [requests, answers] = [join(folder, 'requests'), join(folder, 'answers')];
      const made = process.platform === 'win32' ? undefined : spawnSync('mkfifo', ['-m', '600', requests, answers]);
      if (made?.status !== 0) {
        throw new UnavailableError(
          `${subject}: environments in Python need named pipes, which this system has not.`,
          'On Windows run bellman in WSL.',
        );
      }
      this.#child = spawn('/bin/sh', ['-c', START, folder, python.path, SERVER], { stdio: ['ignore', 2, 2] });
      this.#child.on('error', () => {});
      this.#child.on('exit', (code, signal) => {
        this.#exit = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      });
      this.#child.unref();
      if (this.#child.pid === undefined) {
        throw new UnavailableError(`${subject}: no process can be started.`, 'Too many may be running.');
      }
      this.#requests = openSync(requests, 'w');
      this.#answers = openSync(answers, 'r');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    if (Number.isFinite(this.#limit)) watch({ pid: this.#child.pid, cells: this.#cells, limit: this.#limit });
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** `ask` with an object as JSON. */
  askJson(kind: number, body: object, doing: string): ValueReader {
    return this.ask(kind, Buffer.from(JSON.stringify(body)), doing);
  }

  /**
   * @param doing what Python is at, for errors: `step 12`.
   * @returns the answer, valid until the next question.
   * @throws PythonError when Python raises, ends or takes too long; UnavailableError when something is not installed
   *   there; UnknownNameError for an id that it does not know.
   */
  ask(kind: number, body: Uint8Array, doing: string): ValueReader {
    const length = HEAD + body.length;
    if (length > this.#request.length) this.#request = Buffer.alloc(2 * length);
    this.#request.writeUInt32LE(length - 4, 0);
    this.#request[4] = kind;
    this.#request.set(body, HEAD);
    return this.#exchange(length, doing);
  }

  /** Asks for a step with an action that is a whole number, without making an object on the way. */
  askNumber(kind: number, action: number, doing: string): ValueReader {
    const request = this.#request;
    request.writeUInt32LE(10, 0);
    request[4] = kind;
    request[5] = 0x69;
    request.writeInt32LE(action | 0, 6);
    request.writeInt32LE(Math.floor(action / 0x1_0000_0000), 10);
    return this.#exchange(14, doing);
  }

  #exchange(length: number, doing: string): ValueReader {
    if (this.#closed) throw new PythonError(`${this.subject} is closed.`);
    let received = 0;
    let wanted = HEAD;
    this.#cells[CALLS]++;
    try {
      for (let sent = 0; sent < length; ) sent += writeSync(this.#requests, this.#request, sent, length - sent);
      while (received < wanted) {
        const count = readSync(this.#answers, this.#answer, received, this.#answer.length - received, null);
        if (count === 0) throw this.#ended(doing);
        received += count;
        if (received < 4) continue;
        wanted = 4 + this.#answer.readUInt32LE(0);
        if (wanted > this.#answer.length) {
          const larger = Buffer.alloc(2 * wanted);
          larger.set(this.#answer.subarray(0, received));
          this.#answer = larger;
        }
      }
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EPIPE' ? this.#ended(doing) : error;
    } finally {
      this.#cells[CALLS]++;
    }
    const kind = this.#answer[4];
    if (kind !== 0) throw this.#failure(kind, this.#answer.toString('utf8', HEAD, wanted), doing);
    return new ValueReader(this.#answer.subarray(0, wanted), HEAD);
  }

  /** The process is gone: why, as far as that can be known. */
  #ended(doing: string): PythonError {
    const how =
      this.#cells[LATE] === 1
        ? `took longer than ${this.#limit} s (BELLMAN_PYTHON_TIMEOUT) and was ended`
        : (this.#exit ?? exitOf(this.pid) ?? 'ended');
    this.close();
    return new PythonError(`${this.subject}: its Python process ${how} during ${doing}.`);
  }

  #failure(kind: number, text: string, doing: string): Error {
    const { subject, python } = this;
    const here = `${python.path} (${python.from})`;
    if (kind === MISSING) {
      const cure = /Gymnasium|NumPy/.test(text)
        ? `Install it there: ${python.path} -m pip install gymnasium. Another Python is named by BELLMAN_PYTHON.`
        : 'Install it there, or name another Python with BELLMAN_PYTHON.';
      return new UnavailableError(`${subject}: ${text.replace(/\.$/, '')}. The Python is ${here}.`, cure);
    }
    if (kind === UNKNOWN) {
      const { reason, near } = JSON.parse(text) as { reason: string; near: string | null };
      const suggestion = near === null ? undefined : `python:${near}`;
      const cure = `Gymnasium of ${here}: ${oneLine(reason)} A module that registers it is named as python:module:Name-v0.`;
      return new UnknownNameError('environment', subject, [], suggestion, cure);
    }
    const more = kind === FAILED && !process.env['BELLMAN_DEBUG'] ? ' BELLMAN_DEBUG=1 prints the traceback.' : '';
    return new PythonError(`${subject}: ${doing} raised ${oneLine(text)}${more}`);
  }

  /** Ends the process: it sees the end of its requests, and closes its environment. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cells[GONE] = 1;
    closeSync(this.#requests);
    closeSync(this.#answers);
  }
}

const oneLine = (text: string): string => `${text.split('\n')[0]!.replace(/\.$/, '')}.`;

/** How a process ended that nobody has asked about yet: the last number of its entry in Linux' /proc, in wait()'s form. */
function exitOf(pid: number): string | undefined {
  try {
    const status = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').trimEnd().split(' ').at(-1));
    const signal = status & 0x7f;
    return signal === 0 ? `ended with exit code ${status >> 8}` : `was ended by signal ${signal}`;
  } catch {
    return undefined;
  }
}
