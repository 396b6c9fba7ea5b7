import { MismatchError } from '../core/errors.ts';
import type { Shape } from '../graph/index.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { PICTURE_NETWORKS } from '../nn/networks/picture-networks.ts';
import { noisyLinear } from '../nn/noisy-linear.ts';
import { categoricalValues } from './categorical.ts';
import type { QNetwork } from './dqn.ts';
import type { DqnConfig } from './dqn-config.ts';
import { quantileValues } from './quantile.ts';
import { scalarValues } from './scalar.ts';
import type { ValueHead } from './value-head.ts';

/** What a network must take and give. */
export interface NetworkSpec {
  readonly inputShape: Shape;
  readonly inputDType: 'uint8' | 'float32';
  readonly actions: number;
}

/** The part of a configuration that the network and its reading depend on. */
export type NetworkConfig = Pick<
  DqnConfig,
  | 'network'
  | 'hiddenSizes'
  | 'dueling'
  | 'noisy'
  | 'noisySigma'
  | 'values'
  | 'atoms'
  | 'vMin'
  | 'vMax'
  | 'quantiles'
  | 'loss'
> & {
  /** Layer normalisation before every ReLU, before those of the fully connected layers, or nowhere; default none. */
  readonly layerNorm?: 'all' | 'dense' | 'none' | undefined;
  /** Pictures brought to mean 0 and variance 1; default false. */
  readonly standardizeInput?: boolean | undefined;
};

/** How a configuration represents values. */
export function createValueHead(config: NetworkConfig): ValueHead {
  if (config.values === 'categorical') return categoricalValues(config);
  if (config.values === 'quantile') return quantileValues(config.quantiles);
  return scalarValues(config.loss === 'mse' ? 'mse' : 'huber');
}

/** The network that a configuration names. @throws MismatchError when it does not take such observations. */
export function createQNetwork(config: NetworkConfig, spec: NetworkSpec): QNetwork {
  const { network, hiddenSizes: hidden, dueling, layerNorm: norm = 'none', standardizeInput } = config;
  const layerNorm = norm !== 'none';
  const values = createValueHead(config);
  const layer = config.noisy ? noisyLinear(config.noisySigma) : undefined;
  const { inputShape, inputDType, actions } = spec;
  if (network === 'mlp') {
    if (inputDType !== 'float32') {
      throw new MismatchError(
        `Network mlp takes float32 vectors, the environment gives uint8 [${inputShape.join(', ')}].`,
      );
    }
    return { ...mlp({ inputShape, actions, hidden, dueling, width: values.width, layer, layerNorm }), values };
  }
  const [channels, height, width] = inputShape;
  if (inputShape.length !== 3) {
    throw new MismatchError(
      `Network ${network} takes pictures [channels, height, width], the environment gives [${inputShape.join(', ')}].`,
    );
  }
  const form = { inputShape: [channels, height, width] as const, inputDType };
  const options = {
    ...form,
    actions,
    dueling,
    width: values.width,
    layer,
    layerNorm,
    standardizeInput,
    plainConvolutions: norm === 'dense',
  };
  return { ...PICTURE_NETWORKS[network](options), values };
}
