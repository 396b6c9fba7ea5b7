/** What every game of the Atari 2600 keeps to; really every one. */
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Ale, GAMES } from '../../src/atari/index.ts';
import { Generator } from '../../src/core/random/index.ts';
import { aleCartridge } from '../support/ale-cartridges.ts';

const BEFORE = 60;
const FRAMES = 220;

/** Frames as one number each: RAM, and every 25th picture. */
function play(ale: Ale, actions: readonly number[]): number[] {
  return actions.map((action, t) => {
    const reward = ale.act(action);
    const frame = crc32(ale.ram, (reward + 1000 * ale.lives()) >>> 0);
    if (ale.gameOver) ale.reset();
    return t % 25 === 24 ? crc32(ale.screen(), frame) : frame;
  });
}

/** A saved state, with the console's bytes as one number. */
function stateOf(ale: Ale): unknown {
  const { console, ...rest } = ale.saveState() as { console: Uint8Array };
  return { ...rest, console: crc32(console) };
}

describe('a game', () => {
  it.each(
    GAMES.map(({ name }) => name),
  )('%s goes on from a saved state byte for byte, and to the same states', (name) => {
    const cartridge = aleCartridge(name);
    const ale = new Ale(cartridge, { seed: 3 });
    const generator = new Generator(9);
    const draw = (count: number): number[] =>
      Array.from({ length: count }, () => ale.legalActions[generator.integers(ale.legalActions.length)]);
    play(ale, draw(BEFORE));
    const state = structuredClone(ale.saveState());
    const actions = draw(FRAMES);
    const [begin, rest] = [actions.slice(0, 100), actions.slice(100)];
    const first = play(ale, begin);
    const afterwards = stateOf(ale);
    first.push(...play(ale, rest));
    ale.restoreState(state);
    expect(play(ale, actions)).toEqual(first);
    // Another console that has been elsewhere.
    const other = new Ale(cartridge, { seed: 77 });
    play(other, [1, 2, 3]);
    other.restoreState(state);
    expect(play(other, begin)).toEqual(first.slice(0, 100));
    // Equal consoles have equal states, however they came there: searches compare them.
    expect(stateOf(other)).toEqual(afterwards);
    expect(new Set(first).size).toBeGreaterThan(1);
  });
});
