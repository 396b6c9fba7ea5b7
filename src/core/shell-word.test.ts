import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

it.each([
  'runs/pole',
  'two words',
  "it's",
  'runs/\u00fc',
  '$HOME `x` "y"',
  '-x',
  'a\\b',
  '*',
])('a shell reads %s back', (text) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
});

it('leaves plain names as they are', () => {
  expect(shellWord('runs/dqn-pong-seed1-1')).toBe('runs/dqn-pong-seed1-1');
});
