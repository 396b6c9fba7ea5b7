import { gradients, type Tensor } from '../graph/index.ts';

/**
 * Outputs `gradient.<parameter>` of an update, in the shapes of the parameters; `GradientStep` reads them.
 * @param loss scalar.
 * @param parameters of the network.
 * @param weights inputs of the graph, one for each parameter, in the same order.
 */
export function gradientOutputs(
  loss: Tensor,
  parameters: readonly { readonly name: string }[],
  weights: readonly Tensor[],
): Record<string, Tensor> {
  return Object.fromEntries(
    gradients(loss, weights).map((gradient, i) => [`gradient.${parameters[i]!.name}`, gradient]),
  );
}
