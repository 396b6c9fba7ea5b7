/** What the kernels compute in another form. */
import type { Tensor } from '../graph.ts';
import { reshapeChain, transposeChain } from '../lowering/chains.ts';
import { convIm2col, toNhwc, toTaps } from '../lowering/im2col.ts';
import type { LoweringRule } from '../lowering/lower.ts';
import { reshape } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import { sameShape } from '../tensor-spec.ts';
import { WHERE_POSITIVE } from './instructions.ts';

/** The gradient of ReLU, dy where y > 0 and else 0, in one pass. */
const reluGradient: LoweringRule = ({ op, shape, dtype }, [condition, dy, otherwise]) => {
  if (op !== 'Where' || condition.node?.op !== 'Greater' || !isZero(otherwise)) return undefined;
  const [y, bound] = condition.node.inputs;
  if (y.dtype !== 'float32' || !isZero(bound) || !sameShape(y.shape, dy.shape) || !sameShape(dy.shape, shape)) {
    return undefined;
  }
  return dy.graph.add({
    op: WHERE_POSITIVE,
    inputs: [dy, y],
    dtype,
    shape,
    evaluate: ([a, b]) => a.data.map((v, i) => (b.data[i] > 0 ? v : 0)),
  });
};

function isZero({ data, shape }: Tensor): boolean {
  return data !== undefined && shape.length === 0 && data[0] === 0;
}

/** A convolution of square windows as a product of matrices. */
export const convolution: LoweringRule = ({ op, attributes, shape }, [x, weight, bias]) => {
  if (op !== 'Conv') return undefined;
  const { strides, pads, dilations } = attributes as Readonly<Record<string, readonly number[]>>;
  const [filters, , kernel, width] = weight.shape;
  if (kernel !== width || dilations[0] !== 1) return undefined;
  const zero = () => weight.graph.constant(new Float32Array(filters));
  const options = { kernel, stride: strides[0], padding: pads[0], block: 1 };
  const { tensor } = convIm2col(toNhwc(x, 1), toTaps(weight, 1, 'last'), bias ?? zero(), options);
  return reshape(transpose(tensor, [0, 2, 1]), shape);
};

export const kernelRules: readonly LoweringRule[] = [reshapeChain, transposeChain, reluGradient];
