import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError, OptionError } from '../../core/errors.ts';
import {
  booleanOption,
  checkOptionNames,
  frameSkipOption,
  nameOption,
  type OptionNames,
  probabilityOption,
  renderModeOption,
} from '../../core/options.ts';
import type { Generator } from '../../core/random/index.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { Box } from '../../spaces/box.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { SeededEnv } from '../seeded-env.ts';
import { PONG_PALETTE, PongPicture } from './pong.draw.ts';
import { PongGame, type PongOpponent, SCREEN_HEIGHT, SCREEN_WIDTH } from './pong-rules.ts';

export interface PongOptions {
  /** Frames that one step plays with the same action: a number, or [low, high) to draw it for each step. Default 1. */
  readonly frameSkip?: number | readonly [low: number, high: number] | undefined;
  /** Sticky actions: the probability, in each frame, of repeating the last frame's action (Machado et al. 2018).
   * Default 0. */
  readonly repeatActionProbability?: number | undefined;
  /** Observations: `rgb` [210, 160, 3] or `grayscale` [210, 160]. Default `rgb`. */
  readonly obsType?: 'rgb' | 'grayscale' | undefined;
  /** Whether the row and slope of serves are drawn. Default true; false plays as the cartridge, without any chance. */
  readonly variedServes?: boolean | undefined;
  /** Who moves the left paddle: `built-in`, the cartridge's program, or `steered`, whoever calls `steerOpponent`. Default
   * built-in. */
  readonly opponent?: PongOpponent | undefined;
  readonly renderMode?: 'rgb_array' | null | undefined;
}

const OPTIONS: OptionNames<PongOptions> = {
  ...{ frameSkip: true, repeatActionProbability: true, obsType: true, variedServes: true },
  ...{ opponent: true, renderMode: true },
};

const ACTION_MEANINGS = ['NOOP', 'FIRE', 'RIGHT', 'LEFT', 'RIGHTFIRE', 'LEFTFIRE'] as const;
/** Each action's direction on the screen: right turns the paddle up. */
const DIRECTIONS = [0, 0, -1, 1, -1, 1] as const;
const FIRES = [false, true, false, false, true, true] as const;
/** The console's frames a second (NTSC, rounded). */
const FRAMES_PER_SECOND = 60;

/**
 * Pong, built in: the look and the rules of the Atari 2600 cartridge, which it does not need. The rules, and how they
 * were found, are in `pong-rules.ts`.
 *
 * The player has the green paddle on the right. The first to 21 points wins.
 *
 * Actions, Discrete(6), named as the Arcade Learning Environment names them
 *
 * | action | name      | meaning          |
 * |-------:|-----------|------------------|
 * |      0 | NOOP      | nothing          |
 * |      1 | FIRE      | fire             |
 * |      2 | RIGHT     | paddle up        |
 * |      3 | LEFT      | paddle down      |
 * |      4 | RIGHTFIRE | paddle up, fire  |
 * |      5 | LEFTFIRE  | paddle down, fire|
 *
 * Fire held while the paddle hits makes the ball faster.
 *
 * Observation: Box(0, 255, (210, 160, 3), uint8), or (210, 160) with `obsType: 'grayscale'`; a view that the
 * environment owns and overwrites.
 *
 * Reward: 1 for a point of the player, -1 for one of the opponent, else 0.
 *
 * Start: paddle in the upper middle; the first serve, to the opponent, after 59 frames.
 *
 * The left paddle is moved by the program, or with `opponent: 'steered'` by whoever calls `steerOpponent`: another agent, a
 * person. It then follows its knob as the right one does.
 *
 * End: terminated when one side has 21 points. `make` truncates after 108,000 steps.
 *
 * Info: `lives` (always 0), `episode_frame_number`.
 *
 * Arguments: see `PongOptions`.
 *
 * Version history
 * - v0: first version.
 */
export class PongEnv extends SeededEnv<Uint8Array, number> {
  readonly metadata: EnvMetadata;
  protected override readonly stateName: string = 'Pong';
  readonly observationSpace: Box<'uint8'>;
  readonly actionSpace = new Discrete(ACTION_MEANINGS.length);
  readonly renderMode: RenderMode;
  /** The state of play; change nothing in it. */
  readonly game: PongGame;
  /** The five colours, [5, 3]. */
  readonly palette: Uint8Array = PONG_PALETTE;

  /** Frames a step; [low, high) when it is drawn. */
  readonly frameSkip: number | readonly [number, number];
  readonly screenShape = [SCREEN_HEIGHT, SCREEN_WIDTH] as const;

  readonly #skipLow: number;
  /** Exclusive; equal to `#skipLow` when the skip is constant. */
  readonly #skipHigh: number;
  readonly repeatActionProbability: number;
  readonly #observed: PongPicture;
  #indices: PongPicture | undefined;
  #rendered: PongPicture | undefined;
  #observationWanted = true;
  #lastAction = 0;

  /** @throws OptionError or UnknownNameError for an option out of range. */
  constructor(options: PongOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    this.renderMode = renderModeOption(options.renderMode, ['rgb_array']);
    [this.#skipLow, this.#skipHigh] = frameSkipOption('frameSkip', options.frameSkip, 1);
    this.frameSkip = this.#skipHigh > this.#skipLow ? [this.#skipLow, this.#skipHigh] : this.#skipLow;
    this.repeatActionProbability = probabilityOption('repeatActionProbability', options.repeatActionProbability, 0);
    const obsType = nameOption('obsType', options.obsType, ['rgb', 'grayscale'] as const, 'rgb');
    const shape = obsType === 'rgb' ? [SCREEN_HEIGHT, SCREEN_WIDTH, 3] : [SCREEN_HEIGHT, SCREEN_WIDTH];
    this.observationSpace = new Box(0, 255, shape, 'uint8');
    this.#observed = obsType === 'rgb' ? rgbPicture() : new PongPicture(1, PONG_BRIGHTNESS);
    if (obsType === 'rgb') this.#rendered = this.#observed;
    const opponent = nameOption('opponent', options.opponent, ['built-in', 'steered'] as const, 'built-in');
    this.game = new PongGame(booleanOption('variedServes', options.variedServes, true), opponent);
    this.metadata = { renderModes: ['rgb_array'], renderFps: FRAMES_PER_SECOND / this.#skipLow };
  }

  getActionMeanings(): readonly string[] {
    return ACTION_MEANINGS;
  }

  /** Always 0: Pong has no lives. */
  lives(): number {
    return 0;
  }

  reset(options?: ResetOptions): ResetResult<Uint8Array> {
    this.begin(options);
    this.game.reset();
    this.#lastAction = 0;
    return { observation: this.#observe(), info: this.#info() };
  }

  step(action: number): StepResult<Uint8Array> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    checkAction(action);
    const generator = this.generator as Generator;
    const { game } = this;
    const frames = this.#skipHigh > this.#skipLow ? generator.integers(this.#skipLow, this.#skipHigh) : this.#skipLow;
    let reward = 0;
    let terminated = false;
    for (let i = 0; i < frames && !terminated; i++) {
      if (this.repeatActionProbability === 0 || generator.random() >= this.repeatActionProbability) {
        this.#lastAction = action;
      }
      const point = game.advance(DIRECTIONS[this.#lastAction], FIRES[this.#lastAction], generator);
      reward += point;
      terminated = point !== 0 && game.over;
    }
    if (terminated) this.phase = 'over';
    return { observation: this.#observe(), reward, terminated, truncated: false, info: this.#info() };
  }

  /**
   * What the left paddle does from the next frame on, until it is told something else or the next reset.
   * @param action as the player's, by number: RIGHT turns this paddle up too.
   * @throws OptionError unless the environment was made with `opponent: 'steered'`, ActionError for no such action.
   */
  steerOpponent(action: number): void {
    const { game } = this;
    if (game.opponent !== 'steered') throw new OptionError('opponent', game.opponent, '"steered", to steer it');
    checkAction(action);
    game.opponentDirection = DIRECTIONS[action];
    game.opponentFires = FIRES[action];
  }

  #observe(): Uint8Array {
    if (this.#observationWanted) this.#observed.draw(this.game);
    return this.#observed.data;
  }

  #info(): ResetResult<Uint8Array>['info'] {
    return { lives: 0, episode_frame_number: this.game.frame };
  }

  /** The array behind every observation. */
  get screenObservation(): Uint8Array {
    return this.#observed.data;
  }

  /** Number in `palette` of each pixel, [210, 160]; a view, valid until the next call. */
  screenIndices(): Uint8Array {
    this.#indices ??= new PongPicture(1, Uint8Array.of(0, 1, 2, 3, 4));
    this.#indices.draw(this.game);
    return this.#indices.data;
  }

  /** While false, observations are not painted: for wrappers that read `screenIndices` instead. */
  setObservationWanted(wanted: boolean): void {
    this.#observationWanted = wanted;
    if (wanted) this.#observed.draw(this.game);
  }

  protected override draw(): RgbFrame {
    this.#rendered ??= rgbPicture();
    this.#rendered.draw(this.game);
    return { width: SCREEN_WIDTH, height: SCREEN_HEIGHT, data: this.#rendered.data };
  }

  protected override saveOwnState(): Snapshot {
    return { game: this.game.save(), lastAction: this.#lastAction };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'Pong');
    const game = this.game.save();
    saved.into('game', game);
    this.game.restore(game);
    this.#lastAction = saved.whole('lastAction', 0, ACTION_MEANINGS.length - 1);
    this.#observe();
  }
}

function checkAction(action: number): void {
  if (!(Number.isInteger(action) && action >= 0 && action < ACTION_MEANINGS.length)) {
    throw new ActionError(action, 'Discrete(6)');
  }
}

function rgbPicture(): PongPicture {
  return new PongPicture(3, PONG_PALETTE);
}

/** ITU-R 601 brightness of the palette, rounded. */
const PONG_BRIGHTNESS = Uint8Array.from({ length: PONG_PALETTE.length / 3 }, (_, i) =>
  Math.round(0.299 * PONG_PALETTE[3 * i] + 0.587 * PONG_PALETTE[3 * i + 1] + 0.114 * PONG_PALETTE[3 * i + 2]),
);
