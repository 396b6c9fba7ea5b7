/** Workers and those who ask for trainings, as users' processes: they share a queue and a store, and nothing else. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, type QueueServer, startRedis } from '../support/queue-servers.ts';
import { bellmanHere } from './bellman-here.ts';
import { bellman, type Outcome, temporaryFolder } from './run-bellman.ts';

const root = temporaryFolder();
let server: QueueServer;

beforeAll(async () => {
  server = await startRedis();
  process.env['BELLMAN_QUEUE'] = server.url;
});
afterAll(async () => {
  delete process.env['BELLMAN_QUEUE'];
  await server.stop();
});

interface Worker {
  readonly ended: Promise<Outcome>;
  kill(signal: NodeJS.Signals): void;
  said(): string;
}

/** A worker with a home of its own. @param lease in seconds. */
function startWorker(name: string, lease: number): Worker {
  let said = '';
  let kill: (signal: NodeJS.Signals) => void = () => {};
  process.env['XDG_DATA_HOME'] = join(root, name);
  const own = [
    '--concurrency',
    '1',
    '--lease',
    String(lease),
    '--checkpoint-every',
    '0.2',
    '--store',
    join(root, 'store'),
  ];
  const ended = bellman(['worker', ...own], {
    onStart: (send) => {
      kill = send;
    },
    onStdout: (text) => {
      said = text;
    },
  });
  delete process.env['XDG_DATA_HOME'];
  return { ended, kill: (signal) => kill(signal), said: () => said };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** What a run logged but its times, and its models. */
function facts(run: string): unknown {
  const rows = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const kept = rows.map((line) => {
    const { time: _, ...row } = JSON.parse(line) as Record<string, unknown>;
    return Object.entries(row).filter(([name]) => !/second|speed/.test(name));
  });
  return [kept, readFileSync(join(run, 'best-table.json'), 'utf8').length];
}

it('goes on elsewhere with the training of a worker that is killed, to the same bits, and tells no password', async () => {
  const training = [
    'train',
    'sarsa',
    '--env',
    'CliffWalking-v1',
    '--reward',
    '0',
    '--set',
    'maxIterations=10000000',
    '--set',
    'testInterval=100000',
  ];
  const states = join(root, 'store', 'moved', 'seed3', 'states');
  const first = startWorker('first', 2);
  const asking = bellman([...training, '--seeds', '3', '--queue', '--store', join(root, 'store'), '--run', 'moved'], {
    cwd: root,
  });
  // Not under its temporary name. The training takes seconds more, so that the kill is in its middle.
  while (!existsSync(join(states, '000001.json'))) await sleep(20);
  first.kill('SIGKILL');
  await first.ended;
  // A busy machine takes its time, and who loses the job begins once more; it looks for jobs of the dead every half lease.
  const second = startWorker('second', 8);
  const asked = await asking;
  second.kill('SIGTERM');
  const ended = await second.ended;
  expect(ended.code).toBe(143);
  expect(second.said()).toMatch(/moved\/seed3: resumes from step \d/);
  await bellmanHere([...training, '--seed', '3', '--keep-last', '--run', 'alone'], { cwd: root });
  expect(asked.stdout).toContain('seed 3: ');
  expect(facts(join(root, 'moved', 'seed3'))).toEqual(facts(join(root, 'alone')));
  expect(readdirSync(join(root, 'store', 'moved', 'seed3', 'claims'))).toHaveLength(2);
  // What the killed worker left is its own; what the other one had to itself is gone.
  expect(readdirSync(join(root, 'second', 'bellman', 'work'))).toEqual([]);
  const printed = [asked, ended, await first.ended].map(({ stdout, stderr }) => stdout + stderr).join('');
  expect(printed).toContain(new URL(server.url).host);
  expect(printed).not.toContain(PASSWORD);
  for (const file of filesBelow(root)) expect([file, readFileSync(file).includes(PASSWORD)]).toEqual([file, false]);
});

it('shows a queue, one job with its log, and changes it', async () => {
  const json = async (...words: string[]) => JSON.parse((await bellmanHere(['queue', ...words, '--json'])).stdout);
  expect(await json()).toMatchObject({ paused: false, workers: [], counts: { completed: 1, waiting: 0 } });
  expect(await json('status', 'moved/seed3')).toMatchObject({
    state: 'completed',
    training: { recipe: 'sarsa', seed: 3, set: { maxIterations: 10_000_000, rewardBound: 0 } },
    result: { kind: 'ended', solved: false },
    log: expect.arrayContaining([expect.stringContaining('')]),
  });
  expect((await bellmanHere(['queue', 'pause'])).stdout).toMatch(/^redis:.*: paused\.\n$/);
  expect(await json('status')).toMatchObject({ paused: true });
  expect((await bellmanHere(['queue', 'resume'])).stdout).toMatch(/: resumed\.\n$/);
  expect((await bellmanHere(['queue', 'drain'])).stdout).toMatch(/: 0 jobs taken out\.\n$/);
});

it.each([
  [['queue', 'fill'], 'Unknown action "fill". Known: status, pause, resume, drain.'],
  [['queue', 'status', 'no/such'], 'Unknown job "no/such".'],
  [['queue', '--queue', `http://u:${PASSWORD}@h`], '--queue: got "http://…", allowed is redis://HOST'],
  [['queue', '--queue', `redis://:${PASSWORD}9@127.0.0.1:1`], '--queue redis://127.0.0.1:1: nobody listens there.'],
  [['worker', '--store', 'ftp://x'], '--store: got "ftp://x", allowed is a folder, or s3://bucket/prefix.'],
  [['worker', '--store', 's3://bucket'], '--store s3://bucket: the environment has no keys.'],
  [['train', 'sarsa', '--queue', `redis://:${PASSWORD}@h`], '--queue: got "…", allowed is an option of --seeds'],
  [['train', 'sarsa', '--store', 'x'], '--store: got "x", allowed is an option of --seeds --queue.'],
  [
    ['train', 'dqn-cart-pole', '--seeds', '0,1', '--queue', '--keep-best'],
    '--keep-best: got true, allowed is an option without --queue.',
  ],
])('%j is refused in one line', async (words, message) => {
  const { code, stdout, stderr } = await bellmanHere(words);
  expect([code, stdout, stderr.split('\n').length]).toEqual([1, '', 2]);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain(PASSWORD);
});
