import type { EnvMetadata, Info, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../core/env.ts';
import { notRunning } from '../core/episode-phase.ts';
import { ActionError, OptionError, UnavailableError } from '../core/errors.ts';
import {
  booleanOption,
  checkOptionNames,
  frameSkipOption,
  nameOption,
  type OptionNames,
  probabilityOption,
  renderModeOption,
} from '../core/options.ts';
import { Generator, SeedSequence } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { SeededEnv } from '../envs/seeded-env.ts';
import { Box } from '../spaces/box.ts';
import { Discrete } from '../spaces/discrete.ts';
import { ACTION_KEYS, ACTION_NAMES, type Action } from './actions.ts';
import { Ale } from './ale.ts';
import { cartridgeOf } from './cartridges.ts';
import { continuousAction } from './continuous-action.ts';
import { gameNamed } from './games/index.ts';

/** Options by ale-py's names. */
export interface AtariOptions {
  /** Game mode (the cartridge's variants); default the game's first. */
  readonly mode?: number | null | undefined;
  /** Difficulty switches, bit 0 left and bit 1 right; default 0. */
  readonly difficulty?: number | null | undefined;
  /** Observations: `rgb` [height, 160, 3], `grayscale` [height, 160], or `ram` [128]. Default `rgb`. */
  readonly obsType?: 'rgb' | 'grayscale' | 'ram' | undefined;
  /** Frames a step, or [low, high) to draw it for each step. */
  readonly frameskip?: number | readonly [low: number, high: number] | undefined;
  /** Sticky actions: probability of repeating the last action in a frame (Machado et al. 2018). */
  readonly repeatActionProbability?: number | undefined;
  /** All legal actions instead of those that do something in the game. Default false. */
  readonly fullActionSpace?: boolean | undefined;
  /** Actions are [radius, angle, fire] of a stick instead of numbers. Default false. */
  readonly continuous?: boolean | undefined;
  /** How far the stick must lean. Default 0.5. */
  readonly continuousActionThreshold?: number | undefined;
  /** Frames after which an episode is truncated; null for no limit. */
  readonly maxNumFramesPerEpisode?: number | null | undefined;
  /** There is no sound: only false, ale-py's default, is taken. */
  readonly soundObs?: false | undefined;
  readonly renderMode?: 'rgb_array' | null | undefined;
}

/** What a bare environment needs in addition. */
export interface AtariGameOptions extends AtariOptions {
  /** ALE's name of the game: `space_invaders`. */
  readonly game: string;
  /** Bytes of the cartridge; without them the one that was imported. */
  readonly cartridge?: Uint8Array | undefined;
}

const OPTIONS: OptionNames<AtariGameOptions> = {
  ...{ mode: true, difficulty: true, obsType: true, frameskip: true },
  ...{ repeatActionProbability: true, fullActionSpace: true, continuous: true, continuousActionThreshold: true },
  ...{ maxNumFramesPerEpisode: true, soundObs: true, renderMode: true, game: true },
  ...{ cartridge: true },
};

const FRAMES_PER_SECOND = { NTSC: 60, PAL: 50 } as const;

/**
 * A game of the Atari 2600 on its cartridge, with the same episodes for a seed as ale-py 0.12.1's `AtariEnv`.
 *
 * Actions: Discrete, the game's minimal set or all legal ones, by ascending code; `getActionMeanings` names them. With
 * `continuous`: Box of radius 0 to 1, angle, fire.
 *
 * Observation: Box of uint8, a view that the environment owns and overwrites
 *
 * | obsType   | shape            | values                         |
 * |-----------|------------------|--------------------------------|
 * | rgb       | (height, 160, 3) | red, green, blue               |
 * | grayscale | (height, 160)    | brightness                     |
 * | ram       | (128)            | the console's RAM              |
 *
 * The height is 210 for most games, 214 to 250 for some.
 *
 * Reward: what the score gained in the frames of the step, or as the rules of the game say.
 *
 * Start: ALE's: power, 60 frames, RESET, the mode, RESET, the game's starting actions.
 *
 * End: terminated when the game is over, truncated at `maxNumFramesPerEpisode`.
 *
 * Info: `lives`, `episode_frame_number`, `frame_number` (since the cartridge was loaded, which a reset with a seed does),
 * and `seeds` of a seeded reset.
 *
 * Arguments: see `AtariOptions`.
 *
 * Version history of the ids (`atari-ids.ts`): v5 is sticky with 4 frames a step, v4 is not sticky, v0 is.
 * @typeParam A number, or Float32Array with `continuous`.
 */
export class AtariEnv<A extends number | Float32Array = number> extends SeededEnv<Uint8Array, A> {
  readonly metadata: EnvMetadata;
  readonly observationSpace: Box<'uint8'>;
  readonly actionSpace: Space<A>;
  readonly renderMode: RenderMode;
  readonly ale: Ale;
  /** Frames a step; [low, high) when it is drawn. */
  readonly frameSkip: number | readonly [number, number];
  readonly repeatActionProbability: number;
  readonly screenShape: readonly [height: number, width: number];
  /** Colours of `screenIndices`, [256, 3]; grays where observations are gray. */
  readonly palette: Uint8Array;

  readonly #obsType: 'rgb' | 'grayscale' | 'ram';
  readonly #actions: readonly Action[];
  readonly #continuous: boolean;
  readonly #threshold: number;
  readonly #mode: number | undefined;
  readonly #difficulty: number | undefined;
  readonly #skipLow: number;
  readonly #skipHigh: number;
  readonly #observation: Uint8Array;
  #rendered: Uint8Array | undefined;
  #observationWanted = true;

  /** @throws OptionError or UnknownNameError for an option out of range, MissingCartridgeError without a cartridge. */
  constructor(options: AtariGameOptions) {
    super();
    checkOptionNames(options, OPTIONS);
    const game = gameNamed(options.game);
    this.renderMode = renderModeOption(options.renderMode, ['rgb_array']);
    this.#obsType = nameOption('obsType', options.obsType, ['rgb', 'grayscale', 'ram'] as const, 'rgb');
    [this.#skipLow, this.#skipHigh] = frameSkipOption('frameskip', options.frameskip, 4);
    this.frameSkip = this.#skipHigh > this.#skipLow ? [this.#skipLow, this.#skipHigh] : this.#skipLow;
    this.#continuous = booleanOption('continuous', options.continuous, false);
    this.#threshold = probabilityOption('continuousActionThreshold', options.continuousActionThreshold, 0.5);
    if (booleanOption('soundObs', options.soundObs, false)) {
      throw new OptionError('soundObs', true, 'false: this console has no sound');
    }
    const repeatActionProbability = probabilityOption('repeatActionProbability', options.repeatActionProbability, 0.25);
    this.repeatActionProbability = repeatActionProbability;
    const fullActionSpace = booleanOption('fullActionSpace', options.fullActionSpace, false);
    const maxFramesPerEpisode = options.maxNumFramesPerEpisode ?? 0;
    this.ale = new Ale(options.cartridge ?? cartridgeOf(game), { game, repeatActionProbability, maxFramesPerEpisode });
    this.#mode = options.mode ?? undefined;
    this.#difficulty = options.difficulty ?? undefined;
    this.#choose();

    this.#actions = fullActionSpace || this.#continuous ? this.ale.legalActions : this.ale.minimalActions;
    this.actionSpace = (this.#continuous
      ? new Box([0, -Math.PI, 0], [1, Math.PI, 1], [3], 'float32')
      : new Discrete(this.#actions.length)) as Space as Space<A>;
    const { screenHeight, screenWidth, palette } = this.ale;
    const picture = [screenHeight, screenWidth] as const;
    this.screenShape = picture;
    const shape = this.#obsType === 'ram' ? [this.ale.ram.length] : this.#obsType === 'rgb' ? [...picture, 3] : picture;
    this.observationSpace = new Box(0, 255, shape, 'uint8');
    this.#observation = new Uint8Array(this.observationSpace.size);
    if (this.#obsType === 'rgb') this.#rendered = this.#observation;
    this.palette =
      this.#obsType === 'grayscale'
        ? Uint8Array.from({ length: palette.rgb.length }, (_, i) => palette.gray[Math.floor(i / 3)])
        : palette.rgb;
    const framesPerSecond = FRAMES_PER_SECOND[this.ale.console.format];
    this.metadata = { renderModes: ['rgb_array'], renderFps: framesPerSecond / this.#skipLow };
  }

  #choose(): void {
    if (this.#mode !== undefined) this.ale.setMode(this.#mode);
    if (this.#difficulty !== undefined) this.ale.setDifficulty(this.#difficulty);
  }

  /** Name of each action, by its number. */
  getActionMeanings(): readonly string[] {
    return this.#actions.map((action) => ACTION_NAMES[action]);
  }

  /**
   * Which keys play which action (ale-py's `get_keys_to_action`): `'wd '` holds w, d and the space bar together.
   * @throws UnavailableError where actions are a stick's.
   */
  getKeysToAction(): ReadonlyMap<string, number> {
    if (this.#continuous) throw new UnavailableError('Keys', 'cannot play continuous actions.');
    return new Map(this.#actions.map((action, i) => [ACTION_KEYS[action], i]));
  }

  lives(): number {
    return this.ale.lives();
  }

  reset(options?: ResetOptions): ResetResult<Uint8Array> {
    // Without a seed the first reset takes fresh entropy, and later ones let everything go on.
    const sequence =
      options?.seed !== undefined
        ? new SeedSequence(options.seed)
        : this.generator === undefined
          ? new SeedSequence(Generator.fromEntropy().entropy)
          : undefined;
    let seeds: number[] | undefined;
    let { generator } = this;
    if (sequence !== undefined) {
      const [own, ale] = sequence.generateState(2);
      generator = new Generator(own);
      this.ale.load(ale);
      this.#choose();
      if (options?.seed !== undefined) seeds = [own, ale];
    }
    this.ale.reset();
    this.beginWith(generator as Generator);
    const info = this.#info();
    return { observation: this.#observe(), info: seeds === undefined ? info : { ...info, seeds } };
  }

  step(action: A): StepResult<Uint8Array> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    const { ale } = this;
    const code = this.#code(action);
    const strength = this.#continuous ? (action as Float32Array)[0] : 1;
    const generator = this.generator as Generator;
    const frames = this.#skipHigh > this.#skipLow ? generator.integers(this.#skipLow, this.#skipHigh) : this.#skipLow;
    let reward = 0;
    for (let i = 0; i < frames; i++) reward += ale.act(code, strength);
    const terminated = ale.gameOver;
    const truncated = ale.truncated;
    if (terminated || truncated) this.phase = 'over';
    return { observation: this.#observe(), reward, terminated, truncated, info: this.#info() };
  }

  #code(action: A): number {
    if (this.#continuous) {
      if (!this.actionSpace.contains(action)) throw new ActionError(action, String(this.actionSpace));
      return continuousAction(action as Float32Array, this.#threshold);
    }
    // An index in another form, a text say, would find an action too.
    const code = typeof action === 'number' ? this.#actions[action] : undefined;
    if (code === undefined) throw new ActionError(action, String(this.actionSpace));
    return code;
  }

  #info(): Info {
    const { ale } = this;
    return {
      lives: ale.lives(),
      episode_frame_number: ale.episodeFrameNumber,
      frame_number: ale.frameNumber,
    };
  }

  #observe(): Uint8Array {
    const observation = this.#observation;
    if (!this.#observationWanted) return observation;
    if (this.#obsType === 'rgb') this.ale.screenRgb(observation);
    else if (this.#obsType === 'grayscale') this.ale.screenGray(observation);
    else observation.set(this.ale.ram);
    return observation;
  }

  /** The array behind every observation. */
  get screenObservation(): Uint8Array {
    return this.#observation;
  }

  /** Number in `palette` of each pixel, [height, 160]. A view, valid until the next call. */
  screenIndices(): Uint8Array {
    return this.ale.screen();
  }

  /** While false, observations are not painted: for wrappers that read `screenIndices` instead. */
  setObservationWanted(wanted: boolean): void {
    this.#observationWanted = wanted;
    if (wanted) this.#observe();
  }

  protected override draw(): RgbFrame {
    const { screenWidth: width, screenHeight: height } = this.ale;
    this.#rendered ??= new Uint8Array(3 * width * height);
    return { width, height, data: this.ale.screenRgb(this.#rendered) };
  }

  protected override saveOwnState(): Snapshot {
    return { ale: this.ale.saveState() };
  }

  protected override restoreOwnState(state: Snapshot): void {
    this.ale.restoreState(new SavedState(state, 'game').part('ale'));
    this.#observe();
  }
}
