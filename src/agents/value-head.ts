import { argMax, expandDims, mul, oneHot, reduceSum, type Tensor } from '../graph/index.ts';

/**
 * How a network's numbers stand for the return of an action, and how they are learned: the one value of DQN, the atoms of
 * C51, the quantiles of QR-DQN. "Rows" are the numbers of one action for each of a batch: [B] for width 1, [B, width] else.
 */
export interface ValueHead {
  /** Numbers that the network gives for each action. */
  readonly width: number;
  /** Action values Q [B, actions] from the network's output, [B, actions] or [B, actions, width]. */
  expectedQ(output: Tensor): Tensor;
  /**
   * The return R + discount * Z, where Z is what the rows `next` stand for: what `loss` takes as its target.
   * @param rewards [B]
   * @param discounts [B], 0 where nothing follows.
   */
  shift(next: Tensor, rewards: Tensor, discounts: Tensor): Tensor;
  /**
   * @param prediction rows of the actions taken.
   * @param target what `shift` gave, closed to gradients.
   * @returns losses [B], and errors [B] of at least 0 that priorities are made of.
   */
  loss(prediction: Tensor, target: Tensor): { readonly losses: Tensor; readonly errors: Tensor };
  /** Expectation [B] of rows. */
  mean(rows: Tensor): Tensor;
}

/** Rows of one action each: output [B, actions] or [B, actions, width], actions int32 [B]. */
export function takeActions(output: Tensor, actions: Tensor): Tensor {
  const chosen = oneHot(actions, output.shape[1]);
  return reduceSum(mul(output, output.shape.length === 3 ? expandDims(chosen, 2) : chosen), 1);
}

/** Rows of the best action by `q` [B, actions]; the first of equals. */
export function takeBest(output: Tensor, q: Tensor): Tensor {
  return takeActions(output, argMax(q, 1));
}
