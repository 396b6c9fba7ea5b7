/** Games of Pong that depend on every pixel, as Stable-Baselines3, CleanRL, Gymnasium and the textbook show them (foreign_pong.py). */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import '../../src/atari/index.ts';
import { make } from '../../src/envs/registry.ts';
import { wrapForeign } from '../../src/foreign/foreign-preprocessing.ts';
import { useCartridgeFolder } from '../../src/node/index.ts';
import { playEpisode } from '../../src/train/evaluate.ts';
import { aleCartridgeFolder } from '../support/ale-cartridges.ts';

const { games } = JSON.parse(readFileSync(new URL('fixtures/foreign-games.json', import.meta.url), 'utf8')) as {
  games: Readonly<Record<string, readonly (readonly [reward: number, steps: number])[]>>;
};

it.each(Object.entries(games))("%s: the program's games, from the same seed", async (view, expected) => {
  process.env['BELLMAN_ROMS'] = aleCartridgeFolder();
  useCartridgeFolder();
  const { env } = wrapForeign(make('PongNoFrameskip-v4'), view, { pictures: true, noopMax: 30 });
  const bySum = (picture: Uint8Array | Float32Array) => {
    let sum = 0;
    for (const byte of picture) sum += byte;
    return sum % 6;
  };
  const played: [number, number][] = [];
  for (const i of expected.keys()) {
    const { totalReward, steps } = await playEpisode(env, bySum, { seed: i === 0 ? 7 : undefined });
    played.push([totalReward, steps]);
  }
  env.close();
  expect(played).toEqual(expected);
});
