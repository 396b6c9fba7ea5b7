/** Wrappers of pictures over games of a few pixels, against values worked out by hand. */
import { describe, expect, it } from 'vitest';
import { FakeGame } from '../../test/support/fake-game.ts';
import type { Env } from '../core/env.ts';
import { BellmanError, MismatchError, OptionError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { Box, Dict, Discrete } from '../spaces/index.ts';
import * as wrappers from './index.ts';
import type { VideoSink } from './record-video.ts';

/** A game with other observations than bytes. */
function seeing(observationSpace: unknown, observation: unknown = 0): Env<never, number> {
  const game = new FakeGame({ shape: [2, 2, 3] });
  const step = (action: number) => ({ ...game.step(action), observation });
  const reset = () => ({ ...game.reset(), observation });
  const render = () => game.render();
  return Object.assign(Object.create(game), { observationSpace, step, reset, render }) as Env<never, number>;
}
const game = (...shape: number[]) => new FakeGame({ shape, pixel: (frame, index) => 40 * frame + index });
const floats = (...shape: number[]) => seeing(new Box(0, 1, shape));
const bytes = (...shape: number[]) => seeing(new Box(0, 255, shape, 'uint8'));

describe('ImageToChw', () => {
  it('moves channels to the front, of resets and steps, and passes on what has one', () => {
    const env = new wrappers.ImageToChw(game(2, 3, 3));
    expect(String(env.observationSpace)).toBe('Box(0, 255, (3, 2, 3), uint8)');
    const front = [0, 3, 6, 9, 12, 15, 1, 4, 7, 10, 13, 16, 2, 5, 8, 11, 14, 17];
    expect([...env.reset().observation]).toEqual(front);
    expect([...env.step(0).observation]).toEqual(front.map((index) => 40 + index));
    const single = game(2, 3, 1);
    const same = new wrappers.ImageToChw(single);
    expect(same.observationSpace.shape).toEqual([1, 2, 3]);
    expect(same.step(0).observation).toBe(single.step(0).observation);
  });
  it.each([
    bytes(4, 4),
    bytes(1, 2, 2, 3),
    floats(2, 2, 3),
    seeing(new Discrete(3)),
  ])('refuses other pictures', (env) => {
    expect(() => new wrappers.ImageToChw(env)).toThrow(`uint8, got ${env.observationSpace}.`);
  });
});

describe('ScaledFloatFrame', () => {
  it('is b / 255 in single precision, for every byte', () => {
    const env = new wrappers.ScaledFloatFrame(
      new FakeGame({ shape: [16, 16], pixel: (frame, index) => (index + frame) % 256, reward: () => 3, length: 2 }),
    );
    expect(String(env.observationSpace)).toBe('Box(0.0, 1.0, (16, 16), float32)');
    const expected = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
    expect(env.reset()).toEqual({ observation: expected, info: {} });
    const { observation, ...rest } = env.step(1);
    expect([observation[0], observation[254], observation[255]]).toEqual([Math.fround(1 / 255), 1, 0]);
    expect(rest).toEqual({ reward: 3, terminated: false, truncated: false, info: {} });
    expect(env.step(1).terminated).toBe(true);
  });
  it.each([
    floats(2, 2),
    seeing(new Discrete(3)),
    seeing({ kind: 'dict', dtype: 'uint8', shape: [2] }),
  ])('refuses what is no box of bytes', (env) => {
    expect(() => new wrappers.ScaledFloatFrame(env)).toThrow(MismatchError);
  });
});

describe('GrayscaleObservation', () => {
  it.each([
    bytes(4, 4),
    bytes(4, 4, 4),
    bytes(4, 4, 1),
    floats(2, 2, 3),
    bytes(1, 2, 2, 3),
  ])('refuses others', (env) => {
    expect(() => new wrappers.GrayscaleObservation(env)).toThrow(`got ${env.observationSpace}.`);
  });
  it('refuses a keepDim that is neither', () => {
    expect(() => new wrappers.GrayscaleObservation(bytes(2, 2, 3), 'no' as never)).toThrow(
      'keepDim: got "no", allowed is true or false.',
    );
  });
});

describe('ResizeObservation', () => {
  it('averages each channel by itself', () => {
    // Two channels: 0 2 | 4 6 and 1 3 | 5 7.
    const env = new wrappers.ResizeObservation(game(2, 2, 2), [1, 2]);
    expect(env.observationSpace.shape).toEqual([1, 2, 2]);
    expect([...env.reset().observation]).toEqual([2, 3, 4, 5]);
    expect([...env.step(0).observation]).toEqual([42, 43, 44, 45]);
    expect(new wrappers.ResizeObservation(game(4, 6), [2, 3]).observationSpace.shape).toEqual([2, 3]);
  });
  it.each<[unknown, string]>([
    [[3, 1], 'height: got 3, allowed is 1 to 2.'],
    [[2, 5], 'width: got 5, allowed is 1 to 4.'],
    [[1.5, 2], 'height: got 1.5, allowed is 1 to 2.'],
    [[2, 0], 'width: got 0, allowed is 1 to 4.'],
    [[2], 'shape: got [2], allowed is height and width.'],
    [[2, 4, 3], 'shape: got [2,4,3], allowed is height and width.'],
    [2, 'shape: got 2, allowed is height and width.'],
    [null, 'shape: got null, allowed is height and width.'],
  ])('refuses the shape %j', (shape, message) => {
    expect(() => new wrappers.ResizeObservation(bytes(2, 4, 3), shape as never)).toThrow(message);
  });
  it.each([bytes(4), bytes(1, 2, 2, 3), floats(2, 2, 3), floats(2, 2)])('refuses what is no picture', (env) => {
    expect(() => new wrappers.ResizeObservation(env, [1, 1])).toThrow(MismatchError);
  });
});

describe('AddRenderObservation', () => {
  it('is the picture alone, in fresh memory', () => {
    const inner = game(2, 2, 3);
    const env = new wrappers.AddRenderObservation(inner);
    expect(inner.log).toEqual(['reset']);
    expect(String(env.observationSpace)).toBe('Box(0, 255, (2, 2, 3), uint8)');
    const first = env.reset({ seed: 4 }).observation;
    expect(inner.log[1]).toBe('reset 4');
    const next = env.step(1).observation;
    expect([...first]).toEqual([...Array(12).keys()]);
    expect([...next]).toEqual([...Array(12).keys()].map((index) => 40 + index));
  });

  it('joins the observation, or the parts of a Dict', () => {
    const both = new wrappers.AddRenderObservation<Record<string, unknown>, number>(seeing(new Discrete(9), 7), {
      renderOnly: false,
      observationKey: 'number',
      renderKey: 'screen',
    });
    expect(String(both.observationSpace)).toBe("Dict('number': Discrete(9), 'screen': Box(0, 255, (2, 2, 3), uint8))");
    expect(both.reset().observation).toEqual({ number: 7, screen: new Uint8Array(12) });
    expect(both.step(0).observation).toEqual({ number: 7, screen: new Uint8Array(12).fill(1) });
    const dict = new Dict({ a: new Discrete(2), b: new Discrete(3) });
    const build = (renderKey: string) =>
      new wrappers.AddRenderObservation<Record<string, unknown>, number>(seeing(dict, { a: 1, b: 2 }), {
        renderOnly: false,
        renderKey,
      });
    expect(Object.keys((build('c').observationSpace as unknown as Dict<Record<string, Space>>).spaces).sort()).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(build('c').reset().observation).toEqual({ a: 1, b: 2, c: new Uint8Array(12) });
    // A name that every object inherits is no part of the Dict.
    expect(build('toString').reset().observation).toHaveProperty('toString', new Uint8Array(12));
    expect(() => build('a')).toThrow('renderKey: got "a", allowed is a key that the Dict lacks.');
  });

  it('takes a key of the Dict where the picture stands alone', () => {
    const dict = new Dict({ pixels: new Discrete(2) });
    expect(new wrappers.AddRenderObservation(seeing(dict, { pixels: 1 })).observationSpace.kind).toBe('box');
  });

  it('has the draws of its space in a saved state', () => {
    const [a, b] = [0, 1].map((seed) => {
      const env = new wrappers.AddRenderObservation(game(2, 2, 3));
      env.observationSpace.seed(seed);
      env.reset();
      return env;
    });
    b.restoreState(a.saveState());
    expect(b.observationSpace.sample()).toEqual(a.observationSpace.sample());
  });

  it.each<[unknown, string]>([
    [{ renderOnly: 'no' }, 'renderOnly: got "no", allowed is true or false.'],
    [{ renderKey: 3 }, 'renderKey: got 3, allowed is a text.'],
    [{ observationKey: null }, 'observationKey: got null, allowed is a text.'],
    [{ render_only: false }, 'Unknown option "render_only". Did you mean "renderOnly"?'],
    [
      { renderOnly: false, observationKey: 'pixels' },
      'observationKey: got "pixels", allowed is another key than renderKey.',
    ],
    [null, 'options: got null, allowed is an object.'],
  ])('refuses %j', (options, message) => {
    const build = () => new wrappers.AddRenderObservation(game(2, 2, 3), options as never);
    expect(build).toThrow(message);
    expect(build).toThrow(BellmanError);
  });
});

describe('RecordVideo', () => {
  function recorded(options: Partial<ConstructorParameters<typeof wrappers.RecordVideo>[1]> = {}) {
    const log: string[] = [];
    const inner = Object.assign(game(2, 3, 3), { close: () => log.push('env closed') });
    const sink = (episode: number): VideoSink => ({
      open: (...format) => log.push(`open ${episode}: ${format}`),
      frame: (rgb) => log.push(`frame ${rgb[0]}`),
      close: () => log.push('close'),
    });
    return { log, inner, env: new wrappers.RecordVideo(inner, { sink, ...options }) };
  }

  it('ends a video at a restored state, and counts on from there', () => {
    const { log, env } = recorded();
    env.reset();
    const saved = env.saveState();
    env.reset();
    env.restoreState(saved);
    env.step(0);
    env.reset();
    expect(log).toEqual([
      'open 0: 3,2,60',
      'frame 0',
      'close',
      'open 1: 3,2,60',
      'frame 0',
      'close',
      'open 1: 3,2,60',
      'frame 0',
    ]);
    expect(recorded().env.saveState()).toEqual({ own: -1, env: 0 });
    for (const own of [-2, 0.5, '0', null]) {
      expect(() => env.restoreState({ own, env: 0 })).toThrow(MismatchError);
    }
  });

  it.each(['terminated', 'truncated'])('closes at a step that is %s, and at the end closes the game', (end) => {
    const { log, inner, env } = recorded();
    const step = inner.step.bind(inner);
    inner.step = (action) => ({ ...step(action), [end]: true });
    env.reset();
    env.step(0);
    env.step(0);
    env.close();
    expect(log).toEqual(['open 0: 3,2,60', 'frame 0', 'frame 40', 'close', 'env closed']);
  });

  it('leaves out what is no picture', () => {
    const { log, inner, env } = recorded();
    inner.render = () => 'text' as never;
    env.reset();
    env.close();
    expect(log).toEqual(['env closed']);
  });

  it.each<[unknown, string]>([
    [{ sink: 'file.mp4' }, 'sink: got "file.mp4", allowed is a function of the number of an episode.'],
    [{ sink: undefined }, 'sink: got undefined, allowed is a function of the number of an episode.'],
    [{ framesPerSecond: 0 }, 'framesPerSecond: got 0, allowed is a finite number above 0.'],
    [{ framesPerSecond: Number.NaN }, 'framesPerSecond: got NaN, allowed is a finite number above 0.'],
    [{ fps: 30 }, 'Unknown option "fps".'],
  ])('refuses %j', (options, message) => {
    expect(() => recorded(options as never)).toThrow(message);
  });
  it('refuses no options', () => {
    for (const none of [undefined, null])
      expect(() => new wrappers.RecordVideo(game(2, 2, 3), none as never)).toThrow(OptionError);
  });
});

describe('WarpFrame and ProcessFrame84', () => {
  it('show resets, steps and restored states', () => {
    // Gray without a channel: sums of four.
    const env = new wrappers.WarpFrame(game(2, 4), 2, 1);
    expect(String(env.observationSpace)).toBe('Box(0, 255, (1, 2, 1), uint8)');
    // (0 + 1 + 4 + 5) / 4 and (2 + 3 + 6 + 7) / 4, ties up.
    expect([...env.reset().observation]).toEqual([3, 5]);
    const saved = env.saveState();
    expect([...env.step(0).observation]).toEqual([43, 45]);
    env.restoreState(saved);
    expect([...env.step(0).observation]).toEqual([43, 45]);
  });
  it('are 84 by 84 unless told otherwise', () => {
    expect(new wrappers.WarpFrame(bytes(84, 90, 3)).observationSpace.shape).toEqual([84, 84, 1]);
    expect(new wrappers.WarpFrame(bytes(84, 90, 1), 50).observationSpace.shape).toEqual([84, 50, 1]);
    expect(new wrappers.ProcessFrame84(bytes(250, 160, 3), 42).observationSpace.shape).toEqual([42, 42, 1]);
  });
  it.each<[string, () => unknown, RegExp]>([
    ['a box of floats', () => new wrappers.WarpFrame(floats(84, 84, 3)), /^WarpFrame needs pictures.*float32\)\.$/],
    ['four axes', () => new wrappers.WarpFrame(bytes(1, 84, 1, 3)), /^WarpFrame needs pictures/],
    ['no box', () => new wrappers.WarpFrame(seeing({ kind: 'x', dtype: 'uint8', shape: [9, 9] }), 3, 3), /^WarpFrame/],
    ['a longer side', () => new wrappers.WarpFrame(bytes(84, 84, 3), 84, 85), /^height: got 85, allowed is 1 to 84\.$/],
    [
      'another size',
      () => new wrappers.ProcessFrame84(bytes(210, 160, 3), 64),
      /^size: got 64, allowed is 84 or 42\.$/,
    ],
    [
      'another width',
      () => new wrappers.ProcessFrame84(bytes(210, 84, 3)),
      /^ProcessFrame84 needs pictures of 210x160/,
    ],
    ['another height', () => new wrappers.ProcessFrame84(bytes(214, 160, 3)), /^ProcessFrame84 needs/],
    ['one channel', () => new wrappers.ProcessFrame84(bytes(210, 160, 1)), /^ProcessFrame84 needs/],
  ])('refuse %s', (_, build, message) => {
    expect(build).toThrow(message);
  });
  it('of ProcessFrame84: rows 18 to 101 of 110, halved for 42', () => {
    // Rows of the screen hold their number; row 18 of 110 lies over rows 34.4 to 36.3.
    const rows = (size: 84 | 42) =>
      new wrappers.ProcessFrame84(
        new FakeGame({ shape: [210, 160, 3], pixel: (_, index) => Math.floor(index / 480) }),
        size,
      ).reset().observation;
    const middle = (row: number, all: number) => Math.floor(((row + 0.5) * 210) / all - 0.5);
    expect([rows(84)[0], rows(84)[83 * 84]]).toEqual([middle(18, 110), middle(101, 110)]);
    expect([rows(42)[0], rows(42)[41 * 42]]).toEqual([middle(9, 55), middle(50, 55)]);
  });
});

describe('lapanPreprocessing', () => {
  const atari = (): Env<unknown, number> => new FakeGame({ shape: [210, 160, 3] }) as Env<unknown, number>;
  it.each<[unknown, RegExp]>([
    [{ edition: 'first' }, /^Unknown edition "first"\./],
    [{ edition: 3 }, /^edition: got 3, allowed is "second" or "third"\.$/],
    [{ noopsFrom: 'seed' }, /^Unknown noopsFrom "seed"\./],
    [{ episodicLife: 'no' }, /^episodicLife: got "no", allowed is true or false\.$/],
    [{ fireReset: 0 }, /^fireReset: got 0/],
    [{ clipReward: 'false' }, /^clipReward: got "false"/],
    [{ scaled: 1 }, /^scaled: got 1/],
    [{ frame_skip: 3 }, /^Unknown option "frame_skip"\. Did you mean "frameSkip"\?/],
    [{ noopMax: null }, /^noopMax: got null/],
    [{ noopMax: -1 }, /^noopMax: got -1/],
    [{ frameSkip: 0 }, /^skip: got 0/],
    [{ size: 300 }, /^width: got 300, allowed is 1 to 160\.$/],
    [null, /^options: got null, allowed is an object\.$/],
  ])('refuses %j', (options, message) => {
    expect(() => wrappers.lapanPreprocessing(atari(), options as never)).toThrow(message);
  });
  it('needs no FIRE where it is not to press it, and no skip where the game skips', () => {
    const game = new FakeGame({ shape: [210, 160, 3] });
    wrappers.lapanPreprocessing(game, { fireReset: false, episodicLife: false, noopMax: 1 }).reset({ seed: 5 });
    expect(game.log).toEqual(['reset 5', 0]);
    const skipping = Object.assign(new FakeGame({ shape: [210, 160, 3] }), { frameSkip: 4 });
    expect(wrappers.lapanPreprocessing(skipping, { frameSkip: 1 }).observationSpace.shape).toEqual([4, 84, 84]);
    expect(() => wrappers.lapanPreprocessing(skipping)).toThrow(
      'lapanPreprocessing skips 4 frames and the environment 4; give one of them 1.',
    );
  });
});
