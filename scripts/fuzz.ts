/**
 * Fuzzes what strangers may send, for as long as asked: each kind in a process of its own, which is ended where a case takes
 * longer than ten seconds.
 *
 *   npm run fuzz                            the counts of docs/results/fuzz.md
 *   npm run fuzz -- --count 100             so many cases of each kind
 *   npm run fuzz -- --only checkpoints      one kind
 *   npm run fuzz -- --seed 2                other cases; the same seed gives the same
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cleanUp, fuzzedKinds } from '../test/fuzz/stranger-kinds.ts';
import { fuzz } from '../test/fuzz/strangers.ts';

const SILENCE_MS = 10_000;

const { values } = parseArgs({
  options: { count: { type: 'string' }, only: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const kinds = (await fuzzedKinds()).filter(({ name }) => values.only === undefined || name === values.only);
if (process.send === undefined) await all();
else await one();
cleanUp();

/** In a process of its own: tries one kind, and tells the other that it lives. */
async function one(): Promise<void> {
  const [kind] = kinds;
  const count = Number(values.count ?? kind!.count);
  const seed = Number(values.seed);
  // What is loaded on first use is no growth.
  await fuzz(kind!, Math.min(200, count), seed);
  const before = process.memoryUsage().rss;
  let told = 0;
  const heard = (): void => {
    const now = performance.now();
    if (now - told > 500) process.send?.('alive');
    if (now - told > 500) told = now;
  };
  const { name, accepted, refused, worstMs, seconds } = await fuzz(kind!, count, seed, heard);
  const growth = (process.memoryUsage().rss - before) / 1e6;
  const cells = [name, count, refused, accepted, seconds.toFixed(1), worstMs.toFixed(0), growth.toFixed(0)];
  console.log(`| ${cells.map((cell) => cell.toLocaleString('en-US')).join(' | ')} |`);
  process.disconnect();
}

async function all(): Promise<void> {
  console.log('| input | cases | refused | good | seconds | slowest, ms | memory, MB more |');
  console.log('|---|---|---|---|---|---|---|');
  for (const { name } of kinds) {
    const args = [
      '--only',
      name,
      '--seed',
      values.seed,
      ...(values.count === undefined ? [] : ['--count', values.count]),
    ];
    const code = await new Promise<number | null>((resolve) => {
      const child = fork(fileURLToPath(import.meta.url), args);
      let heard = performance.now();
      child.on('message', () => {
        heard = performance.now();
      });
      let started = false;
      child.once('message', () => {
        started = true;
      });
      const watch = setInterval(() => {
        if (!started || performance.now() - heard < SILENCE_MS) return;
        console.log(`${name}: a case takes longer than ${SILENCE_MS / 1000} s`);
        child.kill('SIGKILL');
      }, 1000);
      child.on('close', (exit) => {
        clearInterval(watch);
        resolve(exit);
      });
    });
    if (code !== 0) process.exitCode = 1;
  }
}
