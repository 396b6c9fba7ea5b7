import { describe, expect, it } from 'vitest';
import { FakeGame } from '../../test/support/fake-game.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { FrameStack } from './frame-stack.ts';
import { ImageToChw } from './image-to-chw.ts';
import { ScaledFloatFrame } from './scaled-float-frame.ts';

/** First byte of each frame of a stack. */
const marks = (stack: ArrayLike<number>, count: number): number[] =>
  Array.from({ length: count }, (_, i) => stack[(i * stack.length) / count]);

describe('FrameStack', () => {
  it('shows the last frames, oldest first, with zeros before the first', () => {
    const env = new FrameStack(new FakeGame({ shape: [1, 2, 3], pixel: (frame) => frame + 1 }), 4);
    expect(env.observationSpace.toString()).toBe('Box(0, 255, (4, 2, 3), uint8)');
    expect(marks(env.reset().observation, 4)).toEqual([0, 0, 0, 1]);
    expect(marks(env.step(0).observation, 4)).toEqual([0, 0, 1, 2]);
    for (let i = 0; i < 3; i++) env.step(0);
    expect(marks(env.step(0).observation, 4)).toEqual([3, 4, 5, 6]);
    expect([...env.latestFrame]).toEqual([6, 6, 6, 6, 6, 6]);
    // Nothing of the last episode is left.
    expect(marks(env.reset().observation, 4)).toEqual([0, 0, 0, 1]);
  });

  it('goes on from a saved state', () => {
    const make = (): FrameStack => new FrameStack(new FakeGame({ shape: [1, 2, 2] }), 3);
    const [a, b] = [make(), make()];
    a.reset();
    for (let i = 0; i < 5; i++) a.step(0);
    b.restoreState(structuredClone(a.saveState()));
    expect(b.step(0).observation).toEqual(a.step(0).observation);
    expect(marks(b.step(0).observation, 3)).toEqual([5, 6, 7]);
  });

  it('stacks floats too', () => {
    const env = new FrameStack(new ScaledFloatFrame(new FakeGame({ shape: [1, 1, 1] })), 2);
    env.reset();
    expect(env.step(0).observation).toEqual(Float32Array.of(0, 1 / 255));
  });

  it('refuses a count of 0', () => {
    expect(() => new FrameStack(new FakeGame(), 0)).toThrow(OptionError);
  });
});

describe('ImageToChw', () => {
  it('moves channels to the front', () => {
    const env = new ImageToChw(new FakeGame({ shape: [1, 2, 3], pixel: (_, index) => index }));
    expect(env.observationSpace.shape).toEqual([3, 1, 2]);
    expect([...env.reset().observation]).toEqual([0, 3, 1, 4, 2, 5]);
    expect([...env.step(0).observation]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it('passes one channel on as it is', () => {
    const game = new FakeGame({ shape: [2, 3, 1] });
    const env = new ImageToChw(game);
    expect(env.observationSpace.shape).toEqual([1, 2, 3]);
    expect(env.reset().observation).toBe(game.reset().observation);
  });

  it('refuses observations without three axes', () => {
    expect(() => new ImageToChw(new FakeGame({ shape: [4, 4] }))).toThrow(MismatchError);
  });
});

describe('ScaledFloatFrame', () => {
  it('divides bytes by 255 in single precision', () => {
    const env = new ScaledFloatFrame(new FakeGame({ shape: [256], pixel: (_, index) => index }));
    expect(env.observationSpace.toString()).toBe('Box(0.0, 1.0, (256,), float32)');
    const { observation } = env.reset();
    for (let byte = 0; byte < 256; byte++) expect(observation[byte]).toBe(Math.fround(byte / 255));
    expect(env.observationSpace.contains(observation)).toBe(true);
  });

  it('refuses floats', () => {
    const scaled = new ScaledFloatFrame(new FakeGame());
    expect(() => new ScaledFloatFrame(scaled as never)).toThrow(MismatchError);
  });
});
