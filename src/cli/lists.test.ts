import { describe, expect, it } from 'vitest';
import { bellmanHere } from '../../test/cli/bellman-here.ts';
import { algorithmNames } from '../algorithms/registry.ts';
import { algorithmSummary } from '../algorithms/summaries.ts';
import { allRecipes } from '../recipes/registry.ts';
import { listAlgorithms } from './algorithms.ts';
import { listRecipes } from './recipes.ts';

const printed = async (...args: string[]) => (await bellmanHere(args)).stdout.trimEnd().split('\n');

describe('algorithms', () => {
  it('lists each by its kind, with the number of its recipes', () => {
    const lines = listAlgorithms(120);
    for (const name of algorithmNames()) {
      const line = lines.find((text) => text.trim().split(' ')[0] === name);
      expect(line, name).toContain(algorithmSummary(name)!.summary.split(';')[0]!);
    }
    const count = allRecipes.filter(({ algorithm }) => algorithm === 'sarsa').length;
    expect(lines.find((text) => text.startsWith('  sarsa '))).toMatch(new RegExp(` ${count} recipes$`));
    expect(lines.indexOf('Learning by doing, a network')).toBeGreaterThan(lines.findIndex((l) => l.includes('dyna-q')));
  });

  it('describes one with the values of its first recipe', async () => {
    const { config, id } = allRecipes.find(({ algorithm }) => algorithm === 'q-lambda')!;
    const { stdout } = await bellmanHere(['algorithms', 'q-lambda', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'q-lambda', kind: 'table', networks: false, config });
    expect((await printed('algorithms', 'q-lambda')).join('\n')).toContain(`those of ${id}`);
  });

  it('names the nearest for what is none', async () => {
    const { code, stderr } = await bellmanHere(['algorithms', 'qlearning']);
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean "q-learning"?');
  });
});

it('environments stand in lines of 79 columns on a terminal of 80, unbroken elsewhere', async () => {
  const plain = await printed('envs');
  expect(plain.filter((line) => /^\s/.test(line))).toEqual([]);
  const { isTTY, columns } = process.stdout;
  Object.assign(process.stdout, { isTTY: true, columns: 80 });
  try {
    const lines = await printed('envs');
    expect(lines.length).toBeGreaterThan(plain.length);
    for (const line of lines) expect(line.length).toBeLessThan(80);
    expect(lines.join(' ').replace(/\s+/g, ' ')).toBe(plain.join(' ').replace(/\s+/g, ' '));
  } finally {
    Object.assign(process.stdout, { isTTY, columns });
  }
});

it('an everyday word names its environment', async () => {
  expect((await printed('envs', 'lake'))[0]).toMatch(/^FrozenLake-v1: /);
});

it('the commands to begin with fit a terminal of 80 columns', async () => {
  const lines = await printed('--help');
  const begin = lines.slice(lines.indexOf('Begin with:'));
  expect(begin.length).toBeGreaterThan(4);
  for (const line of begin) expect(line.length).toBeLessThan(80);
});

describe('recipes', () => {
  it.each([60, 80, 200])('stand under their environments within %i columns', (width) => {
    const lines = listRecipes(allRecipes, width);
    for (const { id, env } of allRecipes) {
      const at = lines.findIndex((line) => line.startsWith(`  ${id} `));
      expect(lines.slice(0, at).findLast((line) => line !== '' && !line.startsWith(' '))).toBe(env);
    }
    for (const line of lines.slice(0, -3)) expect(line.length).toBeLessThanOrEqual(width);
  });

  it.each([
    ['CartPole-v1', (recipe: (typeof allRecipes)[number]) => recipe.env === 'CartPole-v1'],
    ['pong', (recipe: (typeof allRecipes)[number]) => recipe.env === 'bellman/Pong-v0'],
    ['n-step-sarsa', (recipe: (typeof allRecipes)[number]) => recipe.algorithm === 'n-step-sarsa'],
  ])('of %s are listed', async (name, belongs) => {
    const { stdout } = await bellmanHere(['recipes', name, '--json']);
    const ids = (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(allRecipes.filter(belongs).map(({ id }) => id));
  });

  it('is shown in full where a name leaves one', async () => {
    expect((await printed('recipes', 'cross-entropy'))[0]).toMatch(/^cross-entropy-cart-pole: /);
    expect((await printed('recipes', 'dqn-pong'))[0]).toMatch(/^dqn-pong: /);
  });

  it.each([
    ['seaquest', 'atari-fast', 'SeaquestNoFrameskip-v4'],
    ['space-invaders', 'atari-fast', 'SpaceInvadersNoFrameskip-v4'],
    ['ALE/Seaquest-v5', 'atari-fast', 'ALE/Seaquest-v5'],
    ['lake', 'value-iteration-frozen-lake', 'FrozenLake-v1'],
  ])('of %s is the one that is trained: %s in %s', async (name, id, env) => {
    const { stdout } = await bellmanHere(['recipes', name, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ id, env });
  });

  it('of a game says why it is this one; of nothing, what is near', async () => {
    expect((await printed('recipes', 'seaquest')).slice(1, 3)).toEqual([
      'Chosen for SeaquestNoFrameskip-v4, which has no recipe of its own: atari-fast is for any Atari game.',
      'algorithm pqn, environment SeaquestNoFrameskip-v4',
    ]);
    const { code, stderr } = await bellmanHere(['recipes', 'dqn-pongg']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('Unknown recipe "dqn-pongg". Did you mean "dqn-pong"?'),
    ]);
  });
});

describe('help', () => {
  it('groups the commands and says what to begin with', async () => {
    const lines = await printed('--help');
    const at = ['Train and watch:', 'Look around:', 'Set up and measure:', 'Begin with:'].map((line) =>
      lines.indexOf(line),
    );
    expect(at.every((line) => line > 0)).toBe(true);
    expect([...at].sort((a, b) => a - b)).toEqual(at);
  });

  it('names the nearest command', async () => {
    const { code, stderr } = await bellmanHere(['trian']);
    expect([code, stderr]).toEqual([2, "bellman: unknown command 'trian' (Did you mean train?)\n"]);
  });
});
