import type { Tensor } from '../graph.ts';

/** The same values, through which no gradient passes (a target network's, for one). */
export function stopGradient(x: Tensor): Tensor {
  return x.graph.add({
    op: 'StopGradient',
    inputs: [x],
    transparent: true,
    dtype: x.dtype,
    shape: x.shape,
    evaluate: ([a]) => a.data.slice(),
    gradient: () => [undefined],
  });
}
