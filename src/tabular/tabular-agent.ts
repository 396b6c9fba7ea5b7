import type { Env, Info } from '../core/env.ts';
import { DivergenceError, MismatchError, OptionError, show } from '../core/errors.ts';
import { checkOptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';

/** What one iteration of training came to. */
export interface IterationReport {
  /** Counted from 1. */
  readonly iteration: number;
  /** Environment steps so far, those of test episodes included. */
  readonly steps: number;
  /** Training episodes that have ended so far. */
  readonly episodes: number;
  /** Mean return of this iteration's test episodes; undefined when it played none. */
  readonly testReward: number | undefined;
  /** Mean return of the training episodes that ended since the last test; undefined without a test or such episodes. */
  readonly trainingReward: number | undefined;
  /** Best mean return of a test before this iteration; undefined before the first. */
  readonly previousBest: number | undefined;
  /** Best mean return of a test so far; larger than `previousBest` when this iteration improved it. */
  readonly bestReward: number | undefined;
  /** Whether an episode of this iteration's test did not end and was given up: its reward is an accident. */
  readonly testCut: boolean;
  /** Whether this iteration's test was above the bound. */
  readonly solved: boolean;
}

/**
 * An agent that keeps a table. Loops, logs and checkpoints are outside: call `iterate` until a report says `solved`.
 * A saved state holds the tables, both environments and all generators, so that a run stopped between two iterations
 * and continued is bit for bit one that never stopped.
 */
export interface TabularAgent extends Restorable {
  readonly nStates: number;
  readonly nActions: number;
  readonly progress: RunCounters;
  iterate(): IterationReport;
  /** The action that the tables make out to be best, ties to the lowest; with `actionMasks` among the allowed ones.
   * @param info that came with the state, whose mask counts; without it the mask that training last saw there does. */
  greedyAction(state: number, info?: Info): number;
  /** V of every state. @returns [nStates], fresh. */
  stateValues(): Float64Array;
  /** Q of every pair. @returns [nStates, nActions] row-major, fresh. */
  actionValues(): Float64Array;
  /** The mask that training last saw in each state, all 1 where it saw none. @returns [nStates, nActions] row-major, fresh;
   * undefined without `actionMasks`. */
  actionMasks(): Int8Array | undefined;
}

/** What every tabular agent is made from. The constructor resets and seeds the environments with seeds from
 * `deriveSeeds`. */
export interface AgentOptions<C> {
  /** Where the agent explores; see `withNumberedStates` for environments whose observations are no numbers. */
  readonly env: Env<number, number>;
  /** A second environment of the same kind, for the test episodes. */
  readonly testEnv: Env<number, number>;
  readonly config: C;
  /** A non-negative integer that decides the whole run. */
  readonly seed: number;
}

const AGENT_OPTIONS = {
  ...{ env: true, testEnv: true, config: true, seed: true },
} as const satisfies Readonly<Record<keyof AgentOptions<unknown>, true>>;

/** The counters of a run. */
export class RunCounters implements Restorable {
  iteration = 0;
  /** Environment steps, those of test episodes included. */
  steps = 0;
  /** Training episodes that have ended. */
  episodes = 0;
  bestReward: number | undefined;
  /** Sum of rewards of the training episode that is being played. */
  private openReturn = 0;
  /** Its steps. */
  openSteps = 0;
  /** Whether an episode of this iteration's test was given up. */
  private testCut = false;
  /** Training episodes that ended since the last test, and the sum of their returns. */
  private recentEpisodes = 0;
  private recentReturn = 0;

  /** Counts a step of training.
   * @throws DivergenceError for a reward that is not finite: no later one would repair the table. */
  step(reward: number, ended: boolean): void {
    if (!Number.isFinite(reward)) {
      const where = `Diverged at step ${this.iteration + 1}: the environment gave the reward ${show(reward)}`;
      throw new DivergenceError(
        `${where}. Mend the environment; the last checkpoint and the best model are from before.`,
      );
    }
    this.steps++;
    this.openSteps++;
    this.openReturn += reward;
    if (!ended) return;
    this.episodes++;
    this.recentEpisodes++;
    this.recentReturn += this.openReturn;
    this.openReturn = 0;
    this.openSteps = 0;
  }

  /** Counts an episode of a test. */
  test({ cut }: { readonly cut: boolean }): void {
    this.testCut ||= cut;
  }

  /** Ends an iteration.
   * @param testReward mean return of its test, or undefined.
   * @param rewardBound a test above it solves the environment; null for none. */
  complete(testReward: number | undefined, rewardBound: number | null): IterationReport {
    const previousBest = this.bestReward;
    let trainingReward: number | undefined;
    if (testReward !== undefined) {
      if (previousBest === undefined || testReward > previousBest) this.bestReward = testReward;
      if (this.recentEpisodes > 0) trainingReward = this.recentReturn / this.recentEpisodes;
      this.recentEpisodes = 0;
      this.recentReturn = 0;
    }
    const testCut = this.testCut;
    this.testCut = false;
    return {
      testCut,
      iteration: ++this.iteration,
      steps: this.steps,
      episodes: this.episodes,
      testReward,
      trainingReward,
      previousBest,
      bestReward: this.bestReward,
      solved: testReward !== undefined && rewardBound !== null && testReward > rewardBound,
    };
  }
  saveState(): Snapshot {
    const { iteration, steps, episodes, openReturn, openSteps, recentEpisodes, recentReturn } = this;
    return {
      iteration,
      steps,
      episodes,
      openReturn,
      openSteps,
      recentEpisodes,
      recentReturn,
      bestReward: this.bestReward ?? null,
    };
  }
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'progress');
    this.iteration = saved.whole('iteration');
    this.steps = saved.whole('steps');
    this.episodes = saved.whole('episodes');
    this.openReturn = saved.finite('openReturn');
    this.openSteps = saved.whole('openSteps');
    this.recentEpisodes = saved.whole('recentEpisodes');
    this.recentReturn = saved.finite('recentReturn');
    this.bestReward = saved.optional('bestReward', saved.finite);
  }
}

/** The size of a table for an environment.
 * @throws MismatchError unless both spaces are `Discrete` and start at 0. */
export function tableSize(env: Env<number, number>): { nStates: number; nActions: number } {
  return {
    nStates: discreteSize(env.observationSpace, 'observations'),
    nActions: discreteSize(env.actionSpace, 'actions'),
  };
}

/** As `tableSize`, for an agent, of whose options it checks all but the configuration and the seed.
 * @throws UnknownNameError for an option of another name; OptionError for an environment that is missing, or one that it would
 *   both explore and be tested in. */
export function agentTableSize(options: AgentOptions<unknown>): { nStates: number; nActions: number } {
  checkOptionNames(options ?? null, AGENT_OPTIONS);
  const { env, testEnv } = options;
  for (const [name, given] of Object.entries({ env, testEnv })) {
    if (typeof given?.step !== 'function') throw new OptionError(name, given, 'an environment');
  }
  const size = tableSize(env);
  if (env.unwrapped === testEnv.unwrapped) {
    throw new OptionError('testEnv', 'env again', 'a second environment: a test ends the episode that is learned from');
  }
  return size;
}

function discreteSize(space: Space<number>, what: string): number {
  const { kind, n, start } = space as Space<number> & { n?: unknown; start?: unknown };
  if (kind === 'discrete' && typeof n === 'number' && (start === undefined || start === 0)) return n;
  const cure =
    what === 'actions' && kind === 'box'
      ? '--set actionBins=5 divides each number of an action into five.'
      : 'Use an agent with a network.';
  throw new MismatchError(`A table needs numbered ${what}, Discrete(n); this environment has ${space}. ${cure}`);
}

/** Iterates until solved or until `maxIterations` are over.
 * @param onReport sees every report.
 * @returns the last report. */
export function solve(
  agent: TabularAgent,
  maxIterations: number,
  onReport?: (report: IterationReport) => void,
): IterationReport {
  for (;;) {
    const report = agent.iterate();
    onReport?.(report);
    if (report.solved || report.iteration >= maxIterations) return report;
  }
}
