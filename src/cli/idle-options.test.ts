/** Options that would change nothing are refused by name. */
import { expect, it } from 'vitest';
import { bellmanHere } from '../../test/cli/bellman-here.ts';

it.each([
  [
    ['play', 'lake', '--noops', '5'],
    '--noops: got 5, allowed is an option of models that see pictures, not of FrozenLake-v1.',
  ],
  [['eval', 'models/lake.json', '--noops', '5', '--episodes', '1'], '--noops: got 5'],
  [
    ['plot', 'nowhere', '--values', '--smooth', '4'],
    '--smooth: got 4, allowed is an option of curves, not of --values.',
  ],
  [['plot', 'nowhere', '--q', '--y-range', '0,1'], '--y-range: got [0,1], allowed is an option of curves, not of --q.'],
  [['plot', 'nowhere', '--scale', '3', '-o', 'a.svg'], '--scale: got 3, allowed is an option of .png pictures.'],
  [['plot', 'nowhere', '--q', '--values'], '--q: got true, allowed is one of --values and --q.'],
  [['train', 'sarsa', '--seeds', '0..1', '--seed', '4'], '--seed: got 4, allowed is one of --seed and --seeds.'],
  [
    ['train', 'dqn-cart-pole', '--eval-every', '9', '--eval-noops', '4'],
    '--eval-noops: got 4, allowed is an option of recipes that see pictures',
  ],
  [['algorithms', 'rainbow'], 'It is dqn with settings of its own: npx bellman recipes rainbow'],
  [['train', 'dqn', '--env', 'lake', '--set', 'x=1'], 'configuration: got "x"'],
  [['eval', 'models/pong-two.onnx'], 'no such run or model. Did you mean models/'],
  [['trace', 'CartPole-v1', '--rom', 'nonsense'], '--rom: got "nonsense", allowed is an option of --ale.'],
])('%j', async (words, message) => {
  const { code, stderr } = await bellmanHere(words);
  expect([code, stderr.split('\n').length]).toEqual([1, 2]);
  expect(stderr).toContain(message);
});

it('the models that come with the package play a game worth watching unless a seed is asked for', async () => {
  const played = async (...words: string[]) =>
    JSON.parse((await bellmanHere(['play', 'lake', '--json', ...words])).stdout);
  const { seed, episodes } = await played();
  expect(episodes[0]).toMatchObject({ totalReward: 1 });
  expect(await played('--seed', `${seed}`)).toMatchObject({ episodes });
  expect(await played('--seed', '0')).toMatchObject({ seed: 0, episodes: [{ totalReward: 0 }] });
});
