/**
 * The Atari 2600: 6507, TIA, RIOT, cartridge, controllers and switches, without sound. One frame at a time, as the
 * Arcade Learning Environment drives its console, and equal to it in the bytes of RAM and screen (ale-py 0.12.1).
 */
import type { CartridgeType } from './cartridge-type.ts';

export const SCREEN_WIDTH = 160;

/** Bits of `setJoystick`: a set bit is a pressed direction or button. */
export const JOYSTICK = { up: 1, down: 2, left: 4, right: 8, fire: 16 } as const;

/** Bits of `setSwitches`: reset and select while pressed; a difficulty bit set means position A (expert). */
export const SWITCH = { reset: 1, select: 2, leftDifficultyA: 4, rightDifficultyA: 8 } as const;

export type VideoFormat = 'NTSC' | 'PAL';
export type ControllerType = 'joystick' | 'paddles';

export interface ConsoleOptions {
  /** Left out: detected from the image's size and code, as Stella does. */
  readonly cartridgeType?: CartridgeType;
  /** Left out: 60 frames are run at power-on, and a cartridge that draws more than 285 lines is PAL. */
  readonly format?: VideoFormat;
  /** First scan line of the picture, counted from the end of vertical sync, 0 to 255. Default 34. */
  readonly yStart?: number;
  /** Lines of the picture, 1 to 300. Default 210, and 250 for PAL. */
  readonly height?: number;
  /** Default joystick. */
  readonly left?: ControllerType;
  /** Default joystick. */
  readonly right?: ControllerType;
  /** The left controller is in the right port and the other way round. */
  readonly swapPorts?: boolean;
  /** The two paddles of a pair are exchanged. */
  readonly swapPaddles?: boolean;
  /** Whether HMOVE early in a line blanks its first eight pixels. Default true. */
  readonly hmoveBlanks?: boolean;
  /** Switches at power-on (until `setSwitches`), default none: both difficulties B. */
  readonly switches?: number;
}

export interface Console {
  readonly cartridgeType: CartridgeType;
  readonly format: VideoFormat;
  /** Lines of the picture; the width is always 160. */
  readonly height: number;
  /** The 128 bytes of the RIOT's RAM, a view that stays valid for the console's life; writing to it pokes. */
  readonly ram: Uint8Array;
  /** A byte as the processor would read it: for RAM inside a cartridge, which lies at 0x1080 to 0x10ff with SC boards.
   * Addresses that switch banks or change the TIA when read do so here too. */
  peek(address: number): number;
  /** Whether the processor has stopped at an opcode that jams it: frames then pass without effect until `reset`. */
  readonly jammed: boolean;
  /** Scan lines from the frame's start to where the processor is now. */
  readonly scanlines: number;

  /** The power switch: registers, TIA and cartridge start over; RAM retains its contents, as in ALE. */
  reset(): void;
  /**
   * Runs until vertical sync ends. A frame that draws too many lines ends at 290 (PAL 342); a program that writes to
   * the TIA no more is left after 25,000 instructions and goes on with the same frame in the next call.
   */
  runFrame(): void;
  /**
   * The picture: `height * 160` palette indices (even numbers 0 to 254; odd ones too in PAL, and below 8 in the rest of a
   * frame that has not ended, which is dimmed), row by row. Drawn when asked for. A view, valid until the next `runFrame`,
   * `reset` or `restoreState`. Read only.
   */
  screen(): Uint8Array;

  /**
   * The picture through a table, several times faster than a loop over `screen()`: `out[i] = table[screen()[i]]`.
   * @param table 256 entries.
   * @param out `height * 160`, overwritten.
   * @throws RangeError for other lengths.
   */
  mapScreen(table: Uint8Array, out: Uint8Array): void;

  /** @param pressed bits of JOYSTICK. Ports: 0 left, 1 right. */
  setJoystick(port: 0 | 1, pressed: number): void;
  /**
   * @param paddle 0 and 1 on the left jack, 2 and 3 on the right one.
   * @param resistance ohms, 0 to 1,000,000. ALE's positions (27,450 to 790,196) are given as they are.
   */
  setPaddle(paddle: 0 | 1 | 2 | 3, resistance: number, fire: boolean): void;
  /** @param pressed bits of SWITCH. */
  setSwitches(pressed: number): void;

  /** The whole machine at a frame's end, pictures included: after `restoreState` everything goes on byte for byte. */
  saveState(): Uint8Array;
  /** @throws ConsoleStateError when the bytes are not a state of the same cartridge with the same options. */
  restoreState(state: Uint8Array): void;
}

export { CARTRIDGE_TYPES, type CartridgeType } from './cartridge-type.ts';
export { CartridgeError, ConsoleStateError } from './errors.ts';
