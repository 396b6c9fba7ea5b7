/**
 * Runs the cases of trace-cases.json here and in Gymnasium and compares every line; says how far apart the numbers are at
 * most (relative to max(1, |number|)).
 *
 *   PYTHON=python3 npx tsx test/oracle/compare-traces.ts [--seeds 20] [--steps 50000] [--write] [CASE ...]
 *
 * --write puts each case's row into the table of docs/results/gymnasium-traces.md, and leaves the other rows.
 * PYTHON is an interpreter with gymnasium 1.4.0. Taxi-v3 needs gymnasium 1.0.0: name its interpreter in PYTHON_1_0, or
 * that case is left out.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { page, writeSection } from '../../bench/report.ts';
import type { Env } from '../../src/core/env.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { traceEnvironment } from '../../src/envs/index.ts';
import { makeCase, type TraceCase, traceCases } from './trace-cases.ts';

const { values, positionals } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    steps: { type: 'string', default: '50000' },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const script = fileURLToPath(new URL('environments.py', import.meta.url));

interface Result {
  lines: number;
  largest: number;
  /** Of an unstable case: lines of the free run beyond the tolerance, and its largest difference. */
  beyond: number;
  drift: number;
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
  const total: Result = { lines: 0, largest: 0, beyond: 0, drift: 0 };
  for (let seed = 0; seed < Number(values.seeds) && total.problem === undefined; seed++) {
    const result = await compare(traceCase, python, seed, Number(values.steps));
    total.lines += result.lines;
    total.beyond += result.beyond;
    total.largest = Math.max(total.largest, result.largest);
    total.drift = Math.max(total.drift, result.drift);
    if (result.problem !== undefined) total.problem = result.problem;
  }
  failed ||= total.problem !== undefined;
  const exactly = total.largest === 0 ? 'to the bit' : `to ${total.largest.toExponential(1)}`;
  const free = `; run without correction, ${total.beyond} are beyond ${traceCase.tolerance}, the furthest by ${total.drift.toExponential(1)}`;
  const steps = traceCase.unstable === true ? `, each step from the other's state${free}` : '';
  const problem = total.problem === undefined ? '' : `, then ${total.problem}`;
  console.log(`${traceCase.name}: ${total.lines} lines agree ${exactly}${steps}${problem}`);
  if (values.write) writeRow(traceCase, total, exactly);
}
process.exitCode = failed ? 1 : 0;

/** Puts a case's row into the page's table, in the order of trace-cases.json. */
function writeRow(traceCase: TraceCase, total: Result, exactly: string): void {
  const { name, env, kwargs, map, attributes, reset, unstable } = traceCase;
  const parts = [kwargs, map && { map }, attributes, reset && { reset }].filter((part) => part !== undefined);
  const options = parts
    .flatMap((part) => Object.entries(part))
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  const count = total.lines.toLocaleString('en-US');
  const agree = unstable === true ? `${exactly}, each step from Gymnasium's state` : exactly;
  const free = `${total.beyond.toLocaleString('en-US')} lines beyond 1e-6, the furthest by ${total.drift.toExponential(1)}`;
  const cells = [
    `\`${name}\``,
    env,
    options.length === 0 ? '' : `\`${options.join(', ')}\``,
    `${values.seeds} x ${Number(values.steps).toLocaleString('en-US')}`,
    count,
    total.problem === undefined ? agree : `DIFFERS at ${total.problem.split('\n')[0]}`,
    unstable === true ? free : '',
  ];
  const path = page('results/gymnasium-traces.md');
  const rows = new Map(
    [...readFileSync(path, 'utf8').matchAll(/^\| `([\w-]+)` \|.*$/gm)].map(([row, known]) => [known, row]),
  );
  rows.set(name, `| ${cells.join(' | ')} |`);
  writeSection(path, 'traces', [
    '| case | environment | options | seeds x steps | lines | agree | run without correction |',
    '|---|---|---|--:|--:|---|---|',
    ...traceCases.flatMap((known) => rows.get(known.name) ?? []),
  ]);
}

async function compare(traceCase: TraceCase, python: string, seed: number, steps: number): Promise<Result> {
  const args = [script, 'trace', traceCase.name, '--seed', String(seed), '--steps', String(steps)];
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const env = makeCase(traceCase);
  const options = { seed, steps, options: traceCase.reset };
  const ours = traceEnvironment(env, options);
  const free = traceCase.unstable === true ? traceEnvironment(makeCase(traceCase), options) : undefined;
  const result: Result = { lines: 0, largest: 0, beyond: 0, drift: 0 };
  const tolerance = traceCase.tolerance ?? 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const actual = ours.next();
    if (actual.done || line !== actual.value) {
      const { state, ...expected } = JSON.parse(line) as { state?: number[] };
      const difference = actual.done ? Infinity : distance(expected, JSON.parse(actual.value));
      if (difference > tolerance) {
        child.kill();
        result.problem = `seed ${seed} line ${result.lines}\n  expected ${line}\n  got      ${actual.value}`;
        return result;
      }
      result.largest = Math.max(result.largest, difference);
      if (free !== undefined && state !== undefined) {
        setState(env, state);
        const next = free.next();
        const drift = next.done ? Infinity : distance(expected, JSON.parse(next.value));
        result.drift = Math.max(result.drift, drift);
        if (drift > tolerance) result.beyond++;
      }
    }
    result.lines++;
  }
  const code = await exit;
  if (code !== 0) result.problem = `seed ${seed}: python ended with ${code}`;
  else if (!ours.next().done) result.problem = `seed ${seed}: python ended after ${result.lines} lines`;
  return result;
}

/** Puts a state into an environment whose own saved state is one Float64Array, below a time limit. */
function setState(env: Env, state: readonly number[]): void {
  const saved = env.saveState() as { own: Snapshot; env: { [key: string]: Snapshot } };
  env.restoreState({ own: saved.own, env: { ...saved.env, own: Float64Array.from(state) } });
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
