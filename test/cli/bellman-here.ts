/**
 * The program without a process of its own: a start takes half a second, most of it to load modules that the tests have
 * loaded already. What modules keep stays from one call to the next, so what names a module of its own needs `bellman`.
 */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { stayWithConnections } from '../../src/cli/leave-connections.ts';
import { setCommandPrefix } from '../../src/core/advise.ts';
import type { Outcome } from './run-bellman.ts';

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname;
let calls = 0;

/** Runs one command, as `bellman` of run-bellman.ts. Not while another one runs. */
export async function bellmanHere(args: readonly string[], { cwd }: { readonly cwd?: string } = {}): Promise<Outcome> {
  const before = {
    argv: process.argv,
    cwd: process.cwd(),
    console: globalThis.console,
    exitCode: process.exitCode,
    npmCommand: process.env['npm_command'],
    stdout: process.stdout.write,
    stderr: process.stderr.write,
    listeners: process.stdout.listeners('error'),
    strays: process.listeners('uncaughtException'),
  };
  const [stdout, stderr] = [new Text(), new Text()];
  // A training lets go of the channel to the program that started it; this one belongs to the tests.
  const channel = process.channel as { unref?(): void } | undefined;
  if (channel !== undefined) channel.unref = () => {};
  // As `npx bellman` starts it: what it advises begins so.
  process.argv = [process.execPath, '/node_modules/.bin/bellman', ...args];
  process.env['npm_command'] = 'exec';
  if (cwd !== undefined) process.chdir(cwd);
  process.exitCode = undefined;
  globalThis.console = new Console({ stdout, stderr });
  process.stdout.write = stdout.write.bind(stdout) as typeof process.stdout.write;
  process.stderr.write = stderr.write.bind(stderr) as typeof process.stderr.write;
  try {
    // Another address each time: the module is the program, and runs when it is loaded.
    await import(`${MAIN}?call=${calls++}`);
    return { code: Number(process.exitCode ?? 0), signal: null, stdout: stdout.text, stderr: stderr.text };
  } finally {
    stayWithConnections();
    setCommandPrefix('bellman');
    process.stdout.write = before.stdout;
    process.stderr.write = before.stderr;
    globalThis.console = before.console;
    process.argv = before.argv;
    process.exitCode = before.exitCode;
    if (before.npmCommand === undefined) delete process.env['npm_command'];
    else process.env['npm_command'] = before.npmCommand;
    process.chdir(before.cwd);
    // The method of its prototype again.
    delete channel?.unref;
    for (const listener of process.stdout.listeners('error')) {
      if (!before.listeners.includes(listener)) process.stdout.off('error', listener as () => void);
    }
    // The program's own, which says what nobody caught: of the tests their runner does.
    for (const listener of process.listeners('uncaughtException')) {
      if (!before.strays.includes(listener)) process.off('uncaughtException', listener);
    }
  }
}

/** Keeps what is written to it. */
class Text extends Writable {
  text = '';
  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}
