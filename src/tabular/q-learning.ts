import type { Env } from '../core/env.ts';
import { Generator } from '../core/random/index.ts';
import { linearDecay } from '../core/schedules.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { bestAction, bestValue, stateValuesOf } from './action-values.ts';
import type { QLearningConfig } from './config.ts';
import { playEpisode } from './policies.ts';
import { deriveSeeds } from './seeds.ts';
import { type AgentOptions, type IterationReport, Progress, type TabularAgent, tableSize } from './tabular-agent.ts';

/**
 * What one transition says that Q(s, a) should be: r + gamma * max over a' of Q(s', a'), or r alone when the episode
 * terminated (Watkins 1989; Sutton & Barto, 2nd ed., Eq. 6.8). A truncated episode still has a next state, whose value counts.
 * @param q [nStates, nActions] row-major. Read only.
 */
export function qLearningTarget(
  q: Float64Array,
  nActions: number,
  reward: number,
  nextState: number,
  terminated: boolean,
  gamma: number,
): number {
  return terminated ? reward : reward + gamma * bestValue(q, nActions, nextState);
}

/** Moves Q(s, a) towards a target: Q = (1 - alpha) Q + alpha target.
 * @param q [nStates, nActions] row-major, updated. */
export function blend(q: Float64Array, pair: number, target: number, alpha: number): void {
  q[pair] = q[pair] * (1 - alpha) + target * alpha;
}

/**
 * Tabular Q-learning (Watkins 1989, as in Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 5). An iteration is
 * one environment step and one update; every `testInterval` iterations greedy episodes are played in the test environment,
 * from which nothing is learned.
 */
export class QLearningAgent implements TabularAgent {
  readonly nStates: number;
  readonly nActions: number;
  readonly progress = new Progress();
  /** [nStates, nActions] row-major Q, the agent's own; changes with every iteration. */
  readonly q: Float64Array;
  private readonly config: QLearningConfig;
  private readonly env: Env<number, number>;
  private readonly testEnv: Env<number, number>;
  private readonly generator: Generator;
  private state: number;
  private readonly choose = (state: number): number => this.greedyAction(state);

  /** @throws MismatchError when the environment's states or actions are not numbered. */
  constructor({ env, testEnv, config, seed }: AgentOptions<QLearningConfig>) {
    const { nStates, nActions } = tableSize(env);
    this.nStates = nStates;
    this.nActions = nActions;
    this.q = new Float64Array(nStates * nActions);
    this.config = config;
    this.env = env;
    this.testEnv = testEnv;
    const seeds = deriveSeeds(seed);
    env.actionSpace.seed(seeds.actions);
    this.state = env.reset({ seed: seeds.environment }).observation;
    testEnv.reset({ seed: seeds.test });
    this.generator = new Generator(seeds.behaviour);
  }

  iterate(): IterationReport {
    const { gamma, alpha, testInterval, rewardBound } = this.config;
    const state = this.state;
    const action = this.behave(state);
    const { observation, reward, terminated, truncated } = this.env.step(action);
    this.progress.steps++;
    this.state = terminated || truncated ? this.env.reset().observation : observation;
    const target = qLearningTarget(this.q, this.nActions, reward, observation, terminated, gamma);
    blend(this.q, state * this.nActions + action, target, alpha);
    const testDue = (this.progress.iteration + 1) % testInterval === 0;
    return this.progress.complete(testDue ? this.test() : undefined, rewardBound);
  }

  /** Share of random actions in the coming iteration. */
  get epsilon(): number {
    const { behaviour, epsilonStart, epsilonFinal, epsilonDecaySteps } = this.config;
    return behaviour === 'random'
      ? 1
      : linearDecay(epsilonStart, epsilonFinal, epsilonDecaySteps, this.progress.iteration + 1);
  }

  private behave(state: number): number {
    const explore = this.config.behaviour === 'random' || this.generator.random() < this.epsilon;
    return explore ? this.env.actionSpace.sample() : this.greedyAction(state);
  }

  private test(): number {
    const { testEpisodes } = this.config;
    let total = 0;
    for (let i = 0; i < testEpisodes; i++) {
      const episode = playEpisode(this.testEnv, this.choose);
      total += episode.return;
      this.progress.steps += episode.length;
    }
    return total / testEpisodes;
  }

  greedyAction(state: number): number {
    return bestAction(this.q, this.nActions, state);
  }
  stateValues(): Float64Array {
    return stateValuesOf(this.q, this.nActions);
  }
  actionValues(): Float64Array {
    return this.q.slice();
  }

  saveState(): Snapshot {
    return {
      q: this.q.slice(),
      progress: this.progress.saveState(),
      state: this.state,
      generator: this.generator.saveState(),
      env: this.env.saveState(),
      actionSpace: this.env.actionSpace.saveState(),
      testEnv: this.testEnv.saveState(),
    };
  }

  restoreState(snapshot: Snapshot): void {
    const saved = snapshot as Readonly<Record<string, Snapshot>>;
    this.q.set(saved['q'] as Float64Array);
    this.progress.restoreState(saved['progress']);
    this.state = saved['state'] as number;
    this.generator.restoreState(saved['generator']);
    this.env.restoreState(saved['env']);
    this.env.actionSpace.restoreState(saved['actionSpace']);
    this.testEnv.restoreState(saved['testEnv']);
  }
}
