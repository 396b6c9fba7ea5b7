/** The rules of games against ALE: rewards, lives and ends read from the same RAM. No emulator of ours takes part. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { GameState } from '../../src/atari/games/game.ts';
import { gameNamed } from '../../src/atari/games/index.ts';
import { pythonPath } from '../platform/programs.ts';

const RECORD = 140;
const script = fileURLToPath(new URL('atari_ram.py', import.meta.url));

/** Games that between them use every kind of rule. */
const games = [
  'alien',
  'asterix',
  'asteroids',
  'atlantis',
  'battle_zone',
  'beam_rider',
  'blackjack',
  'breakout',
  'casino',
  'chopper_command',
  'darkchambers',
  'defender',
  'enduro',
  'freeway',
  'gopher',
  'hangman',
  'haunted_house',
  'pitfall',
  'pong',
  'qbert',
  'riverraid',
  'skiing',
  'tennis',
  'time_pilot',
  'video_pinball',
  'word_zapper',
];

describe('rules', () => {
  const records = execFileSync(pythonPath(), [script, '900', '3', ...games], {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let at = 0;

  it.each(games)('%s: 900 frames of rewards, lives and ends are equal', (name) => {
    const { rules } = gameNamed(name);
    const state: GameState = { reward: 0, score: 0, lives: 0, over: false, notes: new Int32Array(8) };
    const ours: number[][] = [];
    const expected: number[][] = [];
    for (let steps = 0; steps < 900 || records[at] === 1; at += RECORD) {
      const isReset = records[at] === 1;
      if (isReset && steps >= 900 && ours.length > 0 && !expected.at(-1)?.[2]) break;
      if (isReset) rules.reset(state);
      else steps++;
      rules.step(records.subarray(at + 12, at + RECORD), state, () => 0);
      const lives = rules.lives?.(state) ?? (state.over ? 0 : 1);
      ours.push([isReset ? 0 : state.reward, lives, Number(state.over)]);
      expected.push([records.readInt32LE(at + 4), records.readInt32LE(at + 8), records[at + 1]]);
      if (at + RECORD >= records.length) break;
    }
    expect(ours).toEqual(expected);
  });
});
