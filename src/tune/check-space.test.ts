import { describe, expect, it } from 'vitest';
import { settleRun } from '../runs/settle-run.ts';
import { checkSpace } from './check-space.ts';
import { parseSpace } from './parse-space.ts';
import { RandomSampler } from './random-sampler.ts';
import type { Settings } from './search-space.ts';
import { recipesWithSpace, shippedSpace } from './spaces.ts';

const against =
  (recipe: string) =>
  (set: Settings): Promise<unknown> =>
    settleRun({ recipe, seed: 0, device: 'cpu', threads: 1, set: { ...set } });
const check = (recipe: string, ...texts: readonly string[]) => checkSpace(parseSpace(texts), against(recipe));

describe('a space against a recipe', () => {
  it('makes ranges whole where the key takes whole numbers', async () => {
    const space = await check('dqn-cart-pole', 'batchSize=16..256:log', 'gamma=0..1', 'learningRate=1e-5..1e-3:log');
    expect(space).toEqual(parseSpace(['batchSize=16..256:int:log', 'gamma=0..1', 'learningRate=1e-5..1e-3:log']));
    expect(await check('q-learning-frozen-lake', 'testEpisodes=10..50:step=10', 'alpha=0.1..1')).toEqual(
      parseSpace(['testEpisodes=10..50:int:step=10', 'alpha=0.1..1']),
    );
  });

  it('takes an end that needs another key', async () => {
    const space = parseSpace(['replay.alpha=0.4..0.8', 'replay.kind=uniform,prioritized']);
    expect(await checkSpace(space, against('dqn-cart-pole'))).toEqual(space);
    const sizes = ['batchSize=500..2000:int', 'learningStarts=2000..4000:int'];
    expect(await check('dqn-cart-pole', ...sizes)).toEqual(parseSpace(sizes));
  });

  it.each([
    ['learningRat=1e-5..1e-3', 'Unknown setting "learningRat". Did you mean "learningRate"?'],
    ['gamma=0.9..1.5', 'gamma: got 1.5, allowed is'],
    ['gamma=-0.5..1', 'gamma: got -0.5, allowed is'],
    ['optimizer=adam,adamant', 'optimizer: got "adamant", allowed is'],
    ['replay.alpha=0.4..0.8', 'a key of replay.kind=prioritized'],
    ['batchSize=16.5..32', 'batchSize: got 16.5'],
    ['batchSize=16..32:step=0.5', 'whole numbers up to 2^53'],
    ['batchSize=500..2000:int', 'batchSize: got 2000, allowed is at most learningStarts'],
    ['clipReward=0..1', 'clipReward: got 0'],
  ])('refuses %s', async (text, message) => {
    await expect(check('dqn-cart-pole', text)).rejects.toThrow(message);
  });

  it('passes on what is no refusal', async () => {
    const broken = () => Promise.reject(new TypeError('a bug'));
    await expect(checkSpace(parseSpace(['x=0..1']), broken)).rejects.toThrow(TypeError);
  });
});

describe('the space that ships for', () => {
  it.each(recipesWithSpace)('%s fits the recipe, at any point', async (recipe) => {
    const space = shippedSpace(recipe)!;
    // Whole numbers are named as such, which checking would do.
    expect(await checkSpace(space, against(recipe))).toEqual(space);
    for (let number = 0; number < 50; number++) await against(recipe)(new RandomSampler(1).sample(space, [], number));
  });

  it('other recipes is none', () => {
    expect(shippedSpace('rainbow-pong')).toBeUndefined();
    expect(shippedSpace('constructor')).toBeUndefined();
  });
});
