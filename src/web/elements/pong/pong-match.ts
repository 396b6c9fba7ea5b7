import { argMax } from '../../../core/arg-max.ts';
import { Generator } from '../../../core/random/generator.ts';
import { PongEnv } from '../../../envs/pong/pong-env.ts';
import type { PongSide } from '../../../envs/pong/pong-rules.ts';
import type { PongVision } from './pong-vision.ts';

/** Who plays: on the left the cartridge's program or a person, on the right a network or a person. */
export type PongMode = 'watch' | 'play' | 'computer';

/** What a person does with a paddle. */
export interface PongHand {
  direction: -1 | 0 | 1;
  /** Makes the ball faster at a hit. */
  fire: boolean;
  /** Top row to which the paddle is dragged; undefined while keys steer. */
  row: number | undefined;
}

/** The network's side of a match. */
export interface PongPlayer {
  readonly vision: PongVision;
  /** Values of the six actions for [stack, side, side]. */
  values(observation: Uint8Array): Promise<Float32Array>;
}

export interface PlayedFrame {
  /** 1 where the right side scored in it, -1 where the left one did, else 0. */
  readonly point: number;
  readonly over: boolean;
  /** Whether the network chose an action before it. */
  readonly decided: boolean;
}

const NOOP = 0;
const UP = 2;
const DOWN = 3;
const FIRE = 1;
const WITH_FIRE = 2;

/** A game of Pong, frame by frame, between any two of program, network and person. */
export class PongMatch {
  readonly mode: PongMode;
  readonly env: PongEnv;
  /** Of the person, whichever side that is. */
  readonly hand: PongHand = { direction: 0, fire: false, row: undefined };
  /** Share of the network's actions that are random. */
  epsilon = 0;
  player: PongPlayer | undefined;
  /** The network's latest values of the actions; undefined before its first. Its own memory. */
  q: Float32Array | undefined;
  /** The network's latest action, held until the next. */
  action = NOOP;
  /** Whether that one was drawn at random. */
  explored = false;
  over = false;
  readonly #generator: Generator;
  /** Frames until the network's next choice. */
  #wait = 0;

  constructor(mode: PongMode, seed: number) {
    this.mode = mode;
    this.env = new PongEnv({ opponent: mode === 'play' ? 'steered' : 'built-in', renderMode: 'rgb_array' });
    this.env.setObservationWanted(false);
    this.#generator = new Generator(seed);
    this.env.reset({ seed });
  }

  /** Starts the next game. */
  restart(): void {
    this.env.reset();
    this.over = false;
    this.#wait = 0;
    this.player?.vision.begin(this.env.game);
  }

  /** Gives the right paddle to a network, or another one. */
  seat(player: PongPlayer | undefined): void {
    this.player = player;
    this.#wait = 0;
    this.q = undefined;
    this.action = NOOP;
    player?.vision.begin(this.env.game);
  }

  /** Plays one frame; a network that is due chooses first. Not to be called before the last call's promise is fulfilled. */
  async frame(): Promise<PlayedFrame> {
    const { env, player, mode } = this;
    const decided = mode !== 'computer' && player !== undefined && this.#wait === 0;
    if (decided) await this.#decide(player);
    if (mode === 'play') this.#steer('opponent');
    if (mode === 'computer') this.#steer('player');
    const right = mode === 'computer' ? actionOf(this.hand) : this.action;
    if (mode === 'play') env.steerOpponent(actionOf(this.hand));
    const { reward, terminated } = env.step(right);
    if (mode !== 'computer' && player !== undefined) {
      player.vision.played(env.game);
      this.#wait--;
      if (this.#wait === 0) player.vision.see();
    }
    this.over = terminated;
    return { point: reward, over: terminated, decided };
  }

  async #decide(player: PongPlayer): Promise<void> {
    const q = await player.values(player.vision.observation);
    this.q = q.slice();
    this.explored = this.epsilon > 0 && this.#generator.random() < this.epsilon;
    this.action = this.explored ? this.#generator.integers(q.length) : argMax(q);
    this.#wait = player.vision.frameSkip;
  }

  #steer(side: PongSide): void {
    if (this.hand.row !== undefined) this.env.game.turnKnob(side, this.hand.row);
  }
}

function actionOf({ direction, fire, row }: PongHand): number {
  if (direction === 0 || row !== undefined) return fire ? FIRE : NOOP;
  return (direction < 0 ? UP : DOWN) + (fire ? WITH_FIRE : 0);
}
