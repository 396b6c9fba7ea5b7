import { OptionError, OrderError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { interpolate } from '../core/schedules.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Batch } from './batch.ts';
import type { ElementType } from './observation-store.ts';
import { StoredReplay } from './stored-replay.ts';
import { SumTree } from './sum-tree.ts';
import { REPLAY_OPTIONS, type ReplayOptions } from './transition-store.ts';

export interface PrioritizedReplayOptions<D extends ElementType = ElementType> extends ReplayOptions<D> {
  /** How far priorities count: 0 draws uniformly, 1 in proportion. Default 0.6 (Schaul et al. 2016, section 4). */
  readonly alpha?: number | undefined;
  /** How far the bias is corrected: 0 not, 1 fully. Default 0.4 (the same section). */
  readonly beta?: number | undefined;
  /** What `beta` is raised to, in a straight line over `betaSteps` environment steps (the same section). Default `beta`. */
  readonly betaFinal?: number | undefined;
  /** Default 0: `beta` stays as it is. */
  readonly betaSteps?: number | undefined;
  /** Added to the errors, so that no transition is lost for good. Default 1e-6. */
  readonly priorityEpsilon?: number | undefined;
}

const OPTIONS: OptionNames<PrioritizedReplayOptions> = {
  ...REPLAY_OPTIONS,
  ...{ alpha: true, beta: true, betaFinal: true, betaSteps: true, priorityEpsilon: true },
};

const NO_PRIORITIES = new Float64Array(0);

/**
 * Prioritized experience replay, the proportional variant (Schaul et al. 2016). Transition i is drawn with
 * P(i) = p_i^alpha / sum_k p_k^alpha, p_i = |delta_i| + epsilon (equation 1), its loss is weighted by
 * w_i = (N P(i))^-beta (section 3.4), divided by the largest weight of the batch. A batch of k takes one transition from
 * each k-th of the total mass (Appendix B.2.1), so a transition may come more than once. New transitions get the largest
 * priority so far (Algorithm 1, line 6).
 */
export class PrioritizedReplay<D extends ElementType = ElementType> extends StoredReplay<D> {
  /** Exponent of the importance weights of the last batch. */
  beta: number;
  private readonly schedule: { readonly start: number; readonly final: number; readonly steps: number };
  private readonly alpha: number;
  private readonly epsilon: number;
  /** p^alpha by slot; 0 for slots that cannot be drawn. */
  private readonly tree: SumTree;
  /** Largest p so far; 1 before the first update (Algorithm 1, line 2). */
  private largest = 1;

  /** @throws OptionError when an option is out of range, or the replay would not fit in the memory limit. */
  constructor(options: PrioritizedReplayOptions<D>) {
    super(options);
    checkOptionNames(options, OPTIONS);
    const { alpha = 0.6, beta = 0.4, betaFinal = beta, betaSteps = 0, priorityEpsilon = 1e-6 } = options;
    if (!(alpha >= 0 && alpha <= 1)) throw new OptionError('alpha', alpha, 'a number from 0 to 1');
    if (!(beta >= 0 && beta <= 1)) throw new OptionError('beta', beta, 'a number from 0 to 1');
    if (!(betaFinal >= beta && betaFinal <= 1))
      throw new OptionError('betaFinal', betaFinal, `a number from ${beta} to 1`);
    if (!(betaSteps >= 0)) throw new OptionError('betaSteps', betaSteps, 'a number from 0 up');
    if (!(priorityEpsilon > 0)) throw new OptionError('priorityEpsilon', priorityEpsilon, 'a number above 0');
    this.alpha = alpha;
    this.beta = beta;
    this.schedule = { start: beta, final: betaFinal, steps: betaSteps };
    this.epsilon = priorityEpsilon;
    this.tree = new SumTree(this.store.slots);
  }

  protected override changed(stream: number, oldest: number, readyEnd: number): void {
    super.changed(stream, oldest, readyEnd);
    const { store, tree } = this;
    const now = store.streams[stream];
    // Dropped ones first: a new transition may have taken over the slot of one of them.
    for (let k = oldest; k < Math.min(now.oldest, readyEnd); k++) tree.set(store.slotOf(stream, k), 0);
    const priority = this.largest ** this.alpha;
    for (let k = Math.max(now.oldest, readyEnd); k < now.readyEnd; k++) tree.set(store.slotOf(stream, k), priority);
  }

  override sample(random: Generator, out: Batch<D>, step = 0): void {
    const { start, final, steps } = this.schedule;
    if (final !== start) this.beta = interpolate(start, final, steps, step);
    const { store, tree } = this;
    const count = out.actions.length;
    const size = store.size;
    if (size === 0) throw new OrderError(`Cannot draw ${count} transitions: the replay holds 0.`);
    const total = tree.total;
    const share = total / count;
    let largestWeight = 0;
    for (let row = 0; row < count; row++) {
      const slot = tree.find(share * (row + random.random()));
      store.read(slot, out, row);
      out.weights[row] = ((size * tree.get(slot)) / total) ** -this.beta;
      largestWeight = Math.max(largestWeight, out.weights[row]);
    }
    for (let row = 0; row < count; row++) out.weights[row] /= largestWeight;
  }

  /**
   * Sets the priorities of the transitions last sampled from their new errors (Algorithm 1, line 12).
   * @param indices a batch's `indices`. Slots whose transition has been dropped since are passed over.
   * @param errors TD errors delta of either sign, row for row.
   * @throws OptionError for an error that is not finite.
   */
  override updatePriorities(indices: Int32Array, errors: ArrayLike<number>): void {
    for (let row = 0; row < indices.length; row++) {
      const priority = Math.abs(errors[row]) + this.epsilon;
      if (!(priority < Infinity)) throw new OptionError('errors', errors[row], 'a finite number');
      if (this.tree.get(indices[row]) === 0) continue;
      this.tree.set(indices[row], priority ** this.alpha);
      if (priority > this.largest) this.largest = priority;
    }
  }

  override saveState(): Snapshot {
    return { store: super.saveState(), priorities: this.tree.leaves(), largest: this.largest, beta: this.beta };
  }

  override restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'replay');
    super.restoreState(saved.part('store'));
    const { store, tree } = this;
    const priorities = saved.array('priorities', NO_PRIORITIES, store.slots);
    saved.within('priorities', priorities, 0, Number.MAX_VALUE);
    const strays = priorities.some((priority, slot) => priority > 0 && !store.holds(slot));
    saved.require(!strays, 'priorities', '0 where no transition is');
    tree.setLeaves(priorities);
    saved.require(tree.total < Infinity && tree.total > 0 === store.size > 0, 'priorities', 'a finite sum above 0');
    this.largest = saved.finite('largest', Number.MIN_VALUE);
    this.beta = saved.finite('beta', 0, 1);
  }
}
