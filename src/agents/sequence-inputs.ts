import type { DType, Graph, Shape, Tensor } from '../graph/index.ts';
import { reshape } from '../graph/index.ts';
import type { Recurrence } from '../nn/lstm.ts';
import type { Network } from '../nn/networks/network.ts';

/** What an update sees, a row for each step. */
export interface SeenSteps {
  /** [batch * steps, ...observation] */
  readonly observations: Tensor;
  /** What a recurrent network goes on from; undefined for all others. */
  readonly recurrence: Recurrence | undefined;
  /** Declares an input with a number for each step, [batch * steps]. */
  perStep(name: string, dtype: DType): Tensor;
}

/**
 * Declares what a network learns from: single steps, `observations` [batch, ...]. For a recurrent network sequences of them:
 * `observations` [batch, steps, ...], `state` [batch, stateSize] before the first step, and `starts` [batch, steps], 1 where
 * an episode begins with a step.
 */
export function seenSteps(graph: Graph, network: Network, batch: number, steps: number): SeenSteps {
  const { stateSize, inputShape, inputDType } = network;
  const isRecurrent = stateSize !== undefined;
  const lengths = isRecurrent ? [batch, steps] : [batch];
  const rows = isRecurrent ? batch * steps : batch;
  const input = (name: string, dtype: DType, shape: Shape) =>
    reshape(graph.input(name, dtype, [...lengths, ...shape]), [rows, ...shape]);
  const observations = input('observations', inputDType, inputShape);
  const recurrence = isRecurrent
    ? {
        steps,
        state: graph.input('state', 'float32', [batch, stateSize]),
        starts: graph.input('starts', 'float32', [batch, steps]),
      }
    : undefined;
  return { observations, recurrence, perStep: (name, dtype) => input(name, dtype, []) };
}
