import type { NetworkSpec } from '../../agents/network-spec.ts';
import { RUNNING, TERMINATED, TRUNCATED } from '../../core/episode-end.ts';
import { MismatchError } from '../../core/errors.ts';
import { SavedState } from '../../core/saved-state.ts';
import { sizeOf } from '../../core/shape.ts';
import type { Restorable, Snapshot } from '../../core/snapshot.ts';
import type { VectorStep } from '../../vector/vector-env.ts';
import type { Observation } from '../preprocessing.ts';
import { newObservations } from '../rollout.ts';
import type { Play } from './chunk.ts';

/** Where in its arrays a play is read. */
interface Cursor {
  readonly play: Play;
  frame: number;
  ended: number;
  error: number;
}

/**
 * The plays of a round, step by step, as one vector of all environments would have given them: the environments of actor 0 first.
 * Observations are put together again from frames, which come once.
 */
export class Playback implements Restorable {
  /** `[environments, ...observation]`: what all show now; nothing before the first round. */
  readonly observations: Observation;
  /** [environments], those of the last step. */
  readonly actions: Int32Array;
  readonly #frameLength: number;
  readonly #length: number;
  readonly #result: VectorStep<Observation> & Required<Pick<VectorStep<Observation>, 'wholeGames'>>;
  #cursors: Cursor[] = [];
  #step = 0;

  /** @param stack frames of an observation. */
  constructor(spec: NetworkSpec, environments: number, stack: number) {
    this.#length = sizeOf(spec.inputShape);
    this.#frameLength = this.#length / stack;
    this.observations = newObservations(spec, environments);
    this.actions = new Int32Array(environments);
    this.#result = {
      observations: this.observations,
      finalObservations: this.observations.slice(),
      infos: {},
      rewards: new Float64Array(environments),
      terminations: new Uint8Array(environments),
      truncations: new Uint8Array(environments),
      wholeGames: { over: new Uint8Array(environments), returns: new Float64Array(environments) },
    };
  }

  /**
   * Begins a round.
   * @param plays of all actors, in order.
   * @throws MismatchError for plays whose arrays do not fit each other.
   */
  begin(plays: readonly Play[]): void {
    const environments = this.actions.length;
    for (const play of plays) checkPlay(play, environments / plays.length, this.#frameLength, this.observations);
    this.#cursors = plays.map((play) => ({ play, frame: 0, ended: 0, error: 0 }));
    this.#step = 0;
    const rows = environments / plays.length;
    for (const [k, cursor] of this.#cursors.entries()) {
      if (cursor.play.round > 0) continue;
      for (let n = 0; n < rows; n++) this.#start(cursor, k * rows + n);
    }
  }

  /** The next step of every environment; its arrays are overwritten by the one after it. */
  next(): VectorStep<Observation> {
    const { actions } = this;
    const { rewards, terminations, truncations, finalObservations, wholeGames } = this.#result;
    const rows = actions.length / this.#cursors.length;
    for (const [k, cursor] of this.#cursors.entries()) {
      const { play } = cursor;
      for (let i = 0; i < rows; i++) {
        const n = k * rows + i;
        const at = this.#step * rows + i;
        actions[n] = play.actions[at];
        rewards[n] = play.rewards[at];
        const end = play.ends[at];
        terminations[n] = end === TERMINATED ? 1 : 0;
        truncations[n] = end === TRUNCATED ? 1 : 0;
        this.#follow(cursor, n);
        if (end === RUNNING) continue;
        const from = n * this.#length;
        (finalObservations as Observation).set(this.observations.subarray(from, from + this.#length), from);
        wholeGames!.over[n] = play.over[cursor.ended];
        wholeGames!.returns[n] = play.gameReturns[cursor.ended++];
        this.#start(cursor, n);
      }
    }
    this.#step++;
    return this.#result;
  }

  /** [environments] max_a Q of what the last step led to, as the actors said. */
  nextValues(out: Float32Array): void {
    const rows = out.length / this.#cursors.length;
    const at = (this.#step - 1) * rows;
    for (const [k, { play }] of this.#cursors.entries()) out.set(play.nextValues.subarray(at, at + rows), k * rows);
  }

  /** The next so many TD errors of an environment's transitions, as its actor said. */
  *errors(environment: number, count: number): Iterable<number> {
    const cursor = this.#cursors[Math.floor((environment * this.#cursors.length) / this.actions.length)];
    for (let i = 0; i < count; i++) yield cursor.play.errors[cursor.error++];
  }

  /** Shows the next frame of an episode. */
  #follow(cursor: Cursor, n: number): void {
    const from = n * this.#length;
    this.observations.copyWithin(from, from + this.#frameLength, from + this.#length);
    this.#show(cursor, n);
  }

  /** Shows the first frame of an episode; nothing comes before it. */
  #start(cursor: Cursor, n: number): void {
    this.observations.fill(0, n * this.#length, (n + 1) * this.#length);
    this.#show(cursor, n);
  }

  #show(cursor: Cursor, n: number): void {
    const at = cursor.frame++ * this.#frameLength;
    const to = (n + 1) * this.#length - this.#frameLength;
    this.observations.set(cursor.play.frames.subarray(at, at + this.#frameLength), to);
  }

  saveState(): Snapshot {
    return this.observations.slice();
  }

  restoreState(state: Snapshot): void {
    new SavedState({ observations: state }, 'training').into('observations', this.observations);
  }
}

/** @throws MismatchError for a play whose arrays do not fit each other. */
function checkPlay(play: Play, rows: number, frameLength: number, like: Observation): void {
  const { actions, rewards, ends, frames, over, gameReturns, round } = play;
  const ended = ends.reduce((sum, end) => sum + (end === RUNNING ? 0 : 1), 0);
  const expected = actions.length + ended + (round === 0 ? rows : 0);
  const fits =
    rewards.length === actions.length &&
    ends.length === actions.length &&
    over.length === ended &&
    gameReturns.length === ended &&
    frames.constructor === like.constructor &&
    frames.length === expected * frameLength;
  if (!fits) throw new MismatchError(`The play of actor ${play.actor} in round ${round} does not fit its chunk.`);
}
