import type { Snapshot } from '../core/snapshot.ts';
import type { IterationReport, TabularAgent } from '../tabular/tabular-agent.ts';
import { encodeTable } from './table-model.ts';
import type { ExportedModel, Training, TrainingEnd, TrainingObserver } from './training.ts';

export interface TabularTrainingOptions {
  readonly agent: TabularAgent;
  readonly maxIterations: number;
  readonly env: string;
  readonly envOptions: Readonly<Record<string, unknown>>;
}

/** A tabular agent as a training: one unit is one iteration, with the lines of the texts' programs. */
export class TabularTraining implements Training {
  readonly agent: TabularAgent;
  readonly maxSteps: number;
  readonly #options: TabularTrainingOptions;
  #end: TrainingEnd | undefined;

  constructor(options: TabularTrainingOptions) {
    this.#options = options;
    this.agent = options.agent;
    this.maxSteps = options.maxIterations;
  }
  get step(): number {
    return this.agent.progress.iteration;
  }
  get end(): TrainingEnd | undefined {
    return this.#end;
  }
  status(): string {
    return `best reward ${this.agent.progress.bestReward.toFixed(3)}`;
  }

  advance(observer: TrainingObserver): void {
    const report = this.agent.iterate();
    const { iteration, testReward, previousBest, bestReward } = report;
    if (testReward !== undefined) {
      observer.scalars(iteration, { reward: testReward });
      if (bestReward > previousBest) {
        observer.line(`${iteration}: Best reward updated ${previousBest.toFixed(3)} -> ${bestReward.toFixed(3)}`);
        observer.best(bestReward);
      }
    }
    this.#end = this.#judge(report);
  }

  #judge({ iteration, solved, steps, bestReward }: IterationReport): TrainingEnd | undefined {
    if (solved) return { solved, message: `Solved in ${iteration} iterations!` };
    if (iteration < this.maxSteps) return undefined;
    const best = `best test reward ${bestReward.toFixed(3)}`;
    return { solved, message: `Not solved: ${iteration} iterations (${steps} environment steps), ${best}.` };
  }

  exportModel(): ExportedModel {
    const { env, envOptions } = this.#options;
    const { nStates, nActions } = this.agent;
    const q = Array.from(this.agent.actionValues());
    return { fileName: 'best-table.json', content: encodeTable({ env, envOptions, nStates, nActions, q }) };
  }
  saveState(): Snapshot {
    return { agent: this.agent.saveState(), end: this.#end === undefined ? null : { ...this.#end } };
  }
  restoreState(state: Snapshot): void {
    const { agent, end } = state as { agent: Snapshot; end: { solved: boolean; message: string } | null };
    this.agent.restoreState(agent);
    this.#end = end ?? undefined;
  }
  close(): void {}
}
