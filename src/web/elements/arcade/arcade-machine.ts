import { Action, PRESSED } from '../../../atari/actions.ts';
import { Ale } from '../../../atari/ale.ts';
import { titleOf } from '../../../atari/names.ts';
import type { RgbFrame } from '../../../core/env.ts';
import { FileFormatError } from '../../../core/errors.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../storage/checkpoint-format.ts';

/** Frames between two states to wind back to, and states that are kept: the last 45 seconds, 45 MB. */
const STATE_EVERY = 6;
const MOST_STATES = 450;
/** What a saved state's file says it is. */
const STATE_KIND = 'atari-state';

interface Moment {
  readonly state: Snapshot;
  readonly frame: number;
  readonly score: number;
}

/** A cartridge in its console, played a frame at a time, that remembers where it was. */
export class ArcadeMachine {
  readonly ale: Ale;
  /** Frames since the cartridge was plugged in; falls when it is wound back. */
  frame = 0;
  /** Rewards since the last reset. */
  score = 0;
  readonly #past: Moment[] = [];
  readonly #picture: Uint8Array;

  /** @param cartridge bytes of a known game. @throws CartridgeError for others. */
  constructor(cartridge: Uint8Array) {
    // A player's hand is not sticky.
    this.ale = new Ale(cartridge, { repeatActionProbability: 0 });
    this.#picture = new Uint8Array(3 * this.ale.screenWidth * this.ale.screenHeight);
    this.#remember();
  }

  get title(): string {
    return titleOf(this.ale.game.name);
  }
  get over(): boolean {
    return this.ale.gameOver;
  }
  get framesPerSecond(): number {
    return this.ale.console.format === 'PAL' ? 50 : 60;
  }

  /** Whether the game is turned, not pushed. */
  get paddles(): boolean {
    const { left, right } = this.ale.game.board ?? {};
    return left === 'paddles' || right === 'paddles';
  }

  /** Plays one frame. Nothing happens once the game is over. @param action one of ALE's 18. */
  play(action: number): void {
    if (this.over) return;
    this.score += this.ale.act(action);
    this.frame++;
    if (this.frame % STATE_EVERY === 0) this.#remember();
  }

  /** The screen; a view that the next call overwrites. */
  picture(): RgbFrame {
    const { screenWidth: width, screenHeight: height } = this.ale;
    return { width, height, data: this.ale.screenRgb(this.#picture) };
  }

  /** Starts the game again, with the mode and switches that are chosen. */
  reset(): void {
    this.ale.reset();
    this.score = 0;
    this.#past.length = 0;
    this.#remember();
  }

  /** Seconds that can be wound back. */
  get secondsBack(): number {
    return (this.frame - this.#past[0].frame) / this.framesPerSecond;
  }

  /** Winds back to the remembered state before this one, a tenth of a second.
   * @returns false where there is none. */
  back(): boolean {
    const last = this.#past[this.#past.length - 1];
    if (last.frame >= this.frame && this.#past.length > 1) this.#past.pop();
    const { state, frame, score } = this.#past[this.#past.length - 1];
    const moved = frame < this.frame;
    this.ale.restoreState(state);
    this.frame = frame;
    this.score = score;
    return moved;
  }

  #remember(): void {
    this.#past.push({ state: this.ale.saveState(), frame: this.frame, score: this.score });
    if (this.#past.length > MOST_STATES) this.#past.shift();
  }

  /** Goes on from a state of the same game, such as an agent's. */
  take(state: Snapshot): void {
    this.ale.restoreState(state);
    this.score = 0;
    this.#past.length = 0;
    this.#remember();
  }

  /** The whole state as a file. */
  save(version: string): Blob {
    const snapshot = { ale: this.ale.saveState(), frame: this.frame, score: this.score };
    const pieces = encodeCheckpoint(snapshot, { kind: STATE_KIND, version, step: this.frame });
    return new Blob(pieces.map((piece) => piece.slice()));
  }

  /**
   * Goes on from a saved file.
   * @param path how messages call it.
   * @throws FileFormatError for another file, MismatchError for a state of another game.
   */
  load(bytes: Uint8Array, path: string): void {
    const { header, snapshot } = decodeCheckpoint(bytes, path);
    const { ale, frame, score } = (snapshot ?? {}) as { readonly [name: string]: Snapshot };
    if (header.kind !== STATE_KIND || typeof frame !== 'number' || typeof score !== 'number') {
      throw new FileFormatError(
        path,
        `it is of ${header.kind}, not a game's state`,
        'Give a .state file of this page.',
      );
    }
    this.take(ale);
    this.frame = frame;
    this.score = score;
    this.#past.length = 0;
    this.#remember();
  }
}

/**
 * The action that presses these bits of JOYSTICK; opposite directions cancel each other.
 * @param paddles of a game that is turned: up turns right, as Pong's paddle goes, and down left.
 */
export function actionPressing(pressed: number, paddles = false): number {
  const [up, down, left, right] = [Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT].map((action) => PRESSED[action]);
  const holds = (bit: number): boolean => (pressed & bit) !== 0;
  let held = pressed;
  if (paddles) {
    if (holds(up)) held |= right;
    if (holds(down)) held |= left;
    held &= ~(up | down);
  }
  if ((held & up) !== 0 && (held & down) !== 0) held &= ~(up | down);
  if ((held & left) !== 0 && (held & right) !== 0) held &= ~(left | right);
  return Math.max(0, PRESSED.indexOf(held));
}
