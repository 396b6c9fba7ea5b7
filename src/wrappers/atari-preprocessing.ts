import type { Env, EnvMetadata, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { booleanOption, checkOptionNames, type OptionNames } from '../core/options.ts';
import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { restoreGenerator, saveGenerator } from '../core/seeding.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Box } from '../spaces/box.ts';
import { type AtariLike, actionNamed, atariSide } from './atari-like.ts';
import { FramePool } from './frame-pool.ts';
import { findPaletteScreen, type PaletteScreen } from './palette-screen.ts';
import { wrapperGenerator } from './wrapper-generator.ts';

/** Gymnasium's arguments. */
export interface AtariPreprocessingOptions {
  /** Most no-ops at an episode's start, drawn from 1 up; 0 for none. Default 30. */
  readonly noopMax?: number | undefined;
  /** Frames a step. Default 4. */
  readonly frameSkip?: number | undefined;
  /** Side of the picture, or [width, height]. Default 84. */
  readonly screenSize?: number | readonly [width: number, height: number] | undefined;
  /** Whether losing a life ends an episode. Default false. */
  readonly terminalOnLifeLoss?: boolean | undefined;
  /** Default true. */
  readonly grayscaleObs?: boolean | undefined;
  /** Whether gray pictures have a third axis of length 1. Default false. */
  readonly grayscaleNewaxis?: boolean | undefined;
  /** Whether observations are float32 from 0 to 1. Default false. */
  readonly scaleObs?: boolean | undefined;
}

const OPTIONS: OptionNames<AtariPreprocessingOptions> = {
  noopMax: true,
  frameSkip: true,
  screenSize: true,
  terminalOnLifeLoss: true,
  grayscaleObs: true,
  grayscaleNewaxis: true,
  scaleObs: true,
};

/**
 * Gymnasium's `AtariPreprocessing` (after Machado et al. 2018): no-op starts, frame skip with the brighter of the last two
 * frames, gray, area resize. A step that ends an episode shows the picture of the step before, as Gymnasium does.
 * Lapan's wrappers are `lapanPreprocessing`.
 *
 * No-ops are drawn from the environment's own generator, so that a seed gives Gymnasium's episode.
 *
 * Observations are [84, 84] (with channels last where there are any), views of this wrapper's memory.
 */
export class AtariPreprocessing extends Wrapper<Uint8Array | Float32Array, number, unknown> {
  readonly #space: Box<'uint8' | 'float32'>;
  private readonly game: AtariLike;
  private readonly source: PaletteScreen;
  private readonly pool: FramePool;
  private readonly noopMax: number;
  private readonly frameSkip: number;
  private readonly terminalOnLifeLoss: boolean;
  private readonly picture: Uint8Array;
  private readonly scaled: Float32Array | undefined;
  /** For environments that do not lend theirs. */
  private generator: Generator | undefined;
  private livesBefore = 0;

  /** @throws MismatchError when the environment is no Atari game, skips frames itself, or has another first action than
   *   NOOP; OptionError for a value out of range, UnknownNameError for an option that there is not. */
  constructor(env: Env<unknown, number>, options: AtariPreprocessingOptions = {}) {
    super(env);
    checkOptionNames(options, OPTIONS);
    const { noopMax = 30, frameSkip = 4, screenSize = 84 } = options;
    const grayscaleObs = booleanOption('grayscaleObs', options.grayscaleObs, true);
    const grayscaleNewaxis = booleanOption('grayscaleNewaxis', options.grayscaleNewaxis, false);
    const scaleObs = booleanOption('scaleObs', options.scaleObs, false);
    this.game = atariSide(env, 'AtariPreprocessing');
    if (!(Number.isSafeInteger(noopMax) && noopMax >= 0)) throw new OptionError('noopMax', noopMax, '0 or more');
    if (!(Number.isSafeInteger(frameSkip) && frameSkip >= 1)) {
      throw new OptionError('frameSkip', frameSkip, 'a positive integer');
    }
    if (noopMax > 0) actionNamed(env, 'NOOP', 0, 'AtariPreprocessing with noopMax');
    const own = this.game.frameSkip ?? 1;
    if (frameSkip > 1 && own !== 1) {
      throw new MismatchError(
        `AtariPreprocessing skips ${frameSkip} frames and the environment ${JSON.stringify(own)}; make it with frameskip 1.`,
      );
    }
    const source = findPaletteScreen(env.unwrapped);
    const pixels = this.game.screenShape;
    if (source?.palette === undefined || pixels === undefined) {
      throw new MismatchError(`AtariPreprocessing needs a console's screen, got ${env.observationSpace}.`);
    }
    this.source = source;
    this.noopMax = noopMax;
    this.frameSkip = frameSkip;
    this.terminalOnLifeLoss = booleanOption('terminalOnLifeLoss', options.terminalOnLifeLoss, false);
    const [width, height] = sidesOf(screenSize, pixels);
    this.pool = new FramePool(source.palette, pixels, [height, width], grayscaleObs ? 1 : 3);
    const shape = grayscaleObs && !grayscaleNewaxis ? [height, width] : [height, width, grayscaleObs ? 1 : 3];
    this.#space = new Box<'uint8' | 'float32'>(0, scaleObs ? 1 : 255, shape, scaleObs ? 'float32' : 'uint8');
    this.picture = new Uint8Array(this.#space.size);
    this.scaled = scaleObs ? new Float32Array(this.#space.size) : undefined;
  }

  override get observationSpace(): Space<Uint8Array | Float32Array> {
    return this.#space as Space as Space<Uint8Array | Float32Array>;
  }

  /** A step is `frameSkip` frames: there are fewer pictures a second to watch. */
  override get metadata(): EnvMetadata {
    const { metadata } = this.env;
    return { ...metadata, renderFps: metadata.renderFps / this.frameSkip };
  }

  override reset(options?: ResetOptions): ResetResult<Uint8Array | Float32Array> {
    this.source.setObservationWanted(false);
    let { info } = this.env.reset(options);
    if (this.noopMax > 0) {
      if (this.game.generator === undefined) this.generator = wrapperGenerator(this.generator, options);
      const generator = (this.game.generator ?? this.generator) as Generator;
      for (let left = generator.integers(1, this.noopMax + 1); left > 0; left--) {
        const step = this.env.step(0);
        info = { ...info, ...step.info };
        if (step.terminated || step.truncated) info = this.env.reset(options).info;
      }
    }
    this.livesBefore = this.game.lives();
    this.pool.single(this.frame(), this.picture);
    return { observation: this.observe(), info };
  }

  override step(action: number): StepResult<Uint8Array | Float32Array> {
    const { env, frameSkip, pool, picture } = this;
    let reward = 0;
    for (let t = 0; ; t++) {
      const result = env.step(action);
      reward += result.reward;
      if (this.terminalOnLifeLoss) {
        const lives = this.game.lives();
        result.terminated ||= lives < this.livesBefore;
        this.livesBefore = lives;
      }
      const over = result.terminated || result.truncated;
      if (over) pool.endEarly(picture);
      else if (t === frameSkip - 1) pool.pair(this.frame(), picture);
      else {
        if (t === frameSkip - 2) pool.storeFirst(this.frame());
        continue;
      }
      return { ...result, observation: this.observe(), reward };
    }
  }

  private frame(): Uint8Array | Uint16Array {
    return this.source.screenIndices() as Uint8Array | Uint16Array;
  }

  private observe(): Uint8Array | Float32Array {
    const picture = this.picture;
    const scaled = this.scaled;
    if (scaled === undefined) return picture;
    for (let i = 0; i < scaled.length; i++) scaled[i] = picture[i] / 255;
    return scaled;
  }

  protected override saveOwnState(): Snapshot {
    return {
      lives: this.livesBefore,
      picture: this.pool.save(),
      generator: saveGenerator(this.generator),
    };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'preprocessing');
    this.livesBefore = saved.finite('lives');
    this.generator = restoreGenerator(saved.part('generator'));
    this.pool.restore(saved.part('picture'), this.picture);
    this.observe();
  }
}

/** @throws OptionError unless it is a side or two, neither longer than the screen's. */
function sidesOf(
  screenSize: unknown,
  [screenHeight, screenWidth]: readonly [height: number, width: number],
): readonly [width: number, height: number] {
  const sides: readonly unknown[] = Array.isArray(screenSize) ? screenSize : [screenSize, screenSize];
  const fits = (side: unknown, most: number): boolean =>
    Number.isSafeInteger(side) && (side as number) >= 1 && (side as number) <= most;
  if (sides.length !== 2 || !fits(sides[0], screenWidth) || !fits(sides[1], screenHeight)) {
    const allowed = `a side or [width, height], whole numbers from 1 to ${screenWidth} and ${screenHeight}`;
    throw new OptionError('screenSize', screenSize, allowed);
  }
  return sides as readonly [number, number];
}
