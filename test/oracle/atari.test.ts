/** Games, environments and preprocessing of the Atari 2600 against ale-py and Gymnasium, side by side. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { AtariVectorEnv, type AtariVectorOptions } from '../../src/atari/index.ts';
import type { Env, Info } from '../../src/core/env.ts';
import { makeFromKwargs } from '../../src/envs/index.ts';
import { AtariPreprocessing, type AtariPreprocessingOptions } from '../../src/wrappers/index.ts';
import { pythonPath } from '../platform/programs.ts';
import { useAleCartridges } from '../support/ale-cartridges.ts';
import { aleFrames, compareFrames, type GameSetting, ourFrames } from './atari-frames.ts';

beforeAll(useAleCartridges);

/** Games of the texts and of the papers, and what is special: paddles, PAL, other heights, swapped ports, bank switching,
 * modes that are chosen in menus. */
const games: readonly GameSetting[] = [
  { game: 'pong' },
  { game: 'breakout' },
  { game: 'seaquest' },
  { game: 'space_invaders' },
  { game: 'riverraid' },
  { game: 'atlantis' },
  { game: 'wizard_of_wor' },
  { game: 'carnival' },
  { game: 'pacman' },
  { game: 'klax' },
  { game: 'pitfall2' },
  { game: 'backgammon' },
  { game: 'pong', mode: 1, difficulty: 3 },
  { game: 'double_dunk', mode: 10 },
  { game: 'adventure', mode: 2, difficulty: 1 },
  { game: 'video_cube', mode: 301 },
  { game: 'berzerk', mode: 17 },
];

describe('frames', () => {
  it('of 17 settings are equal: RAM, screen, RGB, gray, reward, lives, end', { timeout: 300_000 }, async () => {
    const frames = 300;
    let at = 0;
    for await (const theirs of aleFrames(games, frames, 5)) {
      const agreement = compareFrames(ourFrames(games[at], frames, 5), theirs);
      expect(agreement, JSON.stringify(games[at])).toEqual({
        ram: frames + 1,
        screen: frames + 1,
        outcome: frames + 1,
        pictures: frames + 1,
        first: undefined,
      });
      at++;
    }
    expect(at).toBe(games.length);
  });
});

interface EnvCase {
  readonly id: string;
  readonly kwargs: Record<string, unknown>;
  readonly seed: number;
  readonly steps: number;
  readonly preprocessing?: Record<string, unknown>;
}
interface VectorCase {
  readonly vector: Record<string, unknown>;
  readonly seed: number;
  readonly steps: number;
}
type Line = readonly [picture: number | string, ...rest: unknown[]];

const script = fileURLToPath(new URL('atari_environments.py', import.meta.url));

/** One process of Python for all cases: importing takes longer than playing. */
function gymnasiumLines(cases: readonly (EnvCase | VectorCase)[]): Line[] {
  const text = execFileSync(pythonPath(), [script, JSON.stringify(cases)], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const envCases: readonly EnvCase[] = [
  { id: 'ALE/Pong-v5', kwargs: {}, seed: 1, steps: 60 },
  { id: 'ALE/Breakout-v5', kwargs: { obs_type: 'grayscale', full_action_space: true }, seed: 2, steps: 60 },
  { id: 'ALE/Berzerk-v5', kwargs: { mode: 3, frameskip: [2, 5], repeat_action_probability: 0.4 }, seed: 3, steps: 60 },
  { id: 'ALE/Adventure-v5', kwargs: { mode: 2, difficulty: 3 }, seed: 4, steps: 20 },
  { id: 'ALE/Skiing-v5', kwargs: { obs_type: 'ram', full_action_space: true }, seed: 5, steps: 40 },
  { id: 'PongNoFrameskip-v4', kwargs: {}, seed: 6, steps: 60 },
  { id: 'Seaquest-v0', kwargs: { max_num_frames_per_episode: 50 }, seed: 7, steps: 60 },
  { id: 'ALE/Breakout-v5', kwargs: { continuous: true }, seed: 8, steps: 60 },
  {
    id: 'ALE/Seaquest-v5',
    kwargs: { continuous: true, continuous_action_threshold: 0.2, obs_type: 'ram', mode: 0 },
    seed: 9,
    steps: 60,
  },
  { id: 'ALE/Surround-v5', kwargs: { continuous: true, mode: 2, difficulty: 1 }, seed: 10, steps: 40 },
];

describe('environments', () => {
  const lines = gymnasiumLines(envCases);
  let at = 0;

  it.each(envCases)('$id $kwargs: $steps steps are equal for the seed', ({ id, kwargs, seed, steps }) => {
    const env = makeFromKwargs(id, kwargs) as Env<Uint8Array, number>;
    env.actionSpace.seed(seed);
    const { observation, info } = env.reset({ seed });
    const ours: unknown[] = [[crc32(observation), info]];
    for (let t = 0; t < steps; t++) {
      const { observation, reward, terminated, truncated, info } = env.step(env.actionSpace.sample());
      ours.push([crc32(observation), reward, terminated, truncated, info]);
      if (terminated || truncated) {
        const { observation, info } = env.reset();
        ours.push([crc32(observation), info]);
      }
    }
    expect(ours).toEqual(lines.slice(at, at + ours.length));
    at += ours.length;
  });
});

const preprocessingCases: readonly EnvCase[] = [
  { id: 'PongNoFrameskip-v4', kwargs: {}, seed: 1, steps: 60, preprocessing: {} },
  {
    id: 'ALE/Breakout-v5',
    kwargs: { frameskip: 1 },
    seed: 2,
    steps: 80,
    preprocessing: { terminal_on_life_loss: true, screen_size: 64, scale_obs: true, noop_max: 5 },
  },
  {
    id: 'SeaquestNoFrameskip-v4',
    kwargs: { max_num_frames_per_episode: 100 },
    seed: 3,
    steps: 60,
    preprocessing: { grayscale_obs: false, frame_skip: 3, screen_size: 84 },
  },
];

/** The largest difference of bytes, and how many differ. */
function difference(ours: Uint8Array | Float32Array, hex: string): number {
  const theirs = Buffer.from(hex, 'hex');
  expect(ours.length).toBe(theirs.length);
  const scale = ours instanceof Float32Array ? 255 : 1;
  let largest = 0;
  for (let i = 0; i < ours.length; i++) largest = Math.max(largest, Math.abs(Math.round(ours[i] * scale) - theirs[i]));
  return largest;
}

describe('AtariPreprocessing', () => {
  const lines = gymnasiumLines(preprocessingCases);
  let at = 0;

  it.each(preprocessingCases)('$id $preprocessing: as Gymnasium, pictures within 1 of 255', (testCase) => {
    const { id, kwargs, seed, steps, preprocessing = {} } = testCase;
    const options = Object.fromEntries(
      Object.entries(preprocessing).map(([key, value]) => [
        key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        value,
      ]),
    ) as AtariPreprocessingOptions;
    const env = new AtariPreprocessing(makeFromKwargs(id, kwargs) as Env<unknown, number>, options);
    env.actionSpace.seed(seed);
    let largest = 0;
    const check = (observation: Uint8Array | Float32Array, ...rest: unknown[]): void => {
      const [picture, ...theirs] = lines[at++];
      expect(rest).toEqual(theirs);
      if (typeof picture === 'string') largest = Math.max(largest, difference(observation, picture));
    };
    const start = env.reset({ seed });
    check(start.observation, start.info);
    for (let t = 0; t < steps; t++) {
      const { observation, reward, terminated, truncated, info } = env.step(env.actionSpace.sample());
      check(observation, reward, terminated, truncated, info);
      if (!terminated && !truncated) continue;
      const again = env.reset();
      check(again.observation, again.info);
    }
    expect(largest).toBeLessThanOrEqual(1);
  });
});

const vectorCases: readonly VectorCase[] = [
  { vector: { game: 'breakout', num_envs: 3, episodic_life: true }, seed: 3, steps: 120 },
  {
    vector: {
      game: 'pong',
      num_envs: 2,
      noop_max: 9,
      stack_num: 2,
      img_height: 42,
      img_width: 50,
      max_num_frames_per_episode: 90,
      reward_clipping: false,
      autoreset_mode: 'SameStep',
      repeat_action_probability: 0.25,
    },
    seed: 8,
    steps: 60,
  },
  {
    vector: { game: 'seaquest', num_envs: 1, grayscale: false, maxpool: false, frameskip: 2, life_loss_info: true },
    seed: 4,
    steps: 40,
  },
];

describe('AtariVectorEnv', () => {
  const lines = gymnasiumLines(vectorCases);
  let at = 0;

  it.each(vectorCases)('$vector.game: as ale-py, pictures within 1 of 255', ({ vector, seed, steps }) => {
    const options = Object.fromEntries(
      Object.entries(vector).map(([key, value]) => [
        key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        key === 'autoreset_mode' ? 'same-step' : value,
      ]),
    ) as unknown as AtariVectorOptions;
    const env = new AtariVectorEnv(options);
    const { n } = env.singleActionSpace;
    let largest = 0;
    for (let t = 0; t <= steps; t++) {
      const actions = Array.from({ length: env.numEnvs }, (_, i) => (7 * t + 3 * i) % n);
      const result = t === 0 ? env.reset({ seed }) : env.step(actions);
      const [picture, ...theirs] = lines[at++];
      const info = theirs.at(-1) as Info;
      expect([...result.lives]).toEqual(info['lives']);
      expect([...result.frameNumbers]).toEqual(info['frame_number']);
      expect([...result.episodeFrameNumbers]).toEqual(info['episode_frame_number']);
      if (t > 0) {
        expect([...result.rewards]).toEqual(theirs[0]);
        expect(Array.from(result.terminations, Boolean)).toEqual(theirs[1]);
        expect(Array.from(result.truncations, Boolean)).toEqual(theirs[2]);
      }
      if (typeof picture === 'string') largest = Math.max(largest, difference(result.observations, picture));
    }
    expect(largest).toBeLessThanOrEqual(1);
  });
});
