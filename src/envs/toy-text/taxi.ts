import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError } from '../../core/errors.ts';
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
import type { TabularModel } from '../tabular-model.ts';
import { OutcomeTable } from './outcome-table.ts';
import { TaxiDrawing } from './taxi.draw.ts';
import { taxiGrids } from './taxi.grid.ts';
import {
  decodeTaxiState,
  encodeTaxiState,
  IN_TAXI,
  taxiActionMask,
  taxiActions,
  taxiMap,
  taxiModel,
  taxiPlaces,
} from './taxi-model.ts';

export interface TaxiOptions {
  /** Rain pushes the taxi to a side now and then. Default false. */
  readonly isRainy?: boolean | undefined;
  /** The passenger may change the destination once an episode. Default false. */
  readonly ficklePassenger?: boolean | undefined;
  /** With rain: probability that a move goes where it should, default 0.8; each side gets half of the rest. */
  readonly rainyProbability?: number | undefined;
  /** With a fickle passenger: probability of an episode with a change of mind, default 0.3. */
  readonly fickleProbability?: number | undefined;
  readonly renderMode?: 'ansi' | 'rgb_array' | null | undefined;
}

const OPTIONS: OptionNames<TaxiOptions> = {
  ...{ isRainy: true, ficklePassenger: true, rainyProbability: true, fickleProbability: true, renderMode: true },
};

/** Options of Taxi-v3, the version before rain and fickle passengers. */
export type TaxiV3Options = Pick<TaxiOptions, 'renderMode'>;

/** Action masks by state; shared by all taxis and handed out in `info`, so never written. */
const masks: Int8Array[] = [];

/**
 * Taxi: drive to the passenger, pick up, drive to the destination, drop off, in a 5x5 town with four places: Red, Green,
 * Yellow and Blue (T. G. Dietterich, JAIR 13, 2000).
 *
 *     +---------+
 *     |R: | : :G|
 *     | : | : : |
 *     | : : : : |
 *     | | : | : |
 *     |Y| : |B: |
 *     +---------+
 *
 * Actions, Discrete(6)
 *
 * | action | meaning            |
 * |-------:|--------------------|
 * |      0 | move south (down)  |
 * |      1 | move north (up)    |
 * |      2 | move east (right)  |
 * |      3 | move west (left)   |
 * |      4 | pick up            |
 * |      5 | drop off           |
 *
 * Observation, Discrete(500): `((row * 5 + column) * 5 + passenger) * 4 + destination`
 *
 * | part        | values                                             |
 * |-------------|----------------------------------------------------|
 * | row, column | 0..4 from the north, 0..4 from the west            |
 * | passenger   | 0 Red, 1 Green, 2 Yellow, 3 Blue, 4 in the taxi    |
 * | destination | 0 Red, 1 Green, 2 Yellow, 3 Blue                   |
 *
 * 400 of them occur during an episode, 4 more right after its end.
 *
 * Reward: -1 a step, +20 for delivering the passenger, -10 for picking up or dropping off where that cannot be done.
 * Leaving the passenger at a place that is not the destination is allowed and costs 1.
 *
 * Start: one of 300 states with the same probability: any square, a passenger who waits at a place that is not the
 * destination.
 *
 * End: terminated when the passenger is delivered. `make` truncates after 200 steps.
 *
 * Info: `prob`, the probability of the outcome that happened (1 after a reset; a change of mind is not counted);
 * `action_mask`, Int8Array [6], 1 for each action that changes the state. Masks are shared: read only.
 *
 * Arguments: see `TaxiOptions`. A passenger who is fickle changes the destination to another of the four places when the
 * taxi first moves with the passenger inside. Whether an episode has such a change is drawn at the reset and is not part
 * of the observation, nor of `model`.
 *
 * Version history (Gymnasium's)
 * - v4 (1.3): `isRainy` and `ficklePassenger` corrected; `rainyProbability` and `fickleProbability` added.
 * - v3: walls of the map corrected; `action_mask` since 0.25. Registered here as it was up to 1.1, without rain or fickle
 *   passengers: same states, rewards and random draws as a dry v4.
 * - v2: the destination differs from where the passenger waits.
 * - v1: a square removed from the places.
 * - v0: first version.
 */
export class TaxiEnv extends SeededEnv<number, number, RgbFrame | string> implements GridWorld {
  readonly metadata: EnvMetadata = { renderModes: ['ansi', 'rgb_array'], renderFps: 4 };
  protected override readonly stateName: string = 'Taxi';
  readonly observationSpace: Discrete = new Discrete(500);
  readonly actionSpace: Discrete = new Discrete(6);
  readonly renderMode: RenderMode;
  /** The true dynamics, for planning; a fickle passenger's change of mind is not in it. */
  readonly model: TabularModel;

  readonly #table: OutcomeTable;
  readonly #fickle: boolean;
  readonly #fickleProbability: number;
  #drawing: TaxiDrawing | undefined;
  #state = 0;
  #lastAction: number | null = null;
  /** Direction that the drawn taxi faces: the last move, 0 (south) after a reset. */
  #heading = 0;
  /** The passenger of this episode will still change the destination. */
  #willChange = false;

  /** @throws OptionError for an option out of range, UnknownNameError for one of another name. */
  constructor(options: TaxiOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    this.renderMode = renderModeOption(options.renderMode, ['ansi', 'rgb_array']);
    const rainy = booleanOption('isRainy', options.isRainy, false);
    const rainyProbability = probabilityOption('rainyProbability', options.rainyProbability, 0.8);
    this.#fickle = booleanOption('ficklePassenger', options.ficklePassenger, false);
    this.#fickleProbability = probabilityOption('fickleProbability', options.fickleProbability, 0.3);
    this.model = taxiModel(rainy ? rainyProbability : null);
    this.#table = new OutcomeTable(this.model);
    if (masks.length === 0) for (let state = 0; state < 500; state++) masks.push(taxiActionMask(state));
  }

  /** Outcomes by state and action, under Gymnasium's name. */
  get P(): TabularModel['transitions'] {
    return this.model.transitions;
  }

  reset(options?: ResetOptions): ResetResult<number> {
    const generator = this.begin(options);
    this.#state = this.#table.drawStart(generator.random());
    this.#willChange = this.#fickle && generator.random() < this.#fickleProbability;
    this.#lastAction = null;
    this.#heading = 0;
    return { observation: this.#state, info: { prob: 1, action_mask: masks[this.#state] } };
  }

  step(action: number): StepResult<number> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    if (typeof action !== 'number' || action >>> 0 !== action || action > 5)
      throw new ActionError(action, 'Discrete(6)');
    const table = this.#table;
    const outcome = table.draw(this.#state, action, (this.generator as Generator).random());
    let state = table.nextState[outcome];
    if (this.#willChange) state = this.#changeOfMind(state);
    const terminated = table.terminated[outcome] === 1;
    this.#state = state;
    this.#lastAction = action;
    if (action < 4) this.#heading = action;
    if (terminated) this.phase = 'over';
    return {
      observation: state,
      reward: table.reward[outcome],
      terminated,
      truncated: false,
      info: { prob: table.probability[outcome], action_mask: masks[state] },
    };
  }

  /** The next state with a new destination, if the taxi has just moved with the passenger inside. */
  #changeOfMind(next: number): number {
    const before = decodeTaxiState(this.#state);
    const after = decodeTaxiState(next);
    const moved = before.row !== after.row || before.column !== after.column;
    if (before.passenger !== IN_TAXI || !moved) return next;
    this.#willChange = false;
    const others = [0, 1, 2, 3].filter((place) => place !== before.destination);
    return encodeTaxiState({ ...after, destination: (this.generator as Generator).choice(others) });
  }

  getActionMeanings(): readonly string[] {
    return Object.keys(taxiActions);
  }

  stateGrids(): readonly StateGrid[] {
    return taxiGrids();
  }

  protected draw(): RgbFrame | string {
    if (this.renderMode === 'ansi') return this.#text();
    this.#drawing ??= new TaxiDrawing();
    return this.#drawing.draw(decodeTaxiState(this.#state), this.#heading);
  }

  /** The map over the last action, Gymnasium's text: the taxi on yellow, on green with the passenger; the passenger's
   * place in bold blue, the destination in magenta. */
  #text(): string {
    const { row, column, passenger, destination } = decodeTaxiState(this.#state);
    const cells = taxiMap.map((line) => [...line]);
    const paint = (r: number, c: number, code: string): void => {
      const x = 2 * c + 1;
      cells[1 + r][x] = `\x1b[${code}m${cells[1 + r][x]}\x1b[0m`;
    };
    if (passenger === IN_TAXI) {
      // An empty square would show a plain green block; the underscore says that somebody sits in it.
      if (cells[1 + row][2 * column + 1] === ' ') cells[1 + row][2 * column + 1] = '_';
      paint(row, column, '42');
    } else {
      paint(row, column, '43');
      paint(...taxiPlaces[passenger], '34;1');
    }
    paint(...taxiPlaces[destination], '35');
    const names = ['South', 'North', 'East', 'West', 'Pickup', 'Dropoff'];
    const action = this.#lastAction === null ? '' : `  (${names[this.#lastAction]})`;
    return `${cells.map((line) => line.join('')).join('\n')}\n${action}\n`;
  }

  protected saveOwnState(): Snapshot {
    return {
      state: this.#state,
      lastAction: this.#lastAction,
      heading: this.#heading,
      willChange: this.#willChange,
    };
  }

  protected restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'Taxi');
    this.#state = saved.whole('state', 0, this.observationSpace.n - 1);
    this.#lastAction = saved.optional('lastAction', (key) => saved.whole(key, 0, 5)) ?? null;
    this.#heading = saved.whole('heading', 0, 3);
    this.#willChange = saved.flag('willChange');
  }
}
