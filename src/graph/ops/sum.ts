import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import { describe, requireDType, sameShape } from '../tensor-spec.ts';

/** Sum of tensors of one shape in a single pass. */
export function sum(terms: readonly Tensor[]): Tensor {
  const [first] = terms;
  if (first === undefined) throw new ShapeError('sum: got no terms.');
  for (const term of terms) {
    requireDType('sum', term, 'float32');
    if (!sameShape(term.shape, first.shape)) {
      throw new ShapeError(`sum: ${describe(first)} and ${describe(term)} differ in shape.`);
    }
  }
  if (terms.length === 1) return first;
  return first.graph.add({
    op: 'Sum',
    inputs: terms,
    dtype: 'float32',
    shape: first.shape,
    evaluate: (inputs) => inputs[0].data.map((_, i) => inputs.reduce((total, term) => total + term.data[i], 0)),
    gradient: (dy) => terms.map(() => dy),
  });
}
