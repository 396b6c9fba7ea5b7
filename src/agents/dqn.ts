/**
 * Deep Q-learning with a target network (Mnih et al. 2015, Algorithm 1), as one graph:
 *
 *     y = r + discount * max_a' Q_target(s', a')        discount = gamma^n, or 0 where the episode terminated
 *     L = mean((Q(s, a) - y)^2), or Huber's function of the difference
 *
 * Episodes that were cut by a time limit keep their discount: the state after the cut still has a value.
 */
import {
  add,
  argMax,
  Graph,
  gatherActions,
  gradients,
  mul,
  reduceMax,
  reduceMean,
  type Shape,
  stopGradient,
  type Tensor,
} from '../graph/index.ts';
import { huberLoss, mseLoss } from '../nn/losses.ts';
import type { Network } from '../nn/networks/network.ts';

export interface DqnUpdateOptions {
  readonly batchSize: number;
  readonly loss: 'mse' | 'huber';
  /** Choose the next action with the online network, value it with the target network (van Hasselt et al. 2016, Eq. 4). */
  readonly doubleQ: boolean;
  /**
   * Takes the target network's values of the next observations as an input `nextQ` [batch, actions] instead of computing
   * them. Default false.
   */
  readonly givenNextQ?: boolean;
}

/**
 * The learning step: inputs `observations`, `nextObservations`, `actions`, `rewards`, `discounts`, and the weights of the
 * networks that it needs.
 */
export interface DqnUpdate {
  readonly graph: Graph;
  /** `loss` and `meanQ` are scalars, `gradient.<parameter>` has the shape of its parameter. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/**
 * y = r + discount * Q_target(s', a'), with a' the target network's own best action, or the online network's (double).
 * @param nextQ [batch, actions] of the target network.
 * @param nextOnlineQ [batch, actions] of the online network, for double Q-learning.
 * @returns [batch], closed to gradients.
 */
export function tdTarget(rewards: Tensor, discounts: Tensor, nextQ: Tensor, nextOnlineQ?: Tensor): Tensor {
  const nextValue = nextOnlineQ === undefined ? reduceMax(nextQ, [1]) : gatherActions(nextQ, argMax(nextOnlineQ, 1));
  return stopGradient(add(rewards, mul(discounts, nextValue)));
}

/** Builds the learning step for a network. @throws ShapeError when the network does not fit its input. */
export function buildDqnUpdate(network: Network, options: DqnUpdateOptions): DqnUpdate {
  const { batchSize, loss: kind, doubleQ, givenNextQ = false } = options;
  const graph = new Graph();
  const batch = (shape: Shape): Shape => [batchSize, ...shape];
  const observations = graph.input('observations', network.inputDType, batch(network.inputShape));
  const nextObservations = graph.input('nextObservations', network.inputDType, batch(network.inputShape));
  const actions = graph.input('actions', 'int32', [batchSize]);
  const rewards = graph.input('rewards', 'float32', [batchSize]);
  const discounts = graph.input('discounts', 'float32', [batchSize]);
  const online = network.parameters.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const target = network.parameters.map(({ name, shape }) => graph.input(`target.${name}`, 'float32', shape));

  const q = network.build(graph, observations, online);
  const nextQ = givenNextQ
    ? graph.input('nextQ', 'float32', [batchSize, network.actions])
    : network.build(graph, nextObservations, target);
  const y = tdTarget(rewards, discounts, nextQ, doubleQ ? network.build(graph, nextObservations, online) : undefined);
  const prediction = gatherActions(q, actions);
  const loss = kind === 'mse' ? mseLoss(prediction, y) : huberLoss(prediction, y);

  const outputs: Record<string, Tensor> = { loss, meanQ: reduceMean(prediction) };
  gradients(loss, online).forEach((gradient, i) => {
    outputs[`gradient.${network.parameters[i]!.name}`] = gradient;
  });
  return { graph, outputs };
}

/** Q values of a batch of observations: input `observations`, output `q` [batch, actions], weights as inputs. */
export function buildQValues(network: Network, batchSize: number): DqnUpdate {
  const graph = new Graph();
  const observations = graph.input('observations', network.inputDType, [batchSize, ...network.inputShape]);
  const parameters = network.parameters.map(({ name, shape }) => graph.input(name, 'float32', shape));
  return { graph, outputs: { q: network.build(graph, observations, parameters) } };
}
