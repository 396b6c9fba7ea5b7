/** Chains of reshapes and of transpositions as one, which every engine likes. */
import { reshape } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import type { LoweringRule } from './lower.ts';

/** A reshape of a reshape is one of the first tensor, and none where that has the shape. */
export const reshapeChain: LoweringRule = ({ op, shape }, [x]) => {
  if (op !== 'Reshape') return undefined;
  return reshape(x.node?.op === 'Reshape' ? x.node.inputs[0] : x, shape);
};

/** A transposition of a transposition is one of the first tensor, and none where they undo each other. */
export const transposeChain: LoweringRule = ({ op, attributes }, [x]) => {
  if (op !== 'Transpose') return undefined;
  const order = attributes!['perm'] as readonly number[];
  if (x.node?.op !== 'Transpose') return transpose(x, order);
  const before = x.node.attributes!['perm'] as readonly number[];
  return transpose(
    x.node.inputs[0],
    order.map((axis) => before[axis]),
  );
};
