import { MismatchError } from '../core/errors.ts';
import type { Shape } from '../graph/index.ts';
import { cnn2013 } from '../nn/networks/cnn-2013.ts';
import { halfCnn } from '../nn/networks/half-cnn.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { natureCnn } from '../nn/networks/nature-cnn.ts';
import type { Network } from '../nn/networks/network.ts';
import { smallCnn } from '../nn/networks/small-cnn.ts';
import type { DqnConfig } from './dqn-config.ts';

/** What a network must take and give. */
export interface NetworkSpec {
  readonly inputShape: Shape;
  readonly inputDType: 'uint8' | 'float32';
  readonly actions: number;
}

const pictureNetworks = { nature: natureCnn, 'dqn-2013': cnn2013, 'half-42': halfCnn, 'small-42': smallCnn } as const;

/** The network that a configuration names. @throws MismatchError when it does not take such observations. */
export function createQNetwork(
  config: Pick<DqnConfig, 'network' | 'hiddenSizes' | 'dueling'>,
  spec: NetworkSpec,
): Network {
  const { network, hiddenSizes: hidden, dueling } = config;
  const { inputShape, inputDType, actions } = spec;
  if (network === 'mlp') {
    if (inputDType !== 'float32') {
      throw new MismatchError(
        `Network mlp takes float32 vectors, the environment gives uint8 [${inputShape.join(', ')}].`,
      );
    }
    return mlp({ inputShape, actions, hidden, dueling });
  }
  const [channels, height, width] = inputShape;
  if (inputShape.length !== 3) {
    throw new MismatchError(
      `Network ${network} takes pictures [channels, height, width], the environment gives [${inputShape.join(', ')}].`,
    );
  }
  const options = { inputShape: [channels, height, width] as const, inputDType, actions, dueling };
  return pictureNetworks[network](options);
}
