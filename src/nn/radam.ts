import { Adam } from './adam.ts';
import type { AdamScalars } from './kernels/adam-kernel.ts';

/** A power of two so large that adding the root of a second moment does not change it: dividing by it is exact. */
const HUGE = 2 ** 60;

/**
 * Rectified Adam (Liu et al. 2020, Algorithm 2), as PyTorch's `torch.optim.RAdam`. While the variance of the second
 * moment cannot be told, in the first steps, the step is the corrected first moment alone; afterwards Adam's, times
 *
 *     r = sqrt((rho - 4)(rho - 2) rhoInf / ((rhoInf - 4)(rhoInf - 2) rho)),  rho = rhoInf - 2 t beta2^t / (1 - beta2^t)
 *
 * with rhoInf = 2 / (1 - beta2) - 1. Both steps are Adam's kernel with other scalars: without the second moment its
 * denominator is a power of two. Its deviation for nearly subnormal moments is Adam's too.
 */
export class RAdam extends Adam {
  protected override scalars(): AdamScalars {
    const { beta1, beta2, epsilon, steps, beta1Power, beta2Power } = this;
    const rhoInf = 2 / (1 - beta2) - 1;
    const rho = rhoInf - (2 * steps * beta2Power) / (1 - beta2Power);
    const step = this.learningRate / (1 - beta1Power);
    const gains = [Math.fround(1 - beta1), Math.fround(beta2), Math.fround(1 - beta2)] as const;
    if (rho <= 5) return [...gains, Math.fround(-step) * HUGE, HUGE];
    const r = Math.sqrt(((rho - 4) * (rho - 2) * rhoInf) / ((rhoInf - 4) * (rhoInf - 2) * rho));
    return [...gains, Math.fround(-step * r * Math.sqrt(1 - beta2Power)), Math.fround(epsilon)];
  }
}
