import { describe, expect, it } from 'vitest';
import { FakeGame } from '../../test/support/fake-game.ts';
import type { ResetResult, StepResult } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { Wrapper } from '../core/wrapper.ts';
import { PongEnv } from '../envs/pong/index.ts';
import { MaxAndSkip } from './max-and-skip.ts';
import type { PaletteScreen } from './palette-screen.ts';
import { opencvGray } from './warp-frame.ts';

/** A game of 16 colours whose numbers lie at an odd place in memory, and which counts what it paints. */
class ColourGame extends FakeGame implements PaletteScreen {
  readonly palette = Uint8Array.from({ length: 3 * 16 }, (_, i) => (i * 89) & 255);
  private readonly indices = new Uint8Array(17).subarray(1);
  private wanted = true;
  painted = 0;

  get screenObservation(): Uint8Array {
    return this.picture;
  }

  screenIndices(): Uint8Array {
    return this.indices;
  }

  setObservationWanted(wanted: boolean): void {
    this.wanted = wanted;
  }

  protected override paint(): Uint8Array {
    for (let i = 0; i < 16; i++) this.indices[i] = (7 * this.frame + 5 * i) & 15;
    if (this.wanted) {
      this.painted++;
      for (let i = 0; i < 48; i++) this.picture[i] = this.palette[3 * this.indices[Math.floor(i / 3)] + (i % 3)];
    }
    return this.picture;
  }
}

/** Hands out a picture of its own from a frame on, as a wrapper does that draws over it. */
class Covered extends Wrapper<Uint8Array, number> {
  private readonly own = new Uint8Array(48).fill(3);
  covers = false;

  private cover<T extends { observation: Uint8Array }>(result: T): T {
    if (this.covers) result.observation = this.own;
    return result;
  }

  override reset(): ResetResult<Uint8Array> {
    return this.cover(this.env.reset());
  }

  override step(action: number): StepResult<Uint8Array> {
    return this.cover(this.env.step(action));
  }
}

describe('MaxAndSkip', () => {
  it('repeats the action, sums rewards and shows the brighter of frames 3 and 4', () => {
    const game = new FakeGame({
      // Odd frames shine at even places, even frames at odd ones.
      pixel: (frame, index) => ((frame + index) % 2 === 1 ? 10 * frame : frame),
      reward: (frame) => frame,
    });
    const env = new MaxAndSkip(game);
    env.reset();
    const { observation, reward } = env.step(2);
    expect(game.log).toEqual(['reset', 2, 2, 2, 2]);
    expect(reward).toBe(1 + 2 + 3 + 4);
    expect([...observation.subarray(0, 4)]).toEqual([30, 40, 30, 40]);
    expect(env.step(1).reward).toBe(5 + 6 + 7 + 8);
  });

  it.each([1, 2, 3, 4])('stops when the game ends on frame %i and shows that frame', (length) => {
    const env = new MaxAndSkip(new FakeGame({ length, reward: () => 1, pixel: (frame) => 100 - frame }));
    env.reset();
    const { observation, reward, terminated } = env.step(0);
    expect([reward, terminated]).toEqual([length, true]);
    // On the fourth frame the third, brighter one counts too.
    expect(observation[0]).toBe(length === 4 ? 97 : 100 - length);
  });

  it('shows the frame of a reset as it is', () => {
    const env = new MaxAndSkip(new FakeGame({ pixel: (frame) => 200 - frame }));
    env.reset();
    env.step(0);
    expect(env.reset().observation[0]).toBe(200);
  });

  it('as palette numbers says the same as in RGB', () => {
    const env = new MaxAndSkip(new PongEnv());
    const generator = new Generator(4);
    const check = (observation: Uint8Array): void => {
      const numbers = env.screenIndices() as Uint8Array;
      const palette = env.palette as Uint8Array;
      for (let i = 0; i < numbers.length; i++) {
        for (let c = 0; c < 3; c++) {
          if (palette[3 * numbers[i] + c] !== observation[3 * i + c]) expect.fail(`pixel ${i}, channel ${c}`);
        }
      }
    };
    check(env.reset({ seed: 1 }).observation);
    for (let t = 0; t < 60; t++) check(env.step(generator.integers(6)).observation);
    // A moving green paddle over brown is neither of the two: the maximum is taken before the gray.
    expect(env.palette?.length).toBe(3 * 16 * 5);
    expect(opencvGray(144, 186, 92)).not.toBe(opencvGray(92, 186, 92));
  });

  it('makes pairs of 16 colours wherever their numbers lie in memory', () => {
    const env = new MaxAndSkip(new ColourGame(), 2);
    env.reset();
    const { observation } = env.step(0);
    const palette = env.palette as Uint8Array;
    const numbers = env.screenIndices() as Uint8Array;
    expect(numbers).toHaveLength(16);
    expect([...numbers].flatMap((number) => [...palette.subarray(3 * number, 3 * number + 3)])).toEqual([
      ...observation,
    ]);
  });

  it('knows no palette numbers of a picture that a wrapper below has replaced', () => {
    const covered = new Covered(new ColourGame());
    const env = new MaxAndSkip(covered, 2);
    env.reset();
    expect(env.screenIndices()).toBeDefined();
    covered.covers = true;
    expect([...env.reset().observation]).toEqual(Array(48).fill(3));
    expect(env.screenIndices()).toBeUndefined();
    expect([...env.step(0).observation]).toEqual(Array(48).fill(3));
    expect(env.screenIndices()).toBeUndefined();
    covered.covers = false;
    env.step(0);
    expect(env.screenIndices()).toBeDefined();
  });

  it('has nothing painted that nobody wants', () => {
    const game = new ColourGame();
    const env = new MaxAndSkip(game);
    env.reset();
    const before = [...env.step(0).observation];
    env.setObservationWanted(false);
    const { painted } = game;
    const { observation } = env.step(0);
    expect(game.painted).toBe(painted);
    expect([...observation]).toEqual(before);
    expect(env.screenIndices()).toBeDefined();
  });

  it('refuses a skip of 0 and observations that are no pictures', () => {
    expect(() => new MaxAndSkip(new FakeGame(), 0)).toThrow(OptionError);
    expect(() => new MaxAndSkip(new FakeGame({ shape: [7] }))).toThrow(MismatchError);
  });
});
