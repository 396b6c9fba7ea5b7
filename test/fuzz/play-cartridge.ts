/** Plays one random cartridge as a host would, and says how it went. */
import { crc32 } from 'node:zlib';
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

/** Looks at the picture after a frame: not at all, as it is, or through one of two tables, as at gray ones. */
type Look = 'none' | 'plain' | 'table' | 'other table';

interface Seen {
  /** Memory, time and picture after the last frame. */
  readonly last: string;
  /** Checksum of the picture through the table after each frame at which it was looked at so. */
  readonly pictures: readonly (number | undefined)[];
}

const TABLE = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
const OTHER_TABLE = Uint8Array.from({ length: 256 }, (_, i) => i ^ 0x3c);

function see(console: Console, count: number, look: () => Look): Seen {
  const mapped = new Uint8Array(console.height * 160);
  const pictures: (number | undefined)[] = [];
  for (let i = 0; i < count; i++) {
    console.runFrame();
    const kind = look();
    if (kind === 'plain') mapped.set(console.screen().map((colour) => TABLE[colour]));
    else if (kind === 'table') console.mapScreen(TABLE, mapped);
    else if (kind === 'other table') console.mapScreen(OTHER_TABLE, mapped);
    pictures.push(kind === 'plain' || kind === 'table' ? crc32(mapped) : undefined);
  }
  const picture = Buffer.from(console.screen()).toString('latin1');
  return { last: `${console.ram.join()} ${console.scanlines} ${console.jammed} ${picture}`, pictures };
}

/** @throws Error when two runs from one state differ. */
function checkSame(one: Seen, two: Seen, what: string): void {
  if (one.last !== two.last) throw new Error(`other frames ${what}`);
  const differs = one.pictures.findIndex((sum, i) => sum !== (two.pictures[i] ?? sum) && sum !== undefined);
  if (differs >= 0) throw new Error(`another picture ${what}, after ${differs + 1} frames`);
}

/**
 * @param count frames before the state is saved; programs are translated after 400.
 * @throws Error for anything but a frame after the other, or a CartridgeError of one line.
 */
export function playCartridge(seed: number, games: readonly Uint8Array[], count = FRAMES): Played {
  const draw = drawFrom(seed);
  const drawLook = drawFrom(seed + 1e9);
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
  for (let frame = 0; frame < count; frame++) {
    press(console, draw);
    if (draw(40) === 0) console.reset();
    console.runFrame();
    game.rules.step(console.ram, state, (address) => console.peek(address));
    if (draw(3) === 0) console.mapScreen(TABLE, gray);
  }
  console.peek(draw(0x10000));
  const picture = console.screen();
  if (picture.length !== console.height * 160) throw new Error(`a picture of ${picture.length} bytes`);
  // Odd only where the rest of an unfinished frame is dimmed.
  if (console.format === 'NTSC' && picture.some((index) => (index & 1) !== 0 && index > 7)) {
    throw new Error('a colour that NTSC lacks');
  }
  const saved = console.saveState();
  const again = Math.max(FRAMES_AGAIN, count >> 3);
  const first = see(console, again, () => 'table');
  console.restoreState(saved);
  const looks: readonly Look[] = ['none', 'plain', 'table', 'other table'];
  const second = see(console, again, () => looks[drawLook(4)]);
  checkSame(first, second, 'after the state was restored');
  if (draw(4) === 0 || count > FRAMES) {
    // This console interprets.
    const other = createConsole(image, { ...options, format: console.format });
    other.restoreState(saved);
    checkSame(
      first,
      see(other, again, () => 'plain'),
      'in another console',
    );
  }
  if (!before.every((byte, i) => byte === image[i])) throw new Error('the image was written to');
  return { kind, outcome: console.cartridgeType, jammed: console.jammed, frames: count + 2 * again };
}
