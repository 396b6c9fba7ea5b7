import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { changed } from '../recipes/change.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { PrioritizedReplay, UniformReplay } from '../replay/index.ts';
import { createReplay } from './create-replay.ts';

const config = changed(dqnCartPole.config, { bufferSize: 12, nStep: 2, gamma: 0.5 });
const vectors = { inputShape: [3], inputDType: 'float32', actions: 4 } as const;
const pictures = { inputShape: [3, 2, 2], inputDType: 'uint8', actions: 4 } as const;
const atari = {
  kind: 'atari',
  edition: 'third',
  frameSize: 2,
  noopMax: 0,
  stickyActions: 0,
  fireReset: true,
  frameSkip: 4,
  frameStack: 3,
  episodicLife: false,
} as const;
const prioritized = {
  kind: 'prioritized',
  alpha: 0.5,
  betaStart: 0.25,
  betaFinal: 0.75,
  betaSteps: 100,
  epsilon: 0.5,
  compression: 'none',
} as const;

describe('createReplay', () => {
  it('is uniform, of vectors, with the n-step returns of the configuration', () => {
    const replay = createReplay(config, vectors);
    expect(replay).toBeInstanceOf(UniformReplay);
    expect(replay.capacity).toBe(12);
    replay.startEpisode([1, 2, 3]);
    replay.add(0, 10, false, false, [4, 5, 6]);
    replay.add(1, 100, false, false, [7, 8, 9]);
    const batch = replay.createBatch(1);
    replay.sample(new Generator(0), batch);
    expect(batch.observations).toEqual(Float32Array.of(1, 2, 3));
    expect(batch.nextObservations).toEqual(Float32Array.of(7, 8, 9));
    expect([batch.rewards[0], batch.discounts[0]]).toEqual([60, 0.25]);
    expect(batch.nextActionMasks).toBeUndefined();
  });

  it('stores one frame of a stack of pictures', () => {
    const replay = createReplay({ ...config, preprocessing: atari, nStep: 1 }, pictures);
    // Stacks of three frames of four pixels; the last four numbers are the new frame.
    const stack = (frame: number) =>
      Uint8Array.from({ length: 12 }, (_, i) => Math.max(0, frame - 2 + Math.floor(i / 4)));
    replay.startEpisode(stack(1));
    for (let frame = 2; frame < 8; frame++) replay.add(0, 0, false, false, stack(frame));
    // Seven stacks, of which whole ones would take 12 bytes each.
    expect(replay.observationBytes).toBeLessThan((7 * 12) / 2);
    const batch = replay.createBatch(6);
    replay.sample(new Generator(0), batch);
    for (let row = 0; row < 6; row++) {
      const [oldest, middle, newest] = [0, 4, 8].map((at) => batch.observations[12 * row + at]);
      expect([oldest, middle]).toEqual([Math.max(0, newest - 2), newest - 1]);
    }
  });

  it('is prioritized as the configuration says', () => {
    const replay = createReplay({ ...config, nStep: 1, replay: prioritized }, vectors) as PrioritizedReplay;
    expect(replay).toBeInstanceOf(PrioritizedReplay);
    replay.startEpisode([0, 0, 0]);
    for (const value of [1, 2]) replay.add(value, 0, false, false, [value, 0, 0]);
    // Errors of 0.5 and 15.5: priorities of 1 and 16, whose roots are 1 and 4.
    const batch = replay.createBatch(10);
    replay.sample(new Generator(0), batch);
    const slotOf = (action: number) => batch.indices[batch.actions.indexOf(action)];
    replay.updatePriorities(Int32Array.of(slotOf(1), slotOf(2)), [0.5, 15.5]);
    replay.sample(new Generator(0), batch, 50);
    // A fifth of ten draws, each from its tenth of the mass; weights (N P)^-beta over the largest, beta halfway.
    expect(batch.actions.filter((action) => action === 1)).toHaveLength(2);
    expect(replay.beta).toBe(0.5);
    const weightOf = (action: number) => batch.weights[batch.actions.indexOf(action)];
    expect([weightOf(1), weightOf(2)]).toEqual([1, 0.5]);
    replay.sample(new Generator(0), batch, 1000);
    expect(replay.beta).toBe(0.75);
  });

  it('has masks where actions are masked, a stream for each environment and a limit of memory', () => {
    const masked = createReplay({ ...config, actionMasks: true, nStep: 1 }, vectors, { streams: 2 });
    expect(masked.createBatch(2).nextActionMasks).toHaveLength(8);
    masked.startEpisodes(new Float32Array(6), new Uint8Array(8).fill(1));
    expect(() => masked.startEpisode([0, 0, 0], 2, new Uint8Array(4))).toThrow();
    expect(() => createReplay(config, vectors, { memoryLimit: 100 })).toThrow(/bufferSize/);
    expect(createReplay(config, vectors, { memoryLimit: 12 * (12 + 19) }).capacity).toBe(12);
  });

  it('compresses pictures where the configuration says so', () => {
    const block = (compression: 'none' | 'lz') => {
      const replay = createReplay(
        { ...config, bufferSize: 5000, nStep: 1, replay: { kind: 'uniform', compression } },
        { inputShape: [1024], inputDType: 'uint8', actions: 4 },
      );
      replay.startEpisode(new Uint8Array(1024));
      for (let i = 0; i < 4500; i++) replay.add(0, 0, false, false, new Uint8Array(1024));
      return replay.observationBytes;
    };
    expect(block('lz')).toBeLessThan(block('none') / 2);
  });
});
