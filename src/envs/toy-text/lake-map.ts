import { OptionError } from '../../core/errors.ts';
import { Generator } from '../../core/random/generator.ts';

/** The maps that come with FrozenLake: S start, F frozen, H hole, G goal. */
export const lakeMaps = {
  '4x4': ['SFFF', 'FHFH', 'FFFH', 'HFFG'],
  '8x8': ['SFFFFFFF', 'FFFFFFFF', 'FFFHFFFF', 'FFFFFHFF', 'FFFHFFFF', 'FHHFFFHF', 'FHFFHFHF', 'FFFHFFFG'],
} as const satisfies Record<string, readonly string[]>;

export type LakeMapName = keyof typeof lakeMaps;

/** Tiles drawn before `generateRandomMap` gives up, about a second's work. */
const MAX_TILES = 5_000_000;

/**
 * A random map with a path from the start (upper left) to the goal (lower right): boards are drawn until one has a path.
 * The same seed gives the map of Gymnasium's `generate_random_map`.
 * @param size rows and columns, at least 2.
 * @param p probability that a tile is frozen, above 0; more than 1 counts as 1.
 * @param seed non-negative integer; undefined takes fresh entropy.
 * @throws OptionError for values out of range, or when no board of the first five million tiles had a path.
 */
export function generateRandomMap(size = 8, p = 0.8, seed?: number): string[] {
  if (!Number.isInteger(size) || size < 2 || size > 1000)
    throw new OptionError('size', size, 'an integer from 2 to 1000');
  if (typeof p !== 'number' || !(p > 0)) throw new OptionError('p', p, 'a number above 0, up to 1');
  const generator = seed === undefined ? Generator.fromEntropy() : new Generator(seed);
  const frozen = Math.min(1, p);
  const boards = Math.ceil(MAX_TILES / (size * size));
  for (let board = 0; board < boards; board++) {
    const tiles = generator.choices(['F', 'H'], size * size, { p: [frozen, 1 - frozen] });
    tiles[0] = 'S';
    tiles[size * size - 1] = 'G';
    if (goalReachable(tiles, size)) {
      return Array.from({ length: size }, (_, row) => tiles.slice(row * size, (row + 1) * size).join(''));
    }
  }
  throw new OptionError('p', p, `larger for size ${size}: none of ${boards} random maps had a path to the goal`);
}

/** Whether a path leads from the upper left tile of a square board to a goal. */
function goalReachable(tiles: readonly string[], size: number): boolean {
  const seen = new Set([0]);
  // A set keeps the order of insertion and visits what is added meanwhile: this is a breadth-first search.
  for (const tile of seen) {
    if (tiles[tile] === 'G') return true;
    const column = tile % size;
    if (column > 0 && tiles[tile - 1] !== 'H') seen.add(tile - 1);
    if (column < size - 1 && tiles[tile + 1] !== 'H') seen.add(tile + 1);
    if (tile >= size && tiles[tile - size] !== 'H') seen.add(tile - size);
    if (tile < size * (size - 1) && tiles[tile + size] !== 'H') seen.add(tile + size);
  }
  return false;
}

/** Rows of a user's map as strings.
 * @param desc strings, or arrays of single letters.
 * @throws OptionError unless it is a rectangle of S, F, H and G with a start and a goal. */
export function parseLakeMap(desc: unknown): string[] {
  if (!Array.isArray(desc) || desc.length === 0) {
    throw new OptionError('desc', desc, 'a list of rows such as ["SFF", "FHG"]');
  }
  const rows = desc.map((row: unknown) => {
    const letters = typeof row === 'string' ? [...row] : row;
    if (!Array.isArray(letters)) throw new OptionError('desc', desc, 'a list of rows such as ["SFF", "FHG"]');
    for (const letter of letters as unknown[]) {
      if (typeof letter !== 'string' || !/^[SFHG]$/.test(letter)) {
        throw new OptionError('desc', letter, 'the letters S (start), F (frozen), H (hole) and G (goal)');
      }
    }
    return letters.join('');
  });
  if (rows[0] === '' || rows.some((row) => row.length !== rows[0].length)) {
    throw new OptionError('desc', desc, 'rows of one length, at least 1');
  }
  if (!rows.some((row) => row.includes('S'))) throw new OptionError('desc', desc, 'a map with a start (S)');
  if (!rows.some((row) => row.includes('G'))) throw new OptionError('desc', desc, 'a map with a goal (G)');
  return rows;
}
