import { FloatMemory } from '../../core/float-memory.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { TypedArray } from '../../graph/index.ts';
import { Parameters } from '../../nn/parameters.ts';
import type { TargetNetwork } from './target-network.ts';

/** A target network that each update runs itself: its weights are inputs `target.<parameter>` of the graph. */
export class LiveTarget implements TargetNetwork {
  readonly gives = 'weights';
  readonly weights: Parameters;
  readonly feeds: Readonly<Record<string, TypedArray>>;

  constructor(online: Parameters) {
    // In the memory of the online weights, where there is room: some runners work on both where they lie.
    const memory = FloatMemory.of(online.buffer);
    const buffer = memory !== undefined && memory.room >= 2 * online.size ? memory.allocate(online.size) : undefined;
    this.weights = new Parameters([...online], buffer);
    this.feeds = this.weights.byPrefix('target.');
    this.sync(online);
  }

  sync(online: Parameters, rate = 1): void {
    this.weights.copyFrom(online, rate);
  }

  async prepare(): Promise<void> {}
  idle(): void {}

  saveState(): { readonly [key: string]: Snapshot } {
    return { target: this.weights.saveState(), targetValues: null };
  }

  restoreState(state: Snapshot): void {
    this.weights.restoreState(new SavedState(state, 'learner').part('target'));
  }

  async close(): Promise<void> {}
}
