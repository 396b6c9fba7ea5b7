import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** One session, as trainings open theirs. */
const PROGRAM = `
  const { add, Graph } = await import(${here('../../graph/index.ts')});
  const { ortRunnerFactory } = await import(${here('./ort-runner-factory.ts')});
  const graph = new Graph();
  const runner = await ortRunnerFactory('cpu', 1)(graph, { y: add(graph.input('x', 'float32', [2]), 1) });
  const { y } = await runner.run({ x: Float32Array.of(1, 2) });
  await runner.release();
  console.log(y.join());
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bellman-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a session reports to nobody and leaves nothing in the folder for temporary files', () => {
  const env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: folder, TSX_DISABLE_CACHE: '1' };
  delete env['ORT_DISABLE_TELEMETRY'];
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', PROGRAM];
  const cwd = fileURLToPath(new URL('../../..', import.meta.url));
  expect(execFileSync(process.execPath, args, { env, cwd, encoding: 'utf8' }).trim()).toBe('2,3');
  expect(readdirSync(folder).filter((name) => /^(mat-debug-.*|\.ses)$/.test(name))).toEqual([]);
});
