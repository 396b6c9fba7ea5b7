import { describe, expect, it } from 'vitest';
import { Copies } from '../../test/support/copies.ts';
import { FakeGame } from '../../test/support/fake-game.ts';
import { BellmanError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { Wrapper } from '../core/wrapper.ts';
import { make } from '../envs/index.ts';
import { PongEnv } from '../envs/pong/index.ts';
import { type LapanPreprocessingOptions, lapanPreprocessing } from './lapan-preprocessing.ts';

const variants: LapanPreprocessingOptions[] = [
  { edition: 'third' },
  { edition: 'second', scaled: true },
  {
    edition: 'third',
    noopMax: 30,
    frameSkip: 3,
    clipReward: true,
    frameStack: 2,
    size: 42,
    repeatActionProbability: 0.25,
  },
  { edition: 'third', frameSkip: 1 },
  { edition: 'second', size: 42 },
];

describe('lapanPreprocessing', () => {
  it.each(variants)('gives the same with and without the palette shortcut: %o', (options) => {
    const fast = lapanPreprocessing(new PongEnv(), options);
    const slow = lapanPreprocessing(new Copies(new PongEnv()), options);
    const generator = new Generator(3);
    expect(Buffer.from(fast.reset({ seed: 6 }).observation.buffer)).toEqual(
      Buffer.from(slow.reset({ seed: 6 }).observation.buffer),
    );
    for (let t = 0; t < 80; t++) {
      const action = generator.integers(6);
      const a = fast.step(action);
      const b = slow.step(action);
      expect([b.reward, b.terminated]).toEqual([a.reward, a.terminated]);
      expect(Buffer.compare(Buffer.from(a.observation.buffer), Buffer.from(b.observation.buffer))).toBe(0);
    }
  });

  it.each(variants)('goes on from a saved state with the same pixels: %o', (options) => {
    const a = lapanPreprocessing(new PongEnv(), options);
    const b = lapanPreprocessing(new PongEnv(), options);
    const generator = new Generator(5);
    a.reset({ seed: 2 });
    for (let t = 0; t < 60; t++) a.step(generator.integers(6));
    // The other one has been elsewhere meanwhile.
    b.reset({ seed: 77 });
    b.step(3);
    b.restoreState(structuredClone(a.saveState()));
    for (let t = 0; t < 60; t++) {
      const action = generator.integers(6);
      const x = a.step(action);
      const y = b.step(action);
      expect(Buffer.compare(Buffer.from(x.observation.buffer), Buffer.from(y.observation.buffer))).toBe(0);
      expect(y.info).toEqual(x.info);
    }
  });

  it('works on what make returns, and has the spaces of the texts', () => {
    const third = lapanPreprocessing(make('bellman/Pong-v0'));
    expect(third.observationSpace.toString()).toBe('Box(0, 255, (4, 84, 84), uint8)');
    const { observation } = third.reset({ seed: 1 });
    expect(third.observationSpace.contains(observation)).toBe(true);
    // Three frames of zeros, then the picture.
    expect(observation.subarray(0, 3 * 7056).every((byte) => byte === 0)).toBe(true);
    expect(third.latestFrame.length).toBe(7056);
    expect(third.latestFrame[40 * 84 + 40]).toBe(87);
    const second = lapanPreprocessing(make('bellman/Pong-v0'), { edition: 'second', scaled: true });
    expect(second.observationSpace.toString()).toBe('Box(0.0, 1.0, (4, 84, 84), float32)');
  });

  it('puts the parts in the order of the texts', () => {
    const names = (env: object): string[] => {
      const chain: string[] = [];
      for (let layer = env; layer instanceof Wrapper; layer = layer.env as object) chain.push(layer.constructor.name);
      return chain.reverse();
    };
    const game = (): FakeGame => new FakeGame({ shape: [210, 160, 3] });
    expect(names(lapanPreprocessing(game(), { noopMax: 30, clipReward: true }))).toEqual([
      'NoOpReset',
      'MaxAndSkip',
      'EpisodicLife',
      'FireReset',
      'WarpFrame',
      'ClipReward',
      'ImageToChw',
      'FrameStack',
    ]);
    expect(names(lapanPreprocessing(game(), { edition: 'second', scaled: true }))).toEqual([
      'MaxAndSkip',
      'FireReset',
      'ProcessFrame84',
      'ImageToChw',
      'FrameStack',
      'ScaledFloatFrame',
    ]);
    const still = new FakeGame({ shape: [210, 160, 3], actions: ['NOOP', 'UP', 'DOWN'] });
    expect(names(lapanPreprocessing(still))).not.toContain('FireReset');
  });

  it('starts as the texts do: four frames of FIRE, four of action 2', () => {
    const game = new FakeGame({ shape: [210, 160, 3] });
    lapanPreprocessing(game).reset({ seed: 5 });
    expect(game.log).toEqual(['reset 5', 1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('draws no-ops from the seed', () => {
    const firstFrames = (seed: number): number[] => {
      const game = new FakeGame({ shape: [210, 160, 3] });
      const env = lapanPreprocessing(game, { noopMax: 30 });
      return [0, 1, 2, 3].map((i) => {
        env.reset(i === 0 ? { seed } : undefined);
        return game.frame;
      });
    };
    expect(firstFrames(1)).toEqual(firstFrames(1));
    expect(firstFrames(1)).not.toEqual(firstFrames(2));
  });

  it.each<[string, () => unknown]>([
    ['an environment that is no Atari game', () => lapanPreprocessing(make('CartPole-v1') as never)],
    ['frames skipped twice', () => lapanPreprocessing(make('bellman/Pong-v0', { frameSkip: 4 }))],
    ['another size in the second edition', () => lapanPreprocessing(new PongEnv(), { edition: 'second', size: 64 })],
  ])('refuses %s with one line', (_, attempt) => {
    expect(attempt).toThrow(BellmanError);
    try {
      attempt();
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
    }
  });
});
