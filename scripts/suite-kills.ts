/**
 * Kills `bellman suite` or `bellman tune` (SIGKILL, so that nothing can be tidied up) again and again at random moments, goes on each
 * time, and compares its table, or the trials of its study, with those of one that nobody disturbed: all but the minutes.
 *
 *   npx tsx scripts/suite-kills.ts [--of suite|tune] [--kills 10] [--seed 1]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Generator } from '../src/core/index.ts';
import { JournalFile } from '../src/node/tune/journal-file.ts';

const { values } = parseArgs({
  options: {
    of: { type: 'string', default: 'suite' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const tunes = values.of === 'tune';
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const root = mkdtempSync(join(tmpdir(), 'suite-kills-'));

/** @param killAfterMs undefined lets it end. @returns how it ended. */
function run(dir: string, killAfterMs?: number): Promise<{ code: number | null; killed: boolean }> {
  const suite = 'suite dqn --games CartPole-v1,CartPole-v0 --seeds 2 --steps 2000 --jobs 2 --set learningStarts=200';
  const tune = 'tune dqn-cart-pole --steps 2000 --seeds 2 --trials 6 --jobs 1 --pruner median --sampler random';
  const space = ' --space learningRate=1e-4..1e-2:log gamma=0.9,0.99 --retrain-seeds 1';
  const command = `${tunes ? tune + space : suite} --episodes 3 --threads 1 --checkpoint-every 0.3`.split(' ');
  const place = tunes ? ['--study', `${dir}.log`] : ['--dir', dir];
  const child = spawn(process.execPath, ['--import', tsx, main, ...command, ...place], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, killed: signal === 'SIGKILL' });
    });
  });
}

function facts(dir: string): string {
  if (tunes) {
    const [{ trials }] = new JournalFile(`${dir}.log`).read();
    const lasting = trials.map(
      ({ number, state, value, settings, reports, attributes: { minutes: _, runs: __, ...rest } }) => [
        ...[number, state, value, settings, rest],
        [...reports],
      ],
    );
    return JSON.stringify(lasting);
  }
  const table = JSON.parse(readFileSync(join(dir, 'table.json'), 'utf8')) as { rows: Record<string, unknown>[] };
  return JSON.stringify({ ...table, rows: table.rows.map(({ minutes: _, ...row }) => row) });
}

const [calm, disturbed] = [join(root, 'calm'), join(root, 'disturbed')];
const started = performance.now();
const first = await run(calm);
const length = performance.now() - started;
console.log(`undisturbed: exit code ${first.code}, ${(length / 1000).toFixed(0)} s`);
const random = new Generator(Number(values.seed));
let kills = 0;
for (let i = 0; i < Number(values.kills); i++) {
  const after = random.uniform(0, 0.3 * length);
  const { code, killed } = await run(disturbed, after);
  if (killed) kills++;
  console.log(killed ? `killed after ${(after / 1000).toFixed(1)} s` : `ended before, exit code ${code}`);
}
const last = await run(disturbed);
const same = facts(calm) === facts(disturbed);
console.log(
  `killed ${kills} times; at the end exit code ${last.code}, ${same ? 'the same' : 'ANOTHER'} ${tunes ? 'study' : 'table'}`,
);
rmSync(root, { recursive: true, force: true });
if (!same || first.code !== 0 || last.code !== 0) process.exitCode = 1;
