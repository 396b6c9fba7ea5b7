import type { Action } from '../actions.ts';

/**
 * What the Arcade Learning Environment knows of a game, as data: which cartridge it is, how an episode starts, and where
 * in the console's RAM the score, the lives and the end are found. Addresses and rules are those of ale-py 0.12.1;
 * `test/oracle/atari_ram.py` records what each rule is checked with.
 *
 * RAM offsets run from 0x00 to 0x7f (the console's addresses 0x80 to 0xff).
 */
export interface Game {
  /** ALE's name: `space_invaders`. */
  readonly name: string;
  /** MD5 of the cartridge, in hexadecimal. */
  readonly md5: string;
  /** The actions that do something, ALE's minimal action set, ascending. */
  readonly actions: readonly Action[];
  /** Whether actions with fire are illegal (nine stay legal), and taken as NOOP. */
  readonly withoutFire?: true;
  /** Game modes, the default one first; without it there is only mode 0. */
  readonly modes?: readonly number[];
  /** Settings of the difficulty switches (bit 0 left, bit 1 right); without it only 0. The default is always 0. */
  readonly difficulties?: readonly number[];
  /** How the console differs for this cartridge. */
  readonly board?: Board;
  /** Largest resistance of a paddle, where it is not the usual one. */
  readonly paddleMax?: number;
  /** How a mode is chosen; without it there is nothing to choose. */
  readonly modeSelection?: ModeSelection;
  /** Actions of one frame each, with which an episode begins; `RESET` presses the console's switch. */
  readonly startingActions?: readonly number[];
  readonly rules: Rules;
}

/** What is plugged into the console, and where its picture begins. */
export interface Board {
  readonly left?: 'paddles';
  readonly right?: 'paddles';
  /** The two paddles of a jack change places. */
  readonly swapPaddles?: true;
  /** The controllers of the two jacks change places. */
  readonly swapPorts?: true;
  readonly leftDifficultyA?: true;
  readonly rightDifficultyA?: true;
  /** First scan line of the picture; 34 where not given. */
  readonly yStart?: number;
  /** Lines of the picture; 210 where not given, 250 for PAL cartridges. */
  readonly height?: number;
  /** Whether HMOVE leaves its comb at the left edge; true where not given. */
  readonly hmoveBlanks?: false;
}

/** The running episode as the rules see it, changed by every frame. */
export interface GameState {
  /** Reward of the latest frame. */
  reward: number;
  score: number;
  lives: number;
  over: boolean;
  /** What the rules of a game remember from frame to frame. */
  readonly notes: Int32Array;
}

/** Reads a byte from anywhere in the console's address space, without side effects in cartridge RAM. */
export type Peek = (address: number) => number;

/** Score, lives and end of a game, read from RAM after every frame. */
export interface Rules {
  /** Puts the state as at the start of an episode. */
  reset(state: GameState): void;
  /** Takes a frame into account.
   * @param ram [128], read only. */
  step(ram: Uint8Array, state: GameState, peek: Peek): void;
  /** Lives left as ALE tells them; without it 1, and 0 when the game is over. */
  lives?(state: GameState): number;
}

/** The console as seen while a mode is being chosen; every frame counts and draws as in play. */
export interface ModeConsole {
  /** [128], changes with every frame. */
  readonly ram: Uint8Array;
  readonly peek: Peek;
  /** Holds SELECT for some frames, then releases it for one.
   * @throws JammedError when the cartridge never shows the wanted mode. */
  pressSelect(frames: number): void;
  /** A frame of play, with sticky actions if those are on. */
  act(action: Action): void;
  /** Holds RESET for four frames. */
  softReset(): void;
  /** A 32-bit draw of the environment's generator. */
  random(): number;
}

export interface ModeSelection {
  apply(console: ModeConsole, mode: number, state: GameState): void;
}
