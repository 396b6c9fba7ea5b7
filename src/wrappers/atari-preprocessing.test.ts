import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FakeConsole } from '../../test/support/fake-console.ts';
import { FakeGame } from '../../test/support/fake-game.ts';
import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { BellmanError, MismatchError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { make } from '../envs/index.ts';
import { AtariPreprocessing, type AtariPreprocessingOptions } from './atari-preprocessing.ts';

interface Run {
  readonly width: number;
  readonly colours: number;
  readonly length: number;
  readonly end: 'terminated' | 'truncated';
  readonly options: Readonly<Record<string, unknown>>;
  readonly space: string;
  /** The first row of the first picture. */
  readonly first: string;
  readonly sha256: string;
  /** Sum of the picture, [reward, terminated, truncated], info. */
  readonly told: readonly (readonly unknown[])[];
}
const fixture = new URL('../../test/oracle/fixtures/atari-preprocessing.json', import.meta.url);
const { runs } = JSON.parse(readFileSync(fixture, 'utf8')) as { runs: Run[] };

/** The console of test/oracle/preprocessing.py. */
class Console extends FakeConsole {
  generator: Generator | undefined = undefined;
  private readonly end: Run['end'];

  constructor({ width, colours, length, end }: Pick<Run, 'width' | 'colours' | 'length' | 'end'>) {
    super({
      height: 42,
      width,
      palette: Uint8Array.from({ length: 3 * colours }, (_, i) => [37, 91, 151][i % 3] * Math.floor(i / 3)),
      colour: (frame, y, x) => {
        const moved = y % 4 === frame % 4 ? 5 * frame : 0;
        return (3 * x + 5 * y + Math.floor((x * y) / 7) + moved) % colours;
      },
      lives: (frame) => 3 - Math.floor(frame / 6),
      length,
    });
    this.end = end;
  }

  override reset(options?: ResetOptions): ResetResult<Uint8Array> {
    if (options?.seed !== undefined) this.generator = new Generator(options.seed);
    return { ...super.reset(options), info: { frame: 0, reset: true } };
  }

  override step(action: number): StepResult<Uint8Array> {
    const { observation, terminated: over } = super.step(action);
    const { frame } = this;
    const reward = action + frame / 4;
    return {
      observation,
      reward,
      terminated: over && this.end === 'terminated',
      truncated: over && this.end === 'truncated',
      info: { frame },
    };
  }
}

const camel = (name: string): string => name.replace(/_./g, (pair) => pair[1].toUpperCase());
const optionsOf = ({ options }: Run): AtariPreprocessingOptions =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [camel(name), value]));
const sumOf = (picture: Uint8Array | Float32Array): number =>
  Array.from(picture).reduce((sum, value) => sum + value, 0);
const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

describe('AtariPreprocessing', () => {
  it.each(runs)('is Gymnasium, to the bit: $width wide, $colours colours, $end after $length, $options', (run) => {
    const env = new AtariPreprocessing(new Console(run), optionsOf(run));
    expect(String(env.observationSpace)).toBe(run.space);
    const pictures = createHash('sha256');
    const told: unknown[][] = [];
    const note = (observation: Uint8Array | Float32Array, ...rest: unknown[]): void => {
      pictures.update(bytesOf(observation));
      told.push([sumOf(observation), ...rest]);
    };
    const { observation, info } = env.reset({ seed: 11 });
    const first = Buffer.from(run.first, 'base64');
    expect(Buffer.compare(bytesOf(observation).subarray(0, first.length), first)).toBe(0);
    note(observation, info);
    for (let t = 0; t < 24; t++) {
      const { observation, reward, terminated, truncated, info } = env.step((t * 7) % 4);
      note(observation, reward, terminated, truncated, info);
      if (!terminated && !truncated) continue;
      const again = env.reset();
      note(again.observation, again.info);
    }
    expect(told).toEqual(run.told);
    expect(pictures.digest('hex')).toBe(run.sha256);
  });

  it.each(runs.filter((_, i) => i % 3 === 0))('goes on from a saved state: $width wide, $options', (run) => {
    const build = () => new AtariPreprocessing(new Console(run), { ...optionsOf(run), terminalOnLifeLoss: true });
    const [a, b] = [build(), build()];
    a.reset({ seed: 3 });
    b.reset({ seed: 4 });
    let shown = a.step(1).observation;
    for (let t = 0; t < 4; t++) {
      b.step(3);
      b.restoreState(structuredClone(a.saveState()));
      const [x, y] = [a.step(2), b.step(2)];
      expect([sumOf(y.observation), y.reward, y.terminated]).toEqual([sumOf(x.observation), x.reward, x.terminated]);
      expect(Buffer.compare(bytesOf(y.observation), bytesOf(x.observation))).toBe(0);
      shown = x.observation;
      if (x.terminated || x.truncated) a.reset();
    }
    expect(shown).toBe(a.step(0).observation);
  });

  /** A palette of 8 grays, black to white; each frame is of one. */
  const plain = (options: Partial<ConstructorParameters<typeof FakeConsole>[0]> = {}) =>
    new FakeConsole({
      height: 8,
      width: 6,
      palette: Uint8Array.from({ length: 24 }, (_, i) => 32 * Math.floor(i / 3)),
      colour: (frame) => (frame * 3) % 8,
      ...options,
    });

  it('plays as many no-ops as the options say, drawn from a generator of its own where the game lends none', () => {
    const drawn = (seed: number): number[] => {
      const game = plain();
      const env = new AtariPreprocessing(game, { screenSize: 4, noopMax: 5 });
      return Array.from({ length: 60 }, (_, i) => {
        env.reset(i === 0 ? { seed } : undefined);
        return game.frame;
      });
    };
    expect([...new Set(drawn(1))].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(2)).not.toEqual(drawn(1));
    const game = plain();
    new AtariPreprocessing(game, { screenSize: 4, noopMax: 0 }).reset({ seed: 9 });
    expect(game.log).toEqual(['reset 9']);
    new AtariPreprocessing(game, { screenSize: 4, noopMax: 1 }).reset({ seed: 9 });
    expect(game.log).toEqual(['reset 9', 'reset 9', 0]);
  });

  it('has its draws and the lives in a saved state', () => {
    const build = () =>
      new AtariPreprocessing(plain({ lives: (frame) => (frame < 6 ? 2 : 1) }), {
        screenSize: 4,
        terminalOnLifeLoss: true,
      });
    const [a, b] = [build(), build()];
    a.reset({ seed: 1 });
    b.restoreState(a.saveState());
    const starts = (env: typeof a) => Array.from({ length: 9 }, () => [...env.reset().observation]);
    expect(starts(b)).toEqual(starts(a));
    const c = new AtariPreprocessing(plain({ lives: (frame) => (frame < 6 ? 2 : 1) }), {
      screenSize: 4,
      noopMax: 0,
      terminalOnLifeLoss: true,
    });
    c.reset();
    expect([c.step(0).terminated, c.step(0).terminated, c.step(0).terminated]).toEqual([false, true, false]);
    for (const own of [{}, null, { lives: 'x', picture: [], generator: null }]) {
      const { env } = a.saveState() as { env: never };
      expect(() => a.restoreState({ own, env })).toThrow(MismatchError);
    }
  });

  it('shows 84x84 gray bytes unless told otherwise, and a frame rate divided by the skip', () => {
    const large = plain({ height: 100, width: 90 });
    expect(String(new AtariPreprocessing(large).observationSpace)).toBe('Box(0, 255, (84, 84), uint8)');
    expect(new AtariPreprocessing(large).metadata).toEqual({ renderModes: ['rgb_array'], renderFps: 15 });
    expect(new AtariPreprocessing(large, { frameSkip: 3 }).metadata.renderFps).toBe(20);
    // The game may skip frames where the wrapper does not.
    const skipping = plain({ frameSkip: [2, 5] });
    expect(new AtariPreprocessing(skipping, { frameSkip: 1, screenSize: 4 }).metadata.renderFps).toBe(60);
    expect(new AtariPreprocessing(plain({ frameSkip: 1 }), { screenSize: [6, 8] }).observationSpace.shape).toEqual([
      8, 6,
    ]);
  });

  it.each<[string, () => Env<unknown, number>, AtariPreprocessingOptions, RegExp]>([
    ['noopMax -1', plain, { noopMax: -1 }, /^noopMax: got -1, allowed is 0 or more\.$/],
    ['noopMax 1.5', plain, { noopMax: 1.5 }, /^noopMax: got 1\.5/],
    ['frameSkip 0', plain, { frameSkip: 0 }, /^frameSkip: got 0, allowed is a positive integer\.$/],
    ['frameSkip 2.5', plain, { frameSkip: 2.5 }, /^frameSkip: got 2\.5/],
    ['a game without NOOP', () => plain({ actions: ['UP', 'NOOP'] }), {}, /NOOP as action 0, got \[UP, NOOP\]/],
    ['a game that skips', () => plain({ frameSkip: [2, 5] }), {}, /skips 4 frames and the environment \[2,5\]/],
    ['no screen', () => new FakeGame(), {}, /needs a console's screen, got Box\(0, 255, \(4, 4, 3\), uint8\)/],
    ['no game', () => make('FrozenLake-v1') as never, {}, /needs an Atari environment .*, got FrozenLake-v1/],
    ['a larger picture', plain, { screenSize: 7 }, /^screenSize: got 7, allowed is /],
    ['no picture', plain, { screenSize: 0 }, /^screenSize: got 0, allowed is /],
    ['half a pixel', plain, { screenSize: [2.5, 4] }, /^screenSize: got \[2\.5,4\], allowed is /],
    ['three sides', plain, { screenSize: [2, 2, 2] as never }, /^screenSize: got \[2,2,2\], allowed is /],
    ['no size', plain, { screenSize: null as never }, /^screenSize: got null, allowed is /],
    ['a truth that is none', plain, { scaleObs: 'no' as never }, /^scaleObs: got "no", allowed is true or false/],
    ["Gymnasium's name", plain, { noop_max: 3 } as never, /^Unknown option "noop_max"\. Did you mean "noopMax"\?/],
    ['no options', plain, null as never, /^options: got null, allowed is an object/],
    ['a text', plain, { screenSize: '4' as never }, /^screenSize: got "4", allowed is /],
  ])('refuses %s with one line', (_, build, options, message) => {
    const attempt = () => new AtariPreprocessing(build(), options);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(BellmanError);
    expect(attempt).not.toThrow(/\n/);
  });

  it('needs no NOOP where it plays none', () => {
    const env = new AtariPreprocessing(plain({ actions: ['UP'] }), { noopMax: 0, screenSize: 4 });
    expect(env.reset().observation).toHaveLength(16);
  });
});
