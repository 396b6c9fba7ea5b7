import type { NetworkSpec } from '../agents/network-spec.ts';
import { lambdaReturns } from '../agents/pqn.ts';
import type { PqnConfig } from '../agents/pqn-config.ts';
import type { PqnBatch, PqnLearner } from '../agents/pqn-learner.ts';
import { RUNNING } from '../core/episode-end.ts';
import type { Generator } from '../core/random/index.ts';
import { learningRateAt } from '../core/schedules.ts';
import { sizeOf } from '../core/shape.ts';
import type { Observation } from './preprocessing.ts';
import type { Progress } from './progress.ts';
import type { TrainingObserver } from './training.ts';

/** The steps of all environments between two rounds of learning, [steps, environments] each. */
export interface Rollout {
  /** [steps, environments, ...observation] */
  readonly observations: Observation;
  readonly actions: Int32Array;
  readonly rewards: Float32Array;
  readonly ends: Uint8Array;
  readonly nextValues: Float32Array;
  readonly returns: Float32Array;
  /** What a recurrent network remembered before the first step, [environments, stateSize]; undefined for all others. */
  readonly state?: Float32Array | undefined;
}

/** Memory for the observations of so many steps. */
export function newObservations({ inputShape, inputDType }: NetworkSpec, rows: number): Observation {
  const length = rows * sizeOf(inputShape);
  return inputDType === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
}

/**
 * @param count steps of all environments together.
 * @param stateLength elements that a recurrent network remembers of all of them.
 */
export function createRollout(spec: NetworkSpec, count: number, stateLength?: number): Rollout {
  return {
    observations: newObservations(spec, count),
    actions: new Int32Array(count),
    rewards: new Float32Array(count),
    ends: new Uint8Array(count),
    nextValues: new Float32Array(count),
    returns: new Float32Array(count),
    state: stateLength === undefined ? undefined : new Float32Array(stateLength),
  };
}

/**
 * @param count steps of a minibatch.
 * @param stateLength elements that a recurrent network remembers of the environments whose sequences these are.
 */
export function createPqnBatch(spec: NetworkSpec, count: number, stateLength?: number): PqnBatch {
  const steps = {
    observations: newObservations(spec, count),
    actions: new Int32Array(count),
    returns: new Float32Array(count),
  };
  if (stateLength === undefined) return steps;
  return { ...steps, state: new Float32Array(stateLength), starts: new Float32Array(count) };
}

/** What a rollout is learned with. */
interface RolloutParts {
  readonly learner: PqnLearner;
  readonly rollout: Rollout;
  readonly batch: PqnBatch;
  readonly progress: Progress;
  /** Shuffles the rollout. */
  readonly shuffling: Generator;
}

/** Learns from a whole rollout, in shuffled minibatches: of steps, or of the sequences of environments for a recurrent network. */
export async function learnRollout(parts: RolloutParts, config: PqnConfig, observer: TrainingObserver): Promise<void> {
  const { learner, rollout, batch, shuffling, progress } = parts;
  const { rolloutSteps: steps, environments, gamma, lambda } = config;
  const { rewards, ends, nextValues, returns } = rollout;
  lambdaReturns(rewards, ends, nextValues, { steps, environments, gamma, lambda }, returns);
  learner.optimizer.learningRate = learningRateAt(config, progress.step);
  const [read, rows] =
    rollout.state === undefined ? [readRow, steps * environments] : [sequenceReader(environments), environments];
  const size = rows / config.minibatches;
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    const order = shuffling.permutation(rows) as number[];
    for (let from = 0; from < order.length; from += size) {
      for (let row = 0; row < size; row++) read(rollout, order[from + row], batch, row);
      await learner.learn(batch);
      progress.addUpdate(learner, observer);
    }
  }
}

/** Copies the step at `at` of a rollout to a row of a minibatch. */
function readRow(rollout: Rollout, at: number, batch: PqnBatch, row: number): void {
  const length = batch.observations.length / batch.actions.length;
  batch.observations.set(rollout.observations.subarray(at * length, (at + 1) * length), row * length);
  batch.actions[row] = rollout.actions[at];
  batch.returns[row] = rollout.returns[at];
}

/** Copies all steps of an environment, and what was remembered before them, to a row of a recurrent network's minibatch. */
function sequenceReader(environments: number): typeof readRow {
  return (rollout, environment, batch, row) => {
    const { ends, actions } = rollout;
    const state = rollout.state!;
    const steps = actions.length / environments;
    const size = state.length / environments;
    batch.state!.set(state.subarray(environment * size, (environment + 1) * size), row * size);
    for (let t = 0; t < steps; t++) {
      const at = t * environments + environment;
      readRow(rollout, at, batch, row * steps + t);
      // An episode that began with the first step has nothing in the state before it.
      batch.starts![row * steps + t] = t > 0 && ends[at - environments] !== RUNNING ? 1 : 0;
    }
  };
}
