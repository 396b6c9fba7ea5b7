import type { Env } from '../core/env.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { SampledModelConfig } from './config.ts';
import { type OnStep, playEpisode } from './policies.ts';
import { deriveSeeds } from './seeds.ts';
import { type AgentOptions, type IterationReport, Progress, type TabularAgent, tableSize } from './tabular-agent.ts';
import { TransitionTable } from './transition-table.ts';

/**
 * The common part of value iteration and Q-iteration from samples (Lapan, Deep Reinforcement Learning Hands-On, 3rd ed.,
 * chapter 5). An iteration is: some random steps, which carry on where the last iteration's ended; one sweep over all
 * states; some greedy test episodes. All steps, those of the tests too, are recorded in the table.
 */
export abstract class SampledModelAgent implements TabularAgent {
  readonly nStates: number;
  readonly nActions: number;
  readonly table: TransitionTable;
  readonly progress = new Progress();
  protected readonly config: SampledModelConfig;
  private readonly env: Env<number, number>;
  private readonly testEnv: Env<number, number>;
  private state: number;
  private readonly choose = (state: number): number => this.greedyAction(state);
  private readonly recordTest: OnStep<number>;

  /** @throws MismatchError when the environment's states or actions are not numbered. */
  constructor({ env, testEnv, config, seed }: AgentOptions<SampledModelConfig>) {
    const { nStates, nActions } = tableSize(env);
    this.nStates = nStates;
    this.nActions = nActions;
    this.table = new TransitionTable(nStates, nActions);
    this.config = config;
    this.env = env;
    this.testEnv = testEnv;
    const seeds = deriveSeeds(seed);
    env.actionSpace.seed(seeds.actions);
    this.state = env.reset({ seed: seeds.environment }).observation;
    testEnv.reset({ seed: seeds.test });
    this.recordTest = (state, action, reward, nextState, terminated) => {
      this.progress.steps++;
      this.table.record(state, action, reward, nextState, terminated);
    };
  }

  abstract greedyAction(state: number): number;
  abstract stateValues(): Float64Array;
  abstract actionValues(): Float64Array;
  /** One Bellman update of every entry of the agent's value table, in order and in place. */
  protected abstract sweep(): void;
  protected abstract saveValues(): Snapshot;
  protected abstract restoreValues(state: Snapshot): void;

  iterate(): IterationReport {
    const { stepsPerIteration, testEpisodes, rewardBound } = this.config;
    this.playRandomSteps(stepsPerIteration);
    this.sweep();
    let total = 0;
    for (let i = 0; i < testEpisodes; i++) total += playEpisode(this.testEnv, this.choose, this.recordTest).return;
    return this.progress.complete(total / testEpisodes, rewardBound);
  }

  private playRandomSteps(count: number): void {
    for (let i = 0; i < count; i++) {
      const action = this.env.actionSpace.sample();
      const { observation, reward, terminated, truncated } = this.env.step(action);
      const over = terminated || truncated;
      this.progress.step(reward, over);
      this.table.record(this.state, action, reward, observation, terminated);
      this.state = over ? this.env.reset().observation : observation;
    }
  }

  saveState(): Snapshot {
    return {
      values: this.saveValues(),
      table: this.table.saveState(),
      progress: this.progress.saveState(),
      state: this.state,
      env: this.env.saveState(),
      actionSpace: this.env.actionSpace.saveState(),
      testEnv: this.testEnv.saveState(),
    };
  }

  restoreState(snapshot: Snapshot): void {
    const saved = snapshot as Readonly<Record<string, Snapshot>>;
    this.restoreValues(saved['values']);
    this.table.restoreState(saved['table']);
    this.progress.restoreState(saved['progress']);
    this.state = saved['state'] as number;
    this.env.restoreState(saved['env']);
    this.env.actionSpace.restoreState(saved['actionSpace']);
    this.testEnv.restoreState(saved['testEnv']);
  }
}
