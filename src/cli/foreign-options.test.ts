import { expect, it } from 'vitest';
import { foreignOption } from './foreign-options.ts';

it.each([
  ['-m', 'bellman play FILE'],
  ['--dev', '--device cpu, wasm, webgpu or cuda'],
  ['--cuda', '--device cuda'],
  ['--total-timesteps', '--set maxSteps=N'],
])('answers %s with ours', (option, ours) => {
  expect(foreignOption(`error: unknown option '${option}'`)).toContain(ours);
});

it('has no answer to what nobody has', () => {
  expect(foreignOption("error: unknown option '--sed'")).toBeUndefined();
  expect(foreignOption("error: missing required argument 'run'")).toBeUndefined();
});
