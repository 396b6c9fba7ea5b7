import type { Shape } from '../graph/index.ts';

/** What a network must take and give. */
export interface NetworkSpec {
  /** Of one observation. */
  readonly inputShape: Shape;
  readonly inputDType: 'uint8' | 'float32';
  readonly actions: number;
}
