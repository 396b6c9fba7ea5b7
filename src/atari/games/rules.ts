import type { GameState, ModeSelection, Rules } from './game.ts';

/** Integers from `first` to `last`, inclusive. */
export function range(first: number, last: number, step = 1): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
}

/** The same value, so many times. */
export function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

/** The decimal number in the two halves of a byte. Halves above 9 count as they are. */
export function twoDigits(byte: number): number {
  return 10 * (byte >> 4) + (byte & 15);
}

/** A byte as a number from -128 to 127. */
export function signed(byte: number): number {
  return (byte << 24) >> 24;
}

/** Reads a decimal number, two digits a byte.
 * @param offsets of the bytes, lowest digits first. */
export function decimal(...offsets: readonly number[]): (ram: Uint8Array) => number {
  return (ram) => {
    let number = 0;
    for (let i = offsets.length - 1; i >= 0; i--) number = 100 * number + twoDigits(ram[offsets[i]]);
    return number;
  };
}

export interface ScoredOptions {
  /** The score on the display; a frame's reward is what it gained. */
  readonly score: (ram: Uint8Array) => number;
  /** Points for one of `score`. Default 1. */
  readonly scale?: number;
  /** Score at the start. Default 0. */
  readonly firstScore?: number;
  /** The score starts anew beyond this: a loss is a gain less by so much. */
  readonly wrapsAt?: number;
  /** Turns what the score gained into the reward. */
  readonly reward?: (change: number) => number;
  /** Lives left; `none` where ALE always says 0. Without it 1 until the game is over. */
  readonly lives?: ((ram: Uint8Array, state: GameState) => number) | 'none';
  readonly firstLives?: number;
  /** Lives are told as they are in RAM even when the game is over, where else it is 0. */
  readonly keepsLives?: true;
  /** Whether the game is over. `state.lives` is already that of this frame; `score` its (scaled) score. */
  readonly over: (ram: Uint8Array, state: GameState, score: number) => boolean;
  /** The last frame of a game gives no reward. */
  readonly lastRewardIsZero?: true;
  /** `state.notes` at the start. Default zeros. */
  readonly firstNotes?: readonly number[];
}

/** The rules of a game with a score: most of them. */
export function scored(options: ScoredOptions): Rules {
  const { score: read, scale = 1, firstScore, wrapsAt = 0, reward, over, lives, firstLives, firstNotes } = options;
  const lastRewardIsZero = options.lastRewardIsZero === true;
  const readLives = typeof lives === 'function' ? lives : undefined;
  const rules: Rules = {
    reset: restart({ score: firstScore, lives: firstLives, notes: firstNotes }),
    step: (ram, state) => {
      const score = scale * read(ram);
      if (readLives !== undefined) state.lives = readLives(ram, state);
      state.over = over(ram, state, score);
      if (lastRewardIsZero && state.over) {
        state.reward = 0;
        return;
      }
      let change = score - state.score;
      if (change < 0) change += wrapsAt;
      state.reward = reward === undefined ? change : reward(change);
      state.score = score;
    },
  };
  if (lives === undefined) return rules;
  if (lives === 'none') return { ...rules, lives: () => 0 };
  return { ...rules, lives: options.keepsLives ? (state) => state.lives : livesUntilOver };
}

/** Lives left, and 0 when the game is over. */
export function livesUntilOver(state: GameState): number {
  return state.over ? 0 : state.lives;
}

/** A `reset` that puts everything to zero but what is given. */
export function restart({
  score = 0,
  lives = 0,
  notes = [],
}: {
  readonly score?: number | undefined;
  readonly lives?: number | undefined;
  readonly notes?: readonly number[] | undefined;
} = {}): (state: GameState) => void {
  return (state) => {
    state.reward = 0;
    state.score = score;
    state.lives = lives;
    state.over = false;
    state.notes.fill(0);
    state.notes.set(notes);
  };
}

/** Presses SELECT until the cartridge shows the wanted mode, then RESET: how nearly all cartridges choose.
 * @param shown the mode that RAM tells.
 * @param hold frames that SELECT is held each time; `holdFirst` frames once before the first look. */
export function selectUntil(
  shown: (ram: Uint8Array) => number,
  { hold = 1, holdFirst = 0 }: { readonly hold?: number; readonly holdFirst?: number } = {},
): ModeSelection {
  return {
    apply: (console, mode) => {
      if (holdFirst > 0) console.pressSelect(holdFirst);
      while (shown(console.ram) !== mode) console.pressSelect(hold);
      console.softReset();
    },
  };
}
