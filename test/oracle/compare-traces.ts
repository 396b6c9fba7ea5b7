/**
 * Runs the cases of trace-cases.json here and in Gymnasium and compares every line; says how far apart the numbers are at
 * most (relative to max(1, |number|)).
 *
 *   PYTHON=python3 npx tsx test/oracle/compare-traces.ts [--seeds 20] [--steps 50000] [CASE ...]
 *
 * PYTHON is an interpreter with gymnasium 1.4.0. Taxi-v3 needs gymnasium 1.0.0: name its interpreter in PYTHON_1_0, or
 * that case is left out.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { traceEnvironment } from '../../src/envs/index.ts';
import { makeCase, type TraceCase, traceCases } from './trace-cases.ts';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, steps: { type: 'string', default: '50000' } },
  allowPositionals: true,
});
/** How far an unstable system may drift. */
const UNSTABLE = 1e-3;

const script = fileURLToPath(new URL('environments.py', import.meta.url));

interface Result {
  lines: number;
  /** Lines further apart than the case allows. */
  beyond: number;
  largest: number;
  /** Why the comparison stopped. */
  problem?: string;
}

let failed = false;
for (const traceCase of traceCases) {
  if (positionals.length > 0 && !positionals.includes(traceCase.name)) continue;
  const python =
    traceCase.env === 'Taxi-v3'
      ? process.env['PYTHON_1_0']
      : (process.env['PYTHON'] ?? process.env['BELLMAN_PYTHON'] ?? 'python3');
  if (python === undefined) {
    console.log(`${traceCase.name}: left out, PYTHON_1_0 is not set`);
    continue;
  }
  const total: Result = { lines: 0, beyond: 0, largest: 0 };
  for (let seed = 0; seed < Number(values.seeds) && total.problem === undefined; seed++) {
    const result = await compare(traceCase, python, seed, Number(values.steps));
    total.lines += result.lines;
    total.beyond += result.beyond;
    total.largest = Math.max(total.largest, result.largest);
    if (result.problem !== undefined) total.problem = result.problem;
  }
  failed ||= total.problem !== undefined || (total.beyond > 0 && traceCase.unstable !== true);
  const exactly = total.largest === 0 ? 'to the bit' : `to ${total.largest.toExponential(1)}`;
  const beyond = total.beyond === 0 ? '' : `, ${total.beyond} of them beyond ${traceCase.tolerance}`;
  console.log(
    `${traceCase.name}: ${total.lines} lines agree ${exactly}${beyond}${total.problem === undefined ? '' : `, then ${total.problem}`}`,
  );
}
process.exitCode = failed ? 1 : 0;

async function compare(traceCase: TraceCase, python: string, seed: number, steps: number): Promise<Result> {
  const args = [script, 'trace', traceCase.name, '--seed', String(seed), '--steps', String(steps)];
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const ours = traceEnvironment(makeCase(traceCase), { seed, steps, options: traceCase.reset });
  const result: Result = { lines: 0, beyond: 0, largest: 0 };
  for await (const expected of createInterface({ input: child.stdout })) {
    const actual = ours.next();
    if (actual.done || expected !== actual.value) {
      const difference = actual.done ? Infinity : distance(JSON.parse(expected), JSON.parse(actual.value));
      const tolerance = traceCase.tolerance ?? 0;
      // An unstable system may drift a little beyond; a number of another kind, or far away, is a fault everywhere.
      if (difference > (traceCase.unstable === true ? UNSTABLE : tolerance)) {
        child.kill();
        result.problem = `seed ${seed} line ${result.lines}\n  expected ${expected}\n  got      ${actual.value}`;
        return result;
      }
      result.largest = Math.max(result.largest, difference);
      if (difference > tolerance) result.beyond++;
    }
    result.lines++;
  }
  const code = await exit;
  if (code !== 0) result.problem = `seed ${seed}: python ended with ${code}`;
  else if (!ours.next().done) result.problem = `seed ${seed}: python ended after ${result.lines} lines`;
  return result;
}

/** Largest difference of two numbers a and b, divided by max(1, |a|); infinite where the values are not alike. */
function distance(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : Math.abs(a - b) / Math.max(1, Math.abs(a));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b ? 0 : Infinity;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return Infinity;
  let largest = 0;
  for (const key of keys) largest = Math.max(largest, distance(Reflect.get(a, key), Reflect.get(b, key)));
  return largest;
}
