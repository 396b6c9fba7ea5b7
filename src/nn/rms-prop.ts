import { OptionError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { checkLengths, type Optimizer } from './optimizer.ts';

export interface RmsPropOptions {
  learningRate: number;
  /** Decay of the means, in [0, 1). Default 0.99. */
  alpha?: number | undefined;
  /** Keeps the denominator from zero. Default 1e-8. */
  epsilon?: number | undefined;
  /** Divides by the standard deviation of the gradient instead of its root mean square. Default false. */
  centered?: boolean | undefined;
  /** Where epsilon is added: PyTorch adds it to the root, Graves and the DQN papers' program below it. Default false. */
  epsilonInsideRoot?: boolean | undefined;
}

/**
 * The Nature DQN's optimizer: Mnih et al. 2015, Extended Data Table 1, gives 0.95 for both decays, 0.01 as the least
 * squared gradient and 0.00025 as the learning rate. The formula is Graves 2013, equations 38 to 41, without its momentum.
 */
export const NATURE_RMS_PROP = {
  learningRate: 0.00025,
  alpha: 0.95,
  epsilon: 0.01,
  centered: true,
  epsilonInsideRoot: true,
} as const satisfies RmsPropOptions;

/**
 * RMSProp. With s and a the decayed means of the squared gradient and, if `centered`, of the gradient (else a = 0),
 *
 *     p -= learningRate * g / (sqrt(s - a a) + epsilon)      as torch.optim.RMSprop
 *     p -= learningRate * g / sqrt(s - a a + epsilon)        with epsilonInsideRoot
 *
 * Means are kept in single precision, the arithmetic between is in double.
 */
export class RmsProp implements Optimizer {
  learningRate: number;
  readonly size: number;
  private readonly alpha: number;
  private readonly epsilon: number;
  private readonly centered: boolean;
  private readonly epsilonInsideRoot: boolean;
  private readonly squares: Float32Array;
  private readonly means: Float32Array;

  /** @throws OptionError when an option is out of range. */
  constructor(size: number, options: RmsPropOptions) {
    const { learningRate, alpha = 0.99, epsilon = 1e-8, centered = false, epsilonInsideRoot = false } = options;
    if (!(learningRate >= 0)) throw new OptionError('learningRate', learningRate, 'a number from 0 up');
    if (!(alpha >= 0 && alpha < 1)) throw new OptionError('alpha', alpha, 'a number in [0, 1)');
    if (!(epsilon > 0)) throw new OptionError('epsilon', epsilon, 'a number above 0');
    this.learningRate = learningRate;
    this.size = size;
    this.alpha = alpha;
    this.epsilon = epsilon;
    this.centered = centered;
    this.epsilonInsideRoot = epsilonInsideRoot;
    this.squares = new Float32Array(size);
    this.means = new Float32Array(centered ? size : 0);
  }

  step(params: Float32Array, grads: Float32Array): void {
    checkLengths('RmsProp', this.size, params, grads);
    const { learningRate, squares, means, size } = this;
    const alpha = this.alpha;
    const centered = this.centered;
    const inside = this.epsilonInsideRoot ? this.epsilon : 0;
    const outside = this.epsilonInsideRoot ? 0 : this.epsilon;
    const gain = 1 - alpha;
    for (let i = 0; i < size; i++) {
      const g = grads[i];
      squares[i] = alpha * squares[i] + gain * g * g;
      let variance = squares[i];
      if (centered) {
        means[i] += gain * (g - means[i]);
        // Rounding can carry a variance of zero below it.
        variance = Math.max(0, variance - means[i] * means[i]);
      }
      params[i] -= (learningRate * g) / (Math.sqrt(variance + inside) + outside);
    }
  }

  saveState(): Snapshot {
    return { learningRate: this.learningRate, squares: this.squares.slice(), means: this.means.slice() };
  }

  restoreState(state: Snapshot): void {
    const saved = state as { learningRate: number; squares: Float32Array; means: Float32Array };
    checkLengths('RmsProp', this.size, saved.squares, saved.squares);
    this.learningRate = saved.learningRate;
    this.squares.set(saved.squares);
    this.means.set(saved.means);
  }
}
