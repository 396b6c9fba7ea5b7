import type { RgbFrame } from '../../../core/env.ts';
import type { ArcadeAgent } from './arcade-agent.ts';

/** The element whose game a model plays. */
export interface SeatHost {
  /** Those that are here. */
  cartridges(): Iterable<Uint8Array>;
  /** Whether a model plays now, given or learning. */
  wanted(): boolean;
  /** A model has taken its seat in front of this game. */
  seated(agent: ArcadeAgent): void;
  failed(message: string): void;
}

/** Who plays in the reader's place: a model that was given, or the newest of the network that learns. */
export class ModelSeat {
  readonly #host: SeatHost;
  #agent: ArcadeAgent | undefined;
  #given: { readonly bytes: Uint8Array; readonly name: string } | undefined;
  /** Counts agents that were asked for: a late one is not seated. */
  #asked = 0;
  /** Counts models that were given: the last one plays, however long another takes to open. */
  #models = 0;
  #busy = false;

  constructor(host: SeatHost) {
    this.#host = host;
  }

  get agent(): ArcadeAgent | undefined {
    return this.#agent;
  }
  /** How the model that was given is called; undefined without one. */
  get givenName(): string | undefined {
    return this.#given?.name;
  }

  /** Keeps a model until its cartridge is here. */
  keep(bytes: Uint8Array, name: string): void {
    this.#models++;
    this.#given = { bytes, name };
  }

  /** Keeps a model that plays.
   * @returns false when another one was given meanwhile.
   * @throws what is wrong with it: the game goes on as it was. */
  async take(bytes: Uint8Array, name: string): Promise<boolean> {
    const turn = ++this.#models;
    const { openArcadeAgent } = await import('./arcade-agent.ts');
    const trial = await openArcadeAgent(bytes, name, { cartridges: this.#host.cartridges(), seed: 0 });
    try {
      // What opens may still fail in front of its first picture.
      await trial.frame();
    } finally {
      await trial.close();
    }
    if (turn !== this.#models) return false;
    this.#given = { bytes, name };
    return true;
  }

  /** Gives the game to the model that was given. */
  async seatGiven(): Promise<void> {
    if (this.#given !== undefined) await this.seat(this.#given.bytes, this.#given.name);
  }

  /** Gives the game to a model. What is wrong with it is said. */
  async seat(bytes: Uint8Array, name: string): Promise<void> {
    const turn = ++this.#asked;
    try {
      const { openArcadeAgent } = await import('./arcade-agent.ts');
      const agent = await openArcadeAgent(bytes, name, { cartridges: this.#host.cartridges(), seed: turn });
      if (turn !== this.#asked || !this.#host.wanted()) {
        await agent.close();
        return;
      }
      const before = this.#agent;
      this.#agent = agent;
      this.#host.seated(agent);
      await before?.close();
    } catch (error) {
      if (turn === this.#asked) this.#host.failed((error as Error).message);
    }
  }

  /** Plays on, unless it still does. @param show the last of the frames, a view. */
  async play(frames: number, show: (picture: RgbFrame) => void): Promise<void> {
    const agent = this.#agent;
    if (agent === undefined || this.#busy) return;
    this.#busy = true;
    try {
      for (let i = 0; i < frames && agent === this.#agent; i++) {
        const picture = await agent.frame();
        if (agent !== this.#agent) break;
        if (i === frames - 1) show(picture);
      }
    } catch (error) {
      if (agent === this.#agent) {
        void this.dismiss();
        this.#host.failed((error as Error).message);
      }
    }
    this.#busy = false;
  }

  async dismiss(): Promise<void> {
    this.#asked++;
    const agent = this.#agent;
    this.#agent = undefined;
    await agent?.close();
  }
}
