import type { NodeSpec, Tensor } from '../graph.ts';

/**
 * The same values with a gradient of one's own: differentiation stops at `y` and goes on in `inputs` with what `gradient`
 * returns. For results whose derivative has a faster form than the chain rule through their parts.
 * @param gradient from the gradient in y to those in `inputs`.
 * @param identity names what `gradient` does: with one, two results of the same tensors and the same name are one tensor.
 *   Without one every result is a tensor of its own.
 */
export function withGradient(
  y: Tensor,
  inputs: readonly Tensor[],
  gradient: (dy: Tensor, wanted: readonly boolean[]) => ReturnType<NonNullable<NodeSpec['gradient']>>,
  identity?: string,
): Tensor {
  return y.graph.add({
    op: 'WithGradient',
    inputs: [y, ...inputs],
    identity: identity ?? null,
    transparent: true,
    dtype: y.dtype,
    shape: y.shape,
    evaluate: ([a]) => a.data.slice(),
    gradient: (dy, _, [, ...wanted]) => [undefined, ...gradient(dy, wanted)],
  });
}
