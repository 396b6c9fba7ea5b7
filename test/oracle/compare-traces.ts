/**
 * Runs the cases of trace-cases.json here and in Gymnasium and compares every line.
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
const script = fileURLToPath(new URL('environments.py', import.meta.url));

let failed = false;
for (const traceCase of traceCases) {
  if (positionals.length > 0 && !positionals.includes(traceCase.name)) continue;
  const python = traceCase.env === 'Taxi-v3' ? process.env['PYTHON_1_0'] : (process.env['PYTHON'] ?? 'python3');
  if (python === undefined) {
    console.log(`${traceCase.name}: left out, PYTHON_1_0 is not set`);
    continue;
  }
  let lines = 0;
  let problem: string | undefined;
  for (let seed = 0; seed < Number(values.seeds) && problem === undefined; seed++) {
    const result = await compare(traceCase, python, seed, Number(values.steps));
    lines += result.lines;
    problem = result.problem;
  }
  failed ||= problem !== undefined;
  console.log(`${traceCase.name}: ${lines} lines agree${problem === undefined ? '' : `, then ${problem}`}`);
}
process.exitCode = failed ? 1 : 0;

async function compare(
  traceCase: TraceCase,
  python: string,
  seed: number,
  steps: number,
): Promise<{ lines: number; problem?: string }> {
  const args = [script, 'trace', traceCase.name, '--seed', String(seed), '--steps', String(steps)];
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const ours = traceEnvironment(makeCase(traceCase), { seed, steps });
  let lines = 0;
  for await (const expected of createInterface({ input: child.stdout })) {
    const actual = ours.next();
    if (actual.done || !same(JSON.parse(expected), JSON.parse(actual.value), traceCase.tolerance ?? 0)) {
      child.kill();
      return { lines, problem: `seed ${seed} line ${lines}\n  expected ${expected}\n  got      ${actual.value}` };
    }
    lines++;
  }
  const code = await exit;
  if (code !== 0) return { lines, problem: `seed ${seed}: python ended with ${code}` };
  if (!ours.next().done) return { lines, problem: `seed ${seed}: python ended after ${lines} lines` };
  return { lines };
}

function same(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => same(Reflect.get(a, key), Reflect.get(b, key), tolerance));
}
