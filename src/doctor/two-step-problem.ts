import { DqnLearner } from '../agents/dqn-learner.ts';
import { scalarValues } from '../agents/scalar.ts';
import { Generator } from '../core/random/index.ts';
import type { CreateRunner } from '../graph/index.ts';
import { Adam } from '../nn/adam.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { createBatch } from '../replay/index.ts';
import { bad, type Finding, good } from './finding.ts';

/**
 * The smallest problem that needs bootstrapping: from state 0 action 0 leads, unrewarded, to state 1, action 1 ends with
 * reward 1; in state 1 action 0 ends with reward 2, action 1 with 0. With gamma 0.9 the greedy first step is the wrong one:
 * Q(0, ·) = (0.9 * 2, 1), Q(1, ·) = (2, 0).
 */
const GAMMA = 0.9;
const TRANSITIONS = [
  { state: 0, action: 0, reward: 0, discount: GAMMA, next: 1 },
  { state: 0, action: 1, reward: 1, discount: 0, next: 0 },
  { state: 1, action: 0, reward: 2, discount: 0, next: 0 },
  { state: 1, action: 1, reward: 0, discount: 0, next: 0 },
] as const;
const KNOWN = [
  [GAMMA * 2, 1],
  [2, 0],
] as const;

const UPDATES = 600;
const SYNC = 20;
export const TOLERANCE = 0.05;

/** Trains DQN's own learner on the problem. @returns the largest error of an action value. */
export async function learnTwoStepProblem(createRunner: CreateRunner): Promise<number> {
  const network = { ...mlp({ inputShape: [2], actions: 2, hidden: [32] }), values: scalarValues('mse') };
  const learner = await DqnLearner.create({
    network,
    batchSize: TRANSITIONS.length,
    createOptimizer: (size, memory) => new Adam(size, { learningRate: 0.01, memory }),
    random: new Generator(0),
    createRunner,
  });
  const batch = createBatch('float32', TRANSITIONS.length, 2);
  TRANSITIONS.forEach(({ state, action, reward, discount, next }, row) => {
    batch.observations[2 * row + state] = 1;
    batch.nextObservations[2 * row + next] = 1;
    batch.actions[row] = action;
    batch.rewards[row] = reward;
    batch.discounts[row] = discount;
  });
  for (let update = 1; update <= UPDATES; update++) {
    await learner.learn(batch);
    if (update % SYNC === 0) learner.syncTarget();
  }
  let error = 0;
  for (const state of [0, 1] as const) {
    const q = await learner.qValues(Float32Array.from(state === 0 ? [1, 0] : [0, 1]));
    for (const action of [0, 1] as const) error = Math.max(error, Math.abs(q[action] - KNOWN[state][action]));
  }
  await learner.close();
  return error;
}

export async function checkTwoStepProblem(createRunner: CreateRunner): Promise<Finding> {
  const error = await learnTwoStepProblem(createRunner);
  const detail = `largest error of Q ${error.toFixed(4)} after ${UPDATES} updates`;
  if (error <= TOLERANCE) return good('two-step problem', detail);
  return bad('two-step problem', detail, `it must be below ${TOLERANCE}: reinstall onnxruntime-node and report this`);
}
