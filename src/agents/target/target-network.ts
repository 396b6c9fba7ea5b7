import type { Restorable, Snapshot } from '../../core/snapshot.ts';
import type { TypedArray } from '../../graph/index.ts';
import type { Parameters } from '../../nn/parameters.ts';

/**
 * What an update learns of the target network (Mnih et al. 2015): its weights, or what it says of the batch's next
 * observations.
 */
export interface TargetNetwork extends Restorable {
  readonly weights: Parameters;
  readonly gives: 'weights' | 'nextQ';
  /** Inputs of the update by name; always the same arrays. */
  readonly feeds: Readonly<Record<string, TypedArray>>;
  /** Moves the weights towards the online network's; a rate of 1 copies. */
  sync(online: Parameters, rate?: number): void;
  /**
   * Makes `feeds` right for a batch.
   * @param indices [batch] its slots in the replay.
   */
  prepare(indices: Int32Array): Promise<void>;
  /** Called while the caller keeps one thread busy: after the update's graph, before the optimizer. */
  idle(): void;
  saveState(): { readonly [key: string]: Snapshot };
  close(): Promise<void>;
}

/** Makes the target network of an online one, with the same weights. */
export type CreateTarget = (online: Parameters) => TargetNetwork | Promise<TargetNetwork>;
