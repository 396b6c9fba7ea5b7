import { OptionError } from '../core/errors.ts';
import { FloatMemory } from '../core/float-memory.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { ADAM_MODULE, type AdamScalars, adamReference } from './kernels/adam-kernel.ts';
import { SimdStep, STAGE_LENGTHS } from './kernels/simd-step.ts';
import { checkLengths, type Optimizer } from './optimizer.ts';

export interface AdamOptions {
  learningRate: number;
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  beta1?: number | undefined;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  beta2?: number | undefined;
  /** Added to the root of the second moment. Default 1e-8. */
  epsilon?: number | undefined;
  /**
   * Memory with room for the arrays of `Adam.lengths(size)`. Parameters and gradients from the same memory are worked on
   * in place, others through a small buffer, which costs a third more. By default Adam makes its own.
   */
  memory?: FloatMemory | undefined;
  /** `reference` keeps to plain TypeScript; same bits, ten times slower. Default `simd` where the platform has it. */
  kernel?: 'simd' | 'reference' | undefined;
}

const OPTIONS: OptionNames<AdamOptions> = {
  ...{ learningRate: true, beta1: true, beta2: true, epsilon: true, memory: true, kernel: true },
};

/**
 * Adam (Kingma and Ba 2015, Algorithm 1 in the rearranged order of section 2): with m and v the decayed means of the
 * gradient and its square,
 *
 *     p -= alpha sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon sqrt(1 - beta2^t))
 *
 * This is PyTorch's `torch.optim.Adam` (bias-corrected moments, epsilon outside the root) with one division fewer.
 * All in single precision. One deviation: moments that are nearly subnormal become zero, see `SMALLEST_MOMENT`.
 */
export class Adam implements Optimizer {
  learningRate: number;
  readonly size: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Whether steps run in WebAssembly SIMD. */
  readonly simd: boolean;
  private readonly m: Float32Array;
  private readonly v: Float32Array;
  private readonly kernel: SimdStep | undefined;
  /** t, and the betas to its power: products instead of Math.pow, whose last bit differs between engines. */
  protected steps = 0;
  protected beta1Power = 1;
  protected beta2Power = 1;

  /** @throws OptionError when an option is out of range, UnknownNameError for one of another name. */
  constructor(size: number, options: AdamOptions) {
    checkOptionNames(options, OPTIONS);
    const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, kernel = 'simd' } = options;
    if (!(learningRate >= 0)) throw new OptionError('learningRate', learningRate, 'a number from 0 up');
    if (!(beta1 >= 0 && beta1 < 1)) throw new OptionError('beta1', beta1, 'a number in [0, 1)');
    if (!(beta2 >= 0 && beta2 < 1)) throw new OptionError('beta2', beta2, 'a number in [0, 1)');
    if (!(epsilon > 0)) throw new OptionError('epsilon', epsilon, 'a number above 0');
    this.learningRate = learningRate;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.size = size;
    const memory = options.memory ?? new FloatMemory(Adam.lengths(size));
    this.m = memory.allocate(size);
    this.v = memory.allocate(size);
    this.kernel = kernel === 'simd' ? SimdStep.create(ADAM_MODULE, memory, [this.m, this.v]) : undefined;
    this.simd = this.kernel !== undefined;
  }

  /** Lengths of the arrays that Adam allocates for itself. */
  static lengths(size: number): number[] {
    return [size, size, ...STAGE_LENGTHS];
  }

  step(params: Float32Array, grads: Float32Array): void {
    checkLengths('Adam', this.size, params, grads);
    this.steps++;
    this.beta1Power *= this.beta1;
    this.beta2Power *= this.beta2;
    const scalars = this.scalars();
    if (this.kernel === undefined) adamReference(params, grads, this.m, this.v, scalars);
    else this.kernel.run(params, grads, scalars);
  }

  /** What the kernel multiplies by at time t. */
  protected scalars(): AdamScalars {
    const correction = Math.sqrt(1 - this.beta2Power);
    return [
      Math.fround(1 - this.beta1),
      Math.fround(this.beta2),
      Math.fround(1 - this.beta2),
      Math.fround((-this.learningRate * correction) / (1 - this.beta1Power)),
      Math.fround(this.epsilon * correction),
    ];
  }

  saveState(): Snapshot {
    return {
      learningRate: this.learningRate,
      steps: this.steps,
      betaPowers: [this.beta1Power, this.beta2Power],
      m: this.m.slice(),
      v: this.v.slice(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'optimizer');
    this.learningRate = saved.finite('learningRate', 0);
    this.steps = saved.whole('steps');
    const powers = saved.list('betaPowers', 2) as readonly number[];
    saved.require(
      powers.every((power) => power >= 0 && power <= 1),
      'betaPowers',
      'numbers from 0 to 1',
    );
    [this.beta1Power, this.beta2Power] = powers;
    saved.into('m', this.m);
    saved.into('v', this.v);
  }
}
