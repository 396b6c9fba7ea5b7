import { OptionError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { ADAM_MODULE, type AdamScalars, adamReference } from './adam-kernel.ts';
import { FloatMemory } from './float-memory.ts';
import { checkLengths, type Optimizer } from './optimizer.ts';
import { SimdStep, STAGE_LENGTHS } from './simd-step.ts';

export interface RAdamOptions {
  learningRate: number;
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  beta1?: number | undefined;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  beta2?: number | undefined;
  /** Added to the root of the second moment. Default 1e-8. */
  epsilon?: number | undefined;
  /** As Adam's: room for the arrays of `RAdam.lengths(size)`. */
  memory?: FloatMemory | undefined;
  /** As Adam's. */
  kernel?: 'simd' | 'reference' | undefined;
}

/** A power of two beside which every root of a second moment is lost in rounding, so that dividing by it is exact. */
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
export class RAdam implements Optimizer {
  learningRate: number;
  readonly size: number;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #m: Float32Array;
  readonly #v: Float32Array;
  readonly #kernel: SimdStep | undefined;
  #steps = 0;
  #beta1Power = 1;
  #beta2Power = 1;

  /** @throws OptionError when an option is out of range. */
  constructor(size: number, options: RAdamOptions) {
    const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, kernel = 'simd' } = options;
    if (!(learningRate >= 0)) throw new OptionError('learningRate', learningRate, 'a number from 0 up');
    if (!(beta1 >= 0 && beta1 < 1)) throw new OptionError('beta1', beta1, 'a number in [0, 1)');
    if (!(beta2 >= 0 && beta2 < 1)) throw new OptionError('beta2', beta2, 'a number in [0, 1)');
    if (!(epsilon > 0)) throw new OptionError('epsilon', epsilon, 'a number above 0');
    this.learningRate = learningRate;
    this.size = size;
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#epsilon = epsilon;
    const memory = options.memory ?? new FloatMemory(RAdam.lengths(size));
    this.#m = memory.allocate(size);
    this.#v = memory.allocate(size);
    this.#kernel = kernel === 'simd' ? SimdStep.create(ADAM_MODULE, memory, [this.#m, this.#v]) : undefined;
  }

  /** Lengths of the arrays that RAdam allocates for itself. */
  static lengths(size: number): number[] {
    return [size, size, ...STAGE_LENGTHS];
  }

  step(params: Float32Array, grads: Float32Array): void {
    checkLengths('RAdam', this.size, params, grads);
    this.#steps++;
    this.#beta1Power *= this.#beta1;
    this.#beta2Power *= this.#beta2;
    const scalars = this.#scalars();
    if (this.#kernel === undefined) adamReference(params, grads, this.#m, this.#v, scalars);
    else this.#kernel.run(params, grads, scalars);
  }

  #scalars(): AdamScalars {
    const beta2 = this.#beta2;
    const rhoInf = 2 / (1 - beta2) - 1;
    const rho = rhoInf - (2 * this.#steps * this.#beta2Power) / (1 - this.#beta2Power);
    const step = this.learningRate / (1 - this.#beta1Power);
    const gains = [Math.fround(1 - this.#beta1), Math.fround(beta2), Math.fround(1 - beta2)] as const;
    if (rho <= 5) return [...gains, Math.fround(-step) * HUGE, HUGE];
    const r = Math.sqrt(((rho - 4) * (rho - 2) * rhoInf) / ((rhoInf - 4) * (rhoInf - 2) * rho));
    return [...gains, Math.fround(-step * r * Math.sqrt(1 - this.#beta2Power)), Math.fround(this.#epsilon)];
  }

  saveState(): Snapshot {
    return {
      learningRate: this.learningRate,
      steps: this.#steps,
      betaPowers: [this.#beta1Power, this.#beta2Power],
      m: this.#m.slice(),
      v: this.#v.slice(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = state as {
      learningRate: number;
      steps: number;
      betaPowers: [number, number];
      m: Float32Array;
      v: Float32Array;
    };
    checkLengths('RAdam', this.size, saved.m, saved.v);
    this.learningRate = saved.learningRate;
    this.#steps = saved.steps;
    [this.#beta1Power, this.#beta2Power] = saved.betaPowers;
    this.#m.set(saved.m);
    this.#v.set(saved.v);
  }
}
