import { ShapeError } from '../core/errors.ts';
import type { Tensor } from './graph.ts';
import { ancestors } from './graph.ts';
import { sum } from './ops/sum.ts';
import { zeros } from './ops/zeros.ts';
import { describe, sameShape } from './tensor-spec.ts';

/**
 * Reverse-mode differentiation, symbolic: extends the graph of `loss` by the operators that compute its gradient in each
 * of `wrt`. Only what lies between `wrt` and the loss is differentiated, so nobody pays for gradients not asked for.
 * @param loss a float32 scalar.
 * @returns one tensor for each of `wrt`, in its shape; zeros where the loss does not depend on it.
 * @throws ShapeError when the loss is not a float32 scalar, one of `wrt` is not float32 or of another graph, or an
 *   operator on the way has no gradient.
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.dtype !== 'float32' || loss.shape.length !== 0) {
    throw new ShapeError(`gradients: the loss must be a float32 scalar, got ${describe(loss)}.`);
  }
  for (const tensor of wrt) {
    if (tensor.graph !== loss.graph) {
      throw new ShapeError(`gradients: ${describe(tensor)} belongs to another graph.`);
    }
    if (tensor.dtype !== 'float32') throw new ShapeError(`gradients: cannot differentiate in ${describe(tensor)}.`);
  }
  const below = ancestors([loss]);
  const active = new Set<Tensor>(wrt);
  for (const tensor of below) {
    if (tensor.dtype !== 'float32') continue; // no derivative passes through integers and booleans
    if (tensor.node?.inputs.some((input) => active.has(input))) active.add(tensor);
  }

  const parts = new Map<Tensor, Tensor[]>([[loss, [loss.graph.constant(1)]]]);
  const total = new Map<Tensor, Tensor>();
  for (const tensor of below.reverse()) {
    const received = parts.get(tensor);
    if (received === undefined) continue;
    const dy = sum(received);
    total.set(tensor, dy);
    const node = tensor.node;
    if (node === undefined) continue;
    const wanted = node.inputs.map((input) => active.has(input));
    if (!wanted.includes(true)) continue;
    if (node.gradient === undefined) throw new ShapeError(`gradients: ${node.op} has no gradient.`);
    const inner = node.gradient(dy, tensor, wanted);
    node.inputs.forEach((input, i) => {
      const dx = inner[i];
      if (!wanted[i] || dx === undefined) return;
      if (!sameShape(dx.shape, input.shape)) {
        throw new Error(`gradient of ${node.op}: ${describe(dx)} for an input ${describe(input)}`);
      }
      const list = parts.get(input);
      if (list === undefined) parts.set(input, [dx]);
      else list.push(dx);
    });
  }
  return wrt.map((tensor) => total.get(tensor) ?? zeros(tensor.graph, tensor.shape));
}
