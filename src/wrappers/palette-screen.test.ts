/** The shortcut past RGB: what wrappers make of palette numbers is what they make of colours. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Copies } from '../../test/support/copies.ts';
import { FakeConsole, UNPAINTED } from '../../test/support/fake-console.ts';
import { FakeGame } from '../../test/support/fake-game.ts';
import type { Env } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { AreaResize } from './area-resize.ts';
import { MaxAndSkip } from './max-and-skip.ts';
import { findPaletteScreen, ScreenReader } from './palette-screen.ts';
import { float32Gray, ProcessFrame84 } from './process-frame-84.ts';
import { ScreenShrinker } from './screen-shrinker.ts';
import { PairShrink } from './shrink-kernel/pair-shrink.ts';
import { StickyAction } from './sticky-action.ts';
import { TransformObservation } from './transform-observation.ts';
import { opencvGray, WarpFrame } from './warp-frame.ts';

interface Sizes {
  readonly height: number;
  readonly width: number;
  readonly colours: number;
}

const paletteOf = (colours: number): Uint8Array =>
  Uint8Array.from({ length: 3 * colours }, (_, i) => [89, 151, 37][i % 3] * Math.floor(i / 3));
/** In each frame one row of three changes. */
const colourOf = (colours: number) => (frame: number, y: number, x: number) =>
  (5 * x + 3 * y + x * y + (y % 3 === frame % 3 ? 7 * frame : 0)) % colours;
const consoleOf = ({ height, width, colours }: Sizes, length?: number) =>
  new FakeConsole({ height, width, palette: paletteOf(colours), colour: colourOf(colours), length: length as number });
/** The brighter of some frames, channel by channel: [height, width, 3]. */
function brightest({ height, width, colours }: Sizes, ...frames: number[]): Uint8Array {
  const palette = paletteOf(colours);
  return Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const numbers = frames.map((frame) => colourOf(colours)(frame, Math.floor(pixel / width), pixel % width));
    return Math.max(...numbers.map((number) => palette[3 * number + (i % 3)]));
  });
}
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const small: Sizes = { height: 4, width: 6, colours: 5 };

describe('findPaletteScreen', () => {
  it('is the outermost object that offers one', () => {
    const console = consoleOf(small);
    expect(findPaletteScreen(console)).toBe(console);
    expect(findPaletteScreen(new StickyAction(console, 0))).toBe(console);
    const skip = new MaxAndSkip(console);
    expect(findPaletteScreen(new StickyAction(skip, 0))).toBe(skip);
    expect(findPaletteScreen(new FakeGame())).toBeUndefined();
    expect(findPaletteScreen(new StickyAction(new FakeGame(), 0))).toBeUndefined();
    expect(findPaletteScreen({ palette: new Uint8Array(3) })).toBeUndefined();
    expect(findPaletteScreen({ palette: [], screenIndices: () => undefined })).toBeUndefined();
  });
});

describe('ScreenReader', () => {
  it('reads numbers of the array that the source owns, and has it painted only until then', () => {
    const console = consoleOf(small);
    const reader = new ScreenReader(console);
    expect(reader.palette).toBe(console.palette);
    const { observation } = console.reset();
    expect(reader.read(observation.slice())).toBeUndefined();
    expect(console.wanted).toBe(true);
    expect(reader.read(observation)).toBe(console.screenIndices());
    expect(console.wanted).toBe(false);
    expect(() => reader.read(observation.slice())).toThrow(MismatchError);
    reader.forget();
    expect(console.wanted).toBe(true);
    expect(reader.read(observation.slice())).toBeUndefined();
    expect(reader.readPair(observation)).toBeUndefined();
    expect(console.wanted).toBe(true);
  });

  it('tells a source to stop once', () => {
    const told: boolean[] = [];
    const console = Object.assign(consoleOf(small), { setObservationWanted: (wanted: boolean) => told.push(wanted) });
    const reader = new ScreenReader(console);
    const { observation } = console.reset();
    for (let i = 0; i < 3; i++) reader.read(observation);
    expect(told).toEqual([false]);
    reader.forget();
    reader.read(observation);
    expect(told).toEqual([false, true, false]);
  });

  it('reads pairs of the array that the source owns', () => {
    const skip = new MaxAndSkip(consoleOf({ ...small, colours: 256 }), 2);
    const reader = new ScreenReader(skip);
    const { observation } = skip.reset();
    expect(reader.readPair(observation.slice())).toBeUndefined();
    expect(reader.readPair(observation)).toEqual(skip.screenPair());
    skip.step(0);
    expect(observation.every((byte, i) => byte === brightest({ ...small, colours: 256 }, 0)[i])).toBe(true);
  });

  it('has nothing to say of an environment without a screen', () => {
    const reader = new ScreenReader(new FakeGame());
    expect([reader.palette, reader.read(new Uint8Array(3)), reader.readPair(new Uint8Array(3))]).toEqual([
      new Uint8Array(0),
      undefined,
      undefined,
    ]);
    reader.forget();
    expect(reader.read(new Uint8Array(3))).toBeUndefined();
  });
});

describe('MaxAndSkip', () => {
  const shownBy = (env: MaxAndSkip): Uint8Array => {
    const numbers = env.screenIndices() as Uint8Array;
    const palette = env.palette as Uint8Array;
    return Uint8Array.from({ length: 3 * numbers.length }, (_, i) => palette[3 * numbers[Math.floor(i / 3)] + (i % 3)]);
  };

  // Four numbers at a time, one at a time since the pixels are no multiple of four, and of more than 16 colours.
  it.each([
    small,
    { height: 3, width: 5, colours: 16 },
    { height: 4, width: 6, colours: 17 },
    { height: 4, width: 6, colours: 256 },
  ])('has numbers for the brighter of two frames: %o', (sizes) => {
    const env = new MaxAndSkip(consoleOf(sizes, 7), 3);
    const check = (observation: Uint8Array, ...frames: number[]) => {
      expect(observation).toEqual(brightest(sizes, ...frames));
      expect(shownBy(env)).toEqual(brightest(sizes, ...frames));
    };
    check(env.reset().observation, 0);
    check(env.step(0).observation, 2, 3);
    check(env.step(0).observation, 5, 6);
    // Over on the first of its frames.
    check(env.step(0).observation, 7);
    check(env.reset().observation, 0);
    check(env.step(0).observation, 2, 3);
    expect(env.screenIndices()).toBe(env.screenIndices());
  });

  it('shows a single frame where it skips none, and where a step ends on its last frame but one', () => {
    const env = new MaxAndSkip(consoleOf(small, 5), 1);
    env.reset();
    env.step(0);
    expect([env.step(0).observation, shownBy(env)]).toEqual([brightest(small, 2), brightest(small, 2)]);
    const three = new MaxAndSkip(consoleOf(small, 5), 3);
    three.reset();
    three.step(0);
    expect([three.step(0).observation, shownBy(three)]).toEqual([brightest(small, 5), brightest(small, 5)]);
  });

  it('has pairs of numbers where there are 256 colours', () => {
    const sizes = { ...small, colours: 256 };
    const console = consoleOf(sizes, 6);
    const env = new MaxAndSkip(console, 4);
    expect(env.screenPair()).toBeUndefined();
    const pairs = (): number[][] => {
      const { first, second } = env.screenPair() as { first: Uint8Array; second: Uint8Array };
      return [[...first], [...second]];
    };
    const numbers = (frame: number) =>
      Array.from({ length: 24 }, (_, i) => colourOf(256)(frame, Math.floor(i / 6), i % 6));
    env.reset();
    expect(pairs()).toEqual([numbers(0), numbers(0)]);
    env.step(0);
    expect(pairs()).toEqual([numbers(3), numbers(4)]);
    env.step(0);
    expect(pairs()).toEqual([numbers(6), numbers(6)]);
    const few = new MaxAndSkip(consoleOf(small));
    few.reset();
    expect(few.screenPair()).toBeUndefined();
  });

  it('has no numbers for more than 256 colours, none for copies, and none of a restored state', () => {
    expect(new MaxAndSkip(consoleOf({ ...small, colours: 257 })).palette).toBeUndefined();
    expect(new MaxAndSkip(new FakeGame()).palette).toBeUndefined();
    const hidden = new MaxAndSkip(new Copies(consoleOf({ ...small, colours: 256 })), 2);
    hidden.reset();
    hidden.step(0);
    expect([hidden.screenIndices(), hidden.screenPair()]).toEqual([undefined, undefined]);
    const env = new MaxAndSkip(consoleOf({ ...small, colours: 256 }), 2);
    env.reset();
    env.step(0);
    env.restoreState(env.saveState());
    expect([env.screenIndices(), env.screenPair()]).toEqual([undefined, undefined]);
    env.step(0);
    expect(shownBy(env)).toEqual(brightest({ ...small, colours: 256 }, 3, 4));
  });

  it('paints only what is wanted, and passes that on', () => {
    const console = consoleOf(small);
    const env = new MaxAndSkip(console, 2);
    const before = env.reset().observation.slice();
    env.setObservationWanted(false);
    expect(console.wanted).toBe(false);
    expect(env.step(0).observation).toEqual(before);
    expect(shownBy(env)).toEqual(brightest(small, 1, 2));
    expect(env.reset().observation).toEqual(before);
    env.setObservationWanted(true);
    expect(env.step(0).observation).toEqual(brightest(small, 1, 2));
    console.setObservationWanted(false);
    expect(new Set(console.step(0).observation)).toEqual(new Set([UNPAINTED]));
  });

  it('is four frames a step unless told otherwise, at a quarter of the frame rate', () => {
    const env = new MaxAndSkip(consoleOf(small));
    expect([env.skip, env.metadata.renderFps, env.metadata.renderModes]).toEqual([4, 15, ['rgb_array']]);
    for (const skip of [0, 1.5, -1, null, '4']) {
      expect(() => new MaxAndSkip(consoleOf(small), skip as number)).toThrow(OptionError);
    }
  });
});

describe('ScreenShrinker', () => {
  const sizes = (height: number, width: number, colours: number): Sizes => ({ height, width, colours });
  // By pairs in WebAssembly, by pairs that it does not take, by numbers, and by numbers of an odd width.
  const cases: readonly (readonly [string, Sizes, (env: Env<Uint8Array, number>) => Env<Uint8Array, number>])[] = [
    ['pairs', sizes(20, 32, 256), (env) => new MaxAndSkip(env, 2)],
    ['pairs of an odd width', sizes(20, 30, 256), (env) => new MaxAndSkip(env, 2)],
    ['merged numbers', sizes(20, 32, 12), (env) => new MaxAndSkip(env, 2)],
    ['numbers of 16 bits', sizes(20, 31, 40), (env) => new MaxAndSkip(env, 2)],
    ['numbers', sizes(20, 31, 12), (env) => env],
    ['numbers of whole words', sizes(20, 32, 300), (env) => env],
  ];

  it.each(cases)('shows by %s what colours show', (_, size, below) => {
    const fast = new WarpFrame(below(consoleOf(size, 21)), 9, 7);
    const slow = new WarpFrame(new Copies(below(consoleOf(size, 21))), 9, 7);
    /** From scratch. */
    const expected = (rgb: Uint8Array): Uint8Array => {
      const resize = new AreaResize(size.width, size.height, 9, 7);
      for (let y = 0; y < size.height; y++) {
        const gray = (x: number): number => {
          const at = 3 * (y * size.width + x);
          return opencvGray(rgb[at], rgb[at + 1], rgb[at + 2]);
        };
        resize.setRow(
          y,
          Float32Array.from({ length: size.width }, (_, x) => gray(x)),
        );
      }
      const out = new Uint8Array(63);
      resize.finish(out, 'nearest');
      return out;
    };
    const frames = (frame: number): number[] =>
      fast.env instanceof MaxAndSkip && frame > 0 && frame % 2 === 0 ? [frame - 1, frame] : [frame];
    const check = (frame: number, ...shown: Uint8Array[]) =>
      expect(shown.map((one) => same(one, expected(brightest(size, ...frames(frame)))))).toEqual([true, true]);
    const game = fast.unwrapped as unknown as FakeConsole;
    check(0, fast.reset().observation, slow.reset().observation);
    for (let t = 0; t < 5; t++) {
      const { observation } = fast.step(0);
      check(game.frame, observation, slow.step(0).observation);
      expect(game.wanted).toBe(false);
    }
    // Elsewhere, and back again.
    const saved = structuredClone(fast.saveState());
    for (let t = 0; t < 2; t++) fast.step(0);
    fast.restoreState(saved);
    expect(game.wanted).toBe(true);
    for (let t = 0; t < 3; t++) {
      const { observation } = fast.step(0);
      check(game.frame, observation, slow.step(0).observation);
    }
    check(0, fast.reset().observation, slow.reset().observation);
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('gives pairs that fit it to WebAssembly, and asks once whether they do', () => {
    const shrink = vi.spyOn(PairShrink.prototype, 'shrink');
    const fits = vi.spyOn(PairShrink, 'fits');
    for (const width of [32, 30]) {
      const env = new WarpFrame(new MaxAndSkip(consoleOf(sizes(20, width, 256)), 2), 9, 7);
      env.reset();
      const saved = structuredClone(env.saveState());
      for (let t = 0; t < 3; t++) env.step(0);
      expect([fits.mock.results.map(({ value }) => value), shrink.mock.calls.length]).toEqual(
        width === 32 ? [[true], 4] : [[false], 0],
      );
      // Whether the frames before are known.
      expect(shrink.mock.calls.map(([, , , known]) => known)).toEqual(width === 32 ? [false, true, true, true] : []);
      env.restoreState(saved);
      env.step(0);
      expect(shrink.mock.lastCall?.[3]).toBe(width === 32 ? false : undefined);
      for (const spy of [shrink, fits]) spy.mockClear();
    }
  });

  it.each([8, 7])('computes only rows that change, of pictures %i pixels wide that begin at any address', (width) => {
    const setRow = vi.spyOn(AreaResize.prototype, 'setRow');
    const rows = (work: () => void): unknown[] => {
      setRow.mockClear();
      work();
      return setRow.mock.calls.map(([y]) => y);
    };
    const shrinker = new ScreenShrinker(new FakeGame(), [3, width, 3], 1, 3, float32Gray, 'nearest');
    const out = new Uint8Array(3);
    const [picture, other] = [1, 4].map((at) => new Uint8Array(new ArrayBuffer(100), at, 9 * width));
    picture.fill(100, 3 * width);
    expect(rows(() => shrinker.shrink(picture, out))).toEqual([0, 1, 2]);
    expect([...out]).toEqual([0, 100, 100]);
    expect(rows(() => shrinker.shrink(picture, out))).toEqual([]);
    picture.fill(50, 3 * width, 6 * width);
    expect(rows(() => shrinker.shrink(picture, out))).toEqual([1]);
    expect([...out]).toEqual([0, 50, 100]);
    picture[3 * width - 1] = picture[6 * width] = 200;
    expect(rows(() => shrinker.shrink(picture, out))).toEqual([0, 2]);
    expect(rows(() => shrinker.shrink(other, out))).toEqual([0, 1, 2]);
    expect([...out]).toEqual([0, 0, 0]);
    expect(rows(() => shrinker.shrink(other, out))).toEqual([]);
    shrinker.forget();
    expect(rows(() => shrinker.shrink(other, out))).toEqual([0, 1, 2]);
  });

  it('sees what a function writes into the array of an observation', () => {
    const blacken = (observation: Uint8Array): Uint8Array => observation.fill(0, 0, 3 * 32 * 10);
    for (const below of [
      (env: Env<Uint8Array, number>) => env,
      (env: Env<Uint8Array, number>) => new MaxAndSkip(env, 2),
    ]) {
      const env = new WarpFrame(below(new TransformObservation(consoleOf(sizes(20, 32, 256)), blacken)), 8, 4);
      for (const { observation } of [env.reset(), env.step(0), env.step(0)]) {
        expect(observation.map(Math.sign).join('')).toBe('0'.repeat(16) + '1'.repeat(16));
      }
    }
  });

  it('crops, in single precision', () => {
    const size = sizes(210, 160, 256);
    const fast = new ProcessFrame84(new MaxAndSkip(consoleOf(size), 2), 42);
    const slow = new ProcessFrame84(new Copies(new MaxAndSkip(consoleOf(size), 2)), 42);
    for (let t = 0; t < 2; t++) {
      const [a, b] = [fast, slow].map((env) => (t === 0 ? env.reset() : env.step(0)).observation);
      expect(same(a, b)).toBe(true);
    }
    expect(float32Gray(255, 255, 255)).toBe(255);
    expect(float32Gray(10, 100, 200)).toBeCloseTo(2.99 + 58.7 + 22.8, 4);
  });
});
