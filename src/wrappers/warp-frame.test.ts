import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FakeGame, noise } from '../../test/support/fake-game.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { PongEnv } from '../envs/pong/index.ts';
import { ProcessFrame84 } from './process-frame-84.ts';
import { opencvGray, WarpFrame } from './warp-frame.ts';

interface Case {
  readonly height: number;
  readonly width: number;
  readonly seed: number;
  readonly outWidth: number;
  readonly outHeight: number;
  readonly warp: string;
  readonly process84?: string;
}
const fixture = new URL('../../test/oracle/fixtures/opencv-resize.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Case[] };

function gameShowing(height: number, width: number, seed: number): FakeGame {
  const picture = noise(height * width * 3, seed);
  return new FakeGame({ shape: [height, width, 3], pixel: (_, index) => picture[index] });
}

describe('WarpFrame', () => {
  it.each(cases)('is OpenCV, bit for bit: $width x $height to $outWidth x $outHeight', (c) => {
    const env = new WarpFrame(gameShowing(c.height, c.width, c.seed), c.outWidth, c.outHeight);
    expect(env.observationSpace.shape).toEqual([c.outHeight, c.outWidth, 1]);
    expect(Buffer.compare(env.reset().observation, Buffer.from(c.warp, 'base64'))).toBe(0);
  });

  it('takes pictures that are gray already', () => {
    const gray = (index: number): number => (index * 7) & 255;
    const single = new WarpFrame(new FakeGame({ shape: [20, 10], pixel: (_, index) => gray(index) }), 5, 8);
    const rgb = new WarpFrame(
      new FakeGame({ shape: [20, 10, 3], pixel: (_, index) => gray(Math.floor(index / 3)) }),
      5,
      8,
    );
    expect(single.reset().observation).toEqual(rgb.reset().observation);
  });

  it.each([
    [new FakeGame({ shape: [12] }), MismatchError],
    [new FakeGame({ shape: [84, 84, 4] }), MismatchError],
    [new FakeGame({ shape: [50, 50, 3] }), OptionError],
  ])('refuses what is no picture or too small', (env, error) => {
    expect(() => new WarpFrame(env)).toThrow(error);
  });
});

describe('opencvGray', () => {
  // Values of cv2.cvtColor(..., COLOR_RGB2GRAY).
  it.each([
    [144, 72, 17, 87],
    [92, 186, 92, 147],
    [213, 130, 74, 148],
    [144, 186, 92, 163],
    [236, 236, 236, 236],
  ])('of %i, %i, %i is %i', (red, green, blue, gray) => {
    expect(opencvGray(red, green, blue)).toBe(gray);
  });
});

describe('ProcessFrame84', () => {
  it.each(cases.filter((c) => c.process84 !== undefined))('is NumPy and OpenCV, bit for bit: $width x $height', (c) => {
    const env = new ProcessFrame84(gameShowing(c.height, c.width, c.seed));
    expect(env.observationSpace.shape).toEqual([84, 84, 1]);
    expect(Buffer.compare(env.reset().observation, Buffer.from(c.process84 as string, 'base64'))).toBe(0);
  });

  it('cuts the scores off and keeps the field of Pong', () => {
    const env = new ProcessFrame84(new PongEnv());
    env.reset({ seed: 0 });
    let observation = env.step(0).observation;
    for (let t = 0; t < 100; t++) observation = env.step(0).observation;
    // Row 0 is screen row 34.4, just below the upper wall; the lower wall begins at screen row 194, in the last row.
    expect(new Set(observation.subarray(0, 84))).toEqual(new Set([87]));
    expect(observation[83 * 84]).toBeGreaterThan(87);
  });

  it.each([[[84, 84, 3]], [[210, 160]], [[214, 160, 3]]])('refuses pictures of shape %o', (shape) => {
    expect(() => new ProcessFrame84(new FakeGame({ shape }))).toThrow(MismatchError);
  });
});
