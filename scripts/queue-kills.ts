/**
 * Forty short trainings on four workers that share a queue and a store and nothing else: workers are killed (SIGKILL) at random moments, the
 * server is killed and started again, the program that waits for the results too. In the end each training has to be in the results once,
 * and equal to the bit to the same one run alone.
 *
 *   npm run build
 *   npx tsx scripts/queue-kills.ts [--study] [--engine redis|postgres] [--trials 40] [--steps 3000] [--kills 10] [--restarts 2] [--seed 1]
 *     [--alone FOLDER]
 *
 * --study has them as the trials of `bellman tune`, which is resumed by `--resume`; without it they are the seeds of `bellman train`.
 * Ends with 1 and one line where all workers, or the program that waits, have ended by themselves.
 *
 * --alone has the undisturbed runs of an earlier call, or gets them. redis-server and PostgreSQL: scripts/setup-tests.sh.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Generator } from '../src/core/index.ts';
import { startPostgres, startRedis } from '../test/support/queue-servers.ts';
import { askedSeeds, askedStudy } from './queue-kills/asked.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'redis' },
    trials: { type: 'string', default: '40' },
    steps: { type: 'string', default: '3000' },
    kills: { type: 'string', default: '10' },
    restarts: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    alone: { type: 'string' },
    study: { type: 'boolean', default: false },
  },
});
const [trials, kills, restarts] = [values.trials, values.kills, values.restarts].map(Number) as [
  number,
  number,
  number,
];
const WORKERS = 4;
const program = fileURLToPath(new URL('../bin/bellman.cjs', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'queue-kills-'));
const alone = values.alone ?? join(root, 'alone');
const store = join(root, 'store');
const results = join(root, 'results');
const random = new Generator(Number(values.seed));

const asked = (values.study ? askedStudy : askedSeeds)({ alone, results, store }, trials, Number(values.steps));

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess & { said: string } {
  const child = spawn(process.execPath, [program, ...args], {
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
  isOver(child) ? Promise.resolve(child.exitCode) : new Promise((resolve) => child.once('close', resolve));

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
const lastLine = ({ said }: { readonly said: string }): string => said.trim().split('\n').at(-1) || 'nothing';

/** Ends the measurement, and all that it has started. */
function giveUp(why: string): never {
  console.error(`queue-kills: ${why} What there is of it: ${root}`);
  // The server goes with this program.
  for (const child of [...workers, coordinator]) child.kill('SIGKILL');
  process.exit(1);
}

/** Nobody trains what is left, or nobody waits for it: this would never end. */
function checkThatItGoesOn(): void {
  if (workers.every(isOver)) {
    const lines = workers.map((worker) => `"${lastLine(worker)}"`);
    giveUp(`All ${WORKERS} workers have ended by themselves, saying ${[...new Set(lines)].join(', ')}.`);
  }
  if (isOver(coordinator) && coordinator.exitCode !== 0) {
    giveUp(`The program that waits has ended, saying "${lastLine(coordinator)}".`);
  }
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(0)} s`;

let began = performance.now();
if (!existsSync(alone)) {
  const child = start(asked.alone(availableParallelism()));
  if ((await ended(child)) !== 0 && values.study) throw new Error(child.said);
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
const coordinate = (args: readonly string[]) => start(args, { BELLMAN_QUEUE: server.url });

began = performance.now();
const workers = Array.from({ length: WORKERS }, work);
let coordinator = coordinate(asked.begin());
type Blow = 'worker' | 'server' | 'coordinator';
/** Trainings that are done when each blow falls. */
const spread = (blow: Blow, times: number) =>
  Array.from({ length: times }, () => ({ blow, at: Math.floor(random.uniform(0, 0.9 * trials)) }));
const blows = [...spread('worker', kills), ...spread('server', restarts), ...spread('coordinator', 1)];
blows.sort((a, b) => a.at - b.at);
for (const { blow, at } of blows) {
  while (asked.done() < at) {
    checkThatItGoesOn();
    await sleep(50);
  }
  await sleep(random.uniform(0, 2000));
  if (blow === 'worker') {
    const which = Math.floor(random.uniform(0, WORKERS));
    if (!isOver(workers[which]!)) workers[which]!.kill('SIGKILL');
    await ended(workers[which]!);
    workers[which] = work();
  } else if (blow === 'server') await server.restart();
  else {
    coordinator.kill('SIGKILL');
    await ended(coordinator);
    coordinator = coordinate(asked.again());
  }
  console.log(`${asked.done()} of ${trials} done: killed ${blow === 'worker' ? 'a worker' : `the ${blow}`}`);
}
const watch = setInterval(checkThatItGoesOn, 500);
const code = await ended(coordinator);
clearInterval(watch);
const took = seconds(began);
const alive = workers.filter((worker) => !isOver(worker)).length;
for (const worker of workers) worker.kill('SIGTERM');
for (const worker of workers) await ended(worker);
await server.stop();

const said = logs.map((log) => log.said).join('\n');
const goneOn = (said.match(/resumes from step/g) ?? []).length;
const again = (said.match(/\(had ended before\)/g) ?? []).length;
const faults = await asked.faults(coordinator.said);
const secret = new URL(server.url).password;
const told = said.includes(secret) || coordinator.said.includes(secret);
console.log(
  `${values.engine}: ${trials} trainings on ${WORKERS} workers in ${took}; ${kills} kills of workers, ${restarts} of the server, 1 of the coordinator; ${goneOn} went on from a checkpoint, ${again} had ended before; exit code ${code}${alive < WORKERS ? `; only ${alive} workers were left` : ''}`,
);
console.log(faults.length === 0 ? 'each once, and equal to the bit to the one run alone' : faults.join('\n'));
if (told) console.log('A password was told.');
if (faults.length > 0 || told) {
  process.exitCode = 1;
  console.log(`kept: ${root}\n${coordinator.said.slice(-2000)}\n${said.slice(-4000)}`);
} else rmSync(root, { recursive: true, force: true });
