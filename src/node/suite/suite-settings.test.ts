import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/cli/run-bellman.ts';
import '../../atari/index.ts';
import { continueSuite, environmentOf, readSuite, readSuiteFile, settleSuite, writeSuite } from './suite-settings.ts';

const folder = temporaryFolder();
const request = { recipe: 'pqn', games: ['pong', 'CartPole-v1'], seeds: [0, 1], steps: 100, set: { gamma: 0.9 } };
const settings = settleSuite(request, '1.0.0');

describe('the environment that a word means', () => {
  it.each([
    ['CartPole-v1', 'CartPole-v1'],
    ['pong', 'PongNoFrameskip-v4'],
    ['space_invaders', 'SpaceInvadersNoFrameskip-v4'],
    ['space-invaders', 'SpaceInvadersNoFrameskip-v4'],
    ['SpaceInvaders', 'SpaceInvadersNoFrameskip-v4'],
    ['ALE/Qbert-v5', 'ALE/Qbert-v5'],
    ['lake', 'FrozenLake-v1'],
    ['python:LunarLander-v3', 'python:LunarLander-v3'],
  ])('%s: %s', (word, env) => {
    expect(environmentOf(word)).toBe(env);
  });

  it('is asked for where there is none', () => {
    expect(() => environmentOf('CartPoel-v1')).toThrow(
      /Unknown environment "CartPoel-v1"\. Did you mean "CartPole-v1"\?/,
    );
  });
});

describe('settings of a suite', () => {
  it('have nothing left open', () => {
    expect(settleSuite({ recipe: 'dqn', games: ['CartPole-v1'] }, '1.0.0')).toEqual({
      ...{ recipe: 'dqn', games: ['CartPole-v1'], seeds: [0, 1, 2], steps: null, set: {}, kwargs: {} },
      evaluation: { episodes: 30, epsilon: 0.01, protocol: null },
      version: '1.0.0',
    });
  });

  it('come back from the folder', () => {
    const path = join(folder, 'kept');
    mkdirSync(path);
    expect(readSuite(path)).toBeUndefined();
    writeSuite(path, settings);
    expect(readSuite(path)).toEqual(settings);
  });

  it.each([
    [{ games: ['pong'] }, /^recipe: got undefined/],
    [{ recipe: 'pqn' }, /^--games: got undefined/],
    [
      { recipe: 'pqn', games: ['pong', 'PongNoFrameskip-v4'] },
      /^--games: got "PongNoFrameskip-v4", allowed is each game once/,
    ],
  ])('refuse %j', (bad, message) => {
    expect(() => settleSuite(bad, '1.0.0')).toThrow(message);
  });

  it.each([
    ['{', /suite-0\.json: no JSON\. /],
    ['{"recipe":"dqn","recipe":"pqn"}', /suite-0\.json: "recipe" is there twice\. /],
    ['{"games": []}', /games: .*See docs\/guide\/suite\.md/],
    ['{"seeds": [-1]}', /seeds\.0: /],
    ['{"recipe": "pqn", "step": 5}', /step/],
    ['[]', /expected object/i],
  ])('of a file %s are refused', (content, message) => {
    const file = join(folder, 'suite-0.json');
    writeFileSync(file, content);
    expect(() => readSuiteFile(file)).toThrow(message);
  });
});

describe('a suite that was begun', () => {
  const asked = (more: object, version = '1.0.0') => settleSuite({ ...request, ...more }, version);

  it('goes on with games and seeds added', () => {
    const more = asked({ games: ['CartPole-v1', 'pong', 'breakout'], seeds: [0, 1, 2] });
    expect(continueSuite('runs/s', settings, more)).toEqual(more);
  });

  it.each([
    [asked({ steps: 200 }), 'steps 100, now 200'],
    [
      asked({ recipe: 'dqn', set: { gamma: 0.8, nStep: 2 } }),
      'recipe "pqn", now "dqn"; set.gamma 0.9, now 0.8; set.nStep none, now 2',
    ],
    [
      asked({ evaluation: { episodes: 5, protocol: 'sticky' } }),
      'evaluation.episodes 30, now 5; evaluation.protocol null, now "sticky"',
    ],
    [asked({}, '1.1.0'), 'version "1.0.0", now "1.1.0"'],
    [asked({ games: ['pong'], seeds: [1] }), 'games CartPole-v1 left out; seeds 0 left out'],
  ])('refuses others in one line that says what differs (%#)', (now, differences) => {
    expect(() => continueSuite('runs/s', settings, now)).toThrow(
      `runs/s was begun with other settings: ${differences}. Use those, or another folder (--dir).`,
    );
  });
});
