import { ShapeError } from '../core/errors.ts';
import type { Restorable } from '../core/snapshot.ts';

/**
 * Moves parameters along a gradient, in place. An optimizer belongs to one parameter buffer, of the length it was made
 * for; its state is saved and restored with `Restorable`, and equal calls give equal bits.
 */
export interface Optimizer extends Restorable {
  /** Step size of the next step; schedules assign it. */
  learningRate: number;
  /** Number of parameters. */
  readonly size: number;
  /**
   * One descent step.
   * @param params overwritten.
   * @param grads gradient of the loss, element for element. Read only.
   * @throws ShapeError when a length is not `size`.
   */
  step(params: Float32Array, grads: Float32Array): void;
}

/** Checks the lengths that `step` was given. */
export function checkLengths(name: string, size: number, params: Float32Array, grads: Float32Array): void {
  if (params.length !== size || grads.length !== size) {
    throw new ShapeError(`${name}: made for ${size} parameters, got ${params.length} and ${grads.length} gradients.`);
  }
}
