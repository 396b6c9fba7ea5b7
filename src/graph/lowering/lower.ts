import type { NodeSpec, Tensor } from '../graph.ts';
import { ancestors, Graph } from '../graph.ts';

/**
 * Rewrites one operator: a tensor of the same value, type and shape, or undefined to leave the operator as it is.
 * @param inputs of the operator, already lowered, in the graph that the result belongs to.
 */
export type LoweringRule = (node: NodeSpec, inputs: readonly Tensor[]) => Tensor | undefined;

/**
 * Writes the part of a graph that the outputs need into a graph of its own, in the form that an engine likes. Operators say
 * what is computed, rules say how. The result is for running: transparent operators are gone, and with them the
 * gradients that only they knew.
 * @param rules tried in turn; the first that has an answer counts.
 * @returns the outputs by the same names, with the same values.
 */
export function lower(
  outputs: Readonly<Record<string, Tensor>>,
  rules: readonly LoweringRule[],
): Record<string, Tensor> {
  const graph = new Graph();
  const lowered = new Map<Tensor, Tensor>();
  for (const tensor of ancestors(Object.values(outputs))) lowered.set(tensor, lowerOne(tensor, lowered, graph, rules));
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, lowered.get(tensor)!]));
}

function lowerOne(
  { node, name, data, dtype, shape }: Tensor,
  lowered: ReadonlyMap<Tensor, Tensor>,
  graph: Graph,
  rules: readonly LoweringRule[],
): Tensor {
  if (node === undefined) {
    return name === undefined ? graph.constant(data!, shape, dtype) : graph.input(name, dtype, shape);
  }
  const inputs = node.inputs.map((input) => lowered.get(input)!);
  if (node.transparent) return inputs[0];
  for (const rule of rules) {
    const found = rule(node, inputs);
    if (found !== undefined) return found;
  }
  // Its gradient speaks of the tensors of the other graph.
  const { gradient: _, ...rest } = node;
  return graph.add({ ...rest, inputs });
}
