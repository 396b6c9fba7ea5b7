import type { Graph } from '../graph.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { broadcastTo } from './broadcast-to.ts';

/** A float32 tensor of zeros; stored as one number. */
export function zeros(graph: Graph, shape: Shape): Tensor {
  return broadcastTo(graph.constant(0), shape);
}
