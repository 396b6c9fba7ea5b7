import { MismatchError } from '../core/errors.ts';
import type { HeadOptions } from '../nn/layers.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { noisyLinear } from '../nn/noisy-linear.ts';
import type { QNetwork } from './dqn.ts';
import type { NetworkConfig } from './network-config.ts';
import type { NetworkSpec } from './network-spec.ts';
import type { ValueHead } from './value-head.ts';

/** What is not a matter of configuration: an algorithm asks for it. */
export interface QNetworkForm extends Pick<HeadOptions, 'activation' | 'affineNorm' | 'lstm'> {}

/** What every network of a configuration has: its head. */
export function headOf(network: NetworkConfig, { actions }: NetworkSpec, { width, taus }: ValueHead): HeadOptions {
  const { layerNorm, dueling, noisy } = network;
  const layer = noisy === null ? undefined : noisyLinear(noisy.sigma);
  return {
    ...{ actions, dueling, width, layer },
    ...{ layerNorm: layerNorm !== 'none', cosines: taus?.cosines },
  };
}

/** A network for vectors. @throws MismatchError when it does not take such observations. */
export function mlpQNetwork(
  network: Extract<NetworkConfig, { readonly kind: 'mlp' }>,
  spec: NetworkSpec,
  values: ValueHead,
  form: QNetworkForm = {},
): QNetwork {
  const { inputShape, inputDType } = spec;
  if (inputDType !== 'float32') {
    throw new MismatchError(
      `Network mlp takes float32 vectors, the environment gives uint8 [${inputShape.join(', ')}].`,
    );
  }
  const options = { ...form, ...headOf(network, spec, values), inputShape, hidden: network.hiddenSizes };
  return { ...mlp(options), values };
}
