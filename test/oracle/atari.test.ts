/** Games, environments and preprocessing of the Atari 2600 against ale-py and Gymnasium, side by side. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { Ale, AtariVectorEnv, type AtariVectorOptions } from '../../src/atari/index.ts';
import type { Env, Info } from '../../src/core/env.ts';
import { OptionError, UnknownNameError } from '../../src/core/errors.ts';
import { makeFromKwargs } from '../../src/envs/index.ts';
import type { Discrete } from '../../src/spaces/index.ts';
import type { VectorReset, VectorStep } from '../../src/vector/index.ts';
import { AtariPreprocessing, type AtariPreprocessingOptions } from '../../src/wrappers/index.ts';
import { pythonPath } from '../platform/programs.ts';
import { aleCartridge, useAleCartridges } from '../support/ale-cartridges.ts';
import { aleFrames, compareFrames, type GameSetting, ourFrames } from './atari-frames.ts';

beforeAll(useAleCartridges);

/** Games of the book and of the papers, and what is special: paddles, PAL, other heights, swapped ports, bank switching,
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
  it('of 17 settings are equal: RAM, screen, RGB, gray, reward, lives, end', async () => {
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
  /** After these steps the environments with a seed are reset with it. */
  readonly resets?: { readonly after: readonly number[]; readonly seeds: readonly (number | null)[] };
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
  {
    vector: { game: 'pong', num_envs: 3, stack_num: 2 },
    ...{ seed: 6, steps: 40, resets: { after: [8, 24], seeds: [null, 90, 4] } },
  },
  { vector: { game: 'breakout', num_envs: 2, continuous: true, continuous_action_threshold: 0.3 }, seed: 5, steps: 40 },
];

/** The actions of `atari_environments.py`. */
function vectorActions(env: AtariVectorEnv, t: number): Int32Array | Float32Array {
  const { kind, n } = env.singleActionSpace as unknown as Discrete;
  const indices = Array.from({ length: env.numEnvs }, (_, i) => i);
  if (kind === 'discrete') return Int32Array.from(indices, (i) => (7 * t + 3 * i) % n);
  const stick = (i: number) => [((5 * t + i) % 9) / 8, Math.PI * (((7 * t + 3 * i) % 17) / 8 - 1), t % 2];
  return Float32Array.from(indices.flatMap(stick));
}

describe('AtariVectorEnv', () => {
  const lines = gymnasiumLines(vectorCases);
  let at = 0;

  it.each(vectorCases)('$vector.game: as ale-py, pictures within 1 of 255', ({ vector, seed, steps, resets }) => {
    const options = Object.fromEntries(
      Object.entries(vector).map(([key, value]) => [
        key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        key === 'autoreset_mode' ? 'same-step' : value,
      ]),
    ) as unknown as AtariVectorOptions;
    const env = new AtariVectorEnv(options);
    let largest = 0;
    const check = (result: VectorReset<Uint8Array>, step?: VectorStep<Uint8Array>): void => {
      const [picture, ...theirs] = lines[at++];
      const info = theirs.at(-1) as Info;
      for (const key of ['env_id', 'lives', 'frame_number', 'episode_frame_number']) {
        expect(Array.from(result.infos[key] as Int32Array), key).toEqual(info[key]);
      }
      if (step !== undefined) {
        expect([...step.rewards]).toEqual(theirs[0]);
        expect(Array.from(step.terminations, Boolean)).toEqual(theirs[1]);
        expect(Array.from(step.truncations, Boolean)).toEqual(theirs[2]);
      }
      if (typeof picture === 'string') largest = Math.max(largest, difference(result.observations, picture));
    };
    check(env.reset({ seed }));
    for (let t = 1; t <= steps; t++) {
      const step = env.step(vectorActions(env, t));
      check(step, step);
      if (resets === undefined || !resets.after.includes(t)) continue;
      const seeds = resets.seeds.map((one) => one ?? undefined);
      check(env.reset({ seed: seeds, options: { reset_mask: seeds.map((one) => one !== undefined) } }));
    }
    expect(largest).toBeLessThanOrEqual(1);
  });

  const plain = { game: 'adventure', numEnvs: 2, noopMax: 0, useFireReset: false, frameskip: 3 } as const;

  it('plays a mode and a difficulty, and shows RAM, as the console does', () => {
    const env = new AtariVectorEnv({ ...plain, mode: 2, difficulty: 3, obsType: 'ram', rewardClipping: false });
    expect(env.singleObservationSpace.shape).toEqual([128]);
    const consoles = [31, 32].map((seed) => {
      const ale = new Ale(aleCartridge(plain.game), { repeatActionProbability: 0 });
      ale.load(seed);
      ale.setMode(2);
      ale.setDifficulty(3);
      ale.reset();
      return ale;
    });
    const ram = () => consoles.flatMap((ale) => Array.from(ale.ram));
    expect(Array.from(env.reset({ seed: 31 }).observations)).toEqual(ram());
    for (let t = 1; t < 60; t++) {
      const actions = vectorActions(env, t) as Int32Array;
      const { observations } = env.step(actions);
      for (const [i, ale] of consoles.entries()) {
        for (let frame = 0; frame < plain.frameskip; frame++) ale.act(ale.minimalActions[actions[i]]);
      }
      expect(Array.from(observations)).toEqual(ram());
    }
    const other = new AtariVectorEnv({ ...plain, obsType: 'ram' });
    expect(Array.from(other.reset({ seed: 31 }).observations)).not.toEqual(
      Array.from(env.reset({ seed: 31 }).observations),
    );
  });

  it('draws screens when asked to', () => {
    const env = new AtariVectorEnv({ ...plain, renderMode: 'rgb_array' });
    env.reset({ seed: 1 });
    const ale = new Ale(aleCartridge(plain.game), { repeatActionProbability: 0, seed: 2 });
    ale.reset();
    expect(env.render()[1]).toEqual({ width: 160, height: 250, data: ale.screenRgb() });
    const blind = new AtariVectorEnv(plain);
    blind.reset({ seed: 1 });
    expect(blind.render()).toEqual([undefined, undefined]);
  });

  it('tells a lost life as an end, with its final observation, while the game goes on', () => {
    const env = new AtariVectorEnv({
      ...{ game: 'breakout', numEnvs: 1, lifeLossInfo: true, autoresetMode: 'same-step', useFireReset: true },
    });
    env.reset({ seed: 2 });
    let frames = 0;
    for (let t = 1; ; t++) {
      const { terminations, observations, finalObservations, infos } = env.step(Int32Array.of(t % 4));
      const [now] = infos['episode_frame_number'] as Int32Array;
      expect(now).toBeGreaterThan(frames);
      frames = now;
      if (terminations[0] === 0) continue;
      expect(infos['lives']).toEqual(Int32Array.of(4));
      expect(finalObservations).toEqual(observations);
      break;
    }
  });

  it('refuses options of a reset that it does not know', () => {
    const options = { resetmask: [true, false] };
    expect(() => new AtariVectorEnv(plain).reset({ options })).toThrow(/^Unknown option "resetmask"/);
  });

  it.each([
    [{ mode: 99 }, OptionError],
    [{ difficulty: 9 }, OptionError],
    [{ obsType: 'rgb' as never }, UnknownNameError],
    [{ obsType: 'ram' as const, stackNum: 4 }, OptionError],
    [{ autoresetMode: 'never' as never }, UnknownNameError],
    [{ numEnvs: 0 }, OptionError],
    [{ renderMode: 'human' as never }, OptionError],
    [{ noopmax: 3 } as never, UnknownNameError],
    [{ batchSize: 1 } as never, UnknownNameError],
    [{ grayscale: 'no' as never }, OptionError],
    [{ episodicLife: 1 as never }, OptionError],
    [{ imgWidth: Number.NaN }, OptionError],
    [{ imgHeight: 0 }, OptionError],
    [{ stackNum: 1.5 }, OptionError],
  ])('refuses %o', (options, kind) => {
    expect(() => new AtariVectorEnv({ ...plain, ...options })).toThrow(kind);
  });
});
