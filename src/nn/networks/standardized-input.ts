import { mul, sub } from '../../graph/ops/arithmetic.ts';
import { cast } from '../../graph/ops/cast.ts';
import type { DType } from '../../graph/tensor-spec.ts';
import type { Network } from './network.ts';
import { checkNetworkInputs } from './network.ts';

/** Names of its two parameters of its own, in the shape of one observation. */
export const INPUT_STATISTICS = ['input.mean', 'input.scale'] as const;

/**
 * The network with (x - mean) * scale before it, element by element: it takes observations as they are, where the other was
 * trained on standardised ones. Mean and scale are its first parameters; they are measured, not learned.
 * @param network takes float32.
 * @param inputDType of the observations as they are.
 */
export function standardizedInput<N extends Network>(network: N, inputDType: DType): N {
  const { inputShape } = network;
  const [mean, scale] = INPUT_STATISTICS;
  const own = [
    { name: mean, shape: inputShape, fanIn: 1, initial: 0 },
    { name: scale, shape: inputShape, fanIn: 1, initial: 1 },
  ];
  const whole = { ...network, inputDType, parameters: [...own, ...network.parameters] };
  return {
    ...whole,
    build(x, params, options) {
      checkNetworkInputs('standardizedInput', whole, x, params);
      const [mean, scale, ...rest] = params;
      const floats = inputDType === 'float32' ? x : cast(x, 'float32');
      return network.build(mul(sub(floats, mean!), scale!), rest, options);
    },
  };
}
