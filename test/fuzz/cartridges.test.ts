/** A few hundred of the random cartridges that test/fuzz/cartridges.ts plays by the hundred thousand. */
import { describe, expect, it } from 'vitest';
import { gamesToMutate } from './games.ts';
import { playCartridge } from './play-cartridge.ts';

describe('random and mutated cartridges', () => {
  const games = gamesToMutate();

  it('give frames that go on from a saved state, or an error of one line', () => {
    const outcomes = new Set<string>();
    let jammed = 0;
    for (let seed = 0; seed < 200; seed++) {
      const played = playCartridge(seed, games);
      outcomes.add(played.outcome);
      jammed += Number(played.jammed);
    }
    expect(outcomes.size).toBeGreaterThan(10);
    expect(jammed).toBeGreaterThan(30);
  });

  it.each([909, 961, 1908, 9843, 11900, 16594])('%i, which once went on otherwise', (seed) => {
    expect(playCartridge(seed, games).outcome).not.toBe('refused');
  });

  it('are the same for a seed', () => {
    expect(playCartridge(12, games)).toEqual(playCartridge(12, games));
  });
});
