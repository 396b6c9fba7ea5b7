import { RUNNING, TERMINATED, TRUNCATED } from '../core/episode-end.ts';
import { OptionError, OrderError } from '../core/errors.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Batch } from './batch.ts';
import type { ElementArrays, ElementType, ObservationStore } from './observation-store.ts';

/**
 * The transitions of one environment, numbered in the order of time, in a ring. Transition k can be drawn ("is ready")
 * once its n-step return is known: n steps later or when its episode has ended. The ready ones are [oldest, readyEnd).
 */
export class TransitionStream<D extends ElementType = ElementType> {
  /** Entries of the ring: the capacity and the steps that wait for their n-step return. */
  readonly ringLength: number;
  oldest = 0;
  readyEnd = 0;
  private readonly store: ObservationStore<D>;
  /** The action masks of the observations, by the same numbers; undefined without masks. */
  private readonly masks: ObservationStore<'uint8'> | undefined;
  /** Most transitions that can be drawn. */
  readonly capacity: number;
  private readonly nStep: number;
  private readonly gamma: number;
  private readonly actions: Int32Array;
  private readonly rewards: Float32Array;
  /** RUNNING, TERMINATED or TRUNCATED. */
  private readonly ends: Uint8Array;
  /** Number of the observation that the action was chosen on; the next observation's number is one more. */
  private readonly observations: Float64Array;
  private total = 0;
  /** Steps of the episode under way; -1 between episodes. */
  private episodeSteps = -1;

  constructor(
    store: ObservationStore<D>,
    capacity: number,
    nStep: number,
    gamma: number,
    masks?: ObservationStore<'uint8'>,
  ) {
    this.store = store;
    this.masks = masks;
    this.capacity = capacity;
    this.nStep = nStep;
    this.gamma = gamma;
    this.ringLength = capacity + nStep - 1;
    this.actions = new Int32Array(this.ringLength);
    this.rewards = new Float32Array(this.ringLength);
    this.ends = new Uint8Array(this.ringLength);
    this.observations = new Float64Array(this.ringLength);
  }

  /** Number of ready transitions. */
  get size(): number {
    return this.readyEnd - this.oldest;
  }

  /** Bytes that its observations take now, with their masks. */
  get observationBytes(): number {
    return this.store.bytes + (this.masks?.bytes ?? 0);
  }

  startEpisode(observation: ArrayLike<number>, mask?: Uint8Array): void {
    this.append(observation, mask, true);
    if (this.episodeSteps > 0) {
      // The episode was left without an end: as after a truncation, its last observation still has a value.
      this.ends[(this.total - 1) % this.ringLength] = TRUNCATED;
      this.advance(this.total);
    }
    this.episodeSteps = 0;
  }

  add(
    action: number,
    reward: number,
    terminated: boolean,
    truncated: boolean,
    nextObservation: ArrayLike<number>,
    nextMask?: Uint8Array,
  ): void {
    if (this.episodeSteps < 0)
      throw new OrderError('add was called before startEpisode, or after the end of an episode.');
    // The array of actions would take 1 for 1.5; a return that is no number spoils every weight that learns from it.
    if (!Number.isInteger(action) || action < 0) throw new OptionError('action', action, 'an integer from 0 up');
    if (!Number.isFinite(reward)) throw new OptionError('reward', reward, 'a finite number');
    const observation = this.store.next - 1;
    this.append(nextObservation, nextMask, false);
    const slot = this.total % this.ringLength;
    this.actions[slot] = action;
    this.rewards[slot] = reward;
    this.ends[slot] = terminated ? TERMINATED : truncated ? TRUNCATED : RUNNING;
    this.observations[slot] = observation;
    this.total++;
    this.episodeSteps = terminated || truncated ? -1 : this.episodeSteps + 1;
    const waiting = this.episodeSteps < 0 ? 0 : Math.min(this.nStep - 1, this.episodeSteps);
    this.advance(this.total - waiting);
  }

  private append(observation: ArrayLike<number>, mask: Uint8Array | undefined, startsEpisode: boolean): void {
    const { masks, store } = this;
    if (masks !== undefined && mask?.length !== masks.observationLength) {
      throw new OptionError('mask', mask, `${masks.observationLength} entries, one for each action`);
    }
    store.append(observation, startsEpisode);
    masks?.append(mask as Uint8Array, startsEpisode);
  }

  /** Moves the end of the ready transitions and gives up what exceeds the capacity. */
  private advance(readyEnd: number): void {
    this.readyEnd = readyEnd;
    const oldest = readyEnd - this.capacity;
    if (oldest <= this.oldest) return;
    this.oldest = oldest;
    const first = this.observations[oldest % this.ringLength];
    this.store.release(first);
    this.masks?.release(first);
  }

  /**
   * Writes the transition in entry `first` of the ring to row `row` of the batch: the n-step return R = sum of
   * gamma^i r_i over the m steps to the horizon or the episode's end, m <= n, the observation after them, and the factor
   * for its value, gamma^m, or 0 after a terminal state (Sutton 1988; Sutton and Barto 2018, equation 7.1).
   */
  read(first: number, out: Batch<D>, row: number): void {
    const { store, masks, rewards, ends, ringLength, nStep } = this;
    let total = 0;
    let discount = 1;
    let slot = first;
    let end = RUNNING;
    for (let step = 0; step < nStep; step++) {
      if (step > 0) slot = slot + 1 === ringLength ? 0 : slot + 1;
      total += discount * rewards[slot];
      discount *= this.gamma;
      end = ends[slot];
      if (end !== RUNNING) break;
    }
    out.actions[row] = this.actions[first];
    out.rewards[row] = total;
    out.discounts[row] = end === TERMINATED ? 0 : discount;
    const at = row * store.observationLength;
    store.read(this.observations[first], out.observations, at);
    if (out.nextObservations.length > 0) store.read(this.observations[slot] + 1, out.nextObservations, at);
    if (masks === undefined || out.actionMasks === undefined || out.nextActionMasks === undefined) return;
    masks.read(this.observations[first], out.actionMasks, row * masks.observationLength);
    masks.read(this.observations[slot] + 1, out.nextActionMasks, row * masks.observationLength);
  }

  /** Writes the observation at the horizon of the transition in entry `first` of the ring to `out` from index `at` on. */
  readNext(first: number, out: ElementArrays[D], at: number): void {
    let slot = first;
    for (let step = 1; step < this.nStep && this.ends[slot] === RUNNING; step++) {
      slot = slot + 1 === this.ringLength ? 0 : slot + 1;
    }
    this.store.read(this.observations[slot] + 1, out, at);
  }

  /** Whether the transition in entry `slot` of the ring can be drawn. */
  isReady(slot: number): boolean {
    const { oldest, ringLength } = this;
    const sinceOldest = (slot - (oldest % ringLength) + ringLength) % ringLength;
    return sinceOldest < this.size;
  }

  saveState(): Snapshot {
    const count = this.total - this.oldest;
    const first = this.oldest % this.ringLength;
    const inOrder = <T extends Int32Array | Float32Array | Uint8Array | Float64Array>(ring: T, out: T): T => {
      const untilEnd = Math.min(count, this.ringLength - first);
      out.set(ring.subarray(first, first + untilEnd));
      out.set(ring.subarray(0, count - untilEnd), untilEnd);
      return out;
    };
    return {
      oldest: this.oldest,
      readyEnd: this.readyEnd,
      total: this.total,
      episodeSteps: this.episodeSteps,
      actions: inOrder(this.actions, new Int32Array(count)),
      rewards: inOrder(this.rewards, new Float32Array(count)),
      ends: inOrder(this.ends, new Uint8Array(count)),
      observations: inOrder(this.observations, new Float64Array(count)),
      store: this.store.saveState(),
      masks: this.masks?.saveState() ?? null,
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'replay');
    const { store, masks, ringLength } = this;
    const oldest = saved.whole('oldest');
    const readyEnd = saved.whole('readyEnd', oldest, oldest + this.capacity);
    const total = saved.whole('total', readyEnd, Math.min(oldest + ringLength, readyEnd + this.nStep - 1));
    const count = total - oldest;
    const actions = saved.array('actions', this.actions, count);
    saved.within('actions', actions, 0, 2 ** 31 - 1);
    const rewards = saved.array('rewards', this.rewards, count);
    saved.within('rewards', rewards, -Number.MAX_VALUE, Number.MAX_VALUE);
    const ends = saved.array('ends', this.ends, count);
    saved.within('ends', ends, RUNNING, TRUNCATED);
    const observations = saved.array('observations', this.observations, count);
    const steps = saved.whole('episodeSteps', -1);
    store.restoreState(saved.part('store'));
    masks?.restoreState(saved.part('masks'));
    const stored = (number: number) => store.holds(number) && masks?.holds(number) !== false;
    // Each is followed by what its action led to.
    const known = observations.every(
      (number, i) => stored(number) && stored(number + 1) && (i === 0 || number > observations[i - 1]),
    );
    saved.require(known, 'observations', 'those that are stored, in order');
    saved.require(oldest === 0 || readyEnd - oldest === this.capacity, 'oldest', '0 until the replay is full');
    saved.require(masks === undefined || masks.next === store.next, 'masks', 'one for each observation');
    const last = count === 0 ? -1 : observations[count - 1] + 1;
    const runs = count > 0 && ends[count - 1] === RUNNING;
    const since = store.next - 1 - last;
    // Between episodes nothing came after the last step; in the first moment of one its observation did.
    const agrees = steps < 0 ? !runs && since === 0 : steps > 0 ? runs && since === 0 : since > 0;
    saved.require(agrees, 'episodeSteps', 'those since the episode began');
    this.episodeSteps = steps;
    this.oldest = oldest;
    this.readyEnd = readyEnd;
    this.total = total;
    for (let i = 0; i < count; i++) {
      const slot = (oldest + i) % ringLength;
      this.actions[slot] = actions[i];
      this.rewards[slot] = rewards[i];
      this.ends[slot] = ends[i];
      this.observations[slot] = observations[i];
    }
  }
}
