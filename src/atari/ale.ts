import { BellmanError, OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Action, ALL_ACTIONS, PRESSED, RESET } from './actions.ts';
import { checkCartridge, identifyCartridge } from './cartridges.ts';
import { type Console, createConsole, JOYSTICK, MersenneTwister, SCREEN_WIDTH, SWITCH } from './console/index.ts';
import type { Game, GameState, ModeConsole } from './games/game.ts';
import { titleOf } from './names.ts';
import { PaddlePosition } from './paddle-position.ts';
import { PALETTES, type Palette } from './palette.ts';

export interface AleOptions {
  /** Seed of the generator of sticky actions, 32 bits. Default 0. */
  readonly seed?: number | undefined;
  /** In each frame, the probability that the action of the frame before is played again. In single precision, as
   * in ALE. Default 0.25, ALE's own. */
  readonly repeatActionProbability?: number | undefined;
  /** Frames of one `act`. Default 1. */
  readonly frameSkip?: number | undefined;
  /** Frames after which an episode is truncated; 0 for no limit. Default 0. */
  readonly maxFramesPerEpisode?: number | undefined;
  /** Expected game: another cartridge is refused. */
  readonly game?: Game | undefined;
}

const OPTIONS: OptionNames<AleOptions> = {
  ...{ seed: true, repeatActionProbability: true, frameSkip: true },
  ...{ maxFramesPerEpisode: true, game: true },
};

/** A cartridge that does not do what its game does, or a frame limit too short to choose a mode within. */
export class ModeSelectionError extends BellmanError {
  override name = 'ModeSelectionError';
  constructor(game: string, mode: number) {
    super('MODE_NOT_REACHED', `${titleOf(game)} does not reach mode ${mode}: a frame limit below 5000 may be why.`);
  }
}

/** A program that stopped at an opcode that jams the processor: only memory that was tampered with gets a known game there. */
export class JammedProcessorError extends BellmanError {
  override name = 'JammedProcessorError';
  constructor(game: string) {
    super(
      'JAMMED_PROCESSOR',
      `The processor is jammed in ${titleOf(game)}: its memory or a restored state is damaged.`,
    );
  }
}

/** Frames of nothing before RESET is pressed, and for which RESET is held. */
const WARM_UP_FRAMES = 60;
const RESET_FRAMES = 4;
/** More frames than any choice of a mode takes. */
const MOST_MODE_FRAMES = 100_000;

/**
 * The Arcade Learning Environment over our console (Bellemare et al. 2013; Machado et al. 2018): the same frames, rewards,
 * lives, ends and random draws as ale-py 0.12.1. Names follow `ALEInterface`.
 *
 * Arrays that getters return are views, valid until the next call that changes the state.
 */
export class Ale {
  readonly game: Game;
  readonly console: Console;
  readonly palette: Palette;
  /** All legal actions by code; for nearly all games all 18. */
  readonly legalActions: readonly Action[];
  private readonly cartridgeMode: ModeConsole;
  private readonly poweredOn: Uint8Array;
  private readonly random: MersenneTwister;
  private readonly paddle: PaddlePosition | undefined;
  private readonly state: GameState = { reward: 0, score: 0, lives: 0, over: false, notes: new Int32Array(8) };
  private readonly peek: (address: number) => number;
  private readonly repeatActionProbability: number;
  private readonly frameSkip: number;
  private readonly maxFrames: number;
  /** 1 for legal actions. */
  private readonly legal = new Uint8Array(ALL_ACTIONS.length);
  private difficultySwitches = 0;
  private selectedMode = 0;
  private selectedDifficulty = 0;
  private lastAction: number = Action.NOOP;
  private lastStrength = 1;
  private frames = 0;
  private episodeFrames = 0;
  private modeFrames = 0;

  /** @param cartridge bytes of a known game's cartridge; copied.
   * @throws CartridgeError for other bytes, UnknownNameError for an option of another name, OptionError for one out of range. */
  constructor(cartridge: Uint8Array, options: AleOptions = {}) {
    checkOptionNames(options, OPTIONS);
    const { repeatActionProbability = 0.25, frameSkip = 1, maxFramesPerEpisode = 0, seed = 0, game } = options;
    if (game !== undefined) checkCartridge(game, cartridge);
    this.game = game ?? identifyCartridge(cartridge);
    if (!(repeatActionProbability >= 0 && repeatActionProbability <= 1)) {
      throw new OptionError('repeatActionProbability', repeatActionProbability, 'a number from 0 to 1');
    }
    if (!(Number.isSafeInteger(frameSkip) && frameSkip >= 1)) {
      throw new OptionError('frameSkip', frameSkip, 'a positive integer');
    }
    if (!(Number.isSafeInteger(maxFramesPerEpisode) && maxFramesPerEpisode >= 0)) {
      throw new OptionError('maxFramesPerEpisode', maxFramesPerEpisode, 'a whole number, 0 for no limit');
    }
    // ALE stores settings as text of six digits.
    this.repeatActionProbability = Math.fround(Number(repeatActionProbability.toPrecision(6)));
    this.frameSkip = frameSkip;
    this.maxFrames = maxFramesPerEpisode;
    const { board = {}, paddleMax, withoutFire } = this.game;
    const { leftDifficultyA, rightDifficultyA, ...plugs } = board;
    this.console = createConsole(cartridge.slice(), {
      ...plugs,
      switches: (leftDifficultyA ? SWITCH.leftDifficultyA : 0) | (rightDifficultyA ? SWITCH.rightDifficultyA : 0),
    });
    this.palette = PALETTES[this.console.format];
    this.legalActions = withoutFire
      ? ALL_ACTIONS.filter((action) => (PRESSED[action] & JOYSTICK.fire) === 0)
      : ALL_ACTIONS;
    for (const action of this.legalActions) this.legal[action] = 1;
    if (board.left === 'paddles' || board.right === 'paddles') this.paddle = new PaddlePosition(paddleMax);
    this.peek = (address) => this.console.peek(address);
    this.cartridgeMode = {
      ram: this.console.ram,
      peek: this.peek,
      pressSelect: (frames) => this.pressSelect(frames),
      act: (action) => {
        this.countModeFrames(1);
        this.act(action);
      },
      softReset: () => this.softReset(),
      random: () => this.random.next(),
    };
    this.poweredOn = this.console.saveState();
    this.random = new MersenneTwister(0);
    this.load(seed);
  }

  /** Everything as when the cartridge was plugged in, then the first reset: ALE's `loadROM`. Mode and difficulty are the
   * default ones again.
   * @param seed of the generator of sticky actions, 32 bits. */
  load(seed: number): void {
    this.console.restoreState(this.poweredOn);
    this.random.seed(seed);
    this.state.notes.fill(0);
    this.game.rules.reset(this.state);
    this.lastAction = Action.NOOP;
    this.lastStrength = 1;
    this.frames = 0;
    this.selectedMode = this.modes[0];
    this.setDifficulty(0);
    this.reset();
  }

  /** Starts an episode: ALE's `reset_game`. The generator goes on. */
  reset(): void {
    const { console, game } = this;
    this.episodeFrames = 0;
    this.paddle?.centre(console);
    console.reset();
    this.emulate(Action.NOOP, WARM_UP_FRAMES);
    this.softReset();
    game.rules.reset(this.state);
    this.modeFrames = 0;
    game.modeSelection?.apply(this.cartridgeMode, this.selectedMode, this.state);
    this.softReset();
    for (const action of game.startingActions ?? []) this.emulate(action, 1);
  }

  /**
   * Plays an action for `frameSkip` frames, or repeats the last one where the generator says so. Nothing happens once the
   * episode is over, but the generator goes on all the same.
   * @param action one of the 18 codes; illegal ones count as NOOP.
   * @param strength how far a paddle turns, from 0 to 1.
   * @returns the sum of rewards.
   * @throws JammedProcessorError when the program has stopped for good.
   */
  act(action: number, strength = 1): number {
    const { random } = this;
    let reward = 0;
    for (let i = 0; i < this.frameSkip; i++) {
      if (random.nextDouble() >= this.repeatActionProbability) {
        this.lastAction = action;
        this.lastStrength = strength;
      }
      // ALE draws for the second player too.
      random.next();
      reward += this.actOneFrame();
    }
    return reward;
  }

  private actOneFrame(): number {
    if (this.state.over || this.truncated) return 0;
    this.emulate(this.legal[this.lastAction] === 1 ? this.lastAction : Action.NOOP, 1, this.lastStrength);
    this.frames++;
    this.episodeFrames++;
    return this.state.reward;
  }

  /** Runs frames with an action (or RESET) held, without counting them. */
  private emulate(action: number, frames: number, strength = 1): void {
    const { console, game, state, paddle } = this;
    const pressed = action === RESET ? 0 : PRESSED[action];
    console.setSwitches(this.difficultySwitches | (action === RESET ? SWITCH.reset : 0));
    if (paddle === undefined) console.setJoystick(0, pressed);
    for (let i = 0; i < frames; i++) {
      paddle?.turn(console, pressed, strength);
      console.runFrame();
      game.rules.step(console.ram, state, this.peek);
    }
    if (console.jammed) throw new JammedProcessorError(game.name);
  }

  private softReset(): void {
    this.emulate(RESET, RESET_FRAMES);
    this.lastAction = Action.NOOP;
  }

  private pressSelect(frames: number): void {
    this.countModeFrames(frames);
    const { console } = this;
    console.setSwitches(this.difficultySwitches | SWITCH.select);
    if (this.paddle === undefined) console.setJoystick(0, 0);
    else this.paddle.release(console);
    for (let i = 0; i < frames; i++) console.runFrame();
    this.emulate(Action.NOOP, 1);
    this.frames++;
    this.episodeFrames++;
  }

  private countModeFrames(frames: number): void {
    this.modeFrames += frames;
    if (this.modeFrames > MOST_MODE_FRAMES) throw new ModeSelectionError(this.game.name, this.selectedMode);
  }

  /** Actions that do something in this game, by code. */
  get minimalActions(): readonly Action[] {
    return this.game.actions;
  }

  /** Modes of the game, the default one first. */
  get modes(): readonly number[] {
    return this.game.modes ?? [0];
  }

  get mode(): number {
    return this.selectedMode;
  }

  /** Chooses the mode of the following episodes; a reset brings it about.
   * @throws OptionError for a mode that the game lacks. */
  setMode(mode: number): void {
    if (!this.modes.includes(mode)) {
      throw new OptionError('mode', mode, `one of ${this.modes.join(', ')} in ${titleOf(this.game.name)}`);
    }
    this.selectedMode = mode;
  }

  get difficulties(): readonly number[] {
    return this.game.difficulties ?? [0];
  }

  get difficulty(): number {
    return this.selectedDifficulty;
  }

  /** Sets the difficulty switches from the next frame on: bit 0 the left one, bit 1 the right one.
   * @throws OptionError for a setting that the game lacks. */
  setDifficulty(difficulty: number): void {
    // 0 is where the switches stand at first, also in games whose list lacks it.
    if (difficulty !== 0 && !this.difficulties.includes(difficulty)) {
      const allowed = `one of ${this.difficulties.join(', ')} in ${titleOf(this.game.name)}`;
      throw new OptionError('difficulty', difficulty, allowed);
    }
    this.selectedDifficulty = difficulty;
    this.difficultySwitches =
      ((difficulty & 1) !== 0 ? SWITCH.leftDifficultyA : 0) | ((difficulty & 2) !== 0 ? SWITCH.rightDifficultyA : 0);
  }

  lives(): number {
    const { rules } = this.game;
    return rules.lives === undefined ? (this.state.over ? 0 : 1) : rules.lives(this.state);
  }

  /** Whether the game itself has ended. */
  get gameOver(): boolean {
    return this.state.over;
  }

  /** Whether the frame limit is reached. */
  get truncated(): boolean {
    return this.maxFrames > 0 && this.episodeFrames >= this.maxFrames;
  }

  /** Frames played since the cartridge was loaded; those of choosing a mode count, those of a reset do not. */
  get frameNumber(): number {
    return this.frames;
  }

  get episodeFrameNumber(): number {
    return this.episodeFrames;
  }

  /** [128]. */
  get ram(): Uint8Array {
    return this.console.ram;
  }

  get screenHeight(): number {
    return this.console.height;
  }

  get screenWidth(): number {
    return SCREEN_WIDTH;
  }

  /** Palette numbers, [height, 160]. */
  screen(): Uint8Array {
    return this.console.screen();
  }

  /** @param out [height, 160, 3], overwritten. */
  screenRgb(out: Uint8Array = new Uint8Array(3 * SCREEN_WIDTH * this.screenHeight)): Uint8Array {
    const { rgb } = this.palette;
    const indices = this.console.screen();
    for (let i = 0, at = 0; i < indices.length; i++, at += 3) {
      const colour = 3 * indices[i];
      out[at] = rgb[colour];
      out[at + 1] = rgb[colour + 1];
      out[at + 2] = rgb[colour + 2];
    }
    return out;
  }

  /** @param out [height, 160], overwritten. */
  screenGray(out: Uint8Array = new Uint8Array(SCREEN_WIDTH * this.screenHeight)): Uint8Array {
    this.console.mapScreen(this.palette.gray, out);
    return out;
  }

  /** Copies everything out: console, rules, counters and generator. */
  saveState(): Snapshot {
    const { reward, score, lives, over, notes } = this.state;
    return {
      game: this.game.name,
      console: this.console.saveState(),
      episode: { reward, score, lives, over, notes: notes.slice() },
      random: this.random.save(),
      paddle: this.paddle?.save() ?? null,
      lastAction: this.lastAction,
      lastStrength: this.lastStrength,
      mode: this.selectedMode,
      difficulty: this.selectedDifficulty,
      frames: this.frames,
      episodeFrames: this.episodeFrames,
    };
  }

  /** @throws MismatchError for a state of another game. */
  restoreState(snapshot: Snapshot): void {
    const saved = new SavedState(snapshot, 'game');
    saved.oneOf('game', [this.game.name]);
    const selectedMode = saved.oneOf('mode', this.modes);
    const difficulty = saved.oneOf('difficulty', [0, ...this.difficulties]);
    this.console.restoreState(saved.array('console', new Uint8Array(0)));
    const episode = new SavedState(saved.part('episode'), 'game');
    this.state.reward = episode.finite('reward');
    this.state.score = episode.finite('score');
    this.state.lives = episode.finite('lives');
    this.state.over = episode.flag('over');
    episode.into('notes', this.state.notes);
    this.random.restore(saved.array('random', new Uint32Array(0)));
    if (this.paddle !== undefined) this.paddle.restore(saved.finite('paddle', 0));
    this.lastAction = saved.whole('lastAction');
    this.lastStrength = saved.finite('lastStrength');
    this.selectedMode = selectedMode;
    this.setDifficulty(difficulty);
    this.frames = saved.whole('frames');
    this.episodeFrames = saved.whole('episodeFrames');
  }
}
