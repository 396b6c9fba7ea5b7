/**
 * Forty short trainings on four workers that share a queue and a store and nothing else: workers are killed (SIGKILL) at random moments, the
 * server is killed and started again, the program that waits for the results too. In the end each training has to be in the results once,
 * and equal to the bit to the same one run alone.
 *
 *   npx tsx scripts/queue-kills.ts [--engine redis|postgres] [--trials 40] [--steps 3000] [--kills 10] [--restarts 2] [--seed 1] [--alone FOLDER]
 *
 * --alone has the undisturbed runs of an earlier call, or gets them. redis-server and PostgreSQL: scripts/setup-tests.sh.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Generator } from '../src/core/index.ts';
import { startPostgres, startRedis } from '../test/support/queue-servers.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'redis' },
    trials: { type: 'string', default: '40' },
    steps: { type: 'string', default: '3000' },
    kills: { type: 'string', default: '10' },
    restarts: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    alone: { type: 'string' },
  },
});
const [trials, kills, restarts] = [values.trials, values.kills, values.restarts].map(Number) as [
  number,
  number,
  number,
];
const WORKERS = 4;
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const root = mkdtempSync(join(tmpdir(), 'queue-kills-'));
const alone = values.alone ?? join(root, 'alone');
const store = join(root, 'store');
const results = join(root, 'results');
const random = new Generator(Number(values.seed));

const training = [
  'train',
  'dqn',
  '--env',
  'CartPole-v1',
  '--set',
  `maxSteps=${values.steps}`,
  '--set',
  'learningStarts=200',
];
const seeds = ['--reward', '1000', '--seeds', `0..${trials - 1}`];

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess & { said: string } {
  const child = spawn(process.execPath, ['--import', tsx, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const telling = Object.assign(child, { said: '' });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      telling.said += text;
    });
  }
  return telling;
}

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.once('close', resolve))
    : Promise.resolve(child.exitCode);

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(0)} s`;

/** What of a run is the same on every machine: all but times. */
function facts(run: string): string {
  const rows = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const kept = rows.map((line) => {
    const { time: _, speed: __, ...row } = JSON.parse(line) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(row).filter(([name]) => !/second|speed|per_second/.test(name)));
  });
  const models = readdirSync(join(run, 'models')).sort();
  const bytes = models.map((name) => readFileSync(join(run, 'models', name)).toString('base64'));
  return JSON.stringify([kept, models, bytes]);
}

let began = performance.now();
if (!existsSync(alone)) {
  const jobs = ['--jobs', `${availableParallelism()}`, '--threads', '1', '--keep-last', '--checkpoint-every', '1'];
  await ended(start([...training, ...seeds, ...jobs, '--run', alone, '--json']));
  console.log(`alone: ${trials} trainings in ${seconds(began)}`);
}

const server = await (values.engine === 'postgres' ? startPostgres() : startRedis());
let count = 0;
const logs: (ChildProcess & { said: string })[] = [];
const work = () => {
  const own = ['--concurrency', '1', '--lease', '5', '--checkpoint-every', '1', '--store', store];
  // A machine of its own, as far as files go.
  const env = { BELLMAN_QUEUE: server.url, XDG_DATA_HOME: join(root, `machine-${++count}`) };
  const worker = start(['worker', ...own], env);
  logs.push(worker);
  return worker;
};
const coordinate = () =>
  start([...training, ...seeds, '--queue', '--store', store, '--run', results, '--json'], {
    BELLMAN_QUEUE: server.url,
  });

began = performance.now();
const workers = Array.from({ length: WORKERS }, work);
let coordinator = coordinate();
const done = (): number => {
  const folder = join(store, 'results');
  return existsSync(folder)
    ? readdirSync(folder).filter((seed) => existsSync(join(folder, seed, 'result.json'))).length
    : 0;
};

type Blow = 'worker' | 'server' | 'coordinator';
/** Trainings that are done when each blow falls. */
const spread = (blow: Blow, times: number) =>
  Array.from({ length: times }, () => ({ blow, at: Math.floor(random.uniform(0, 0.9 * trials)) }));
const blows = [...spread('worker', kills), ...spread('server', restarts), ...spread('coordinator', 1)];
blows.sort((a, b) => a.at - b.at);
for (const { blow, at } of blows) {
  while (done() < at) await sleep(50);
  await sleep(random.uniform(0, 2000));
  if (blow === 'worker') {
    const which = Math.floor(random.uniform(0, WORKERS));
    workers[which]!.kill('SIGKILL');
    await ended(workers[which]!);
    workers[which] = work();
  } else if (blow === 'server') await server.restart();
  else {
    coordinator.kill('SIGKILL');
    await ended(coordinator);
    coordinator = coordinate();
  }
  console.log(`${done()} of ${trials} done: killed ${blow === 'worker' ? 'a worker' : `the ${blow}`}`);
}
const code = await ended(coordinator);
const took = seconds(began);
for (const worker of workers) worker.kill('SIGTERM');
for (const worker of workers) await ended(worker);
await server.stop();

const said = logs.map((log) => log.said).join('\n');
const goneOn = (said.match(/goes on from step/g) ?? []).length;
const again = (said.match(/\(had ended before\)/g) ?? []).length;
const report = JSON.parse(coordinator.said.trim().split('\n').at(-1) ?? '{}') as {
  seeds?: { seed: number; failed: boolean }[];
};
const listed = (report.seeds ?? []).filter(({ failed }) => !failed).map(({ seed }) => seed);
const missing = Array.from({ length: trials }, (_, seed) => seed).filter(
  (seed) => listed.filter((one) => one === seed).length !== 1,
);
const other = Array.from({ length: trials }, (_, seed) => seed).filter(
  (seed) => !missing.includes(seed) && facts(join(alone, `seed${seed}`)) !== facts(join(results, `seed${seed}`)),
);
const secret = new URL(server.url).password;
const told = said.includes(secret) || coordinator.said.includes(secret);
console.log(
  `${values.engine}: ${trials} trainings on ${WORKERS} workers in ${took}; ${kills} kills of workers, ${restarts} of the server, 1 of the coordinator; ${goneOn} went on from a checkpoint, ${again} had ended before; exit code ${code}`,
);
console.log(
  missing.length + other.length === 0 && !told
    ? 'each once, and equal to the bit to the one run alone'
    : `NOT ONCE: ${missing.join(', ') || 'none'}; OTHER BITS: ${other.join(', ') || 'none'}; password told: ${told}`,
);
if (missing.length + other.length > 0 || told) {
  process.exitCode = 1;
  console.log(`kept: ${root}\n${coordinator.said.slice(-2000)}\n${said.slice(-4000)}`);
} else rmSync(root, { recursive: true, force: true });
