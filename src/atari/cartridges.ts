import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { advise } from '../core/advise.ts';
import { checkBytes } from '../core/check-bytes.ts';
import { BellmanError } from '../core/errors.ts';
import { cartridgeProvider } from './cartridge-provider.ts';
import { CartridgeError } from './console/index.ts';
import type { Game } from './games/game.ts';
import { GAMES, gameWithMd5 } from './games/index.ts';
import { titleOf } from './names.ts';

/** A game whose cartridge is not here. The message has two lines. */
export class MissingCartridgeError extends BellmanError {
  override name = 'MissingCartridgeError';
  /** ALE's name of the game. */
  readonly game: string;
  /** @param searched whether there was a place to look in. */
  constructor(game: string, searched: boolean) {
    const cure = searched
      ? `"${advise('roms fetch')}" takes all from the ale-py package, "${advise('roms import PATH')}" your own.`
      : 'Hand over its bytes with addCartridge() of bellman-rl/atari; in Node useCartridgeFolder() of bellman-rl/node finds those that were imported.';
    super('NO_CARTRIDGE', `No cartridge of ${titleOf(game)}. ${cure} The built-in Pong needs none: bellman/Pong-v0.`);
    this.game = game;
  }
}

/** MD5 of bytes in hexadecimal: how ALE identifies cartridges. */
export function md5Of(bytes: Uint8Array): string {
  return bytesToHex(md5(bytes));
}

/**
 * The game whose cartridge this is, byte for byte.
 * @param source what to call the bytes in an error, such as a file name.
 * @throws CartridgeError for anything else: unknown, truncated, padded, another version (PAL ones too).
 */
export function identifyCartridge(bytes: Uint8Array, source = 'The cartridge'): Game {
  checkBytes(bytes);
  const sum = md5Of(bytes);
  const game = gameWithMd5(sum);
  if (game !== undefined) return game;
  const found = `${source}: ${bytes.length} bytes, MD5 ${sum}`;
  const padded = SIZES.map((size) => ({ size, game: inFront(bytes, size) })).find((part) => part.game !== undefined);
  if (padded?.game !== undefined) {
    const { size } = padded;
    throw new CartridgeError(
      `${found}, is ${titleOf(padded.game.name)} with ${bytes.length - size} bytes more; only its first ${size} bytes are the cartridge.`,
    );
  }
  const why = SIZES.includes(bytes.length)
    ? 'other versions, PAL ones among them, play differently'
    : 'no cartridge has this size, so it is truncated, padded or something else';
  throw new CartridgeError(`${found}, is none of the ${GAMES.length} cartridges of the known games (${why}).`);
}

/** Sizes that the known cartridges have. */
const SIZES: readonly number[] = [2048, 4096, 8192, 10_495, 16_384];

function inFront(bytes: Uint8Array, size: number): Game | undefined {
  return size < bytes.length && bytes.length <= 1 << 20 ? gameWithMd5(md5Of(bytes.subarray(0, size))) : undefined;
}

/** Checks that bytes are the cartridge of a game.
 * @throws CartridgeError when they are not; the message says what they are. */
export function checkCartridge(game: Game, bytes: Uint8Array, source?: string): void {
  const found = identifyCartridge(bytes, source);
  if (found !== game) {
    throw new CartridgeError(
      `${source ?? 'The cartridge'} is that of ${titleOf(found.name)}, wanted is ${titleOf(game.name)}.`,
    );
  }
}

const inMemory = new Map<string, Uint8Array>();
/**
 * Hands over the bytes of a cartridge, in a browser say; environments find it from then on.
 * @returns ALE's name of the game.
 * @throws CartridgeError for unknown bytes.
 */
export function addCartridge(bytes: Uint8Array): string {
  const { name } = identifyCartridge(bytes);
  inMemory.set(name, bytes.slice());
  return name;
}

/**
 * The cartridge of a game.
 * @throws MissingCartridgeError when there is none, CartridgeError when the provider gave another one.
 */
export function cartridgeOf(game: Game): Uint8Array {
  const known = inMemory.get(game.name);
  if (known !== undefined) return known;
  const provider = cartridgeProvider();
  const bytes = provider?.(game.name);
  if (bytes === undefined) throw new MissingCartridgeError(game.name, provider !== undefined);
  checkCartridge(game, bytes, `The cartridge under the name ${game.name}`);
  return bytes;
}
