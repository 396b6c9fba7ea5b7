/** Random and mutated cartridges, each made from its seed alone (and the games that are there to be mutated). */
import {
  CARTRIDGE_TYPES,
  type ConsoleOptions,
  type ControllerType,
  MersenneTwister,
} from '../../src/atari/console/index.ts';

/** A whole number from 0 to n - 1. */
export type Draw = (n: number) => number;

export interface RandomCartridge {
  readonly kind: string;
  readonly image: Uint8Array;
  readonly options: ConsoleOptions;
}

const KNOWN_SIZES = [2048, 4096, 8192, 10240, 10495, 12288, 16384, 32768];

/** @param seed 32 bits. */
export function drawFrom(seed: number): Draw {
  const generator = new MersenneTwister(seed);
  return (n) => Math.floor((generator.next() / 2 ** 32) * n);
}

function randomBytes(size: number, draw: Draw): Uint8Array {
  const image = new Uint8Array(size);
  for (let i = 0; i < size; i++) image[i] = draw(256);
  return image;
}

const pick = <T>(from: readonly T[], draw: Draw): T => from[draw(from.length)];

/** Random bytes whose reset vectors at least lead into the cartridge. */
function randomProgram(draw: Draw): Uint8Array {
  const image = randomBytes(pick(KNOWN_SIZES, draw), draw);
  for (let end = Math.min(4096, image.length); end <= image.length; end += 4096) image[end - 3] |= 0x10;
  return image;
}

/** Opcodes that look at and write to the chips, and switch banks, with random operands and loops. */
function randomAccesses(draw: Draw): Uint8Array {
  const image = randomProgram(draw);
  for (let at = 0; at < image.length - 8; ) {
    const [store, load] = [pick([0x8d, 0x8e, 0x9d, 0x2e, 0xee], draw), pick([0xad, 0xbd, 0x2c, 0xcd], draw)];
    const high = pick([0x00, 0x01, 0x02, 0x10, 0x1f, 0xf0, 0xff, 0xdf], draw);
    const low = high >= 0x10 ? 0xe0 + draw(32) : draw(256);
    const code = pick(
      [[store, low, high], [load, low, high], [0x85, draw(64)], [0xa5, draw(256)], [0xa9, draw(256)], [0x48], [0x68], [0xca]],
      draw,
    ); // biome-ignore format: a table
    image.set(code, at);
    at += code.length;
  }
  return image;
}

function mutated(game: Uint8Array, draw: Draw): Uint8Array {
  const image = game.slice();
  for (let count = 1 + draw(draw(2) ? 8 : 400); count > 0; count--) image[draw(image.length)] = draw(256);
  return image;
}

/** Banks of one game in another order, or with those of another. */
function shuffledBanks(game: Uint8Array, other: Uint8Array, draw: Draw): Uint8Array {
  const image = game.slice();
  const bank = pick([256, 1024, 2048, 4096], draw);
  for (let at = 0; at + bank <= image.length; at += bank) {
    const from = draw(2) ? other : game;
    const offset = bank * draw(Math.floor(from.length / bank) || 1);
    image.set(from.subarray(offset, offset + bank), at);
  }
  return image;
}

function truncated(game: Uint8Array, draw: Draw): Uint8Array {
  return game.slice(0, draw(4) ? draw(game.length) : pick(KNOWN_SIZES, draw));
}

function padded(game: Uint8Array, draw: Draw): Uint8Array {
  const size = draw(2) ? game.length + 1 + draw(5000) : pick(KNOWN_SIZES, draw);
  const image = new Uint8Array(size).fill(draw(2) ? 0 : draw(256));
  image.set(game.subarray(0, size));
  return image;
}

/** @param games images to mutate, at least one. */
export function randomCartridge(draw: Draw, games: readonly Uint8Array[]): RandomCartridge {
  const game = pick(games, draw);
  const makers: readonly (readonly [string, () => Uint8Array])[] = [
    ['random bytes of a random size', () => randomBytes(draw(draw(4) ? 9000 : 70_000), draw)],
    ['random bytes', () => randomProgram(draw)],
    ['random accesses', () => randomAccesses(draw)],
    ['mutated', () => mutated(game, draw)],
    ['mutated a little more', () => mutated(game, draw)],
    ['shuffled banks', () => shuffledBanks(game, pick(games, draw), draw)],
    ['truncated', () => truncated(game, draw)],
    ['padded', () => padded(game, draw)],
  ];
  const [kind, make] = pick(makers, draw);
  const image = make();
  const controllers: readonly ControllerType[] = ['joystick', 'paddles'];
  const options: ConsoleOptions = {
    // Most of the time is saved by not looking for PAL.
    ...(draw(6) ? { format: draw(5) ? 'NTSC' : 'PAL' } : {}),
    ...(draw(4) ? {} : { cartridgeType: pick(CARTRIDGE_TYPES, draw) }),
    ...(draw(4) ? {} : { yStart: draw(64), height: 1 + draw(250) }),
    left: pick(controllers, draw),
    right: pick(controllers, draw),
    swapPorts: draw(4) === 0,
    swapPaddles: draw(4) === 0,
    hmoveBlanks: draw(4) !== 0,
    switches: draw(16),
  };
  return { kind, image, options };
}
