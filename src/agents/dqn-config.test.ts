import { describe, expect, it } from 'vitest';
import { dqnPong } from '../recipes/dqn-pong.ts';
import { allRecipes } from '../recipes/registry.ts';
import { parseDqnConfig } from './dqn-config.ts';

const config = dqnPong.config;

describe('parseDqnConfig', () => {
  it.each(
    allRecipes.filter(({ algorithm }) => algorithm === 'dqn').map((recipe) => [recipe.id, recipe] as const),
  )('accepts the recipe %s, every value of which has a source', (_, recipe) => {
    expect(parseDqnConfig({ ...recipe.config })).toEqual(recipe.config);
    expect(Object.keys(recipe.sources).sort()).toEqual(Object.keys(recipe.config).sort());
  });

  it.each([
    [{ gamma: 1.5 }, 'gamma: got 1.5, allowed is at most 1.'],
    [{ nStep: 0 }, 'nStep: got 0, allowed is at least 1.'],
    [{ batchSize: 2.5 }, 'batchSize: got 2.5, allowed is an int.'],
    [{ network: 'resnet' }, 'network: got "resnet", allowed is one of mlp, dqn-2013, nature, half-42, small-42.'],
    [{ learningRate: 0 }, 'learningRate: got 0, allowed is above 0.'],
    [{ gamma: 'high' }, 'gamma: got "high", allowed is a number.'],
    [
      { batchSize: 20_000 },
      'batchSize: got 20000, allowed is at most learningStarts (10000), so that the first batch can be drawn.',
    ],
    [
      { learningStarts: 20_000 },
      'learningStarts: got 20000, allowed is at most bufferSize (10000), or learning would never start.',
    ],
    [{ values: 'categorical' }, 'loss: got "mse", allowed is cross-entropy for categorical values.'],
    [{ values: 'quantile' }, 'loss: got "mse", allowed is huber for quantile values.'],
    [{ loss: 'cross-entropy' }, 'loss: got "cross-entropy", allowed is mse or huber for scalar values.'],
    [{ environments: 0 }, 'environments: got 0, allowed is at least 1.'],
    [
      { environments: 64, bufferSize: 50, learningStarts: 50 },
      'environments: got 64, allowed is at most bufferSize (50)',
    ],
    [{ vMin: 10 }, 'vMin: got 10, allowed is below vMax (10).'],
    [{ atoms: 1 }, 'atoms: got 1, allowed is at least 2.'],
    [{ quantiles: 0 }, 'quantiles: got 0, allowed is at least 1.'],
    [{ munchausenAlpha: 0.9, nStep: 3 }, 'munchausenAlpha: got 0.9, allowed is 0 with nStep 3'],
    [{ munchausenAlpha: 0.9, doubleQ: true }, 'munchausenAlpha: got 0.9, allowed is 0 with doubleQ'],
    [
      { munchausenAlpha: 0.9, values: 'categorical', loss: 'cross-entropy' },
      'munchausenAlpha: got 0.9, allowed is 0 for categorical values.',
    ],
    [{ munchausenClip: 0 }, 'munchausenClip: got 0, allowed is below 0.'],
    [{ noisySigma: 0 }, 'noisySigma: got 0, allowed is above 0.'],
    [{ priorityAlpha: 1.5 }, 'priorityAlpha: got 1.5, allowed is at most 1.'],
    [{ priorityBetaStart: 0.6, priorityBetaFinal: 0.5 }, 'priorityBetaFinal: got 0.5, allowed is at least'],
    [{ priorityEpsilon: 0 }, 'priorityEpsilon: got 0, allowed is above 0.'],
    [{ preprocessing: 'none', replayCompression: 'lz' }, 'replayCompression: got "lz", allowed is none for'],
    [{ epsilonStart: 0 }, 'epsilonFinal: got 0.01, allowed is at most epsilonStart (0).'],
  ])('refuses %j', (change, message) => {
    expect(() => parseDqnConfig({ ...config, ...change })).toThrow(message);
  });

  it('refuses an unknown key and a missing one', () => {
    expect(() => parseDqnConfig({ ...config, gama: 0.9 })).toThrow(
      /configuration: got "gama", allowed is one of preprocessing,/,
    );
    const { gamma: _, ...rest } = config;
    expect(() => parseDqnConfig(rest)).toThrow('gamma: got undefined, allowed is a number.');
  });
});
