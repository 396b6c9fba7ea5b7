import type { NodeSpec, Tensor } from '../tensor.ts';

/**
 * The same values with a gradient of one's own: differentiation stops at `y` and goes on in `inputs` with what `gradient`
 * returns. For results whose derivative has a quicker form than the chain rule through their parts.
 * @param gradient from the gradient in y to those in `inputs`; must be the true one.
 */
export function withGradient(
  y: Tensor,
  inputs: readonly Tensor[],
  gradient: (dy: Tensor, wanted: readonly boolean[]) => ReturnType<NonNullable<NodeSpec['gradient']>>,
): Tensor {
  return y.graph.add({
    op: 'WithGradient',
    inputs: [y, ...inputs],
    dtype: y.dtype,
    shape: y.shape,
    evaluate: ([a]) => a.data.slice(),
    emit: (_, [a]) => a,
    gradient: (dy, _, [, ...wanted]) => [undefined, ...gradient(dy, wanted)],
  });
}
