import { OrderError } from '../../core/errors.ts';
import type { Actor } from './actor.ts';
import type { Actors, Chunk, Play } from './chunk.ts';

/** Plays chunks in this thread, one after the other. */
export class LocalActors implements Actors {
  readonly #actor: Actor;
  readonly #weights = new Map<number, Float32Array>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param actor closed with this. */
  constructor(actor: Actor) {
    this.#actor = actor;
  }

  publish(version: number, weights: Float32Array): void {
    this.#weights.set(version, weights);
  }

  retire(before: number): void {
    for (const version of this.#weights.keys()) if (version < before) this.#weights.delete(version);
  }

  play(chunk: Chunk): Promise<Play> {
    const weights = this.#weights.get(chunk.version);
    if (weights === undefined)
      return Promise.reject(new OrderError(`No weights of version ${chunk.version} are known.`));
    const play = this.#last.then(() => this.#actor.play(chunk, weights));
    this.#last = play.catch(() => {});
    return play;
  }

  status(): undefined {
    return undefined;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#actor.close();
  }
}
