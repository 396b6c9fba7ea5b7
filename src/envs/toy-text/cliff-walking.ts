import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError } from '../../core/errors.ts';
import { booleanOption, checkOptionNames, type OptionNames, renderModeOption } from '../../core/options.ts';
import type { Generator } from '../../core/random/generator.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { SeededEnv } from '../seeded-env.ts';
import type { GridWorld, StateGrid } from '../state-grid.ts';
import type { Outcome, TabularModel } from '../tabular-model.ts';
import { CliffWalkingDrawing } from './cliff-walking.draw.ts';
import { cliffWalkingGrid } from './cliff-walking.grid.ts';
import { OutcomeTable } from './outcome-table.ts';

/** Rows and columns of the field. */
export const CLIFF_ROWS = 4;
export const CLIFF_COLUMNS = 12;

/** Actions of CliffWalking. */
export const cliffActions = { up: 0, right: 1, down: 2, left: 3 } as const;

/** Lower left and lower right corner. */
const START = (CLIFF_ROWS - 1) * CLIFF_COLUMNS;
const GOAL = CLIFF_ROWS * CLIFF_COLUMNS - 1;
const N_STATES = CLIFF_ROWS * CLIFF_COLUMNS;

export interface CliffWalkingOptions {
  /** A step may go to either side of where it should, each with probability 1/3. Default false. */
  readonly isSlippery?: boolean | undefined;
  readonly renderMode?: 'ansi' | 'rgb_array' | null | undefined;
}

const OPTIONS: OptionNames<CliffWalkingOptions> = {
  isSlippery: true,
  renderMode: true,
};

/**
 * CliffWalking: walk along a cliff from the lower left corner to the lower right one (R. S. Sutton and A. G. Barto,
 * "Reinforcement Learning: An Introduction", 2nd ed., example 6.6, page 132).
 *
 *     o  o  o  o  o  o  o  o  o  o  o  o
 *     o  o  o  o  o  o  o  o  o  o  o  o
 *     o  o  o  o  o  o  o  o  o  o  o  o
 *     x  C  C  C  C  C  C  C  C  C  C  T
 *
 * Actions, Discrete(4)
 *
 * | action | meaning |
 * |-------:|---------|
 * |      0 | up      |
 * |      1 | right   |
 * |      2 | down    |
 * |      3 | left    |
 *
 * Observation, Discrete(48): `row * 12 + column` of the player, counted from the upper left corner. The cliff (37 to 46)
 * is never observed.
 *
 * Reward: -1 a step, -100 for a step over the cliff, which takes the player back to the start.
 *
 * Start: state 36, the lower left corner.
 *
 * End: terminated in state 47, the lower right corner. There is no time limit.
 *
 * Info: `prob`, the probability of the outcome that happened; 1 after a reset.
 *
 * Arguments: see `CliffWalkingOptions`.
 *
 * Version history (Gymnasium's)
 * - v1: `isSlippery` added; CliffWalkingSlippery-v1 has it switched on.
 * - v0: first version.
 */
export class CliffWalkingEnv extends SeededEnv<number, number, RgbFrame | string> implements GridWorld {
  readonly metadata: EnvMetadata = { renderModes: ['ansi', 'rgb_array'], renderFps: 4 };
  protected override readonly stateName: string = 'CliffWalking';
  readonly observationSpace: Discrete = new Discrete(N_STATES);
  readonly actionSpace: Discrete = new Discrete(4);
  readonly renderMode: RenderMode;
  /** The true dynamics, for planning. */
  readonly model: TabularModel;

  readonly #table: OutcomeTable;
  #drawing: CliffWalkingDrawing | undefined;
  #state = START;
  #lastAction: number | null = null;

  /** @throws OptionError for an option out of range, UnknownNameError for one of another name. */
  constructor(options: CliffWalkingOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    this.renderMode = renderModeOption(options.renderMode, ['ansi', 'rgb_array']);
    this.model = cliffModel(booleanOption('isSlippery', options.isSlippery, false));
    this.#table = new OutcomeTable(this.model);
  }

  /** Outcomes by state and action, under Gymnasium's name. */
  get P(): TabularModel['transitions'] {
    return this.model.transitions;
  }

  reset(options?: ResetOptions): ResetResult<number> {
    this.#state = this.#table.drawStart(this.begin(options).random());
    this.#lastAction = null;
    return { observation: this.#state, info: { prob: 1 } };
  }

  step(action: number): StepResult<number> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    if (typeof action !== 'number' || action >>> 0 !== action || action > 3)
      throw new ActionError(action, 'Discrete(4)');
    const table = this.#table;
    const outcome = table.draw(this.#state, action, (this.generator as Generator).random());
    const terminated = table.terminated[outcome] === 1;
    this.#state = table.nextState[outcome];
    this.#lastAction = action;
    if (terminated) this.phase = 'over';
    return {
      observation: this.#state,
      reward: table.reward[outcome],
      terminated,
      truncated: false,
      info: { prob: table.probability[outcome] },
    };
  }

  getActionMeanings(): readonly string[] {
    return Object.keys(cliffActions);
  }

  stateGrids(): readonly StateGrid[] {
    return [cliffWalkingGrid(CLIFF_ROWS, CLIFF_COLUMNS)];
  }

  protected draw(): RgbFrame | string {
    if (this.renderMode === 'ansi') return this.#text();
    this.#drawing ??= new CliffWalkingDrawing();
    return this.#drawing.draw(this.#state, this.#lastAction);
  }

  /** The field with x for the player, T for the goal, C for the cliff: Gymnasium's text. */
  #text(): string {
    const letter = (state: number): string => {
      if (state === this.#state) return 'x';
      return state === GOAL ? 'T' : isCliff(state) ? 'C' : 'o';
    };
    const rows = Array.from({ length: CLIFF_ROWS }, (_, row) =>
      Array.from({ length: CLIFF_COLUMNS }, (_, column) => letter(row * CLIFF_COLUMNS + column)).join('  '),
    );
    return `${rows.join('\n')}\n\n`;
  }

  protected saveOwnState(): Snapshot {
    return { state: this.#state, lastAction: this.#lastAction };
  }

  protected restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'CliffWalking');
    this.#state = saved.whole('state', 0, this.observationSpace.n - 1);
    this.#lastAction = saved.optional('lastAction', (key) => saved.whole(key, 0, 3)) ?? null;
  }
}

/** Whether a state is part of the cliff: the last row between start and goal. */
export function isCliff(state: number): boolean {
  return state > START && state < GOAL;
}

function cliffModel(slippery: boolean): TabularModel {
  const arrive = (probability: number, state: number, direction: number): Outcome => {
    const row = Math.floor(state / CLIFF_COLUMNS) + [-1, 0, 1, 0][direction];
    const column = (state % CLIFF_COLUMNS) + [0, 1, 0, -1][direction];
    const inside = (at: number, size: number): number => Math.min(Math.max(at, 0), size - 1);
    const place = inside(row, CLIFF_ROWS) * CLIFF_COLUMNS + inside(column, CLIFF_COLUMNS);
    if (isCliff(place)) return { probability, nextState: START, reward: -100, terminated: false };
    return { probability, nextState: place, reward: -1, terminated: place === GOAL };
  };
  const outcomes = (state: number, action: number): Outcome[] => {
    if (!slippery) return [arrive(1, state, action)];
    return [(action + 3) % 4, action, (action + 1) % 4].map((direction) => arrive(1 / 3, state, direction));
  };
  return {
    nStates: N_STATES,
    nActions: 4,
    transitions: Array.from({ length: N_STATES }, (_, state) => [0, 1, 2, 3].map((action) => outcomes(state, action))),
    initialStateDistribution: Float64Array.from({ length: N_STATES }, (_, state) => (state === START ? 1 : 0)),
  };
}
