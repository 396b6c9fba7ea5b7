import { OptionError } from '../core/errors.ts';
import type { FloatMemory } from '../core/float-memory.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { checkLengths, type Optimizer } from './optimizer.ts';

export interface ObGdOptions {
  /** alpha, the largest step size. */
  learningRate: number;
  /** kappa, above 0: how far below the bound on overshooting steps stay; the paper takes 2 for action values. */
  readonly kappa: number;
  /** Where the traces lie; default an array of their own. */
  readonly memory?: FloatMemory | undefined;
}

const OPTIONS: OptionNames<ObGdOptions> = {
  learningRate: true,
  kappa: true,
  memory: true,
};

/**
 * Overshooting-bounded gradient descent along eligibility traces (Elsayed et al. 2024, "ObGD"). Each error delta of a value
 * v(w) teaches all that led to it, by a step so small that the error does not change its sign as far as |z|_1 tells:
 *
 *     z = decay z + grad v      M = alpha kappa max(|delta|, 1) |z|_1      w = w + alpha / max(M, 1) delta z
 */
export class ObGd implements Optimizer {
  learningRate: number;
  readonly kappa: number;
  readonly size: number;
  /** z */
  readonly traces: Float32Array;
  /** delta of the next step. */
  error = 0;
  /** gamma lambda of the next step; 0 cuts the traces. */
  decay = 0;

  /** @throws OptionError when an option is out of range, UnknownNameError for one of another name. */
  constructor(size: number, options: ObGdOptions) {
    checkOptionNames(options, OPTIONS);
    const { learningRate, kappa, memory } = options;
    if (!(learningRate >= 0)) throw new OptionError('learningRate', learningRate, 'a number from 0 up');
    if (!(kappa > 0)) throw new OptionError('kappa', kappa, 'a number above 0');
    this.learningRate = learningRate;
    this.kappa = kappa;
    this.size = size;
    this.traces = memory?.allocate(size) ?? new Float32Array(size);
  }

  /** @param gradient of the value, not of a loss. */
  step(params: Float32Array, gradient: Float32Array): void {
    checkLengths('ObGd', this.size, params, gradient);
    const { traces, decay, error, learningRate: alpha, kappa, size } = this;
    let norm = 0;
    for (let i = 0; i < size; i++) {
      traces[i] = decay * traces[i] + gradient[i];
      norm += Math.abs(traces[i]);
    }
    const bound = alpha * kappa * Math.max(Math.abs(error), 1) * norm;
    const move = (alpha / Math.max(bound, 1)) * error;
    for (let i = 0; i < size; i++) params[i] += move * traces[i];
  }

  /** Forgets what led here, at an episode's end. */
  clear(): void {
    this.traces.fill(0);
  }

  saveState(): Snapshot {
    return { learningRate: this.learningRate, traces: this.traces.slice() };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'optimizer');
    this.learningRate = saved.finite('learningRate', 0);
    saved.into('traces', this.traces);
  }
}
