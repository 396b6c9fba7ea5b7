/** Pages with a strict Content-Security-Policy, in Chromium. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ortRunnerFactory } from '../../src/node/onnxruntime/ort-runner-factory.ts';
import { bundlePage } from '../support/bundle.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { tellAll } from './policed-jobs.ts';
import { serve } from './serve.ts';

let browser: Browser;
let script: string;
let node: Record<string, string>;
beforeAll(async () => {
  browser = await launchChromium();
  script = await bundlePage('test/browser/policed-page.ts');
  node = await tellAll(async () => ortRunnerFactory('wasm', 1));
});
afterAll(() => browser?.close());

/** What the page tells, and what the browser complains of. */
async function visit(policy: string) {
  const server = await serve({ '/page.js': script }, policy);
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const result = server.nextResult() as Promise<Record<string, string>>;
  await page.goto(server.address);
  const told = await result;
  await page.close();
  server.close();
  return { told, errors };
}

it("under default-src and script-src of its own all runs that needs no compiler, with Node's bits", async () => {
  const { told, errors } = await visit("default-src 'self'; script-src 'self'");
  const { Atari, 'DQN, onnxruntime-web': ort, ...others } = told;
  expect(others).toEqual(Object.fromEntries(Object.keys(others).map((name) => [name, node[name]])));
  expect(Object.keys(others)).toHaveLength(7);
  // What needs one says so, and what the policy lacks.
  expect(Atari).toMatch(/^UnavailableError: .*'wasm-unsafe-eval'/);
  expect(ort).toMatch(/^UnavailableError: .*/);
  expect(errors).toEqual([]);
});

it("with 'wasm-unsafe-eval' everything does", async () => {
  const { told, errors } = await visit("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
  expect(told).toEqual(node);
  expect(errors).toEqual([]);
});
