import { OptionError } from '../core/errors.ts';
import { FloatMemory } from '../core/float-memory.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { RMS_PROP_MODULES, rmsPropReference } from './kernels/rms-prop-kernel.ts';
import { SimdStep, STAGE_LENGTHS } from './kernels/simd-step.ts';
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
  /** As Adam's: room for the arrays of `RmsProp.lengths(size)`. */
  memory?: FloatMemory | undefined;
  /** As Adam's. */
  kernel?: 'simd' | 'reference' | undefined;
}

const OPTIONS: OptionNames<RmsPropOptions> = {
  ...{ learningRate: true, alpha: true, epsilon: true, centered: true },
  ...{ epsilonInsideRoot: true, memory: true, kernel: true },
};

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
 * All in single precision; means that are nearly subnormal become zero, see `SMALLEST_MOMENT`.
 */
export class RmsProp implements Optimizer {
  learningRate: number;
  readonly size: number;
  private readonly alpha: number;
  private readonly epsilon: number;
  private readonly epsilonInsideRoot: boolean;
  /** Whether steps run in WebAssembly SIMD. */
  readonly simd: boolean;
  private readonly squares: Float32Array;
  /** Undefined when not centered. */
  private readonly means: Float32Array | undefined;
  private readonly kernel: SimdStep | undefined;

  /** @throws OptionError when an option is out of range, UnknownNameError for one of another name. */
  constructor(size: number, options: RmsPropOptions) {
    checkOptionNames(options, OPTIONS);
    const { learningRate, alpha = 0.99, epsilon = 1e-8, centered = false, epsilonInsideRoot = false } = options;
    const { kernel = 'simd', memory = new FloatMemory(RmsProp.lengths(size)) } = options;
    if (!(learningRate >= 0)) throw new OptionError('learningRate', learningRate, 'a number from 0 up');
    if (!(alpha >= 0 && alpha < 1)) throw new OptionError('alpha', alpha, 'a number in [0, 1)');
    if (!(epsilon > 0)) throw new OptionError('epsilon', epsilon, 'a number above 0');
    this.learningRate = learningRate;
    this.size = size;
    this.alpha = alpha;
    this.epsilon = epsilon;
    this.epsilonInsideRoot = epsilonInsideRoot;
    this.squares = memory.allocate(size);
    this.means = centered ? memory.allocate(size) : undefined;
    const module = centered ? RMS_PROP_MODULES.centered : RMS_PROP_MODULES.plain;
    const states = this.means === undefined ? [this.squares] : [this.squares, this.means];
    this.kernel = kernel === 'simd' ? SimdStep.create(module, memory, states) : undefined;
    this.simd = this.kernel !== undefined;
  }

  /** Lengths of the arrays that RmsProp allocates for itself. */
  static lengths(size: number): number[] {
    return [size, size, ...STAGE_LENGTHS];
  }

  step(params: Float32Array, grads: Float32Array): void {
    checkLengths('RmsProp', this.size, params, grads);
    const scalars = [
      Math.fround(this.alpha),
      Math.fround(1 - this.alpha),
      Math.fround(-this.learningRate),
      Math.fround(this.epsilonInsideRoot ? this.epsilon : 0),
      Math.fround(this.epsilonInsideRoot ? 0 : this.epsilon),
    ] as const;
    if (this.kernel === undefined) rmsPropReference(params, grads, this.squares, this.means, scalars);
    else this.kernel.run(params, grads, scalars);
  }

  saveState(): Snapshot {
    return {
      learningRate: this.learningRate,
      squares: this.squares.slice(),
      means: this.means?.slice() ?? null,
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'optimizer');
    this.learningRate = saved.finite('learningRate', 0);
    saved.into('squares', this.squares);
    if (this.means !== undefined && saved.part('means') !== null) saved.into('means', this.means);
  }
}
