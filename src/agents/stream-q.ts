/**
 * StreamQ(lambda), Q-learning from a stream (Elsayed, Vasan & Mahmood 2024, "Streaming deep reinforcement learning finally
 * works"): one environment, each step learned from once, as it comes; no replay, no target network, no batch. The error of
 * a step
 *
 *     delta = r + gamma max_a' Q(s', a') - Q(s, a)
 *
 * moves the weights along their eligibility traces z = gamma lambda z + grad Q(s, a), which are cut where the action was not
 * a best one (Watkins 1989), by a step that cannot overshoot (`ObGd`). What keeps that stable: observations at mean 0 and
 * variance 1, rewards at a scale where returns have variance 1, layers that are normalised, sparse initial weights.
 */
import { add, Graph, type GraphModel, mul, reduceMax, reduceMean, square, sub } from '../graph/index.ts';
import { allowedValues } from './allowed-values.ts';
import type { QNetwork } from './dqn.ts';
import { gradientOutputs } from './gradient-outputs.ts';
import { takeActions } from './value-head.ts';

export interface StreamQUpdateOptions {
  /** Whether the best next action is sought among allowed ones, a bool input `nextActionMasks` [1, actions]. Default false. */
  readonly actionMasks?: boolean | undefined;
}

/**
 * The learning step: inputs `observations`, `nextObservations`, `actions`, `rewards`, `discounts` (0 where nothing follows),
 * of one step each, and the weights. Outputs: `delta`, `loss` (half its square) and `meanQ`, scalars, and
 * `gradient.<parameter>` of Q(s, a).
 */
export function buildStreamQUpdate(network: QNetwork, { actionMasks = false }: StreamQUpdateOptions = {}): GraphModel {
  const graph = new Graph();
  const [observations, nextObservations] = ['observations', 'nextObservations'].map((name) =>
    graph.input(name, network.inputDType, [1, ...network.inputShape]),
  );
  const actions = graph.input('actions', 'int32', [1]);
  const rewards = graph.input('rewards', 'float32', [1]);
  const discounts = graph.input('discounts', 'float32', [1]);
  const weights = network.parameters.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const mask = actionMasks ? graph.input('nextActionMasks', 'bool', [1, network.actions]) : undefined;
  const best = reduceMax(allowedValues(network.build(nextObservations!, weights), mask), 1);
  const meanQ = reduceMean(takeActions(network.build(observations!, weights), actions));
  const delta = sub(reduceMean(add(rewards, mul(discounts, best))), meanQ);
  const loss = mul(square(delta), 0.5);
  return { graph, outputs: { delta, loss, meanQ, ...gradientOutputs(meanQ, network.parameters, weights) } };
}
