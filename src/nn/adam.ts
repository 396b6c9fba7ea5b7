import { OptionError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { ADAM_MODULE, type AdamKernel, type AdamScalars, adamReference } from './adam-kernel.ts';
import { FloatMemory } from './float-memory.ts';
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

/** Elements copied at a time when parameters lie outside the kernel's memory: both buffers stay in the first cache. */
const STAGE = 2048;

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
  private readonly memory: FloatMemory;
  private readonly kernel: AdamKernel | undefined;
  private readonly m: Float32Array;
  private readonly v: Float32Array;
  private readonly stagedParams: Float32Array;
  private readonly stagedGrads: Float32Array;
  private steps = 0;
  // Products instead of Math.pow, whose last bit differs between engines.
  private beta1Power = 1;
  private beta2Power = 1;

  /** @throws OptionError when an option is out of range. */
  constructor(size: number, options: AdamOptions) {
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
    this.memory = options.memory ?? new FloatMemory(Adam.lengths(size));
    this.m = this.memory.allocate(size);
    this.v = this.memory.allocate(size);
    this.stagedParams = this.memory.allocate(STAGE);
    this.stagedGrads = this.memory.allocate(STAGE);
    this.kernel = kernel === 'simd' ? instantiate(this.memory) : undefined;
    this.simd = this.kernel !== undefined;
  }

  /** Lengths of the arrays that Adam allocates for itself. */
  static lengths(size: number): number[] {
    return [size, size, STAGE, STAGE];
  }

  step(params: Float32Array, grads: Float32Array): void {
    checkLengths('Adam', this.size, params, grads);
    this.steps++;
    this.beta1Power *= this.beta1;
    this.beta2Power *= this.beta2;
    const { kernel, memory, m, v, size } = this;
    const scalars = this.scalars();
    if (kernel === undefined) adamReference(params, grads, m, v, 0, size, scalars);
    else if (memory.holds(params) && memory.holds(grads)) this.run(kernel, scalars, params, grads, 0, size);
    else this.stepStaged(kernel, scalars, params, grads);
  }

  private stepStaged(kernel: AdamKernel, scalars: AdamScalars, params: Float32Array, grads: Float32Array): void {
    const size = this.size;
    const stagedParams = this.stagedParams;
    const stagedGrads = this.stagedGrads;
    for (let from = 0; from < size; from += STAGE) {
      const to = Math.min(from + STAGE, size);
      const block = params.subarray(from, to);
      stagedParams.set(block);
      stagedGrads.set(grads.subarray(from, to));
      // The last block's padding must not reach the moments' padding as anything but zero.
      stagedParams.fill(0, to - from);
      stagedGrads.fill(0, to - from);
      this.run(kernel, scalars, stagedParams, stagedGrads, from, to - from);
      block.set(to - from === STAGE ? stagedParams : stagedParams.subarray(0, to - from));
    }
  }

  /** Runs the kernel on `count` elements from the start of `params` and `grads`, and from `offset` of the moments. */
  private run(
    kernel: AdamKernel,
    scalars: AdamScalars,
    params: Float32Array,
    grads: Float32Array,
    offset: number,
    count: number,
  ): void {
    const start = params.byteOffset;
    kernel(
      start + Math.ceil(count / 4) * 16,
      start,
      grads.byteOffset,
      this.m.byteOffset + offset * 4,
      this.v.byteOffset + offset * 4,
      scalars.gain1,
      scalars.beta2,
      scalars.gain2,
      scalars.minusStepSize,
      scalars.epsilonHat,
    );
  }

  private scalars(): AdamScalars {
    const correction = Math.sqrt(1 - this.beta2Power);
    return {
      gain1: Math.fround(1 - this.beta1),
      beta2: Math.fround(this.beta2),
      gain2: Math.fround(1 - this.beta2),
      minusStepSize: Math.fround((-this.learningRate * correction) / (1 - this.beta1Power)),
      epsilonHat: Math.fround(this.epsilon * correction),
    };
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
    const saved = state as {
      learningRate: number;
      steps: number;
      betaPowers: [number, number];
      m: Float32Array;
      v: Float32Array;
    };
    checkLengths('Adam', this.size, saved.m, saved.v);
    this.learningRate = saved.learningRate;
    this.steps = saved.steps;
    [this.beta1Power, this.beta2Power] = saved.betaPowers;
    this.m.set(saved.m);
    this.v.set(saved.v);
  }
}

let compiled: WebAssembly.Module | undefined;

/** The kernel over this memory; undefined where WebAssembly or its SIMD is missing. */
function instantiate(memory: FloatMemory): AdamKernel | undefined {
  if (memory.wasm === undefined || !WebAssembly.validate(ADAM_MODULE)) return undefined;
  compiled ??= new WebAssembly.Module(ADAM_MODULE);
  const instance = new WebAssembly.Instance(compiled, { env: { memory: memory.wasm } });
  return instance.exports['adam'] as AdamKernel;
}
