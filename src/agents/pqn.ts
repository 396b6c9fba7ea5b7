/**
 * PQN, Q-learning without replay and target network (Gallici et al. 2025, Algorithm 1): many environments play T steps
 * with one network, whose layer normalisation keeps learning stable; the returns that follow each step are Peng's
 * Q(lambda), backwards through the steps,
 *
 *     R_t = r_t + gamma [lambda R_{t+1} + (1 - lambda) max_a' Q(s_{t+1}, a')]      R_T = max_a' Q(s_T, a')
 *
 * and Q(s, a) moves towards them over a few epochs of shuffled minibatches by the loss 1/2 (Q(s, a) - R)^2.
 */
import { RUNNING, TERMINATED } from '../core/episode-end.ts';
import { Graph, type GraphModel, mul, reduceMean, square, sub } from '../graph/index.ts';
import type { QNetwork } from './dqn.ts';
import { gradientOutputs } from './gradient-outputs.ts';
import { seenSteps } from './sequence-inputs.ts';
import { takeActions } from './value-head.ts';

export interface LambdaReturnOptions {
  readonly steps: number;
  readonly environments: number;
  readonly gamma: number;
  /** 0 is one-step Q-learning, 1 the return up to the end of the rollout. */
  readonly lambda: number;
}

/**
 * Q(lambda) returns of a rollout. Nothing follows a terminated step; a truncated one is followed by the value of its last
 * observation, and the next episode's steps have no part in it.
 * @param rewards [steps, environments]
 * @param ends RUNNING, TERMINATED or TRUNCATED, in the same order.
 * @param nextValues max_a' Q of the observation that the step led to, the last one of the episode where it ended.
 * @param out overwritten; may not alias the others.
 */
export function lambdaReturns(
  rewards: Float32Array,
  ends: Uint8Array,
  nextValues: Float32Array,
  options: LambdaReturnOptions,
  out: Float32Array,
): void {
  const { steps, environments, gamma, lambda } = options;
  for (let at = steps * environments - 1; at >= 0; at--) {
    const later = at + environments;
    let following = nextValues[at];
    if (ends[at] === TERMINATED) following = 0;
    else if (ends[at] === RUNNING && later < out.length) following = lambda * out[later] + (1 - lambda) * following;
    out[at] = rewards[at] + gamma * following;
  }
}

/**
 * The learning step: inputs `observations`, `actions`, `returns` and the weights; outputs `loss` and `meanQ`, scalars,
 * and `gradient.<parameter>`. A recurrent network learns from whole sequences, a row of `steps` each (`seenSteps`).
 */
export function buildPqnUpdate(network: QNetwork, batchSize: number, steps = 1): GraphModel {
  const graph = new Graph();
  const { observations, recurrence, perStep } = seenSteps(graph, network, batchSize, steps);
  const actions = perStep('actions', 'int32');
  const returns = perStep('returns', 'float32');
  const weights = network.parameters.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const prediction = takeActions(network.build(observations, weights, { recurrence }), actions);
  const loss = mul(reduceMean(square(sub(prediction, returns))), 0.5);
  const meanQ = reduceMean(prediction);
  return { graph, outputs: { loss, meanQ, ...gradientOutputs(loss, network.parameters, weights) } };
}
