import { expect, it } from 'vitest';
import { manyRows, type ValueNetwork } from '../shared/value-network.ts';
import { NetworkPlayer } from './network-player.ts';
import { PongMatch } from './pong-match.ts';

/** A network whose values are the sums of its pictures, and which counts the observations that it is given. */
function counting(): ValueNetwork & { rows: number } {
  const size = 4 * 42 * 42;
  const sums = (pictures: Uint8Array, rows: number) =>
    Float32Array.from({ length: rows * 6 }, (_, i) =>
      i % 6 === 3
        ? pictures.subarray(Math.floor(i / 6) * size, (Math.floor(i / 6) + 1) * size).reduce((a, b) => a + b, 0)
        : 0,
    );
  return {
    rows: 0,
    env: 'bellman/Pong-v0',
    envKwargs: {},
    view: {
      kind: 'atari',
      edition: 'second',
      frameSize: 42,
      noopMax: 30,
      stickyActions: 0,
      fireReset: true,
      frameSkip: 4,
      frameStack: 4,
      episodicLife: false,
    },
    actions: 6,
    shape: [4, 42, 42],
    trained: undefined,
    async values(observation) {
      this.rows += 1;
      return sums(observation as Uint8Array, 1);
    },
    async valuesOfMany(observations) {
      this.rows += manyRows;
      return sums(observations as Uint8Array, manyRows);
    },
    release: async () => {},
  };
}

it('asks the network for one picture or for four in a frame, and still finds what matters', async () => {
  const network = counting();
  const player = new NetworkPlayer(network);
  const match = new PongMatch('watch', 4);
  match.seat(player);
  let maps = 0;
  let found = 0;
  for (let frame = 0; frame < 400; frame++) {
    network.rows = 0;
    const { decided } = await match.frame();
    expect(network.rows).toBe(decided ? 1 : 0);
    if (!decided && (await player.explain(match.q as Float32Array))) {
      maps++;
      found = Math.max(found, player.occlusion.map.filter((worth) => worth > 0).length);
    }
    expect(network.rows).toBeLessThanOrEqual(decided ? 1 : manyRows);
  }
  // Three frames of four, four parts each: some 12 a choice, and a game has some 15 parts with something in them.
  expect(maps).toBeGreaterThan(40);
  expect(found).toBeGreaterThan(4);
  expect(found).toBeLessThan(40);
});
