import type { Tensor } from '../graph/index.ts';
import { takeBest, type ValueHead } from './value-head.ts';

/**
 * What a target can be made of. Outputs are of networks; those behind functions are written only when asked for. Values at
 * quantile fractions are those of `target.next()` at drawn ones, all others at those that agents act by.
 */
export interface BootstrapParts {
  readonly values: ValueHead;
  /** [B] */
  readonly actions: Tensor;
  /** [B], of up to n steps. */
  readonly rewards: Tensor;
  readonly online: {
    /** Of the online network at the next observations. */
    next(): Tensor;
  };
  readonly target: {
    /** Of the target network at the observations that the actions were taken on. */
    current(): Tensor;
    next(): Tensor;
    /** Action values [B, actions] at the next observations. */
    nextQ(): Tensor;
  };
  /**
   * Action values [B, actions] with those of forbidden actions out of reach of a maximum or softmax, as they are without
   * action masks: by what the observations allow, and by what the next ones do.
   */
  readonly allowed: {
    current(q: Tensor): Tensor;
    next(q: Tensor): Tensor;
  };
}

/** The rule by which a target's rewards [B], and the rows of the return that follows, are found. */
export type Bootstrap = (parts: BootstrapParts) => { readonly rewards: Tensor; readonly next: Tensor };

/** Q-learning's rule: what follows is the best action, by the target network itself (Mnih et al. 2015). */
export const greedyBootstrap: Bootstrap = ({ rewards, target, allowed }) => ({
  rewards,
  next: takeBest(target.next(), allowed.next(target.nextQ())),
});
