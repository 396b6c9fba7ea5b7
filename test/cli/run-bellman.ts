import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { commandPrefix } from '../../src/cli/command-prefix.ts';
import { program } from '../support/program.ts';

/** What begins the commands that a process of `bellman` below advises, in the folder it runs in. */
export const typed = (cwd = process.cwd()): string =>
  commandPrefix({ file: program.at(-1)!, execArgv: program.slice(0, -1), env: {}, cwd });

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Called once the process is there. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  readonly onStdout?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** What Node gets to run the program. */
export const bellmanArguments = (args: readonly string[]): string[] => [...program, ...args];

/** The program as a user's process. */
export function bellman(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, bellmanArguments(args), {
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    options.onStart?.((signal) => child.kill(signal));
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      options.onStdout?.(stdout, (signal) => child.kill(signal));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** A folder that is gone after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bellman-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
