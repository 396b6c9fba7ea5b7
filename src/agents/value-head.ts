import { argMax, expandDims, mul, oneHot, reduceSum, type Tensor } from '../graph/index.ts';

/** What a head asks a network of implicit quantiles at: each counts quantile fractions tau in (0, 1). */
export interface TauCounts {
  /** Cosines of the network's embedding of a fraction. */
  readonly cosines: number;
  /** N, drawn for each prediction. */
  readonly prediction: number;
  /** N', drawn for each target. */
  readonly target: number;
  /** K, evenly spaced, of which action values are the mean. */
  readonly acting: number;
}

/**
 * How a network's numbers stand for the return of an action, and how they are learned: the one value of DQN, the atoms of
 * C51, the quantiles of QR-DQN, values at fractions for IQN. "Rows" are the numbers of one action for each of a batch: [B] for
 * width 1, [B, width] else; [B, N] at N fractions.
 */
export interface ValueHead {
  /** Numbers that the network gives for each action. */
  readonly width: number;
  /** For a head whose network takes quantile fractions, and gives one number for each; absent for all others. */
  readonly taus?: TauCounts | undefined;
  /** Action values Q [B, actions] from the network's output, [B, actions], [B, actions, width] or [B, actions, N]. */
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
   * @param taus [B, N] that the prediction was asked at, for a head with `taus`.
   * @returns losses [B], and errors [B] of at least 0 that priorities are made of.
   */
  loss(prediction: Tensor, target: Tensor, taus?: Tensor): { readonly losses: Tensor; readonly errors: Tensor };
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
