/**
 * Interrupts trainings at random moments, resumes them, and compares what they come to with trainings that nobody interrupted:
 *
 *     npm run torture -- [--kills 200] [--hang-ups 50] [--pipes 50] [--disks 50] [--seed 0] [--output FILE]
 *
 * Half of the hang-ups are those of a real terminal that ends (where there is `script`), most full disks are a small one of their
 * own (where it may be mounted: as root), the others a limit on the size of files; a fifth are outputs on a full disk. One
 * in ten is the README's `bellman train` within its first ten seconds. Wants a built program (`npm run build`). Ends with 1
 * when something is lost.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Round, type Torment, type TormentedCase, Tormentor, writeFindings } from '../test/torture/torment.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** Windows are in the time of the machine that it was written on, two idle cores; `--slower 5` is for a busy one. */
const lake = {
  name: 'lake',
  args: ['q-learning', '--env', 'FrozenLake-v1', '--reward', '1.1'],
  steps: 3000,
  windowMs: 900,
};
const pole = { name: 'pole', args: ['dqn-cart-pole', '--reward', '501'], steps: 1500, windowMs: 3000 };
const readme = { name: 'readme', args: [], steps: 10_000, windowMs: 10_000 };

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    'hang-ups': { type: 'string', default: '50' },
    pipes: { type: 'string', default: '50' },
    disks: { type: 'string', default: '50' },
    seed: { type: 'string', default: '0' },
    slower: { type: 'string', default: '1' },
    output: { type: 'string' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'bellman-torture-'));
const smallDisk = mountSmallDisk(join(folder, 'disk'));
const rounds: Round[] = [];
let compared = 0;
const tormentor = new Tormentor({
  program: [process.execPath, MAIN],
  folder: join(folder, 'runs'),
  smallDisk,
  seed: Number(values.seed),
  onRound: (round) => {
    rounds.push(round);
    if (round.problems.length > 0) console.error(round);
    if (rounds.length % 10 === 0) console.error(`${rounds.length} interruptions`);
    if (values.output !== undefined) writeFindings(values.output, rounds);
  },
});

async function torment(kind: Torment, count: number): Promise<void> {
  const early = Math.round(count / 10);
  const poles = Math.round(count / 10);
  const parts: [TormentedCase, number][] = [
    [readme, early],
    [pole, poles],
    [lake, count - early - poles],
  ];
  for (const [part, times] of parts) {
    if (times === 0) continue;
    // The README's first ten seconds are ten seconds everywhere.
    const slowed = part === readme ? part : { ...part, windowMs: part.windowMs * Number(values.slower) };
    compared += (await tormentor.torment(kind, slowed, times)).compared;
  }
}

try {
  const disks = Number(values.disks);
  const outputs = Math.round(disks / 5);
  const limits = smallDisk === undefined ? disks - outputs : Math.round(disks / 5);
  const hangUps = Number(values['hang-ups']);
  const terminals = hasScript() ? Math.round(hangUps / 2) : 0;
  await torment('full-output', outputs);
  await torment('file-size', limits);
  await torment('full-disk', disks - outputs - limits);
  await torment('terminal', terminals);
  await torment('hang-up', hangUps - terminals);
  await torment('pipe', Number(values.pipes));
  await torment('kill', Number(values.kills));
} finally {
  if (smallDisk !== undefined) execFileSync('umount', [smallDisk]);
  rmSync(folder, { recursive: true, force: true });
}

const kinds = [...new Set(rounds.map(({ kind }) => kind))];
const count = (of: readonly Round[], key: 'end' | 'left'): string => {
  const counts = new Map<string, number>();
  for (const round of of) counts.set(round[key], (counts.get(round[key]) ?? 0) + 1);
  return [...counts].map(([name, times]) => `${name}: ${times}`).join(', ');
};
console.log('| interruption | times | ended with | left behind | lost |\n|---|---:|---|---|---:|');
for (const kind of kinds) {
  const of = rounds.filter((round) => round.kind === kind);
  const lost = of.filter(({ problems }) => problems.length > 0).length;
  console.log(`| ${kind} | ${of.length} | ${count(of, 'end')} | ${count(of, 'left')} | ${lost} |`);
}
console.log(`\n${compared} trainings compared with one that nobody interrupted.`);
if (rounds.some(({ problems }) => problems.length > 0)) process.exitCode = 1;

/** A disk of a few megabytes, room for three checkpoints of the largest training; undefined where this user may not mount one. */
function mountSmallDisk(path: string): string | undefined {
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'none', path], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}

function hasScript(): boolean {
  try {
    execFileSync('script', ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
}
