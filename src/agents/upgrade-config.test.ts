import { describe, expect, it } from 'vitest';
import { dqnPong } from '../recipes/dqn-pong.ts';
import { parseDqnConfig } from './dqn-config.ts';
import { parsePqnConfig } from './pqn-config.ts';
import { RENAMED_KEYS, upgradeDqnConfig, upgradePqnConfig, upgradePreprocessing } from './upgrade-config.ts';

/** What `dqn-pong` was before 0.2.0, as its runs hold it. */
const flat = {
  ...{ preprocessing: 'atari', frameSize: 84, noopMax: 0, frameSkip: 4, frameStack: 4, episodicLife: true },
  ...{ clipReward: false, network: 'nature', standardizeInput: false, hiddenSizes: [512], dueling: false },
  ...{ doubleQ: false, noisy: false, noisySigma: 0.5, values: 'scalar', atoms: 51, vMin: -10, vMax: 10 },
  ...{ quantiles: 200, munchausenAlpha: 0, munchausenTemperature: 0.03, munchausenClip: -1, environments: 1 },
  ...{ gamma: 0.99, nStep: 1, batchSize: 32, bufferSize: 10_000, replay: 'uniform', priorityAlpha: 0.6 },
  ...{ priorityBetaStart: 0.4, priorityBetaFinal: 1, priorityBetaSteps: 1_000_000, priorityEpsilon: 1e-6 },
  ...{ replayCompression: 'none', learningStarts: 10_000, trainInterval: 1, gradientSteps: 1 },
  ...{ targetUpdateInterval: 1000, optimizer: 'adam', learningRate: 1e-4, learningRateFinal: 1e-4 },
  ...{ learningRateDecaySteps: 0, optimizerEpsilon: 1e-8, loss: 'mse', gradientClipNorm: 0, epsilonStart: 1 },
  ...{ epsilonFinal: 0.01, epsilonDecaySteps: 150_000, rewardBound: 19, rewardWindow: 100, maxSteps: 5_000_000 },
};

/** Sticky actions were those of the environment's id. */
const early = { ...dqnPong.config, preprocessing: { ...dqnPong.config.preprocessing, stickyActions: null } };
const upgraded = (change: object = {}) => parseDqnConfig(upgradeDqnConfig({ ...flat, ...change }));

describe('upgradeDqnConfig', () => {
  it("makes yesterday's dqn-pong today's", () => {
    expect(upgraded()).toEqual(early);
  });

  it('fills in what version 0.1.0 did not have', () => {
    const later = ['noisy', 'noisySigma', 'values', 'atoms', 'vMin', 'vMax', 'quantiles', 'replay', 'environments'];
    const known = Object.entries(flat).filter(
      ([key]) => !later.includes(key) && !/^(munchausen|priority|replayC|standard)/.test(key),
    );
    expect(parseDqnConfig(upgradeDqnConfig(Object.fromEntries(known)))).toEqual(early);
  });

  it.each([
    [{ network: 'mlp', preprocessing: 'none' }, 'network.hiddenSizes', [512]],
    [{ network: 'mlp', preprocessing: 'none' }, 'preprocessing.kind', 'none'],
    [{ preprocessing: 'atari-second-edition' }, 'preprocessing.edition', 'second'],
    [{ noisy: true }, 'network.noisy', { sigma: 0.5 }],
    [{ dueling: true, standardizeInput: true }, 'network.standardizeInput', true],
    [{ doubleQ: true }, 'bootstrap', { kind: 'double' }],
    [{ munchausenAlpha: 0.9 }, 'bootstrap', { kind: 'munchausen', alpha: 0.9, temperature: 0.03, clip: -1 }],
    [
      { values: 'categorical', loss: 'cross-entropy' },
      'values',
      { kind: 'categorical', atoms: 51, vMin: -10, vMax: 10 },
    ],
    [{ values: 'quantile', loss: 'huber' }, 'values', { kind: 'quantile', quantiles: 200 }],
    [{ loss: 'huber' }, 'values', { kind: 'scalar', loss: 'huber' }],
    [{ replayCompression: 'lz' }, 'replay', { kind: 'uniform', compression: 'lz' }],
    [
      { replay: 'prioritized' },
      'replay',
      {
        ...{ kind: 'prioritized', alpha: 0.6, betaStart: 0.4, betaFinal: 1, betaSteps: 1_000_000, epsilon: 1e-6 },
        compression: 'none',
      },
    ],
  ])('%j gives %s', (change, place, value) => {
    expect(upgraded(change)).toHaveProperty(place, value);
  });

  it("leaves today's alone", () => {
    expect(upgradeDqnConfig({ ...dqnPong.config })).toEqual(dqnPong.config);
  });
});

it('upgradePqnConfig', () => {
  const { preprocessing, frameSize, noopMax, frameSkip, frameStack, episodicLife } = flat;
  const parts = { preprocessing, frameSize, noopMax, frameSkip, frameStack, episodicLife, network: 'half-42' };
  const layers = { hiddenSizes: [256], layerNorm: 'dense', standardizeInput: true };
  const rest = {
    ...{ clipReward: true, gamma: 0.99, lambda: 0.9, environments: 32, rolloutSteps: 32, epochs: 2, minibatches: 16 },
    ...{ learningRate: 5e-4, learningRateFinal: 1e-5, learningRateDecaySteps: 100, optimizerEpsilon: 1e-8 },
    ...{ gradientClipNorm: 10, averageDecay: 0.9995, epsilonStart: 1, epsilonFinal: 0.01, epsilonDecaySteps: 1000 },
    ...{ rewardBound: 19, rewardWindow: 100, maxSteps: 1000 },
  };
  expect(parsePqnConfig(upgradePqnConfig({ ...parts, ...layers, ...rest }))).toMatchObject({
    ...rest,
    preprocessing: early.preprocessing,
    network: { kind: 'half-42', layerNorm: 'dense', dueling: false, noisy: null, standardizeInput: true },
  });
});

it("upgradePreprocessing reads a model's view of either form", () => {
  const view = { preprocessing: 'atari-second-edition', frameSize: 42, noopMax: 30, frameSkip: 4, frameStack: 4 };
  const { preprocessing: _, ...options } = view;
  const part = { kind: 'atari', edition: 'second', ...options, episodicLife: false };
  const whole = { ...part, stickyActions: null, fireReset: true };
  expect(upgradePreprocessing({ ...view, episodicLife: false })).toEqual(whole);
  expect(upgradePreprocessing(part)).toEqual(whole);
  expect(upgradePreprocessing({ ...whole, stickyActions: 0.25 })).toEqual({ ...whole, stickyActions: 0.25 });
  expect(upgradePreprocessing({ ...view, preprocessing: 'none' })).toEqual({ kind: 'none', actionBins: null });
  expect(upgradePreprocessing({ kind: 'none' })).toEqual({ kind: 'none', actionBins: null });
  expect(upgradePreprocessing({ kind: 'none', actionBins: 5 })).toEqual({ kind: 'none', actionBins: 5 });
});

it('every renamed key is a flat one, and its new name is none', () => {
  const known = new Set([...Object.keys(flat), 'layerNorm']);
  for (const [old, today] of Object.entries(RENAMED_KEYS)) {
    expect(known).toContain(old);
    expect(today).toMatch(/^(preprocessing|network|values|bootstrap|replay)\.\w/);
  }
});
