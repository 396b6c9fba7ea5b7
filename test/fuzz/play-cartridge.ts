/** Plays one random cartridge as a host would, and says how it went. */
import { CartridgeError, type Console, createConsole } from '../../src/atari/console/index.ts';
import type { GameState } from '../../src/atari/games/game.ts';
import { GAMES } from '../../src/atari/games/index.ts';
import { type Draw, drawFrom, randomCartridge } from './random-cartridge.ts';

export interface Played {
  readonly kind: string;
  /** The console's type of the cartridge, `refused` for a typed error. */
  readonly outcome: string;
  readonly jammed: boolean;
  readonly frames: number;
}

const FRAMES = 60;
const FRAMES_AGAIN = 20;

function press(console: Console, draw: Draw): void {
  console.setJoystick(draw(2) ? 1 : 0, draw(32));
  console.setPaddle(draw(2) ? 2 : 0, draw(4) ? draw(1_000_000) : 0, draw(2) === 1);
  console.setSwitches(draw(16));
}

/** What can be seen after some frames, as one string. */
function frames(console: Console, count: number): string {
  for (let i = 0; i < count; i++) console.runFrame();
  return `${console.ram.join()} ${console.scanlines} ${console.jammed} ${Buffer.from(console.screen()).toString('latin1')}`;
}

/** @throws Error for anything but a frame after the other, or a CartridgeError of one line. */
export function playCartridge(seed: number, games: readonly Uint8Array[]): Played {
  const draw = drawFrom(seed);
  const { kind, image, options } = randomCartridge(draw, games);
  const before = image.slice();
  let console: Console;
  try {
    console = createConsole(image, options);
  } catch (error) {
    if (!(error instanceof CartridgeError)) throw error;
    if (error.message.includes('\n') || error.message === '') throw new Error(`not one line: ${error.message}`);
    return { kind, outcome: 'refused', jammed: false, frames: 0 };
  }
  const game = GAMES[draw(GAMES.length)];
  const state: GameState = { reward: 0, score: 0, lives: 0, over: false, notes: new Int32Array(8) };
  game.rules.reset(state);
  const gray = new Uint8Array(console.height * 160);
  const table = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
  for (let frame = 0; frame < FRAMES; frame++) {
    press(console, draw);
    if (draw(40) === 0) console.reset();
    console.runFrame();
    game.rules.step(console.ram, state, (address) => console.peek(address));
    if (draw(3) === 0) console.mapScreen(table, gray);
  }
  console.peek(draw(0x10000));
  const picture = console.screen();
  if (picture.length !== console.height * 160) throw new Error(`a picture of ${picture.length} bytes`);
  // Odd only where the rest of an unfinished frame is dimmed.
  if (console.format === 'NTSC' && picture.some((index) => (index & 1) !== 0 && index > 7)) {
    throw new Error('a colour that NTSC lacks');
  }
  const saved = console.saveState();
  const first = frames(console, FRAMES_AGAIN);
  console.restoreState(saved);
  if (frames(console, FRAMES_AGAIN) !== first) throw new Error('other frames after the state was restored');
  if (draw(4) === 0) {
    const other = createConsole(image, { ...options, format: console.format });
    other.restoreState(saved);
    if (frames(other, FRAMES_AGAIN) !== first) throw new Error('other frames in another console');
  }
  if (!before.every((byte, i) => byte === image[i])) throw new Error('the image was written to');
  return { kind, outcome: console.cartridgeType, jammed: console.jammed, frames: FRAMES + 2 * FRAMES_AGAIN };
}
