/** `train --ui`: a board of its own process, which stands as long as the training. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { readStatus } from '../../src/node/runs/run-status.ts';
import type { RunsMessage } from '../../src/web/board/messages.ts';
import { moduleUrl } from '../support/program.ts';
import { bellmanArguments, temporaryFolder } from './run-bellman.ts';

const folder = temporaryFolder();
const isBuilt = fs.existsSync(fileURLToPath(new URL('../../dist/elements/bellman-board.js', import.meta.url)));
const WAIT = { interval: 100 };
// A browser would be opened; Linux without a screen has none.
const { BROWSER: _, DISPLAY: __, WAYLAND_DISPLAY: ___, WSL_DISTRO_NAME: ____, ...env } = process.env;

const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A lake that sleeps: a training on it takes hours, and leaves the processor to the board and to other tests. */
const slow = join(folder, 'slow.mjs');
fs.writeFileSync(
  slow,
  `import { FrozenLakeEnv, register } from '${moduleUrl('src/envs/index.ts')}';
  const word = new Int32Array(new SharedArrayBuffer(4));
  class SlowLake extends FrozenLakeEnv {
    step(action) {
      Atomics.wait(word, 0, 0, 2);
      return super.step(action);
    }
  }
  register('SlowLake-v0', { create: () => new SlowLake(), summary: 'a lake', options: {}, rewardThreshold: 1 });`,
);

/** A training of hours, its board and how it ended. */
function train(name: string) {
  const path = join(folder, name);
  const args = ['train', 'q-learning', '--env', `${slow}:SlowLake-v0`, '--seed', '0', '--run', path, '--ui'];
  const child = spawn(process.execPath, bellmanArguments([...args, '--reward', '1.1']), {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const address = async (): Promise<URL> => {
    await expect.poll(() => output, WAIT).toMatch(/http:\S+#token=\S+/);
    return new URL(/http:\S+/.exec(output)![0]);
  };
  return { path, child, ended, address };
}

async function runsOf(address: URL): Promise<RunsMessage> {
  const token = address.hash.slice('#token='.length);
  const response = await fetch(new URL('/api/runs', address), { headers: { Authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  return (await response.json()) as RunsMessage;
}
const answers = (address: URL): Promise<boolean> =>
  fetch(address).then(
    () => true,
    () => false,
  );

it.skipIf(process.platform !== 'linux')(
  'shows the run while it trains, ends with it whichever way it ends, and writes its key nowhere',
  async () => {
    expect(isBuilt, 'npm run build makes the page').toBe(true);
    const [stopped, killed] = [train('stopped'), train('killed')];
    const [first, second] = await Promise.all([stopped.address(), killed.address()]);
    expect(first.port).not.toBe(second.port);
    const running = async (): Promise<unknown> => (await runsOf(first)).runs.map(({ id, state }) => [id, state]).sort();
    await expect.poll(running, WAIT).toEqual([
      ['killed', 'running'],
      ['stopped', 'running'],
    ]);
    // A key of one board opens no other.
    const headers = { Authorization: `Bearer ${first.hash.slice('#token='.length)}` };
    expect((await fetch(new URL('/api/runs', second), { headers })).status).toBe(401);

    killed.child.kill('SIGKILL');
    await expect.poll(() => answers(second), WAIT).toBe(false);
    await expect.poll(running, WAIT).toContainEqual(['killed', 'killed']);

    await expect.poll(() => readStatus(stopped.path)?.step ?? 0, WAIT).toBeGreaterThan(0);
    stopped.child.kill('SIGINT');
    await stopped.ended;
    expect(readStatus(stopped.path)?.state).toBe('stopped');
    await expect.poll(() => answers(first), WAIT).toBe(false);
    for (const name of fs.readdirSync(stopped.path, { recursive: true, encoding: 'utf8' })) {
      const file = join(stopped.path, name);
      if (fs.statSync(file).isFile())
        expect(fs.readFileSync(file).includes(headers.Authorization.slice(7))).toBe(false);
    }
  },
);
