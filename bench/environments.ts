/**
 * Steps per second of each small environment and of Gymnasium's, in turn in the same run, as a table in
 * docs/results/environments.md.
 *
 *   BELLMAN_PYTHON=python3 npx tsx bench/environments.ts [--rounds 5] [--seconds 1] [ID ...]
 *
 * With ids, only their rows are made anew.
 *
 * BELLMAN_PYTHON is an interpreter with gymnasium 1.4.0. Both take the environment as `make` gives it, time limit
 * included, and the same number of random actions drawn beforehand; a round times one and then the other, and the table has
 * medians. Seconds are of processor time, all threads of a process together: those of a machine that is busy mean little.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeFromKwargs } from '../src/envs/index.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { stepsPerSecond } from '../src/train/bench-environment.ts';
import { machine, median, page } from './report.ts';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const script = fileURLToPath(new URL('gym_speed.py', import.meta.url));
const python = process.env['BELLMAN_PYTHON'] ?? 'python3';

const TOY = [
  'FrozenLake-v1',
  'FrozenLake8x8-v1',
  'Taxi-v4',
  'CliffWalking-v1',
  'CliffWalkingSlippery-v1',
  'Blackjack-v1',
];
const CLASSIC = ['CartPole-v1', 'MountainCar-v0', 'MountainCarContinuous-v0', 'Acrobot-v1', 'Pendulum-v1'];

/** Milliseconds that this process has computed. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
const ours = (id: string, steps: number) => stepsPerSecond(makeFromKwargs(id), steps, 0, cpuTime);
const theirs = (id: string, steps: number) =>
  Number(execFileSync(python, [script, id, String(steps)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));

const path = page('results/environments.md');
const known = [...readFileSync(path, 'utf8').matchAll(/^\| ([\w-]+-v\d) \|.*$/gm)];
const rows = new Map(known.map(([row, id]) => [id, row]));
const all = [...TOY, ...CLASSIC];
for (const id of all.filter((one) => positionals.length === 0 || positionals.includes(one))) {
  const ourSteps = Math.round(ours(id, 200_000) * seconds);
  const theirSteps = Math.round(theirs(id, 4096) * seconds);
  const [here, there]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    here.push(ours(id, ourSteps));
    there.push(theirs(id, theirSteps));
  }
  const ratios = here.map((rate, i) => rate / there[i]);
  const goal = TOY.includes(id) ? 50 : 30;
  const cells = [
    id,
    `${(median(here) / 1e6).toFixed(2)} M`,
    `${(median(there) / 1e3).toFixed(1)} k`,
    `**${median(ratios).toFixed(0)}**`,
    `${Math.min(...ratios).toFixed(0)} to ${Math.max(...ratios).toFixed(0)}`,
    `${goal}${median(ratios) >= goal ? '' : ', missed'}`,
  ];
  rows.set(id, `| ${cells.join(' | ')} |`);
  console.log(rows.get(id));
}

const text = [
  '# Speed of the small environments\n',
  '| environment | bellman, steps/s | Gymnasium, steps/s | times as fast | range | goal |',
  '|---|--:|--:|--:|--:|--:|',
  ...all.flatMap((id) => rows.get(id) ?? []),
  '',
  'Steps per second of processor time with random actions, resets and time limits included, compared with Gymnasium 1.4.0 in',
  `Python: medians of ${rounds} rounds in turn in one run. ${machine()}\n`,
  '`npx tsx bench/environments.ts` measures again and writes this page.',
  '',
].join('\n');
writeFileAtomic(path, text);
