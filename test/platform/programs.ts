import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SETUP = 'run scripts/setup-tests.sh first';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The Python that has Gymnasium, ONNX Runtime and TensorBoard. A test without it fails: it is never skipped. */
export function pythonPath(): string {
  const path = process.env['BELLMAN_PYTHON'] ?? `${ROOT}.venv/bin/python`;
  if (!existsSync(path)) throw new Error(`No Python at ${path}: ${SETUP}, or set BELLMAN_PYTHON.`);
  return path;
}

/** Runs a script of this repository and returns what it prints. */
export function python(script: string, args: readonly string[], input = ''): string {
  return execFileSync(pythonPath(), [`${ROOT}${script}`, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** A Chromium or Chrome; the one without windows first: the same engine takes half the processor time. */
export function chromiumPath(): string {
  const candidates = [
    process.env['BELLMAN_CHROMIUM'],
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error(`No Chromium found: ${SETUP}, or set BELLMAN_CHROMIUM.`);
  return found;
}
