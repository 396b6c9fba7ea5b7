/** Mistakes in modules with networks, value heads and algorithms: one line, and no run. What works is in docs/guide/own-*.md. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moduleUrl } from '../support/program.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

const head = `import { registerAlgorithm, registerNetwork, registerValueHead } from '${moduleUrl('src/index.ts')}';\n`;

describe('modules of the user', () => {
  const cwd = temporaryFolder();
  process.env['XDG_DATA_HOME'] = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(cwd, name), head + text);
  write('taken-net.mjs', "registerNetwork('nature', { options: {}, build() {} });");
  write('taken-head.mjs', "registerValueHead('scalar', { options: {}, build() {} });");
  write('taken.mjs', "registerAlgorithm('dqn', { defaults: {}, create() {} });");
  write('twice.mjs', "for (const _ of [1, 2]) registerAlgorithm('twice', { defaults: {}, create() {} });");
  write('bare.mjs', "registerAlgorithm('bare', { create() {} });");
  write(
    'steps.mjs',
    "registerAlgorithm('steps', { defaults: { steps: 3 }, create() { throw new Error('out of order\\nat'); } });",
  );
  write(
    'narrow.mjs',
    "registerNetwork('narrow', { options: { n: 1 }, build: () => ({ parameters: [], build: (x) => x }) });",
  );

  const net = (kind: string) => ['dqn-cart-pole', '--set', `network.kind=${kind}`];
  it.each([
    [net('./taken-net.mjs:mine'), 'bellman: network.kind: got "nature", allowed is a name that is not registered yet.'],
    [
      ['dqn-cart-pole', '--set', 'values.kind=./taken-head.mjs:mine'],
      'bellman: values.kind: got "scalar", allowed is a name that is not registered yet.',
    ],
    [['./taken.mjs:mine'], 'bellman: algorithm: got "dqn", allowed is a name that is not registered yet.'],
    [['./twice.mjs:twice'], 'bellman: algorithm: got "twice", allowed is a name that is not registered yet.'],
    [['./bare.mjs:bare'], 'defaults: got undefined, allowed is a configuration, or a parse function.'],
    [['./steps.mjs:step', '--env', 'CartPole-v1'], 'Module ./steps.mjs registers no algorithm step.'],
    [['./steps.mjs:steps'], '--env: got undefined, allowed is the id of an environment'],
    [['./steps.mjs:steps', '--env', 'CartPole-v1', '--set', 'steps=many'], 'steps: got "many", allowed is a number.'],
    [['./steps.mjs:steps', '--env', 'CartPole-v1'], 'bellman: out of order'],
    [['./nowhere.mjs:steps', '--env', 'CartPole-v1'], 'Give a file by its path, as ./my-dqn.mjs:my-dqn'],
    [net('./nowhere.mjs:mine'), 'Give a file by its path, as ./my-net.mjs:my-net'],
    [net('narrow'), 'or one of your own, as ./my-network.mjs:my-network.'],
    [net('./narrow.mjs:narrow'), 'Network ./narrow.mjs:narrow gives [2, 4] for 2 observations'],
    [[...net('./narrow.mjs:narrow'), '--set', 'network.m=1'], 'network: got "m", allowed is one of n.'],
  ])('%j is refused', async (args, message) => {
    const { code, stdout, stderr } = await bellman(['train', ...args, '--run', 'run'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(cwd, 'run'))).toBe(false);
  });
});
