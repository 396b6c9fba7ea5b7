import { checkReset, checkStep } from '../core/check-result.ts';
import type { Env, Info, ResetResult } from '../core/env.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { ActionMasks } from './action-masks.ts';
import { checkState } from './check-state.ts';
import { parseSampledModelConfig, type SampledModelConfig } from './config.ts';
import { LONGEST_EPISODE, type OnStep, runEpisode } from './policies.ts';
import { deriveSeeds } from './seeds.ts';
import {
  type AgentOptions,
  agentTableSize,
  type IterationReport,
  RunCounters,
  type TabularAgent,
} from './tabular-agent.ts';
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
  readonly progress = new RunCounters();
  protected readonly config: SampledModelConfig;
  /** What the environments allow, with `actionMasks`. */
  protected readonly masks: ActionMasks | undefined;
  private readonly env: Env<number, number>;
  private readonly testEnv: Env<number, number>;
  private state: number;
  private readonly choose = (state: number, info: Info): number => {
    checkState(state, this.nStates);
    this.masks?.record(state, info);
    return this.greedyAction(state);
  };
  private readonly recordTest: OnStep<number>;

  /** @throws OptionError naming the first setting that is unknown, missing or out of range; MismatchError when the
   * environment's states or actions are not numbered, or it gives no masks where the configuration asks for them. */
  constructor(options: AgentOptions<SampledModelConfig>) {
    const { nStates, nActions } = agentTableSize(options);
    const { env, testEnv, seed } = options;
    const config = parseSampledModelConfig(options.config);
    this.nStates = nStates;
    this.nActions = nActions;
    this.table = new TransitionTable(nStates, nActions);
    this.config = config;
    this.masks = config.actionMasks ? new ActionMasks(nStates, nActions) : undefined;
    this.env = env;
    this.testEnv = testEnv;
    const seeds = deriveSeeds(seed);
    env.actionSpace.seed(seeds.actions);
    this.state = this.begin(env.reset({ seed: seeds.environment }));
    testEnv.reset({ seed: seeds.test });
    this.recordTest = (state, action, reward, nextState, terminated, info) => {
      this.progress.steps++;
      checkState(nextState, nStates);
      if (!terminated) this.masks?.record(nextState, info);
      this.table.record(state, action, reward, nextState, terminated);
    };
  }

  abstract greedyAction(state: number, info?: Info): number;
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
    for (let i = 0; i < testEpisodes; i++) {
      const episode = runEpisode(this.testEnv, this.choose, this.recordTest);
      this.progress.test(episode);
      total += episode.return;
    }
    return this.progress.complete(total / testEpisodes, rewardBound);
  }

  private playRandomSteps(count: number): void {
    for (let i = 0; i < count; i++) {
      const action = this.env.actionSpace.sample(this.masks?.of(this.state));
      const { observation, reward, terminated, truncated, info } = checkStep(this.env.step(action));
      checkState(observation, this.nStates);
      if (!terminated) this.masks?.record(observation, info);
      const over = terminated || truncated || this.progress.openSteps + 1 >= LONGEST_EPISODE;
      this.progress.step(reward, over);
      this.table.record(this.state, action, reward, observation, terminated);
      this.state = over ? this.begin(this.env.reset()) : observation;
    }
  }

  /** The start of an episode. */
  private begin(start: ResetResult<number>): number {
    const { observation, info } = checkReset(start);
    const state = checkState(observation, this.nStates);
    this.masks?.record(state, info);
    return state;
  }

  actionMasks(): Int8Array | undefined {
    return this.masks?.toArray();
  }

  saveState(): Snapshot {
    return {
      values: this.saveValues(),
      table: this.table.saveState(),
      masks: this.masks?.saveState() ?? null,
      progress: this.progress.saveState(),
      state: this.state,
      env: this.env.saveState(),
      actionSpace: this.env.actionSpace.saveState(),
      testEnv: this.testEnv.saveState(),
    };
  }

  restoreState(snapshot: Snapshot): void {
    const saved = new SavedState(snapshot, 'agent');
    this.restoreValues(saved.part('values'));
    this.table.restoreState(saved.part('table'));
    this.masks?.restoreState(saved.part('masks'));
    this.progress.restoreState(saved.part('progress'));
    this.state = saved.whole('state', 0, this.nStates - 1);
    this.env.restoreState(saved.part('env'));
    this.env.actionSpace.restoreState(saved.part('actionSpace'));
    this.testEnv.restoreState(saved.part('testEnv'));
  }
}
