import { checkReset, checkStep } from '../core/check-result.ts';
import type { Env, Info, StepResult } from '../core/env.ts';
import { explores } from '../core/epsilon-greedy.ts';
import { OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { epsilonAt } from '../core/schedules.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { ActionMasks } from './action-masks.ts';
import { bestAction, stateValuesOf } from './action-values.ts';
import { checkState } from './check-state.ts';
import type { OnlineConfig } from './config.ts';
import { LONGEST_EPISODE, runEpisode } from './policies.ts';
import { deriveSeeds } from './seeds.ts';
import {
  type AgentOptions,
  agentTableSize,
  type IterationReport,
  RunCounters,
  type TabularAgent,
} from './tabular-agent.ts';

/** Settings that are read anew in every iteration, so that they may change. */
export const CHANGEABLE = [
  'alpha',
  'gamma',
  'epsilonStart',
  'epsilonFinal',
  'epsilonDecaySteps',
  'testInterval',
  'testEpisodes',
  'rewardBound',
] as const;

/**
 * The common part of the agents that learn as they act. An iteration is one environment step with what is learned from
 * it; every `testInterval` iterations greedy episodes are played in the test environment, from which nothing is learned.
 * What an algorithm is stands in its `learn`.
 */
export abstract class OnlineAgent<C extends OnlineConfig = OnlineConfig> implements TabularAgent {
  readonly nStates: number;
  readonly nActions: number;
  readonly progress = new RunCounters();
  /** [nStates, nActions] row-major Q, the agent's own; changes with every iteration. */
  readonly q: Float64Array;
  /** S, where the next action is taken. */
  protected state: number;
  protected config: C;
  private readonly parse: (config: object) => C;
  /** For everything that the agent itself draws. */
  protected readonly generator: Generator;
  /** What the training environment allows, with `actionMasks`; it holds the mask of a state from the moment it is reached. */
  protected readonly masks: ActionMasks | undefined;
  /** [nStates, nActions] weights of each pair's updates, summed, where their mean is kept: with an alpha of null. */
  private readonly updates: Float64Array | undefined;
  private readonly env: Env<number, number>;
  private readonly testEnv: Env<number, number>;
  private readonly choose = (state: number, info: Info): number =>
    this.greedyAction(checkState(state, this.nStates), info);

  /**
   * @param parse checks a whole configuration, also a changed one, and returns it.
   * @throws what `parse` throws; MismatchError when the environment's states or actions are not numbered, or it gives no
   *   masks where the configuration asks for them.
   */
  constructor(options: AgentOptions<C>, parse: (config: object) => C) {
    const { nStates, nActions } = agentTableSize(options);
    const { env, testEnv, seed } = options;
    const config = parse(options.config);
    this.nStates = nStates;
    this.nActions = nActions;
    this.q = new Float64Array(nStates * nActions);
    this.config = config;
    this.parse = parse;
    this.updates = config.alpha === null ? new Float64Array(this.q.length) : undefined;
    this.masks = config.actionMasks ? new ActionMasks(nStates, nActions) : undefined;
    this.env = env;
    this.testEnv = testEnv;
    const seeds = deriveSeeds(seed);
    env.actionSpace.seed(seeds.actions);
    const { observation, info } = checkReset(env.reset({ seed: seeds.environment }));
    this.state = checkState(observation, nStates);
    this.masks?.record(observation, info);
    testEnv.reset({ seed: seeds.test });
    this.generator = new Generator(seeds.behaviour);
  }

  /** One step of the algorithm's loop: takes an action, learns, and leaves `state` where the next one is taken. */
  protected abstract learn(): void;

  iterate(): IterationReport {
    this.learn();
    const testDue = (this.progress.iteration + 1) % this.config.testInterval === 0;
    return this.progress.complete(testDue ? this.test() : undefined, this.config.rewardBound);
  }

  /** Goes on with other settings from the next iteration on. An alpha of null stays so, and a number a number.
   * @throws OptionError where it would not, or for a setting that is out of range; then all is as it was. */
  change(settings: Partial<Pick<C, (typeof CHANGEABLE)[number]>>): void {
    const config = this.parse({ ...this.config, ...settings });
    if ((config.alpha === null) !== (this.config.alpha === null)) {
      throw new OptionError(
        'alpha',
        config.alpha,
        this.config.alpha === null ? 'null, as it was' : 'a number, as it was',
      );
    }
    this.config = config;
  }

  /** Share of random actions in the coming iteration. */
  get epsilon(): number {
    return epsilonAt(this.config, this.progress.iteration + 1);
  }

  /** An action by the epsilon-greedy policy. The agent's generator draws one number to decide whether to explore; then the
   * action space, by its own generator, draws one among the allowed actions. */
  protected epsilonGreedy(state: number): number {
    return explores(this.epsilon, this.generator) ? this.randomAction(state) : this.greedyAction(state);
  }

  /** b(A|S), with which `epsilonGreedy` takes an action, from 0 to 1. */
  protected probability(state: number, action: number): number {
    const { epsilon, nActions } = this;
    const n = this.masks === undefined ? nActions : this.masks.of(state).reduce((sum, bit) => sum + bit, 0);
    return (action === this.greedyAction(state) ? 1 - epsilon : 0) + epsilon / n;
  }

  /** Each allowed action with the same probability, as Gymnasium's `action_space.sample(mask)`. */
  protected randomAction(state: number): number {
    return this.env.actionSpace.sample(this.masks?.of(state));
  }

  /** Takes an action in S: its outcome is R and S'. After `LONGEST_EPISODE` steps the episode is truncated.
   * @throws MismatchError when S' is no state. */
  protected act(action: number): StepResult<number> {
    const outcome = checkStep(this.env.step(action));
    checkState(outcome.observation, this.nStates);
    if (!outcome.terminated) this.masks?.record(outcome.observation, outcome.info);
    if (this.progress.openSteps + 1 >= LONGEST_EPISODE && !outcome.terminated) outcome.truncated = true;
    this.progress.step(outcome.reward, outcome.terminated || outcome.truncated);
    return outcome;
  }

  /**
   * Weight of a new value of Q in the update of a pair, `state * nActions + action`, which this counts.
   * @param weight of this update among the pair's, where it has a ratio of importance sampling: Sutton & Barto, 2nd ed., alpha
   * rho on p. 149, but no step beyond the target; with averages W / C, Eq. 5.8, p. 109.
   */
  protected stepSize(pair: number, weight = 1): number {
    if (this.updates === undefined) return Math.min(1, (this.config.alpha as number) * weight);
    this.updates[pair] += weight;
    return weight / this.updates[pair];
  }

  /** S becomes S', or the start of a new episode when this one is over.
   * @returns whether it is. */
  protected moveOn({ observation, terminated, truncated }: StepResult<number>): boolean {
    this.state = observation;
    if (!terminated && !truncated) return false;
    const start = checkReset(this.env.reset());
    this.state = checkState(start.observation, this.nStates);
    this.masks?.record(start.observation, start.info);
    return true;
  }

  private test(): number {
    const { testEpisodes } = this.config;
    let total = 0;
    for (let i = 0; i < testEpisodes; i++) {
      const episode = runEpisode(this.testEnv, this.choose);
      this.progress.test(episode);
      total += episode.return;
      this.progress.steps += episode.length;
    }
    return total / testEpisodes;
  }

  /** Q of the state where the next action is taken. @returns [nActions], fresh. */
  presentValues(): Float64Array {
    return this.q.slice(this.state * this.nActions, (this.state + 1) * this.nActions);
  }

  greedyAction(state: number, info?: Info): number {
    return bestAction(this.q, this.nActions, state, this.masks?.of(state, info));
  }
  stateValues(): Float64Array {
    return stateValuesOf(this.q, this.nActions, this.actionMasks());
  }
  actionValues(): Float64Array {
    return this.q.slice();
  }
  actionMasks(): Int8Array | undefined {
    return this.masks?.toArray();
  }

  /** What an algorithm stores in addition to Q and S. */
  protected saveOwnState(): Snapshot {
    return null;
  }
  protected restoreOwnState(_state: Snapshot): void {}

  saveState(): Snapshot {
    return {
      q: this.q.slice(),
      updates: this.updates?.slice() ?? null,
      own: this.saveOwnState(),
      masks: this.masks?.saveState() ?? null,
      progress: this.progress.saveState(),
      state: this.state,
      generator: this.generator.saveState(),
      env: this.env.saveState(),
      actionSpace: this.env.actionSpace.saveState(),
      testEnv: this.testEnv.saveState(),
    };
  }

  restoreState(snapshot: Snapshot): void {
    const saved = new SavedState(snapshot, 'agent');
    saved.into('q', this.q, -Number.MAX_VALUE, Number.MAX_VALUE);
    if (this.updates !== undefined) saved.into('updates', this.updates, 0, Number.MAX_VALUE);
    this.restoreOwnState(saved.part('own'));
    this.masks?.restoreState(saved.part('masks'));
    this.progress.restoreState(saved.part('progress'));
    this.state = saved.whole('state', 0, this.nStates - 1);
    this.generator.restoreState(saved.part('generator'));
    this.env.restoreState(saved.part('env'));
    this.env.actionSpace.restoreState(saved.part('actionSpace'));
    this.testEnv.restoreState(saved.part('testEnv'));
  }
}
