import { ShapeError } from '../core/errors.ts';
import { mul, square, sub } from '../graph/ops/arithmetic.ts';
import { huber } from '../graph/ops/huber.ts';
import { reduceMean } from '../graph/ops/reduce-sum.ts';
import type { Tensor } from '../graph/tensor.ts';
import { describe, sameShape } from '../graph/tensor.ts';

/**
 * Mean squared error over a batch, a scalar: mean of weights * (prediction - target)². No factor 1/2, as in PyTorch.
 * @param weights importance weights of the samples, same shape; by default 1.
 */
export function mseLoss(prediction: Tensor, target: Tensor, weights?: Tensor): Tensor {
  return mean('mseLoss', square(difference('mseLoss', prediction, target)), weights);
}

/** Mean Huber loss over a batch, a scalar (PyTorch's `huber_loss`, and for delta 1 its `smooth_l1_loss`). */
export function huberLoss(prediction: Tensor, target: Tensor, weights?: Tensor, delta = 1): Tensor {
  return mean('huberLoss', huber(difference('huberLoss', prediction, target), delta), weights);
}

function difference(name: string, prediction: Tensor, target: Tensor): Tensor {
  requireSame(name, prediction, target);
  return sub(prediction, target);
}

function mean(name: string, errors: Tensor, weights?: Tensor): Tensor {
  if (weights === undefined) return reduceMean(errors);
  requireSame(name, errors, weights);
  return reduceMean(mul(weights, errors));
}

// Broadcasting [B] against [B, 1] gives a plausible loss over B x B pairs: the classic silent mistake.
function requireSame(name: string, a: Tensor, b: Tensor): void {
  if (!sameShape(a.shape, b.shape)) throw new ShapeError(`${name}: ${describe(a)} and ${describe(b)} differ in shape.`);
}
