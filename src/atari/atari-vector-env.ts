import type { EnvMetadata, RenderMode, RgbFrame } from '../core/env.ts';
import { ActionError, OptionError, OrderError } from '../core/errors.ts';
import { booleanOption, checkOptionNames, nameOption, probabilityOption, renderModeOption } from '../core/options.ts';
import { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { batchSpace } from '../spaces/batch-space.ts';
import { Box } from '../spaces/box.ts';
import { Discrete } from '../spaces/discrete.ts';
import { createVectorArrays, rowsOfArrays, type VectorArrays } from '../vector/vector-arrays.ts';
import {
  type AutoresetMode,
  autoresetOption,
  seedsOf,
  splitResetMask,
  type VectorEnv,
  type VectorInfo,
  type VectorReset,
  type VectorResetOptions,
  type VectorStep,
} from '../vector/vector-env.ts';
import { VectorResults } from '../vector/vector-results.ts';
import { FramePool } from '../wrappers/frame-pool.ts';
import { Action } from './actions.ts';
import { Ale } from './ale.ts';
import { cartridgeOf } from './cartridges.ts';
import { MersenneTwister } from './console/index.ts';
import { continuousAction } from './continuous-action.ts';
import type { Game } from './games/game.ts';
import { gameNamed } from './games/index.ts';

/** ale-py's arguments, and `AtariEnv`'s for mode, difficulty, RAM and drawing. */
export interface AtariVectorOptions {
  /** ALE's name of the game: `space_invaders`. */
  readonly game: string;
  readonly numEnvs: number;
  /** Frames after which an episode is truncated. Default 108,000. */
  readonly maxNumFramesPerEpisode?: number | undefined;
  /** Sticky actions. Default 0. */
  readonly repeatActionProbability?: number | undefined;
  /** All legal actions instead of those that do something. Default false. */
  readonly fullActionSpace?: boolean | undefined;
  /** Actions are [radius, angle, fire] of a stick instead of numbers. Default false. */
  readonly continuous?: boolean | undefined;
  /** How far the stick must lean. Default 0.5. */
  readonly continuousActionThreshold?: number | undefined;
  /** Default 'next-step'. */
  readonly autoresetMode?: AutoresetMode | undefined;
  /** Game mode (the cartridge's variants); default the game's first. */
  readonly mode?: number | undefined;
  /** Difficulty switches, bit 0 left and bit 1 right; default 0. */
  readonly difficulty?: number | undefined;
  /** Observations: `image`, preprocessed pictures, or `ram`, the console's 128 bytes after the step, to which the options of
   * pictures do not apply. Default `image`. */
  readonly obsType?: 'image' | 'ram' | undefined;
  readonly renderMode?: 'rgb_array' | null | undefined;
  /** Default 84. */
  readonly imgHeight?: number | undefined;
  /** Default 84. */
  readonly imgWidth?: number | undefined;
  /** Default true. */
  readonly grayscale?: boolean | undefined;
  /** Frames in an observation. Default 4. */
  readonly stackNum?: number | undefined;
  /** Frames a step. Default 4. */
  readonly frameskip?: number | undefined;
  /** Whether the brighter of the last two frames counts. Default true. */
  readonly maxpool?: boolean | undefined;
  /** No-ops at an episode's start are drawn from 0 to one less than this; FIRE counts as one. Default 30. */
  readonly noopMax?: number | undefined;
  /** Whether the loss of a life ends an episode. Default false. */
  readonly episodicLife?: boolean | undefined;
  /** Whether the loss of a life is told as a termination while the game goes on. Default false. */
  readonly lifeLossInfo?: boolean | undefined;
  /** Whether rewards become their sign. Default true. */
  readonly rewardClipping?: boolean | undefined;
  /** Whether FIRE is pressed at an episode's start, in games that have it. Default true. */
  readonly useFireReset?: boolean | undefined;
  /** Bytes of the cartridge; without them the one that was imported. */
  readonly cartridge?: Uint8Array | undefined;
}

const OPTIONS = {
  ...{ game: true, numEnvs: true, maxNumFramesPerEpisode: true, repeatActionProbability: true, fullActionSpace: true },
  ...{ continuous: true, continuousActionThreshold: true, autoresetMode: true, mode: true, difficulty: true },
  ...{ obsType: true, renderMode: true, imgHeight: true, imgWidth: true, grayscale: true, stackNum: true },
  ...{ frameskip: true, maxpool: true, noopMax: true, episodicLife: true, lifeLossInfo: true, rewardClipping: true },
  ...{ useFireReset: true, cartridge: true },
} as const satisfies Record<keyof AtariVectorOptions, true>;

const FLAGS = [
  ...(['fullActionSpace', 'continuous', 'grayscale', 'maxpool', 'episodicLife', 'lifeLossInfo'] as const),
  ...(['rewardClipping', 'useFireReset'] as const),
];

/** Infos of all games, by ale-py's names: [numEnvs] each, and under `_key` ones. The vector's own, overwritten by its next
 * call. */
interface AtariInfos {
  readonly env_id: Int32Array;
  readonly lives: Int32Array;
  readonly frame_number: Int32Array;
  readonly episode_frame_number: Int32Array;
}

const FRAMES_PER_SECOND = { NTSC: 60, PAL: 50 } as const;
const PICTURE_OPTIONS = ['imgHeight', 'imgWidth', 'grayscale', 'stackNum', 'maxpool'] as const;

/**
 * Many copies of an Atari game with DQN's preprocessing, in one thread and in fixed arrays: ale-py's `AtariVectorEnv`, with
 * its episodes for a seed. Environment i of a seed s has the seed s + i.
 *
 * Observation: [stackNum, imgHeight, imgWidth] bytes, oldest frame first; colour adds an axis of 3. With `obsType` 'ram' the
 * 128 bytes of RAM.
 *
 * Actions: Discrete, or with `continuous` a Box of radius, angle and fire.
 *
 * Infos: `env_id`, `lives`, `frame_number`, `episode_frame_number`, arrays of the vector's own. Final observations are in
 * `finalObservations` alone.
 *
 * A life that is told as a termination while the game goes on (`lifeLossInfo`) is one in `finalObservations` too.
 * `wholeGames` has the scores of games, unclipped whatever the rewards are; with `episodicLife` each life is a new game, as in
 * ale-py.
 *
 * Compared with ale-py: rewards are Float64Array; there is no asynchronous batch (`batch_size`), and there are no threads of
 * its own. Where a reset is for some games (`reset_mask`), seeds go by the number of the game all the same, as in Gymnasium's
 * vectors; ale-py counts only the games that are reset.
 */
export class AtariVectorEnv implements VectorEnv<Uint8Array> {
  readonly numEnvs: number;
  readonly autoresetMode: AutoresetMode;
  readonly copy = false;
  readonly metadata: EnvMetadata;
  readonly renderMode: RenderMode;
  readonly singleObservationSpace: Space;
  readonly observationSpace: Space;
  readonly singleActionSpace: Space;
  readonly actionSpace: Space;
  readonly #games: readonly PreprocessedGame[];
  readonly #arrays: VectorArrays<Uint8Array>;
  readonly #results: VectorResults<Uint8Array>;
  readonly #infos: AtariInfos;
  readonly #rendered: (Uint8Array | undefined)[];
  #started = false;

  /** @throws OptionError for an option out of range, UnknownNameError for an unknown one, MissingCartridgeError without a cartridge. */
  constructor(options: AtariVectorOptions) {
    checkOptionNames(options, OPTIONS);
    for (const flag of FLAGS) booleanOption(flag, options[flag], false);
    const game = gameNamed(options.game);
    const numEnvs = count('numEnvs', options.numEnvs);
    const autoresetMode = autoresetOption(options.autoresetMode);
    this.numEnvs = numEnvs;
    this.autoresetMode = autoresetMode;
    this.renderMode = renderModeOption(options.renderMode, ['rgb_array']);
    this.singleObservationSpace = observationSpaceOf(options) as Space;
    this.observationSpace = batchSpace(this.singleObservationSpace, numEnvs);
    const cartridge = options.cartridge ?? cartridgeOf(game);
    const ales = Array.from({ length: numEnvs }, () => aleOf(game, cartridge, options));
    const [{ legalActions, minimalActions, console }] = ales;
    const actions = options.fullActionSpace || options.continuous ? legalActions : minimalActions;
    this.singleActionSpace = (
      options.continuous ? new Box([0, -Math.PI, 0], [1, Math.PI, 1], [3], 'float32') : new Discrete(actions.length)
    ) as Space;
    this.actionSpace = batchSpace(this.singleActionSpace, numEnvs);
    this.metadata = {
      renderModes: ['rgb_array'],
      renderFps: FRAMES_PER_SECOND[console.format] / (options.frameskip ?? 4),
    };
    const spaces = { observation: this.singleObservationSpace, action: this.singleActionSpace };
    this.#arrays = createVectorArrays<Uint8Array>(spaces, numEnvs, autoresetMode);
    this.#arrays.inGames.fill(1);
    this.#results = new VectorResults(this.#arrays, false);
    this.#games = ales.map((ale, i) => {
      const { observations } = rowsOfArrays(this.#arrays, numEnvs, i, i + 1);
      return new PreprocessedGame(ale, actions, options, observations);
    });
    const numbers = (): Int32Array => new Int32Array(numEnvs);
    const infos = { env_id: numbers().map((_, i) => i), lives: numbers(), frame_number: numbers() };
    this.#infos = { ...infos, episode_frame_number: numbers() };
    for (const key of Object.keys(this.#infos))
      Object.assign(this.#infos, { [`_${key}`]: new Uint8Array(numEnvs).fill(1) });
    this.#rendered = new Array<undefined>(numEnvs).fill(undefined);
  }

  /** Starts episodes. Without a seed the generators go on, or take fresh entropy the first time.
   * @throws OptionError for seeds or a mask that do not fit, OrderError for a mask before the first reset, UnknownNameError for
   *   an option besides the mask. */
  reset(options: VectorResetOptions = {}): VectorReset<Uint8Array> {
    const seeds = seedsOf(options.seed, this.numEnvs);
    const { mask } = splitResetMask(options.options, this.numEnvs, this.#started);
    checkOptionNames(options.options, { reset_mask: true });
    const entropy = this.#started ? undefined : Generator.fromEntropy();
    for (let i = 0; i < this.numEnvs; i++) {
      if (!mask[i]) continue;
      const game = this.#games[i];
      game.reset(seeds[i] ?? entropy?.integers(0, 2 ** 31));
      this.#tell(i, game);
    }
    this.#started = true;
    return this.#results.reset(this.#infos as VectorInfo & AtariInfos);
  }

  step(actions: unknown): VectorStep<Uint8Array> {
    if (!this.#started) throw new OrderError('Call reset() before step().');
    if (!this.actionSpace.contains(actions)) throw new ActionError(actions, `${this.actionSpace}`);
    const over = this.#games.findIndex((game) => game.over);
    if (this.autoresetMode === 'disabled' && over >= 0) {
      throw new OrderError(`The episode of environment ${over} is over: reset it with reset_mask.`);
    }
    const sameStep = this.autoresetMode === 'same-step';
    const { finalObservations } = this.#arrays;
    for (let i = 0; i < this.numEnvs; i++) {
      const game = this.#games[i];
      if (game.over) game.reset(undefined);
      else game.step(actions as Int32Array | Float32Array, i);
      this.#tell(i, game);
      if (!sameStep || !(game.terminated || game.truncated)) continue;
      finalObservations?.set(game.observation, i * game.observation.length);
      // The reward and the end stay those of the step.
      if (game.over) game.reset(undefined);
      this.#tellState(i, game);
    }
    return this.#results.step(this.#infos as VectorInfo & AtariInfos);
  }

  #tell(i: number, game: PreprocessedGame): void {
    const { rewards, terminations, truncations, gamesOver, gameReturns } = this.#arrays;
    gamesOver[i] = game.over ? 1 : 0;
    gameReturns[i] = game.total;
    rewards[i] = game.reward;
    terminations[i] = game.terminated ? 1 : 0;
    truncations[i] = game.truncated ? 1 : 0;
    this.#tellState(i, game);
  }

  #tellState(i: number, { ale }: PreprocessedGame): void {
    this.#infos.lives[i] = ale.lives();
    this.#infos.frame_number[i] = ale.frameNumber;
    this.#infos.episode_frame_number[i] = ale.episodeFrameNumber;
  }

  /** The screens, 210 rows of 160 pixels in most games; views that the next call overwrites. */
  render(): (RgbFrame | undefined)[] {
    return this.#games.map(({ ale }, i) => {
      if (this.renderMode === null) return undefined;
      const { screenWidth: width, screenHeight: height } = ale;
      const data = ale.screenRgb(this.#rendered[i]);
      this.#rendered[i] = data;
      return { width, height, data };
    });
  }

  saveState(): Snapshot {
    return {
      started: this.#started,
      envs: this.#games.map((game) => game.saveState()),
      actionSpace: this.actionSpace.saveState(),
    };
  }

  /** @throws MismatchError for a state of another number of environments or of another game. */
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'vector');
    const envs = saved.list('envs', this.numEnvs);
    this.#started = saved.flag('started');
    for (const [i, game] of this.#games.entries()) {
      game.restoreState(envs[i]);
      this.#tell(i, game);
    }
    // States of version 0.1.0 are without the action space.
    this.actionSpace.restoreState(saved.has('actionSpace') ? saved.part('actionSpace') : null);
  }

  close(): void {}
}

/** @throws OptionError for an option of pictures where observations are RAM, or one out of range. */
function observationSpaceOf(options: AtariVectorOptions): Box<'uint8'> {
  if (nameOption('obsType', options.obsType, ['image', 'ram'] as const, 'image') === 'ram') {
    const picture = PICTURE_OPTIONS.find((name) => options[name] !== undefined);
    if (picture !== undefined) throw new OptionError(picture, options[picture], "undefined with obsType 'ram'");
    return new Box(0, 255, [RAM_BYTES], 'uint8');
  }
  const { imgHeight = 84, imgWidth = 84, stackNum = 4, grayscale = true } = options;
  const size = [count('imgHeight', imgHeight), count('imgWidth', imgWidth)];
  const picture = grayscale ? size : [...size, 3];
  return new Box(0, 255, [count('stackNum', stackNum), ...picture], 'uint8');
}

const RAM_BYTES = 128;

function aleOf(game: Game, cartridge: Uint8Array, options: AtariVectorOptions): Ale {
  const { repeatActionProbability = 0, mode, difficulty } = options;
  const ale = new Ale(cartridge, { game, repeatActionProbability });
  if (mode !== undefined) ale.setMode(mode);
  if (difficulty !== undefined) ale.setDifficulty(difficulty);
  return ale;
}

/** One game of the vector. */
class PreprocessedGame {
  readonly ale: Ale;
  readonly actions: readonly Action[];
  /** A row of the vector's array. */
  readonly observation: Uint8Array;
  reward = 0;
  /** Unclipped rewards since the game's start. */
  total = 0;
  over = true;
  terminated = false;
  truncated = false;
  private readonly options: AtariVectorOptions;
  /** Undefined where observations are RAM. */
  private readonly pool: FramePool | undefined;
  /** The newest frame of the observation. */
  private readonly latest: Uint8Array;
  private readonly stickThreshold: number;
  private readonly frameskip: number;
  private readonly maxFrames: number;
  private readonly noopMax: number;
  private readonly firstFire: boolean;
  private readonly random = new MersenneTwister(0);
  private frames = 0;
  private lives = 0;

  constructor(ale: Ale, actions: readonly Action[], options: AtariVectorOptions, observation: Uint8Array) {
    const { imgHeight = 84, imgWidth = 84, stackNum = 4, grayscale = true } = options;
    const { useFireReset = true, noopMax = 30 } = options;
    this.options = options;
    this.observation = observation;
    this.ale = ale;
    this.actions = actions;
    this.frameskip = count('frameskip', options.frameskip ?? 4);
    this.maxFrames = count('maxNumFramesPerEpisode', options.maxNumFramesPerEpisode ?? 108_000);
    if (!(Number.isSafeInteger(noopMax) && noopMax >= 0)) throw new OptionError('noopMax', noopMax, '0 or more');
    this.noopMax = Math.max(1, noopMax);
    this.firstFire = useFireReset && this.actions.includes(Action.FIRE);
    this.stickThreshold = probabilityOption('continuousActionThreshold', options.continuousActionThreshold, 0.5);
    if (options.obsType === 'ram') {
      this.pool = undefined;
      this.latest = observation;
      return;
    }
    const { palette, screenHeight, screenWidth } = this.ale;
    this.pool = new FramePool(palette.rgb, [screenHeight, screenWidth], [imgHeight, imgWidth], grayscale ? 1 : 3);
    this.latest = observation.subarray(observation.length - observation.length / stackNum);
  }

  /** @param seed loads the game anew; undefined goes on. */
  reset(seed: number | undefined): void {
    const { ale, pool } = this;
    if (seed !== undefined) {
      const { mode, difficulty } = ale;
      this.random.seed(seed);
      ale.load(seed);
      ale.setMode(mode);
      ale.setDifficulty(difficulty);
    }
    ale.reset();
    if (this.firstFire) ale.act(Action.FIRE);
    for (let left = this.drawNoOps() - Number(this.firstFire); left > 0; left--) {
      ale.act(Action.NOOP);
      if (ale.gameOver) ale.reset();
    }
    if (pool === undefined) {
      this.observation.set(ale.ram);
    } else {
      this.observation.fill(0);
      pool.single(ale.screen(), this.latest);
    }
    this.frames = 0;
    this.reward = 0;
    this.total = 0;
    this.lives = ale.lives();
    this.over = false;
    this.terminated = false;
    this.truncated = false;
  }

  /** @param actions of the whole vector.
   * @param i the row of this game. */
  step(actions: Int32Array | Float32Array, i: number): void {
    const { ale, pool, frameskip, latest } = this;
    const options = this.options;
    const stick = options.continuous === true ? (actions as Float32Array).subarray(3 * i, 3 * i + 3) : undefined;
    const code = stick === undefined ? this.actions[actions[i]] : continuousAction(stick, this.stickThreshold);
    const strength = stick?.[0] ?? 1;
    let reward = 0;
    let lost = false;
    if (pool !== undefined) this.observation.copyWithin(0, latest.length);
    for (let left = frameskip; ; left--) {
      reward += ale.act(code, strength);
      this.frames++;
      const lives = ale.lives();
      lost = lives < this.lives && lives > 0;
      this.over = ale.gameOver || this.frames >= this.maxFrames || (options.episodicLife === true && lost);
      if (this.over) {
        pool?.endEarly(latest);
        break;
      }
      if (left === 1) {
        pool?.pair(ale.screen(), latest);
        break;
      }
      if (left === 2 && options.maxpool !== false) pool?.storeFirst(ale.screen());
    }
    if (pool === undefined) latest.set(ale.ram);
    this.lives = ale.lives();
    this.total += reward;
    this.reward = options.rewardClipping === false ? reward : Math.sign(reward);
    this.terminated = ale.gameOver || ((options.lifeLossInfo === true || options.episodicLife === true) && lost);
    this.truncated = this.frames >= this.maxFrames && !this.terminated;
  }

  /** Evenly from 0 to noopMax - 1, as C++'s `std::uniform_int_distribution` draws it (Lemire's method). */
  private drawNoOps(): number {
    const range = this.noopMax;
    const threshold = 2 ** 32 % range;
    for (;;) {
      const product = BigInt(this.random.next()) * BigInt(range);
      if (Number(product & 0xffffffffn) >= threshold) return Number(product >> 32n);
    }
  }

  saveState(): Snapshot {
    const { reward, total, over, terminated, truncated, frames, lives } = this;
    return {
      ale: this.ale.saveState(),
      observation: this.observation.slice(),
      picture: this.pool?.save() ?? [],
      random: this.random.save(),
      counters: { reward, total, over, terminated, truncated, frames, lives },
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'game');
    const counters = new SavedState(saved.part('counters'), 'game');
    this.ale.restoreState(saved.part('ale'));
    this.pool?.restore(saved.part('picture'), this.latest);
    saved.into('observation', this.observation);
    this.random.restore(saved.array('random', new Uint32Array(0)));
    this.reward = counters.finite('reward');
    // States of version 0.1 are without.
    this.total = counters.has('total') ? counters.finite('total') : 0;
    this.over = counters.flag('over');
    this.terminated = counters.flag('terminated');
    this.truncated = counters.flag('truncated');
    this.frames = counters.whole('frames');
    this.lives = counters.finite('lives');
  }
}

function count(name: string, value: number): number {
  if (!(Number.isSafeInteger(value) && value >= 1)) throw new OptionError(name, value, 'a positive integer');
  return value;
}
