import type { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type Batch, type BatchOptions, createBatch } from './batch.ts';
import type { ElementArrays, ElementType } from './observation-store.ts';
import type { EnvStep, Observations, Replay } from './replay.ts';
import { type ReplayOptions, TransitionStore } from './transition-store.ts';

/** What the kinds of replay share: storing. A subclass says how transitions are drawn. */
export abstract class StoredReplay<D extends ElementType> implements Replay<D> {
  /** Called with the slot of each transition that becomes ready to be drawn; another one may have stood there before. */
  onReady: ((slot: number) => void) | undefined;
  /** Where the transitions lie. */
  readonly store: TransitionStore<D>;
  private readonly rows = new WeakMap<Observations, readonly Observations[]>();

  /** @throws OptionError when an option is out of range, or the replay would not fit in the memory limit. */
  constructor(options: ReplayOptions<D>) {
    this.store = new TransitionStore(options);
  }

  get capacity(): number {
    return this.store.options.bufferSize;
  }

  get size(): number {
    return this.store.size;
  }

  /** Slots that `indices` of a batch number: from 0 to one less. */
  get slots(): number {
    return this.store.slots;
  }

  /** Whether a transition that can be drawn is in the slot. */
  holds(slot: number): boolean {
    return this.store.holds(slot);
  }

  /** Writes the observation that a transition's value follows from, as `nextObservations` of a batch, to `out` from `at` on. */
  readNext(slot: number, out: ElementArrays[D], at: number): void {
    this.store.readNext(slot, out, at);
  }

  /** Bytes that the stored observations take now. */
  get observationBytes(): number {
    return this.store.observationBytes;
  }

  createBatch(size: number, options: BatchOptions = {}): Batch<D> {
    const { elementType, maskLength } = this.store.options;
    return createBatch(elementType, size, this.store.observationLength, { ...options, maskLength });
  }

  startEpisode(observation: ArrayLike<number>, stream = 0, mask?: Uint8Array): void {
    const { oldest, readyEnd } = this.store.stream(stream);
    this.store.stream(stream).startEpisode(observation, mask);
    this.changed(stream, oldest, readyEnd);
  }

  add(
    action: number,
    reward: number,
    terminated: boolean,
    truncated: boolean,
    nextObservation: ArrayLike<number>,
    stream = 0,
    nextMask?: Uint8Array,
  ): void {
    const { oldest, readyEnd } = this.store.stream(stream);
    this.store.stream(stream).add(action, reward, terminated, truncated, nextObservation, nextMask);
    this.changed(stream, oldest, readyEnd);
  }

  /** Called after each call that stores, with the range of transitions that could be drawn from the stream before it. */
  protected changed(stream: number, _oldest: number, readyEnd: number): void {
    if (this.onReady === undefined) return;
    const now = this.store.streams[stream];
    for (let k = Math.max(now.oldest, readyEnd); k < now.readyEnd; k++) this.onReady(this.store.slotOf(stream, k));
  }

  startEpisodes(observations: Observations, actionMasks?: Uint8Array): void {
    const masks = this.masksOf(actionMasks);
    this.rowsOf(observations).forEach((row, n) => void this.startEpisode(row, n, masks?.[n]));
  }

  addStep(actions: Int32Array, rewards: ArrayLike<number>, step: EnvStep): void {
    const { terminations, truncations, finalObservations } = step;
    const observations = this.rowsOf(step.observations);
    const last = finalObservations === undefined ? observations : this.rowsOf(finalObservations);
    const masks = this.masksOf(step.actionMasks);
    const finalMasks = this.masksOf(step.finalActionMasks);
    for (let n = 0; n < actions.length; n++) {
      const terminated = terminations[n] === 1;
      if (!terminated && truncations[n] === 0) {
        this.add(actions[n], rewards[n], false, false, observations[n], n, masks?.[n]);
        continue;
      }
      this.add(actions[n], rewards[n], terminated, !terminated, last[n], n, finalMasks?.[n]);
      this.startEpisode(observations[n], n, masks?.[n]);
    }
  }

  /** The mask of every stream; undefined in a replay without masks. */
  private masksOf(masks: Uint8Array | undefined): readonly Uint8Array[] | undefined {
    return masks === undefined || this.store.options.maskLength === 0
      ? undefined
      : (this.rowsOf(masks) as Uint8Array[]);
  }

  /** The row of every stream: views, made once for an array that comes again. */
  private rowsOf(array: Observations): readonly Observations[] {
    let rows = this.rows.get(array);
    if (rows === undefined) {
      const { streams } = this.store;
      const length = array.length / streams.length;
      rows = streams.map((_, n) => array.subarray(n * length, (n + 1) * length));
      this.rows.set(array, rows);
    }
    return rows;
  }

  abstract sample(random: Generator, out: Batch<D>, step?: number): void;

  /** Draws do not depend on errors, unless a subclass says so. */
  updatePriorities(_indices: Int32Array, _errors: ArrayLike<number>): void {}

  saveState(): Snapshot {
    return this.store.saveState();
  }

  /** @throws MismatchError when the state belongs to a replay with other options. */
  restoreState(state: Snapshot): void {
    this.store.restoreState(state);
  }
}
