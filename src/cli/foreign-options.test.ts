import { expect, it } from 'vitest';
import { dqnPong } from '../recipes/dqn-pong.ts';
import { foreignOption, misplacedWord, oftenSet } from './foreign-options.ts';

it.each([
  ['-m', 'bellman play FILE'],
  ['--dev', '--device cpu, wasm, kernels, webgpu or cuda'],
  ['--cuda', '--device cuda'],
  ['--max-steps', '--stop-after N'],
  ['--steps', '--set maxIterations=N'],
  ['--run-dir', '--run FOLDER'],
  ['--total-timesteps', '--set maxSteps=N'],
  ['--gama', '--set gamma=X'],
  ['--epsilon-final', '--set epsilonFinal=X'],
])('answers %s with ours', (option, ours) => {
  expect(foreignOption(`error: unknown option '${option}'`)).toContain(ours);
});

it('names settings that there are', () => {
  expect(oftenSet.filter((name) => !(name in dqnPong.config))).toEqual([]);
});

it('has no answer to what nobody has', () => {
  expect(foreignOption("error: unknown option '--sed'\n(Did you mean --seed?)")).toBeUndefined();
  expect(foreignOption("error: unknown option '--x'")).toBeUndefined();
  expect(foreignOption("error: missing required argument 'run'")).toBeUndefined();
});

it('says where a second word belongs, and what --resume wants', () => {
  const many = "error: too many arguments for 'train'. Expected 1 argument but got 2.";
  expect(misplacedWord(many, ['dqn', 'CartPole-v1'])).toContain('an environment is --env ID');
  expect(misplacedWord(many, ['dqn', 'gamma=0.9'])).toBe('a setting is --set gamma=0.9.');
  expect(misplacedWord("error: option '--resume <folder>' argument missing", ['--resume'])).toContain('which run? ');
  expect(misplacedWord("error: unknown option '--sed'", ['--sed'])).toBeUndefined();
});
