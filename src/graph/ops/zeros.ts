import type { Graph, Tensor } from '../graph.ts';
import type { Shape } from '../tensor-spec.ts';
import { broadcastTo } from './sum-and-broadcast.ts';

/** A float32 tensor of zeros; stored as one number. */
export function zeros(graph: Graph, shape: Shape): Tensor {
  return broadcastTo(graph.constant(0), shape);
}
