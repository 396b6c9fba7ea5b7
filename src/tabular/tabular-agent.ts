import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';

/** What one iteration of training came to. */
export interface IterationReport {
  /** Counted from 1. */
  readonly iteration: number;
  /** Environment steps so far, those of test episodes included. */
  readonly steps: number;
  /** Mean return of this iteration's test episodes; undefined when it played none. */
  readonly testReward: number | undefined;
  /** Best mean return of a test before this iteration; starts at 0, as in the texts' programs. */
  readonly previousBest: number;
  /** Best mean return of a test so far; larger than `previousBest` when this iteration improved it. */
  readonly bestReward: number;
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
  readonly progress: Progress;
  iterate(): IterationReport;
  /** The action that the tables make out to be best, ties to the lowest. */
  greedyAction(state: number): number;
  /** V of every state. @returns [nStates], fresh. */
  stateValues(): Float64Array;
  /** Q of every pair. @returns [nStates, nActions] row-major, fresh. */
  actionValues(): Float64Array;
}

/** What every tabular agent is made from. The constructor resets and seeds the environments with seeds from `deriveSeeds`. */
export interface AgentOptions<C> {
  /** Where the agent explores. */
  readonly env: Env<number, number>;
  /** A second environment of the same kind, for the test episodes. */
  readonly testEnv: Env<number, number>;
  readonly config: C;
  /** A non-negative integer that decides the whole run. */
  readonly seed: number;
}

/** The counters of a run. */
export class Progress implements Restorable {
  iteration = 0;
  steps = 0;
  bestReward = 0;

  /** Ends an iteration.
   * @param testReward mean return of its test, or undefined.
   * @param rewardBound a test above it solves the environment. */
  complete(testReward: number | undefined, rewardBound: number): IterationReport {
    const previousBest = this.bestReward;
    if (testReward !== undefined && testReward > previousBest) this.bestReward = testReward;
    return {
      iteration: ++this.iteration,
      steps: this.steps,
      testReward,
      previousBest,
      bestReward: this.bestReward,
      solved: testReward !== undefined && testReward > rewardBound,
    };
  }
  saveState(): Snapshot {
    return { iteration: this.iteration, steps: this.steps, bestReward: this.bestReward };
  }
  restoreState(state: Snapshot): void {
    const { iteration, steps, bestReward } = state as { iteration: number; steps: number; bestReward: number };
    this.iteration = iteration;
    this.steps = steps;
    this.bestReward = bestReward;
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

function discreteSize(space: Space<number>, what: string): number {
  const { kind, n, start } = space as Space<number> & { n?: unknown; start?: unknown };
  if (kind === 'discrete' && typeof n === 'number' && (start === undefined || start === 0)) return n;
  throw new MismatchError(
    `A table needs numbered ${what}, Discrete(n); this environment has ${space}. Use an agent with a network.`,
  );
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
