import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { checkLengths, type Optimizer } from './optimizer.ts';

export interface SgdOptions {
  learningRate: number;
  /** Share of the previous step in the next one, in [0, 1). Default 0. */
  momentum?: number | undefined;
}

const OPTIONS: OptionNames<SgdOptions> = {
  learningRate: true,
  momentum: true,
};

/** Gradient descent with optional momentum, as `torch.optim.SGD`: b = momentum b + g, p -= learningRate b. */
export class Sgd implements Optimizer {
  learningRate: number;
  readonly size: number;
  readonly momentum: number;
  private readonly velocity: Float32Array;

  /** @throws OptionError when an option is out of range, UnknownNameError for one of another name. */
  constructor(size: number, options: SgdOptions) {
    checkOptionNames(options, OPTIONS);
    const { learningRate, momentum = 0 } = options;
    if (!(learningRate >= 0)) throw new OptionError('learningRate', learningRate, 'a number from 0 up');
    if (!(momentum >= 0 && momentum < 1)) throw new OptionError('momentum', momentum, 'a number in [0, 1)');
    this.learningRate = learningRate;
    this.size = size;
    this.momentum = momentum;
    this.velocity = new Float32Array(momentum === 0 ? 0 : size);
  }

  step(params: Float32Array, grads: Float32Array): void {
    checkLengths('Sgd', this.size, params, grads);
    const { learningRate, velocity, size } = this;
    const momentum = this.momentum;
    if (momentum === 0) {
      for (let i = 0; i < size; i++) params[i] -= learningRate * grads[i];
      return;
    }
    for (let i = 0; i < size; i++) {
      velocity[i] = momentum * velocity[i] + grads[i];
      params[i] -= learningRate * velocity[i];
    }
  }

  saveState(): Snapshot {
    return { learningRate: this.learningRate, velocity: this.velocity.slice() };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'optimizer');
    this.learningRate = saved.finite('learningRate', 0);
    saved.into('velocity', this.velocity);
  }
}
