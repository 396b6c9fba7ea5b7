import { describe, expect, it } from 'vitest';
import { dqnPong } from '../recipes/dqn-pong.ts';
import { c51Pong, munchausenPong, perDqnPong, qrDqnPong } from '../recipes/variants.ts';
import { parseDqnConfig } from './dqn-config.ts';

const config = dqnPong.config;
const prioritized = perDqnPong.config.replay;
const categorical = c51Pong.config.values;
const hlGauss = { kind: 'hl-gauss', bins: 51, vMin: -10, vMax: 10, sigma: 0.75 };
const recurrent = { ...dqnPong.config.network, lstm: { units: 8 } };
const sequences = { kind: 'sequences', length: 40, burnIn: 20, overlap: 20, initialState: 'stored' };
const munchausen = munchausenPong.config;

describe('parseDqnConfig', () => {
  it.each([
    [{ gamma: 1.5 }, 'gamma: got 1.5, allowed is at most 1.'],
    [{ nStep: 0 }, 'nStep: got 0, allowed is at least 1.'],
    [{ batchSize: 2.5 }, 'batchSize: got 2.5, allowed is an int.'],
    [{ network: 'nature' }, 'network: got "nature", allowed is an object with a kind, as {"kind":"mlp"}.'],
    [{ network: { kind: 'resnet' } }, 'network.kind: got "resnet", allowed is one of mlp, dqn-2013, nature, half-42'],
    [{ network: { dueling: true } }, 'network.kind: got undefined, allowed is one of mlp,'],
    [{ network: { kind: 'nature' } }, 'network.layerNorm: got undefined, allowed is one of all, dense, none.'],
    [{ learningRate: 0 }, 'learningRate: got 0, allowed is above 0.'],
    [{ gamma: 'high' }, 'gamma: got "high", allowed is a number.'],
    [{ targetUpdateRate: 0 }, 'targetUpdateRate: got 0, allowed is above 0.'],
    [{ targetUpdateRate: 1.1 }, 'targetUpdateRate: got 1.1, allowed is at most 1.'],
    [
      { batchSize: 20_000 },
      'batchSize: got 20000, allowed is at most learningStarts (10000), so that the first batch can be drawn.',
    ],
    [
      { learningStarts: 20_000 },
      'learningStarts: got 20000, allowed is at most bufferSize (10000), or learning would never start.',
    ],
    [{ values: { kind: 'scalar', loss: 'cross-entropy' } }, 'values.loss: got "cross-entropy", allowed is one of mse'],
    [{ values: { kind: 'quantile', quantiles: 0 } }, 'values.quantiles: got 0, allowed is at least 1.'],
    [{ values: { ...categorical, vMin: 10 } }, 'values.vMin: got 10, allowed is below values.vMax (10).'],
    [{ values: { ...categorical, atoms: 1 } }, 'values.atoms: got 1, allowed is at least 2.'],
    [{ values: { ...categorical, quantiles: 5 } }, 'values: got "quantiles", allowed is one of atoms, vMin, vMax.'],
    [{ values: { ...hlGauss, vMin: 10 } }, 'values.vMin: got 10, allowed is below values.vMax (10).'],
    [{ values: { ...hlGauss, sigma: 0 } }, 'values.sigma: got 0, allowed is above 0.'],
    [{ values: { ...hlGauss, atoms: 5 } }, 'values: got "atoms", allowed is one of bins, vMin, vMax, sigma.'],
    [
      { ...munchausen, values: hlGauss },
      'bootstrap.kind: got "munchausen", allowed is greedy or double for hl-gauss values.',
    ],
    [{ network: recurrent }, 'replay.kind: got "uniform", allowed is sequences with network.lstm.'],
    [{ replay: sequences }, 'network.lstm: got undefined, allowed is an object as {"units":64}'],
    [
      { replay: { ...sequences, overlap: 40 }, network: recurrent },
      'replay.overlap: got 40, allowed is below replay.length (40)',
    ],
    [
      { replay: sequences, network: { ...recurrent, noisy: { sigma: 0.5 } } },
      'network.noisy: got {"sigma":0.5}, allowed is null',
    ],
    [{ replay: sequences, network: recurrent, actionMasks: true }, 'actionMasks: got true, allowed is false'],
    [
      { replay: sequences, network: recurrent, environments: 256 },
      'learningStarts: got 10000, allowed is at least 15616',
    ],
    [{ bootstrap: { kind: 'greedy', alpha: 1 } }, 'bootstrap: got "alpha", allowed is no other key than kind.'],
    [{ environments: 0 }, 'environments: got 0, allowed is at least 1.'],
    [
      { environments: 64, bufferSize: 50, learningStarts: 50 },
      'environments: got 64, allowed is at most bufferSize (50)',
    ],
    [
      { ...munchausen, values: categorical },
      'bootstrap.kind: got "munchausen", allowed is greedy or double for categorical values.',
    ],
    [{ bootstrap: { ...munchausen.bootstrap, clip: 0 } }, 'bootstrap.clip: got 0, allowed is below 0.'],
    [{ network: { ...config.network, noisy: { sigma: 0 } } }, 'network.noisy.sigma: got 0, allowed is above 0.'],
    [{ replay: { ...prioritized, alpha: 1.5 } }, 'replay.alpha: got 1.5, allowed is at most 1.'],
    [
      { replay: { ...prioritized, betaStart: 0.6, betaFinal: 0.5 } },
      'replay.betaFinal: got 0.5, allowed is at least replay.betaStart (0.6).',
    ],
    [{ replay: { ...prioritized, epsilon: 0 } }, 'replay.epsilon: got 0, allowed is above 0.'],
    [
      { preprocessing: { kind: 'none', actionBins: null }, replay: { kind: 'uniform', compression: 'lz' } },
      'replay.compression: got "lz", allowed is none for',
    ],
    [{ preprocessing: { ...config.preprocessing, frameStack: 0 } }, 'preprocessing.frameStack: got 0, allowed is at'],
    [{ epsilonStart: 0 }, 'epsilonFinal: got 0.01, allowed is at most epsilonStart (0).'],
  ])('refuses %j', (change, message) => {
    expect(() => parseDqnConfig({ ...config, ...change })).toThrow(message);
  });

  it('says which keys a part within a part has', () => {
    const withPart = (part: object) => ({ ...config, network: { ...config.network, ...part } });
    expect(() => parseDqnConfig(withPart({ noisy: { sigma: 0.5, sigmas: 1 } }))).toThrow(
      'network.noisy: got "sigmas", allowed is one of sigma.',
    );
    expect(() => parseDqnConfig(withPart({ lstm: { unit: 8 } }))).toThrow(
      'network.lstm: got "unit", allowed is one of units.',
    );
    expect(() => parseDqnConfig({ ...config, bootstrap: { kind: 'greedy', alpha: 1 } })).toThrow(
      'bootstrap: got "alpha", allowed is no other key than kind.',
    );
  });

  it('takes what each kind has, and no more', () => {
    expect(qrDqnPong.config.values).toEqual({ kind: 'quantile', quantiles: 200 });
    expect(parseDqnConfig(qrDqnPong.config)).toEqual(qrDqnPong.config);
  });

  it('refuses an unknown key and a missing one', () => {
    expect(() => parseDqnConfig({ ...config, gama: 0.9 })).toThrow(
      /configuration: got "gama", allowed is one of preprocessing,/,
    );
    const { gamma: _, ...rest } = config;
    expect(() => parseDqnConfig(rest)).toThrow('gamma: got undefined, allowed is a number.');
    const { network: __, ...headless } = config;
    expect(() => parseDqnConfig(headless)).toThrow('network: got undefined, allowed is an object with a kind');
  });
});
