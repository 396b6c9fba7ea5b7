import { MismatchError } from '../../core/errors.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Restorable, Snapshot } from '../../core/snapshot.ts';
import type { ActorSettings, Actors, Play } from './chunk.ts';

/**
 * Play in rounds: in round r every actor plays one chunk with the weights that there were when r - lag rounds had been learned
 * from (those of the beginning, where that is none). Which weights a step was played with is thus known beforehand, whoever plays
 * it and however long that takes: how many workers there are, which of them are slow and which die changes no bit of what is
 * learned. With a lag of 1 or more, the next round is played while this one is learned from.
 */
export class Rounds implements Restorable {
  readonly #settings: ActorSettings;
  readonly #actors: Actors;
  /** Rounds given out to be learned from. */
  #round = 0;
  /** What the actors' plays of the last of those left. */
  #states: readonly Snapshot[];
  /** Weights by version: those that rounds from `#round` on are played with. */
  readonly #weights = new Map<number, Float32Array>();
  /** Rounds from `#round` on that are being played, one promise for each actor. */
  #ahead: Promise<Play>[][] = [];

  constructor(settings: ActorSettings, actors: Actors) {
    this.#settings = settings;
    this.#actors = actors;
    this.#states = new Array<Snapshot>(settings.actors).fill(null);
  }

  /** Rounds given out so far. */
  get round(): number {
    return this.#round;
  }

  /** Version of the weights that a round is played with. */
  versionOf(round: number): number {
    return Math.max(0, round - this.#settings.lag);
  }

  /**
   * The plays of the next round, in the order of the actors. Begins all that can be played with the weights as they are now, so
   * to be called when all rounds before have been learned from.
   * @param weights copied.
   */
  async take(weights: Float32Array): Promise<readonly Play[]> {
    const round = this.#round;
    if (!this.#weights.has(round)) this.#publish(round, weights.slice());
    for (let next = round + this.#ahead.length; next <= round + this.#settings.lag; next++) this.#begin(next);
    const plays = await Promise.all(this.#ahead[0]);
    this.#ahead.shift();
    this.#states = plays.map(({ state }) => state);
    this.#round++;
    const oldest = this.versionOf(this.#round);
    for (const version of this.#weights.keys()) if (version < oldest) this.#weights.delete(version);
    this.#actors.retire(oldest);
    return plays;
  }

  #publish(version: number, weights: Float32Array): void {
    this.#weights.set(version, weights);
    this.#actors.publish(version, weights);
  }

  #begin(round: number): void {
    const before = this.#ahead.at(-1);
    const version = this.versionOf(round);
    const plays = this.#states.map(async (saved, actor) => {
      const state = before === undefined ? saved : (await before[actor]).state;
      return checked(await this.#actors.play({ actor, round, version, state }), actor, round, version);
    });
    // Failures are told when the round is taken.
    for (const play of plays) play.catch(() => {});
    this.#ahead.push(plays);
  }

  saveState(): Snapshot {
    const weights = [...this.#weights].map(([version, values]) => ({ version, values: values.slice() }));
    return { round: this.#round, states: [...this.#states], weights };
  }

  /** To be called before the first `take`. */
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'actors');
    this.#round = saved.whole('round');
    this.#states = saved.list('states', this.#settings.actors);
    this.#ahead = [];
    this.#weights.clear();
    for (const one of saved.list('weights')) {
      const entry = new SavedState(one, 'actors');
      this.#publish(entry.whole('version', 0, this.#round), entry.array('values', new Float32Array(0)).slice());
    }
  }
}

/** @throws MismatchError for the play of another chunk, or with other weights. */
function checked(play: Play, actor: number, round: number, version: number): Play {
  if (play.actor === actor && play.round === round && play.version === version) return play;
  const wanted = `actor ${actor}, round ${round}, weights ${version}`;
  throw new MismatchError(
    `A worker answered for actor ${play.actor}, round ${play.round}, weights ${play.version}; asked for ${wanted}.`,
  );
}
