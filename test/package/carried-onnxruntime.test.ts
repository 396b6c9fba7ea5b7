/** What the package carries of onnxruntime-web runs without that package, to the same bits. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as installed from 'onnxruntime-web';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { carryOrt } from '../../scripts/carry-onnxruntime.ts';
import { conv2d, Graph, gradients, reduceMean, square, tanh } from '../../src/graph/index.ts';
import { type OrtWeb, ortWebRunnerFactory } from '../../src/web/index.ts';

const place = mkdtempSync(join(tmpdir(), 'bellman-carried-'));
// Node loads what lies below node_modules, Vitest the rest.
const folder = join(place, 'node_modules', 'carried');
beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  carryOrt(folder);
});
afterAll(() => rmSync(place, { recursive: true }));

it('needs no package', () => {
  expect(readdirSync(folder).sort()).toEqual([
    'ort-wasm-simd-threaded.mjs',
    'ort-wasm-simd-threaded.wasm',
    'ort.mjs',
    'ort.wasm.min.mjs',
  ]);
  const text = readFileSync(join(folder, 'ort.mjs'), 'utf8');
  const needed = [...text.matchAll(/\bfrom\s*"([\w@:/-]+)"/g)].map(([, name]) => name);
  expect(needed).toEqual(['module']);
  expect(text).toContain('Copyright (c) Microsoft Corporation');
});

it('gives the bits of the package', async () => {
  const carried = (await import(pathToFileURL(join(folder, 'ort.mjs')).href)) as OrtWeb;
  const graph = new Graph();
  const [x, w] = [graph.input('x', 'float32', [4, 3, 12, 12]), graph.input('w', 'float32', [8, 3, 3, 3])];
  const loss = reduceMean(square(tanh(conv2d(x, w))));
  const outputs = { loss, gradient: gradients(loss, [w])[0] };
  const feeds = {
    x: Float32Array.from({ length: 4 * 3 * 144 }, (_, i) => Math.sin(i * 0.7)),
    w: Float32Array.from({ length: 8 * 27 }, (_, i) => Math.cos(i * 1.3)),
  };
  const results = [];
  for (const ort of [carried, installed]) {
    const runner = await ortWebRunnerFactory(ort)(graph, outputs);
    const { loss, gradient } = await runner.run(feeds);
    results.push({ loss: loss.slice(), gradient: gradient.slice() });
    await runner.release();
  }
  expect(results[0].loss[0]).toBeGreaterThan(0);
  expect(results[0]).toEqual(results[1]);
});
