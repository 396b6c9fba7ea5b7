/**
 * Scores of a random player, of whole games, under two protocols: with the wrappers of the recipes for Atari, whose episodes are
 * lives, and of the bare game, whose episodes are games. Next to the published scores of random players, for
 * docs/results/random-scores.md.
 *
 *   npx tsx bench/random-scores.ts --write [--games 60] [breakout ...]
 */
import { parseArgs } from 'node:util';
import { ATARI_PROTOCOLS, type AtariProtocolName, referenceScores } from '../src/atari/index.ts';
import { Generator } from '../src/core/index.ts';
import { makeFromKwargs } from '../src/envs/registry.ts';
import type { Env } from '../src/index.ts';
import { useCartridgeFolder } from '../src/node/index.ts';
import { preprocessing } from '../src/recipes/parts.ts';
import { underProtocol } from '../src/runs/protocol-kwargs.ts';
import { summarize } from '../src/stats/index.ts';
import { evaluate, wrapForDqn } from '../src/train/index.ts';
import { page, writeSection } from './report.ts';

/** Ids without frame skip. */
const GAMES = {
  breakout: 'BreakoutNoFrameskip-v4',
  riverraid: 'RiverraidNoFrameskip-v4',
  atlantis: 'AtlantisNoFrameskip-v4',
  seaquest: 'SeaquestNoFrameskip-v4',
  pong: 'PongNoFrameskip-v4',
  spaceinvaders: 'SpaceInvadersNoFrameskip-v4',
  qbert: 'QbertNoFrameskip-v4',
  beamrider: 'BeamRiderNoFrameskip-v4',
  enduro: 'EnduroNoFrameskip-v4',
  freeway: 'FreewayNoFrameskip-v4',
} as const;
type Name = keyof typeof GAMES;

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false }, games: { type: 'string', default: '60' } },
  allowPositionals: true,
});
const count = Number(values.games);
useCartridgeFolder();
const makeGame = (id: string): Env<unknown, number> => makeFromKwargs(id, {}) as Env<unknown, number>;

/** What `bellman eval --epsilon 1 --protocol …` plays. */
async function withWrappers(id: string, name: AtariProtocolName): Promise<number[]> {
  const env = wrapForDqn(makeGame(id), underProtocol(name, preprocessing.atari.config));
  const randomAction = (): number => env.actionSpace.sample();
  const played = await evaluate({ env, act: randomAction, randomAction }, { episodes: count, epsilon: 1, seed: 0 });
  return played.map(({ totalReward }) => totalReward);
}

/** The same player without any of our wrappers: an action for four frames, games of the environment's own, which the console makes
 * sticky by itself. */
function bare(id: string, name: AtariProtocolName): number[] {
  const { stickyActions, noopMax } = ATARI_PROTOCOLS[name];
  const env = makeFromKwargs(id, { repeat_action_probability: stickyActions }) as Env<unknown, number>;
  const random = new Generator(1);
  const { n } = env.actionSpace as unknown as { n: number };
  const scores: number[] = [];
  for (let game = 0; game < count; game++) {
    env.reset({ seed: game });
    if (noopMax > 0) for (let left = random.integers(1, noopMax + 1); left > 0; left--) env.step(0);
    let score = 0;
    for (let over = false; !over; ) {
      const action = random.integers(n);
      for (let frame = 0; frame < 4 && !over; frame++) {
        const { reward, terminated, truncated } = env.step(action);
        score += reward;
        over = terminated || truncated;
      }
    }
    scores.push(score);
  }
  return scores;
}

const text = (scores: readonly number[]): string => {
  const { mean, halfWidth95 = Number.NaN } = summarize(scores);
  const digits = Math.abs(mean) < 10 ? 2 : mean < 1000 ? 1 : 0;
  const grouped = (value: number): string =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${grouped(mean)} (${grouped(mean - halfWidth95)} to ${grouped(mean + halfWidth95)})`;
};

const rows = [
  '| game | published | `no-ops` | the bare game | `sticky` | the bare game |',
  '|---|--:|--:|--:|--:|--:|',
];
for (const name of (positionals.length > 0 ? positionals : Object.keys(GAMES)) as Name[]) {
  const id = GAMES[name];
  const cells = [id, referenceScores(id)!.random.toLocaleString('en')];
  for (const protocol of ['no-ops', 'sticky'] as const) {
    cells.push(text(await withWrappers(id, protocol)), text(bare(id, protocol)));
  }
  rows.push(`| ${cells.join(' | ')} |`);
  console.log(rows[rows.length - 1]);
}
if (values.write) writeSection(page('results/random-scores.md'), 'scores', rows);
