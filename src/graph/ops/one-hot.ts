import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import { describe } from '../tensor-spec.ts';
import { cast } from './cast.ts';
import { equal } from './compare.ts';
import { reshape } from './reshape.ts';

/** 1 at each index and 0 elsewhere: indices int32 [...] → float32 [..., depth]. */
export function oneHot(indices: Tensor, depth: number): Tensor {
  if (indices.dtype !== 'int32') throw new ShapeError(`oneHot: indices must be int32, got ${describe(indices)}.`);
  const classes = indices.graph.constant(
    Array.from({ length: depth }, (_, i) => i),
    [depth],
    'int32',
  );
  return cast(equal(reshape(indices, [...indices.shape, 1]), classes), 'float32');
}
