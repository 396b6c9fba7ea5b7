/** Trainings that a board starts, stops and resumes: programs of their own. */
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bellman, bellmanArguments, temporaryFolder } from '../../../test/cli/run-bellman.ts';
import { isRunning, reachableOwner } from '../runs/run-lock.ts';
import { readStatus, stateOf } from '../runs/run-status.ts';
import { Trainings } from './trainings.ts';

const folder = temporaryFolder();
const trainings = new Trainings({ folder, allowCode: false, program: bellmanArguments([]) });
const request = { recipe: 'dqn-cart-pole', env: null, seeds: '3', set: {}, name: null, evalEvery: null };
const WAIT = { interval: 100 };

it('start, are stopped as by Ctrl-C and resumed; a request that the program refuses is answered in its own words', async () => {
  const set = { learningStarts: 100_000, bufferSize: 200_000, gamma: 0.5 };
  const [name, refused] = await Promise.all([
    trainings.start({ ...request, set }),
    trainings.start({ ...request, name: 'refused', set: { gama: 1 } }).catch((error: Error) => error.message),
  ]);
  expect(refused).toMatch(/Unknown .*"gama"\. Did you mean "gamma"\?/);
  expect(fs.existsSync(join(folder, 'refused'))).toBe(false);
  expect(name).toBe('dqn-cart-pole-seed3-1');
  const path = join(folder, name);
  const config = JSON.parse(fs.readFileSync(join(path, 'config.json'), 'utf8'));
  expect(config).toMatchObject({ seed: 3, config: { gamma: 0.5 } });
  // Under way: from here on a signal lets it save.
  await expect.poll(() => readStatus(path)?.step ?? 0, WAIT).toBeGreaterThan(0);
  const { pid } = reachableOwner(path)!;
  trainings.stop(path);
  await expect.poll(() => stateOf(path), WAIT).toBe('stopped');
  await expect.poll(() => isRunning(pid), WAIT).toBe(false);
  const { step } = readStatus(path)!;
  expect(() => trainings.stop(path)).toThrow('No program of this machine trains this run.');
  await trainings.resume(path, false);
  await expect.poll(() => readStatus(path)?.step ?? 0, WAIT).toBeGreaterThan(step);
  await expect(trainings.resume(path, true)).rejects.toThrow('names code');
  trainings.stop(path);
  await expect.poll(() => stateOf(path), WAIT).toBe('stopped');
});

it('bellman ui: a port that is taken is refused in a line, and so is a folder that is none', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { readonly port: number };
  const [taken, none] = await Promise.all([
    bellman(['ui', folder, '--no-open', '--port', String(port)]),
    bellman(['ui', join(folder, 'none'), '--no-open']),
  ]);
  server.close();
  expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('there is no such folder') });
  expect(taken).toMatchObject({ code: 1, stdout: '' });
  expect(taken.stderr).toMatch(
    /^bellman: (--port: got \d+, allowed is a port that is free|The page of the board is not built)/,
  );
});
