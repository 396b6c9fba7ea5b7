/** What the elementwise operators share: broadcasting two operands, mapping one. */
import { ShapeError } from '../../core/errors.ts';
import type { Graph, NodeSpec, Tensor } from '../graph.ts';
import type { DType, Values } from '../tensor-spec.ts';
import { broadcastShapes, describe, requireDType, sameShape } from '../tensor-spec.ts';
import { broadcastOffsets } from './broadcast.ts';

/** A tensor, or a number that stands for a scalar of the other operand's type. */
export type Operand = Tensor | number;

/** Turns numbers into constants. @throws ShapeError when both are numbers (there is no graph to put them in). */
export function operands(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  const other = typeof a === 'number' ? b : a;
  if (typeof other === 'number') throw new ShapeError(`${op}: at least one operand must be a tensor, got two numbers.`);
  return [asTensor(other.graph, a, other.dtype), asTensor(other.graph, b, other.dtype)];
}

function asTensor(graph: Graph, x: Operand, dtype: DType): Tensor {
  return typeof x === 'number' ? graph.constant(x, [], dtype) : x;
}

export interface Binary {
  readonly op: string;
  /** How error messages call it. */
  readonly name: string;
  readonly types: readonly DType[];
  /** Type of the result; by default that of the operands. */
  readonly result?: DType;
  f(a: number, b: number): number;
  /** Gradients in the broadcast shape; the caller's job is to sum them back. */
  readonly gradient?: NonNullable<NodeSpec['gradient']>;
}

/** An operator on two tensors of one type, broadcast to a common shape. */
export function binary(a: Tensor, b: Tensor, spec: Binary): Tensor {
  const { op, name, f } = spec;
  requireDType(name, a, ...spec.types);
  if (a.dtype !== b.dtype) throw new ShapeError(`${name}: ${describe(a)} and ${describe(b)} differ in type.`);
  const shape = broadcastShapes(name, a.shape, b.shape);
  return a.graph.add({
    op,
    inputs: [a, b],
    dtype: spec.result ?? a.dtype,
    shape,
    evaluate: ([p, q]) => zip(f, p, q, shape),
    ...(spec.gradient && { gradient: spec.gradient }),
  });
}

/** Applies f to all pairs of elements under broadcasting. */
export function zip(f: (a: number, b: number) => number, p: Values, q: Values, shape: readonly number[]): Float64Array {
  if (sameShape(p.shape, q.shape)) return p.data.map((x, i) => f(x, q.data[i]));
  const i = broadcastOffsets(p.shape, shape);
  const j = broadcastOffsets(q.shape, shape);
  return new Float64Array(i.length).map((_, k) => f(p.data[i[k]], q.data[j[k]]));
}

/** An operator on each float32 element: `f` and the gradient from `dy` and the output `y`. */
export function unary(
  op: string,
  name: string,
  x: Tensor,
  f: (x: number) => number,
  gradient: (dy: Tensor, y: Tensor) => Tensor,
): Tensor {
  requireDType(name, x, 'float32');
  return x.graph.add({
    op,
    inputs: [x],
    dtype: 'float32',
    shape: x.shape,
    evaluate: ([a]) => a.data.map(f),
    gradient: (dy, y) => [gradient(dy, y)],
  });
}
