import { type Tensor, where } from '../graph/index.ts';

/** Below every value, and small enough that its product with 0 is 0 and its quotient by a temperature finite. */
const FORBIDDEN = -1e30;

/**
 * Action values with those of forbidden actions out of reach of any maximum; a softmax gives them the probability 0.
 * @param q [B, actions]
 * @param mask bool [B, actions]; undefined where everything is allowed.
 */
export function allowedValues(q: Tensor, mask: Tensor | undefined): Tensor {
  return mask === undefined ? q : where(mask, q, FORBIDDEN);
}
