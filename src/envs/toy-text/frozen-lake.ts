import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError, OptionError, UnknownNameError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import {
  booleanOption,
  checkOptionNames,
  type OptionNames,
  probabilityOption,
  renderModeOption,
} from '../../core/options.ts';
import type { Generator } from '../../core/random/generator.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { SeededEnv } from '../seeded-env.ts';
import type { GridWorld, StateGrid } from '../state-grid.ts';
import type { Outcome, TabularModel } from '../tabular-model.ts';
import { FrozenLakeDrawing } from './frozen-lake.draw.ts';
import { frozenLakeGrid } from './frozen-lake.grid.ts';
import { generateRandomMap, type LakeMapName, lakeMaps, parseLakeMap } from './lake-map.ts';
import { OutcomeTable } from './outcome-table.ts';

/** Actions of FrozenLake. */
export const lakeActions = { left: 0, down: 1, right: 2, up: 3 } as const;

export interface FrozenLakeOptions {
  /** Rows of S (start), F (frozen), H (hole), G (goal); wins over `mapName`. A row may be an array of letters. */
  readonly desc?: readonly (string | readonly string[])[] | null | undefined;
  /** A built-in map, default '4x4'. Null, without `desc`, draws a random 8x8 map from fresh entropy. */
  readonly mapName?: LakeMapName | null | undefined;
  /** Default true. */
  readonly isSlippery?: boolean | undefined;
  /** Probability of the intended direction on slippery ice, default 1/3; the rest goes evenly to both sides. */
  readonly successRate?: number | undefined;
  /** Rewards of reaching the goal, a hole, another tile. Default [1, 0, 0]. */
  readonly rewardSchedule?: readonly [goal: number, hole: number, frozen: number] | undefined;
  readonly renderMode?: 'ansi' | 'rgb_array' | null | undefined;
}

const OPTIONS: OptionNames<FrozenLakeOptions> = {
  ...{ desc: true, mapName: true, isSlippery: true, successRate: true, rewardSchedule: true, renderMode: true },
};

/**
 * FrozenLake: cross a frozen lake from the start to the goal without falling into a hole. The ice is slippery: an action
 * may take the player to either side of where it points.
 *
 * Actions, Discrete(4)
 *
 * | action | meaning |
 * |-------:|---------|
 * |      0 | left    |
 * |      1 | down    |
 * |      2 | right   |
 * |      3 | up      |
 *
 * Observation, Discrete(rows x columns): `row * columns + column` of the player, counted from the upper left corner.
 *
 * Reward: 1 for reaching the goal, 0 otherwise; `rewardSchedule` changes it.
 *
 * Start: on a start tile, each with the same probability (the usual maps have one, in the upper left corner).
 *
 * End: terminated in a hole or at the goal. `make` truncates after 100 steps (FrozenLake-v1) or 200 (FrozenLake8x8-v1).
 *
 * Info: `prob`, the probability of the outcome that happened; 1 after a reset.
 *
 * Arguments: see `FrozenLakeOptions`. Unlike Gymnasium, a map without start or goal, or with other letters, is refused.
 *
 * Version history (Gymnasium's)
 * - v1: rewards corrected; 1.2 added `successRate`, 1.3 `rewardSchedule`.
 * - v0: first version.
 */
export class FrozenLakeEnv extends SeededEnv<number, number, RgbFrame | string> implements GridWorld {
  readonly metadata: EnvMetadata = { renderModes: ['ansi', 'rgb_array'], renderFps: 4 };
  protected override readonly stateName: string = 'FrozenLake';
  readonly observationSpace: Discrete;
  readonly actionSpace: Discrete = new Discrete(4);
  readonly renderMode: RenderMode;

  readonly #slippery: boolean;
  readonly #successRate: number;
  readonly #rewards: readonly number[];
  readonly #mapIsRandom: boolean;
  #desc: readonly string[];
  #model: TabularModel;
  #table: OutcomeTable;
  #drawing: FrozenLakeDrawing | undefined;
  #state = 0;
  #lastAction: number | null = null;

  /** @throws OptionError or UnknownNameError for an option out of range. */
  constructor(options: FrozenLakeOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    this.renderMode = renderModeOption(options.renderMode, ['ansi', 'rgb_array']);
    this.#slippery = booleanOption('isSlippery', options.isSlippery, true);
    this.#successRate = probabilityOption('successRate', options.successRate, 1 / 3);
    this.#rewards = rewardOption(options.rewardSchedule);
    this.#mapIsRandom = (options.desc ?? null) === null && options.mapName === null;
    this.#desc = this.#mapIsRandom ? generateRandomMap() : mapOption(options);
    this.#model = this.#buildModel();
    this.#table = new OutcomeTable(this.#model);
    this.observationSpace = new Discrete(this.#model.nStates);
  }

  /** Rows of the map. */
  get desc(): readonly string[] {
    return this.#desc;
  }

  /** The true dynamics, for planning. */
  get model(): TabularModel {
    return this.#model;
  }

  /** Outcomes by state and action, under Gymnasium's name. */
  get P(): TabularModel['transitions'] {
    return this.#model.transitions;
  }

  reset(options?: ResetOptions): ResetResult<number> {
    const generator = this.begin(options);
    this.#state = this.#table.drawStart(generator.random());
    this.#lastAction = null;
    return { observation: this.#state, info: { prob: 1 } };
  }

  step(action: number): StepResult<number> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    if (typeof action !== 'number' || action >>> 0 !== action || action > 3)
      throw new ActionError(action, 'Discrete(4)');
    const table = this.#table;
    const outcome = table.draw(this.#state, action, (this.generator as Generator).random());
    const state = table.nextState[outcome];
    const terminated = table.terminated[outcome] === 1;
    this.#state = state;
    this.#lastAction = action;
    if (terminated) this.phase = 'over';
    return {
      observation: state,
      reward: table.reward[outcome],
      terminated,
      truncated: false,
      info: { prob: table.probability[outcome] },
    };
  }

  getActionMeanings(): readonly string[] {
    return Object.keys(lakeActions);
  }

  stateGrids(): readonly StateGrid[] {
    return [frozenLakeGrid(this.#desc)];
  }

  protected draw(): RgbFrame | string {
    if (this.renderMode === 'ansi') return this.#text();
    this.#drawing ??= new FrozenLakeDrawing(this.#desc);
    return this.#drawing.draw(this.#state, this.#lastAction);
  }

  /** The map with the player's tile on red, under the last action: Gymnasium's text. */
  #text(): string {
    const columns = this.#desc[0].length;
    const row = Math.floor(this.#state / columns);
    const lines = this.#desc.map((line, r) => {
      if (r !== row) return line;
      const column = this.#state % columns;
      return `${line.slice(0, column)}\x1b[41m${line[column]}\x1b[0m${line.slice(column + 1)}`;
    });
    const action = this.#lastAction === null ? '' : `  (${['Left', 'Down', 'Right', 'Up'][this.#lastAction]})`;
    return `${action}\n${lines.join('\n')}\n`;
  }

  protected saveOwnState(): Snapshot {
    return {
      // A random map is part of the state: an environment made again with the same options has another one.
      desc: this.#mapIsRandom ? this.#desc : null,
      state: this.#state,
      lastAction: this.#lastAction,
    };
  }

  protected restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'FrozenLake');
    if (this.#mapIsRandom) {
      const desc = parseLakeMap(saved.list('desc', this.#desc.length));
      saved.require(
        desc.join('').length === this.observationSpace.n,
        'desc',
        `a map of ${this.observationSpace.n} tiles`,
      );
      this.#desc = desc;
      this.#model = this.#buildModel();
      this.#table = new OutcomeTable(this.#model);
      this.#drawing = undefined;
    }
    this.#state = saved.whole('state', 0, this.observationSpace.n - 1);
    this.#lastAction = saved.optional('lastAction', (key) => saved.whole(key, 0, 3)) ?? null;
  }

  #buildModel(): TabularModel {
    const tiles = this.#desc.join('');
    const columns = this.#desc[0].length;
    const starts = tiles.split('S').length - 1;
    const failRate = (1 - this.#successRate) / 2;
    const arrive = (probability: number, state: number, direction: number): Outcome => {
      const nextState = neighbour(state, direction, this.#desc.length, columns);
      const tile = tiles[nextState];
      const reward = this.#rewards[tile === 'G' ? 0 : tile === 'H' ? 1 : 2];
      return { probability, nextState, reward, terminated: tile === 'G' || tile === 'H' };
    };
    const outcomes = (state: number, action: number): Outcome[] => {
      if (tiles[state] === 'G' || tiles[state] === 'H') {
        return [{ probability: 1, nextState: state, reward: 0, terminated: true }];
      }
      if (!this.#slippery) return [arrive(1, state, action)];
      const directions = [(action + 3) % 4, action, (action + 1) % 4];
      return directions.map((d) => arrive(d === action ? this.#successRate : failRate, state, d));
    };
    return {
      nStates: tiles.length,
      nActions: 4,
      transitions: Array.from(tiles, (_, state) => [0, 1, 2, 3].map((action) => outcomes(state, action))),
      initialStateDistribution: Float64Array.from(tiles, (tile) => (tile === 'S' ? 1 / starts : 0)),
    };
  }
}

/** The tile reached by one move; the border of the map stops it. */
function neighbour(state: number, direction: number, rows: number, columns: number): number {
  const column = state % columns;
  if (direction === lakeActions.left) return column > 0 ? state - 1 : state;
  if (direction === lakeActions.right) return column < columns - 1 ? state + 1 : state;
  if (direction === lakeActions.up) return state >= columns ? state - columns : state;
  return state < columns * (rows - 1) ? state + columns : state;
}

function mapOption({ desc, mapName = '4x4' }: FrozenLakeOptions): readonly string[] {
  if (desc !== undefined && desc !== null) return parseLakeMap(desc);
  const known = Object.keys(lakeMaps);
  if (typeof mapName !== 'string') throw new OptionError('mapName', mapName, `${known.join(', ')} or null`);
  if (!known.includes(mapName)) throw new UnknownNameError('map', mapName, known, nearest(mapName, known));
  return lakeMaps[mapName];
}

function rewardOption(value: unknown): readonly number[] {
  if (value === undefined) return [1, 0, 0];
  if (!Array.isArray(value) || value.length !== 3 || !value.every((reward) => Number.isFinite(reward))) {
    throw new OptionError('rewardSchedule', value, 'three numbers: rewards of the goal, a hole, another tile');
  }
  return value as number[];
}
