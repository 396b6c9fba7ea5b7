import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { encodeTable } from '../storage/table-model.ts';
import type { Cells } from '../tabular/config.ts';
import { CHANGEABLE, OnlineAgent } from '../tabular/online-agent.ts';
import { LONGEST_EPISODE } from '../tabular/policies.ts';
import type { IterationReport, TabularAgent } from '../tabular/tabular-agent.ts';
import type { ActionBins } from '../wrappers/discretize-action.ts';
import {
  type ExportedModel,
  restoreEnd,
  saveEnd,
  type Training,
  type TrainingEnd,
  type TrainingObserver,
} from './training.ts';

export interface TabularTrainingOptions {
  readonly agent: TabularAgent;
  readonly maxIterations: number;
  /** The bound that the agent's reports go by; null for none. */
  readonly rewardBound: number | null;
  readonly env: string;
  readonly envOptions: Readonly<Record<string, unknown>>;
  /** How the environment's observations were cut; null when they were not. */
  readonly cells: Cells | null;
  /** How its actions were cut; null when they were not. */
  readonly actionBins: ActionBins;
}

/** A tabular agent as a training: one unit is one iteration, with the lines of the textbooks' programs. */
export class TabularTraining implements Training {
  readonly agent: TabularAgent;
  readonly maxSteps: number;
  readonly #options: Omit<TabularTrainingOptions, 'rewardBound'> & { rewardBound: number | null };
  #end: TrainingEnd | undefined;
  /** Whether the best reward is of a test that was given up. */
  #bestCut = false;

  constructor(options: TabularTrainingOptions) {
    this.#options = { ...options };
    this.agent = options.agent;
    this.maxSteps = options.maxIterations;
  }
  get step(): number {
    return this.agent.progress.iteration;
  }
  get end(): TrainingEnd | undefined {
    return this.#end;
  }
  get table(): { readonly nStates: number; readonly nActions: number } {
    return this.agent;
  }
  status(): string {
    return this.#bestCut ? 'no test has ended yet' : `best reward ${format(this.agent.progress.bestReward)}`;
  }

  async presentValues(): Promise<Float64Array | undefined> {
    return this.agent instanceof OnlineAgent ? this.agent.presentValues() : undefined;
  }

  get changeable(): readonly string[] {
    return this.agent instanceof OnlineAgent ? CHANGEABLE : [];
  }

  change(settings: Readonly<Record<string, unknown>>): void {
    if (!(this.agent instanceof OnlineAgent)) return;
    this.agent.change(settings);
    if ('rewardBound' in settings) this.#options.rewardBound = settings['rewardBound'] as number | null;
  }

  advance(observer: TrainingObserver): void {
    const { agent } = this;
    const report = agent.iterate();
    const { iteration, testReward, trainingReward } = report;
    if (testReward !== undefined) {
      observer.scalars?.(iteration, {
        reward: testReward,
        ...(trainingReward === undefined ? {} : { training_reward: trainingReward }),
        ...(agent instanceof OnlineAgent ? { epsilon: agent.epsilon } : {}),
        episodes: report.episodes,
        // Steps that taught: tests teach the agents with a model alone.
        env_steps: agent instanceof OnlineAgent ? iteration : report.steps,
      });
      this.#announce(report, observer);
    }
    this.#end = this.#judge(report);
  }

  /**
   * The textbooks' programs start with a best reward of 0 and say nothing below it. So does this where the first test gave 0;
   * a game whose returns are negative has its first one announced. Rewards of tests that were given up are not: how deep they
   * are is an accident.
   */
  #announce({ iteration, previousBest, bestReward = 0, testCut }: IterationReport, observer: TrainingObserver): void {
    if (previousBest !== undefined && bestReward <= previousBest) return;
    const before = this.#bestCut ? undefined : previousBest;
    this.#bestCut = testCut;
    if (testCut) {
      if (previousBest === undefined)
        observer.line?.(`${iteration}: no test has ended yet, given up after ${LONGEST_EPISODE} steps`);
    } else if (before === undefined && bestReward < 0)
      observer.line?.(`${iteration}: Best reward ${format(bestReward)}`);
    else if (bestReward > (before ?? 0))
      observer.line?.(`${iteration}: Best reward updated ${format(before ?? 0)} -> ${format(bestReward)}`);
    observer.best?.(bestReward);
  }

  #judge({ iteration, solved, steps, bestReward }: IterationReport): TrainingEnd | undefined {
    if (solved) return { solved, message: `Solved in ${iteration} iterations!` };
    if (iteration < this.maxSteps) return undefined;
    const work = `${iteration} iterations (${steps} environment steps), best test reward ${format(bestReward)}.`;
    return this.#options.rewardBound === null
      ? { solved: undefined, message: `Trained for ${work}` }
      : { solved, message: `Not solved: ${work}` };
  }

  reopen(): void {
    this.#end = undefined;
  }

  exportModel(): ExportedModel {
    const { env, envOptions, cells, actionBins } = this.#options;
    const { nStates, nActions } = this.agent;
    const q = Array.from(this.agent.actionValues());
    const masks = this.agent.actionMasks();
    const actionMasks = masks === undefined ? null : Array.from(masks);
    const content = encodeTable({ env, envOptions, cells, actionBins, nStates, nActions, q, actionMasks });
    return { fileName: 'best-table.json', content };
  }
  saveState(): Snapshot {
    return { agent: this.agent.saveState(), end: saveEnd(this.#end), bestCut: this.#bestCut };
  }
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    this.#bestCut = saved.has('bestCut') && saved.flag('bestCut');
    this.agent.restoreState(saved.part('agent'));
    this.#end = restoreEnd(saved.part('end'));
  }
  async close(): Promise<void> {}
}

const format = (reward: number | undefined): string => reward?.toFixed(3) ?? '-';
