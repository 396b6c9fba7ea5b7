import { ActionError, OptionError, OrderError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Box } from '../spaces/box.ts';
import { Discrete } from '../spaces/discrete.ts';
import { FramePool } from '../wrappers/frame-pool.ts';
import { Action } from './actions.ts';
import { Ale } from './ale.ts';
import { cartridgeOf } from './cartridges.ts';
import { MersenneTwister } from './console/index.ts';
import type { Game } from './games/game.ts';
import { gameNamed } from './games/index.ts';

/** ale-py's arguments. */
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
  /** When an episode that is over begins anew: in the step after (whose action is not played), or in the same one. */
  readonly autoresetMode?: 'next-step' | 'same-step' | undefined;
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

/** What all environments answered. Every array belongs to the vector and is overwritten by its next call. */
export interface AtariVectorResult {
  /** [numEnvs, stackNum, imgHeight, imgWidth], oldest frame first; colour adds an axis of 3. */
  readonly observations: Uint8Array;
  /** [numEnvs]. */
  readonly rewards: Int32Array;
  /** [numEnvs], 1 where true. */
  readonly terminations: Uint8Array;
  /** [numEnvs], 1 where true. */
  readonly truncations: Uint8Array;
  /** [numEnvs] each. */
  readonly lives: Int32Array;
  readonly frameNumbers: Int32Array;
  readonly episodeFrameNumbers: Int32Array;
  /** Like `observations`, of the episodes that ended in this step; only with `same-step`. */
  readonly finalObservations: Uint8Array | undefined;
}

/**
 * Many copies of an Atari game with DQN's preprocessing, in one thread and in one preallocated array: ale-py's
 * `AtariVectorEnv`, with its episodes for a seed. Environment i of a seed s has the seed s + i.
 */
export class AtariVectorEnv {
  readonly numEnvs: number;
  readonly singleObservationSpace: Box<'uint8'>;
  readonly singleActionSpace: Discrete;
  private readonly sameStep: boolean;
  private readonly envs: readonly PreprocessedGame[];
  private readonly result: AtariVectorResult;
  private started = false;

  /** @throws OptionError or UnknownNameError for an option out of range, MissingCartridgeError without a cartridge. */
  constructor(options: AtariVectorOptions) {
    const game = gameNamed(options.game);
    const { numEnvs, imgHeight = 84, imgWidth = 84, stackNum = 4, grayscale = true, autoresetMode } = options;
    this.numEnvs = count('numEnvs', numEnvs);
    if (autoresetMode !== undefined && autoresetMode !== 'next-step' && autoresetMode !== 'same-step') {
      throw new OptionError('autoresetMode', autoresetMode, '"next-step" or "same-step"');
    }
    this.sameStep = autoresetMode === 'same-step';
    const picture = grayscale ? [imgHeight, imgWidth] : [imgHeight, imgWidth, 3];
    this.singleObservationSpace = new Box(0, 255, [count('stackNum', stackNum), ...picture], 'uint8');
    const size = this.singleObservationSpace.size;
    const observations = new Uint8Array(numEnvs * size);
    const cartridge = options.cartridge ?? cartridgeOf(game);
    this.envs = Array.from(
      { length: numEnvs },
      (_, i) => new PreprocessedGame(game, cartridge, options, observations.subarray(i * size, (i + 1) * size)),
    );
    this.singleActionSpace = new Discrete(this.envs[0].actions.length);
    const numbers = (): Int32Array => new Int32Array(numEnvs);
    this.result = {
      observations,
      rewards: numbers(),
      terminations: new Uint8Array(numEnvs),
      truncations: new Uint8Array(numEnvs),
      lives: numbers(),
      frameNumbers: numbers(),
      episodeFrameNumbers: numbers(),
      finalObservations: this.sameStep ? new Uint8Array(observations.length) : undefined,
    };
  }

  /** Starts an episode everywhere.
   * @param seed of the first environment; without it the generators go on, or take fresh entropy the first time. */
  reset({ seed }: { readonly seed?: number | undefined } = {}): AtariVectorResult {
    const entropy = this.started || seed !== undefined ? undefined : Generator.fromEntropy();
    for (const [i, env] of this.envs.entries()) {
      env.reset(seed !== undefined ? seed + i : entropy?.integers(0, 2 ** 31));
      this.tell(i, env);
    }
    this.started = true;
    return this.result;
  }

  /** @param actions [numEnvs], numbers of `singleActionSpace`.
   * @throws ActionError for an action outside the space; nothing has moved then. OrderError before the first reset. */
  step(actions: ArrayLike<number>): AtariVectorResult {
    if (!this.started) throw new OrderError('Call reset() before step().');
    for (let i = 0; i < this.numEnvs; i++) {
      if (!this.singleActionSpace.contains(actions[i])) throw new ActionError(actions[i], `${this.singleActionSpace}`);
    }
    for (const [i, env] of this.envs.entries()) {
      if (env.over) env.reset(undefined);
      else env.step(actions[i]);
      this.tell(i, env);
      if (this.sameStep && env.over) this.resetAtOnce(i, env);
    }
    return this.result;
  }

  private tell(i: number, env: PreprocessedGame): void {
    const { result } = this;
    result.rewards[i] = env.reward;
    result.terminations[i] = env.terminated ? 1 : 0;
    result.truncations[i] = env.truncated ? 1 : 0;
    this.tellState(i, env);
  }

  private tellState(i: number, { ale }: PreprocessedGame): void {
    const { result } = this;
    result.lives[i] = ale.lives();
    result.frameNumbers[i] = ale.frameNumber;
    result.episodeFrameNumbers[i] = ale.episodeFrameNumber;
  }

  /** The step's own reward and end stay. */
  private resetAtOnce(i: number, env: PreprocessedGame): void {
    this.result.finalObservations?.set(env.observation, i * env.observation.length);
    env.reset(undefined);
    this.tellState(i, env);
  }

  saveState(): Snapshot {
    return { started: this.started, envs: this.envs.map((env) => env.saveState()) };
  }

  restoreState(state: Snapshot): void {
    const saved = state as { started: boolean; envs: readonly Snapshot[] };
    this.started = saved.started;
    for (const [i, env] of this.envs.entries()) {
      env.restoreState(saved.envs[i]);
      this.tell(i, env);
    }
  }

  close(): void {}
}

/** One game of the vector. */
class PreprocessedGame {
  readonly ale: Ale;
  readonly actions: readonly Action[];
  /** [stackNum, ...picture], a part of the vector's array. */
  readonly observation: Uint8Array;
  reward = 0;
  over = true;
  terminated = false;
  truncated = false;
  private readonly options: AtariVectorOptions;
  private readonly pool: FramePool;
  /** The newest frame of the observation. */
  private readonly latest: Uint8Array;
  private readonly frameskip: number;
  private readonly maxFrames: number;
  private readonly noopMax: number;
  private readonly firstFire: boolean;
  private readonly random = new MersenneTwister(0);
  private frames = 0;
  private lives = 0;

  constructor(game: Game, cartridge: Uint8Array, options: AtariVectorOptions, observation: Uint8Array) {
    const { imgHeight = 84, imgWidth = 84, stackNum = 4, grayscale = true } = options;
    const { repeatActionProbability = 0, useFireReset = true, noopMax = 30 } = options;
    this.options = options;
    this.observation = observation;
    this.ale = new Ale(cartridge, { game, repeatActionProbability });
    this.actions = options.fullActionSpace ? this.ale.legalActions : this.ale.minimalActions;
    this.frameskip = count('frameskip', options.frameskip ?? 4);
    this.maxFrames = count('maxNumFramesPerEpisode', options.maxNumFramesPerEpisode ?? 108_000);
    if (!(Number.isSafeInteger(noopMax) && noopMax >= 0)) throw new OptionError('noopMax', noopMax, '0 or more');
    this.noopMax = Math.max(1, noopMax);
    this.firstFire = useFireReset && this.actions.includes(Action.FIRE);
    const { palette, screenHeight, screenWidth } = this.ale;
    this.pool = new FramePool(palette.rgb, [screenHeight, screenWidth], [imgHeight, imgWidth], grayscale ? 1 : 3);
    this.latest = observation.subarray(observation.length - observation.length / stackNum);
  }

  /** @param seed loads the game anew; undefined goes on. */
  reset(seed: number | undefined): void {
    const { ale } = this;
    if (seed !== undefined) {
      this.random.seed(seed);
      ale.load(seed);
    }
    ale.reset();
    if (this.firstFire) ale.act(Action.FIRE);
    for (let left = this.drawNoOps() - Number(this.firstFire); left > 0; left--) {
      ale.act(Action.NOOP);
      if (ale.gameOver) ale.reset();
    }
    this.observation.fill(0);
    this.pool.single(ale.screen(), this.latest);
    this.frames = 0;
    this.reward = 0;
    this.lives = ale.lives();
    this.over = false;
    this.terminated = false;
    this.truncated = false;
  }

  step(action: number): void {
    const { ale, pool, frameskip } = this;
    const options = this.options;
    const code = this.actions[action];
    let reward = 0;
    let lost = false;
    this.observation.copyWithin(0, this.latest.length);
    for (let left = frameskip; ; left--) {
      reward += ale.act(code);
      this.frames++;
      const lives = ale.lives();
      lost = lives < this.lives && lives > 0;
      this.over = ale.gameOver || this.frames >= this.maxFrames || (options.episodicLife === true && lost);
      if (this.over) {
        pool.cutShort(this.latest);
        break;
      }
      if (left === 1) {
        pool.pair(ale.screen(), this.latest);
        break;
      }
      if (left === 2 && options.maxpool !== false) pool.keepFirst(ale.screen());
    }
    this.lives = ale.lives();
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
    const { reward, over, terminated, truncated, frames, lives } = this;
    return {
      ale: this.ale.saveState(),
      observation: this.observation.slice(),
      picture: this.pool.save(),
      random: this.random.save(),
      counters: { reward, over, terminated, truncated, frames, lives },
    };
  }

  restoreState(state: Snapshot): void {
    const saved = state as unknown as {
      ale: Snapshot;
      observation: Uint8Array;
      picture: readonly Uint8Array[];
      random: Uint32Array;
      counters: {
        reward: number;
        over: boolean;
        terminated: boolean;
        truncated: boolean;
        frames: number;
        lives: number;
      };
    };
    this.ale.restoreState(saved.ale);
    this.pool.restore(saved.picture, this.latest);
    this.observation.set(saved.observation);
    this.random.restore(saved.random);
    Object.assign(this, saved.counters);
  }
}

function count(name: string, value: number): number {
  if (!(Number.isSafeInteger(value) && value >= 1)) throw new OptionError(name, value, 'a positive integer');
  return value;
}
