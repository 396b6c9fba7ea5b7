/**
 * The cross-entropy method (Rubinstein 1999; Lapan, *Deep Reinforcement Learning Hands-On*, 3rd ed., chapter 4): a network gives
 * a score to each action, softmax of the scores is the policy, and whole episodes are played with it. Those with the best
 * returns are the elite, and the network learns to act as they did, by the loss of a classifier:
 *
 *     L = - mean over the elite's steps of log softmax(f(s))_a
 *
 * No value is learned. What it needs are episodes that end, and luck in some of them.
 */
import { Graph, type GraphModel, logSoftmax, mul, neg, reduceMean } from '../graph/index.ts';
import type { QNetwork } from './dqn.ts';
import { gradientOutputs } from './gradient-outputs.ts';
import { takeActions } from './value-head.ts';

/**
 * The return that the elite has at least: a percentile of all returns, between two of them on a straight line (NumPy's
 * `percentile`).
 * @param returns at least one.
 * @param percentile 0 to 100.
 */
export function eliteBound(returns: readonly number[], percentile: number): number {
  const sorted = returns.toSorted((a, b) => a - b);
  const at = ((sorted.length - 1) * percentile) / 100;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/**
 * An action drawn from softmax(scores).
 * @param scores [actions]
 * @param draw from 0 to 1, not 1.
 * @param mask [actions] 1 for each allowed action; undefined for all.
 */
export function drawBySoftmax(scores: ArrayLike<number>, draw: number, mask?: ArrayLike<number>): number {
  const allowed = (a: number) => mask === undefined || mask[a] === 1;
  let highest = -Infinity;
  for (let a = 0; a < scores.length; a++) if (allowed(a)) highest = Math.max(highest, scores[a]);
  let total = 0;
  for (let a = 0; a < scores.length; a++) if (allowed(a)) total += Math.exp(scores[a] - highest);
  let left = draw * total;
  let chosen = -1;
  for (let a = 0; a < scores.length; a++) {
    if (!allowed(a)) continue;
    chosen = a;
    left -= Math.exp(scores[a] - highest);
    if (left < 0) break;
  }
  return chosen;
}

/**
 * The learning step: inputs `observations`, `actions`, `weights` [batch] and the network's parameters; outputs `loss` and
 * `meanScore`, scalars, and `gradient.<parameter>`. Both are means over the rows of what a row has times its weight: the batch's
 * length over the number of the elite's steps for each of these, 0 for rows that are only there to fill the batch.
 */
export function buildCrossEntropyUpdate(network: QNetwork, batchSize: number): GraphModel {
  const graph = new Graph();
  const observations = graph.input('observations', network.inputDType, [batchSize, ...network.inputShape]);
  const actions = graph.input('actions', 'int32', [batchSize]);
  const rowWeights = graph.input('weights', 'float32', [batchSize]);
  const parameters = network.parameters.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const scores = network.values.expectedQ(network.build(observations, parameters));
  const loss = reduceMean(mul(neg(takeActions(logSoftmax(scores), actions)), rowWeights));
  const meanScore = reduceMean(mul(takeActions(scores, actions), rowWeights));
  return { graph, outputs: { loss, meanScore, ...gradientOutputs(loss, network.parameters, parameters) } };
}
