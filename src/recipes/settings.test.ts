import { describe, expect, it } from 'vitest';
import { registerNetwork } from '../agents/own-kinds.ts';
import { atariDqn, atariFast } from './any-game.ts';
import { btr } from './btr.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { dqnPong } from './dqn-pong.ts';
import { leaves } from './leaves.ts';
import { networkParts } from './presets.ts';
import { allRecipes } from './registry.ts';
import { applySettings } from './settings.ts';
import { qLearningFrozenLake } from './tabular.ts';
import { dqnBreakout } from './variants.ts';

const asked = 'asked for on the command line';
const apply = (recipe: Parameters<typeof applySettings>[0], settings: Readonly<Record<string, unknown>>) =>
  applySettings(recipe, settings, networkParts);

describe('applySettings', () => {
  it('replaces a value, and says what it was', () => {
    const { config, sources } = apply(dqnPong, { gamma: 0.9, 'preprocessing.noopMax': 30 });
    expect(config).toEqual({
      ...dqnPong.config,
      gamma: 0.9,
      preprocessing: { ...dqnPong.config.preprocessing, noopMax: 30 },
    });
    expect(sources).toEqual({
      ...dqnPong.sources,
      gamma: { from: 'recipe dqn-pong, 0.99', why: asked },
      'preprocessing.noopMax': { from: 'recipe dqn-pong, 0', why: asked },
    });
  });

  it('takes the other values of another kind from its paper, in whatever order they are asked for', () => {
    const settings = { 'replay.alpha': 0.5, 'replay.kind': 'prioritized' };
    const { config, sources } = apply(dqnPong, settings);
    expect(config['replay']).toEqual({
      kind: 'prioritized',
      alpha: 0.5,
      betaStart: 0.4,
      betaFinal: 1,
      betaSteps: 100_000,
      epsilon: 1e-6,
      compression: 'none',
    });
    expect(sources['replay.alpha']).toEqual({ from: 'recipe dqn-pong', why: asked });
    expect(sources['replay.betaStart']).toEqual({ cite: 'Schaul et al. 2016, section 4, proportional variant' });
    expect(apply(dqnPong, Object.fromEntries(Object.entries(settings).reverse()))).toEqual({ config, sources });
    expect(apply(dqnPong, { replay: { kind: 'prioritized', alpha: 0.5 } })).toEqual({ config, sources });
  });

  it('has a source for each value and no other', () => {
    for (const settings of [
      { 'values.kind': 'quantile' },
      { 'network.kind': 'mlp' },
      { network: { kind: 'small-42' } },
    ]) {
      const { config, sources } = apply(dqnPong, settings);
      expect(Object.keys(sources).sort()).toEqual(
        leaves(config)
          .map(([place]) => place)
          .sort(),
      );
    }
  });

  it('leaves what both kinds have as it was', () => {
    expect(apply(dqnBreakout, { 'replay.kind': 'prioritized' }).config['replay']).toMatchObject({ compression: 'lz' });
    expect(apply(dqnCartPole, { 'network.dueling': true, 'network.kind': 'nature' }).config['network']).toEqual({
      kind: 'nature',
      layerNorm: 'none',
      dueling: true,
      noisy: null,
      standardizeInput: false,
    });
  });

  it('reaches into values that are objects', () => {
    const noisy = apply(dqnCartPole, { 'network.noisy.sigma': 0.1 });
    expect(noisy.config['network']).toMatchObject({ noisy: { sigma: 0.1 } });
    expect(noisy.sources['network.noisy']).toEqual({ from: 'recipe dqn-cart-pole, null', why: asked });
    const cells = { low: [0], high: [1], bins: [3] };
    expect(apply(qLearningFrozenLake, { cells }).config['cells']).toEqual(cells);
    const gridded = { ...qLearningFrozenLake, config: { ...qLearningFrozenLake.config, cells } };
    expect(apply(gridded, { 'cells.bins': [5] }).config['cells']).toEqual({ ...cells, bins: [5] });
  });

  it('takes the options of an own kind from its defaults alone', () => {
    registerNetwork('settings-net', {
      options: { dueling: 'never', hidden: 3 },
      build: () => {
        throw new Error('not built');
      },
    });
    const kind = './somewhere.mjs:settings-net';
    const { config, sources } = apply(dqnCartPole, { 'network.kind': kind, 'network.hidden': 4 });
    expect(config['network']).toEqual({ kind, dueling: 'never', hidden: 4 });
    expect(sources['network.dueling']).toEqual({ cite: `default of ${kind}` });
  });

  it('knows short names of keys within parts', () => {
    const { config, sources } = apply(dqnCartPole, { actionBins: 5 });
    expect(config['preprocessing']).toEqual({ kind: 'none', actionBins: 5 });
    expect(config).not.toHaveProperty('actionBins');
    expect(sources['preprocessing.actionBins']).toEqual({ from: 'recipe dqn-cart-pole, null', why: asked });
  });

  it.each([
    [{ actionBins: 5 }, 'preprocessing.actionBins: got 5, allowed is a key of preprocessing.kind=none; this is atari.'],
    [{ frameSize: 42 }, '--set: got "frameSize", allowed is preprocessing.frameSize, as it is called now.'],
    [{ doubleQ: true }, '--set: got "doubleQ", allowed is bootstrap.kind=double, as it is called now.'],
    [{ ['__proto__.x']: 1 }, '--set: got "__proto__.x", allowed is a key of the recipe.'],
    [{ 'network.__proto__': 1 }, '--set: got "network.__proto__", allowed is a key of the recipe.'],
    [{ network: 'nature' }, '--set: got "network=nature", allowed is a kind: network.kind=nature.'],
    [{ 'replay.alpha': 0.5 }, 'replay.alpha: got 0.5, allowed is a key of replay.kind=prioritized; this is uniform.'],
    [
      { 'values.kind': 'quantile', 'values.atoms': 5 },
      'values.atoms: got 5, allowed is a key of values.kind=categorical; this is quantile.',
    ],
  ])('refuses %j', (settings, message) => {
    expect(() => apply(dqnPong, settings)).toThrow(message);
  });
});

describe('lengths that are a share of the run', () => {
  const lengths = (settings: Readonly<Record<string, unknown>>) => {
    const { learningRateDecaySteps, epsilonDecaySteps } = apply(atariFast, settings).config;
    return [learningRateDecaySteps, epsilonDecaySteps];
  };

  it.each(
    allRecipes.filter(({ runShares }) => runShares !== undefined).map((recipe) => [recipe.id, recipe] as const),
  )('are in the values of %s', (_, { config, runShares }) => {
    const values = new Map(leaves(config));
    for (const [place, share] of Object.entries(runShares!))
      expect(values.get(place)).toBe(share * (values.get('maxSteps') as number));
  });

  it('follow another number of steps, and say so', () => {
    expect(lengths({})).toEqual([10_000_000, 1_000_000]);
    expect(lengths({ maxSteps: 2_500_000 })).toEqual([2_500_000, 250_000]);
    expect(lengths({ maxSteps: 7 })).toEqual([7, 1]);
    const { sources } = apply(atariFast, { maxSteps: 2_500_000 });
    expect(sources['epsilonDecaySteps']).toEqual({ from: 'recipe atari-fast, 1000000', why: '0.1 of maxSteps' });
    expect(sources['gamma']).toEqual(atariFast.sources.gamma);
  });

  it('are as asked for where they are asked for', () => {
    const steps = { maxSteps: 2_500_000, epsilonDecaySteps: 1_000_000 };
    expect(lengths(steps)).toEqual([2_500_000, 1_000_000]);
    expect(lengths({ epsilonDecaySteps: 5 })).toEqual([10_000_000, 5]);
  });

  it('stay where the number of steps is none: that is refused by its name', () => {
    for (const maxSteps of [-1, 0, 2.5, 'many', null]) expect(lengths({ maxSteps })).toEqual(lengths({}));
  });

  it('are those of a part, as long as it has them', () => {
    expect(apply(btr, { maxSteps: 1_000_000 }).config['replay']).toEqual({
      ...btr.config.replay,
      betaSteps: 1_000_000,
    });
    const uniform = apply(btr, { maxSteps: 1_000_000, 'replay.kind': 'uniform' });
    expect(uniform.config['replay']).toEqual({ kind: 'uniform', compression: 'lz' });
    expect(uniform.sources).not.toHaveProperty('replay.betaSteps');
    const own = { ...btr.config.replay, betaSteps: 9 };
    expect(apply(btr, { maxSteps: 1_000_000, 'replay.betaSteps': 9 }).config['replay']).toEqual(own);
  });

  it('are no share in recipes that name lengths in steps', () => {
    const { config } = apply(atariDqn, { maxSteps: 2_500_000 });
    expect(config['epsilonDecaySteps']).toBe(atariDqn.config.epsilonDecaySteps);
  });
});

describe('a learning rate', () => {
  const rates = (recipe: Parameters<typeof applySettings>[0], settings: Readonly<Record<string, unknown>>) => {
    const { learningRate, learningRateFinal } = apply(recipe, settings).config;
    return [learningRate, learningRateFinal];
  };

  it('that does not fall is set by learningRate alone', () => {
    expect(dqnPong.config.learningRateDecaySteps).toBe(0);
    expect(rates(dqnPong, { learningRate: 5e-5 })).toEqual([5e-5, 5e-5]);
    expect(rates(dqnPong, { gamma: 0.9 })).toEqual([1e-4, 1e-4]);
    expect(rates(dqnPong, { learningRate: 5e-5, learningRateFinal: 1e-5 })).toEqual([5e-5, 1e-5]);
    expect(apply(dqnPong, { learningRate: 5e-5 }).sources['learningRateFinal']).toEqual({
      from: 'recipe dqn-pong, 0.0001',
      why: 'the learning rate does not change, and learningRate was asked for',
    });
  });

  it('that falls still ends where the recipe says', () => {
    const { learningRateFinal } = dqnCartPole.config;
    expect(rates(dqnCartPole, { learningRate: 1e-3 })).toEqual([1e-3, learningRateFinal]);
    expect(rates(dqnPong, { learningRate: 1e-3, learningRateDecaySteps: 1000 })).toEqual([1e-3, 1e-4]);
    expect(rates(dqnCartPole, { learningRate: 1e-3, learningRateDecaySteps: 0 })).toEqual([1e-3, 1e-3]);
  });
});
