import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, StepResult } from '../../src/core/env.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { SeededEnv } from '../../src/envs/seeded-env.ts';
import type { TabularModel } from '../../src/envs/tabular-model.ts';
import { OutcomeTable } from '../../src/envs/toy-text/outcome-table.ts';
import { Discrete } from '../../src/spaces/discrete.ts';

/** An environment whose dynamics are a model that a test writes down. */
export class ModelEnv extends SeededEnv<number, number, string> {
  readonly metadata: EnvMetadata = { renderModes: [], renderFps: 1 };
  readonly observationSpace: Discrete;
  readonly actionSpace: Discrete;
  readonly renderMode: RenderMode = null;
  readonly model: TabularModel;
  readonly #table: OutcomeTable;
  #state = 0;

  constructor(model: TabularModel) {
    super();
    this.model = model;
    this.#table = new OutcomeTable(model);
    this.observationSpace = new Discrete(model.nStates);
    this.actionSpace = new Discrete(model.nActions);
  }
  reset(options?: ResetOptions): ResetResult<number> {
    this.#state = this.#table.drawStart(this.begin(options).random());
    return { observation: this.#state, info: {} };
  }
  step(action: number): StepResult<number> {
    const outcome = this.#table.draw(this.#state, action, this.generator!.random());
    const terminated = this.#table.terminated[outcome] === 1;
    this.#state = this.#table.nextState[outcome];
    if (terminated) this.phase = 'over';
    return { observation: this.#state, reward: this.#table.reward[outcome], terminated, truncated: false, info: {} };
  }
  protected draw(): string {
    return '';
  }
  protected saveOwnState(): Snapshot {
    return this.#state;
  }
  protected restoreOwnState(state: Snapshot): void {
    this.#state = state as number;
  }
}

/**
 * A corridor of `rewards.length` steps to the right, which ends behind the last: step i pays `rewards[i]`. Action 0 goes
 * right; action 1 stays and pays `stay`.
 */
export function corridor(rewards: readonly number[], stay = 0): TabularModel {
  const n = rewards.length;
  return {
    nStates: n + 1,
    nActions: 2,
    transitions: Array.from({ length: n + 1 }, (_, state) => [
      [{ probability: 1, nextState: Math.min(state + 1, n), reward: rewards[state] ?? 0, terminated: state >= n - 1 }],
      [{ probability: 1, nextState: state, reward: stay, terminated: state === n }],
    ]),
    initialStateDistribution: Float64Array.from({ length: n + 1 }, (_, state) => (state === 0 ? 1 : 0)),
  };
}
