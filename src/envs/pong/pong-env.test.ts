import { describe, expect, it } from 'vitest';
import { ActionError, OptionError, OrderError, UnknownNameError } from '../../core/errors.ts';
import { Generator } from '../../core/random/index.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { PongEnv, type PongOptions } from './pong-env.ts';
import { scriptedPongAction } from './scripted-player.ts';

/** Plays a game, each action held for `skip` frames; returns score, rewards seen and frames. */
function play(env: PongEnv, seed: number, skip: number, act: () => number) {
  env.reset({ seed });
  let score = 0;
  const rewards = new Set<number>();
  for (let frames = 0; ; ) {
    const action = act();
    for (let i = 0; i < skip; i++) {
      const { reward, terminated } = env.step(action);
      frames++;
      score += reward;
      rewards.add(reward);
      if (terminated) return { score, rewards, frames };
    }
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('PongEnv', () => {
  it('has the spaces and actions of the Atari game', () => {
    const env = new PongEnv();
    expect(env.observationSpace.toString()).toBe('Box(0, 255, (210, 160, 3), uint8)');
    expect(env.actionSpace.n).toBe(6);
    expect(env.getActionMeanings()).toEqual(['NOOP', 'FIRE', 'RIGHT', 'LEFT', 'RIGHTFIRE', 'LEFTFIRE']);
    const { observation, info } = env.reset({ seed: 0 });
    expect(env.observationSpace.contains(observation)).toBe(true);
    expect(info).toEqual({ lives: 0, episode_frame_number: 0 });
    expect(env.step(0).info).toEqual({ lives: 0, episode_frame_number: 1 });
  });

  it('turns the paddle up for RIGHT and down for LEFT', () => {
    for (const [action, sign] of [
      [2, -1],
      [4, -1],
      [3, 1],
      [5, 1],
      [1, 0],
    ]) {
      const env = new PongEnv();
      env.reset({ seed: 0 });
      const before = env.game.playerY;
      for (let i = 0; i < 10; i++) env.step(action);
      expect(Math.sign(env.game.playerY - before)).toBe(sign);
    }
  });

  it('random players lose as against the cartridge, by about 20 points', () => {
    const env = new PongEnv();
    env.setObservationWanted(false);
    const generator = new Generator(1);
    const games = Array.from({ length: 30 }, (_, seed) => play(env, seed, 4, () => generator.integers(6)));
    const score = mean(games.map((game) => game.score));
    // 200 games: -20.1; the cartridge over 10 games: -20.4.
    expect(score).toBeGreaterThan(-20.7);
    expect(score).toBeLessThan(-19.6);
    expect(games.every((game) => game.score >= -21 && game.score <= -14)).toBe(true);
    expect(new Set(games.flatMap((game) => [...game.rewards]))).toEqual(new Set([-1, 0, 1]));
  });

  it.each([
    [1, 20],
    [4, 20],
  ])('a scripted player, acting every %i frames, wins by at least %i points', (skip, least) => {
    const env = new PongEnv();
    for (let seed = 0; seed < 2; seed++) {
      expect(play(env, seed, skip, () => scriptedPongAction(env.game, skip)).score).toBeGreaterThanOrEqual(least);
    }
  });

  it('ends at 21 and then wants a reset', () => {
    const env = new PongEnv();
    const { score } = play(env, 3, 1, () => 0);
    expect(Math.max(env.game.playerScore, env.game.opponentScore)).toBe(21);
    expect(env.game.playerScore - env.game.opponentScore).toBe(score);
    expect(() => env.step(0)).toThrow(OrderError);
    expect(env.reset().info['episode_frame_number']).toBe(0);
    expect(env.game.opponentScore).toBe(0);
  });

  it('plays the same game for the same seed, another for another', () => {
    const trace = (seed: number): string => {
      const env = new PongEnv();
      const generator = new Generator(9);
      env.reset({ seed });
      let text = '';
      for (let t = 0; t < 1500; t++) {
        const { reward } = env.step(generator.integers(6));
        text += `${env.game.ballX},${env.game.ballY},${reward};`;
      }
      return text;
    };
    expect(trace(1)).toBe(trace(1));
    expect(trace(1)).not.toBe(trace(2));
  });

  it.each<PongOptions>([
    {},
    { obsType: 'grayscale', frameSkip: [2, 5], repeatActionProbability: 0.25 },
  ])('continues from a saved state with the same pixels: %o', (options) => {
    const a = new PongEnv(options);
    const b = new PongEnv(options);
    const generator = new Generator(2);
    a.reset({ seed: 7 });
    for (let t = 0; t < 700; t++) a.step(generator.integers(6));
    const state = structuredClone(a.saveState());
    b.restoreState(state);
    for (let t = 0; t < 1000; t++) {
      const action = generator.integers(6);
      const x = a.step(action);
      const y = b.step(action);
      expect({ ...y, observation: 0 }).toEqual({ ...x, observation: 0 });
      expect(Buffer.compare(x.observation, y.observation)).toBe(0);
      if (x.terminated) break;
    }
    // And back: the state was not changed by what followed.
    a.restoreState(state);
    b.restoreState(state);
    expect(Buffer.compare(a.step(2).observation, b.step(2).observation)).toBe(0);
  });

  it('skips frames: one step is as many frames', () => {
    const single = new PongEnv();
    const skipping = new PongEnv({ frameSkip: 4 });
    single.reset({ seed: 1 });
    skipping.reset({ seed: 1 });
    for (let t = 0; t < 300; t++) {
      let reward = 0;
      let last = single.step(t % 6);
      reward += last.reward;
      for (let i = 1; i < 4; i++) {
        last = single.step(t % 6);
        reward += last.reward;
      }
      const step = skipping.step(t % 6);
      expect(step.reward).toBe(reward);
      expect(Buffer.compare(step.observation, last.observation)).toBe(0);
    }
    const range = new PongEnv({ frameSkip: [2, 5] });
    range.reset({ seed: 0 });
    const skips = new Set<number>();
    for (let t = 0, frame = 0; t < 100; t++) {
      const now = range.step(0).info['episode_frame_number'] as number;
      skips.add(now - frame);
      frame = now;
    }
    expect([...skips].sort()).toEqual([2, 3, 4]);
  });

  it('repeats actions with the given probability', () => {
    const never = new PongEnv({ repeatActionProbability: 1 });
    never.reset({ seed: 0 });
    const before = never.game.playerY;
    for (let t = 0; t < 20; t++) never.step(2);
    expect(never.game.playerY).toBe(before);
  });

  it('shows gray as the brightness of its colours, and renders the same picture as it observes', () => {
    const rgb = new PongEnv({ renderMode: 'rgb_array' });
    const gray = new PongEnv({ obsType: 'grayscale', renderMode: 'rgb_array' });
    rgb.reset({ seed: 4 });
    gray.reset({ seed: 4 });
    for (let t = 0; t < 90; t++) {
      rgb.step(2);
      gray.step(2);
    }
    const colours = rgb.step(0).observation;
    const bright = gray.step(0).observation;
    // ALE's own gray of the cartridge: background 87, walls 236, player 147, opponent 148, black 0.
    const expected: Record<string, number> = {
      '144,72,17': 87,
      '236,236,236': 236,
      '92,186,92': 147,
      '213,130,74': 148,
      '0,0,0': 0,
    };
    for (let i = 0; i < bright.length; i++) {
      if (bright[i] !== expected[colours.subarray(3 * i, 3 * i + 3).join()]) expect.fail(`pixel ${i}`);
    }
    expect(new Set(bright)).toEqual(new Set(Object.values(expected)));
    for (const env of [rgb, gray]) {
      expect(env.render()).toMatchObject({ width: 160, height: 210 });
      expect(Buffer.compare(env.render()?.data as Uint8Array, colours)).toBe(0);
    }
    expect(new PongEnv().render()).toBeUndefined();
  });

  it.each([
    [{ frameSkip: 0 }, OptionError],
    [{ frameSkip: 2.5 }, OptionError],
    [{ frameSkip: [5, 2] }, OptionError],
    [{ frameSkip: '4' }, OptionError],
    [{ repeatActionProbability: 1.5 }, OptionError],
    [{ obsType: 'ram' }, UnknownNameError],
    [{ renderMode: 'human' }, OptionError],
    [{ variedServes: 1 }, OptionError],
    [{ opponent: 'human' }, UnknownNameError],
  ])('refuses %o', (options, error) => {
    expect(() => new PongEnv(options as PongOptions)).toThrow(error);
  });

  it('refuses actions outside 0 to 5 and steps before a reset', () => {
    const env = new PongEnv();
    expect(() => env.step(0)).toThrow(OrderError);
    env.reset({ seed: 0 });
    for (const action of [-1, 6, 1.5, Number.NaN]) expect(() => env.step(action)).toThrow(ActionError);
  });

  it('goes on from a state of version 0.1, which lay flat', () => {
    const env = new PongEnv({ repeatActionProbability: 0.25 });
    env.reset({ seed: 4 });
    for (let i = 0; i < 100; i++) env.step(i % 6);
    const { own, ...shared } = env.saveState() as { readonly [key: string]: Snapshot };
    const other = new PongEnv({ repeatActionProbability: 0.25 });
    other.restoreState({ ...(own as object), ...shared });
    for (let i = 0; i < 300; i++) {
      const [{ observation, ...rest }, { observation: expected, ...others }] = [other, env].map((e) =>
        e.step((i * 7) % 6),
      );
      expect(rest).toEqual(others);
      expect(Buffer.compare(observation, expected)).toBe(0);
    }
  });

  it('lets the left paddle be steered by the names of the actions, until the next reset', () => {
    const env = new PongEnv({ opponent: 'steered', variedServes: false });
    for (const [action, sign] of [
      [2, -1],
      [5, 1],
    ]) {
      env.reset({ seed: 0 });
      const before = env.game.opponentY;
      env.steerOpponent(action);
      for (let i = 0; i < 10; i++) env.step(0);
      expect(Math.sign(env.game.opponentY - before)).toBe(sign);
      expect(env.game.opponentFires).toBe(action === 5);
    }
    env.reset({ seed: 0 });
    const before = env.game.opponentY;
    for (let i = 0; i < 10; i++) env.step(0);
    expect(env.game.opponentY).toBe(before);
    for (const action of [-1, 6, 0.5]) expect(() => env.steerOpponent(action)).toThrow(ActionError);
    expect(() => new PongEnv().steerOpponent(0)).toThrow(OptionError);
  });

  it('continues a game with a steered opponent from a saved state', () => {
    const env = new PongEnv({ opponent: 'steered' });
    const other = new PongEnv({ opponent: 'steered' });
    env.reset({ seed: 3 });
    for (let t = 0; t < 300; t++) {
      env.steerOpponent(t % 6);
      env.step((t * 5) % 6);
    }
    env.steerOpponent(4);
    other.restoreState(structuredClone(env.saveState()));
    for (let t = 0; t < 300; t++) {
      const [x, y] = [env, other].map((each) => each.step(t % 6));
      if (x.reward !== y.reward || Buffer.compare(x.observation, y.observation) !== 0) expect.fail(`step ${t} differs`);
    }
  });

  it('a strong player on the left beats a paddle on the right that stands still', () => {
    const env = new PongEnv({ opponent: 'steered' });
    env.setObservationWanted(false);
    const { game } = env;
    const score = play(env, 1, 1, () => {
      // Follows the ball with the paddle's middle.
      const target = game.ballVisible ? game.ballY - 6 : 100;
      env.steerOpponent(target < game.opponentY - 3 ? 2 : target > game.opponentY + 3 ? 3 : 0);
      return 0;
    }).score;
    expect(score).toBeLessThan(-10);
  });
});
