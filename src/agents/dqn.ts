/**
 * Deep Q-learning with a target network (Mnih et al. 2015, Algorithm 1), as one graph:
 *
 *     y = r + discount * max_a' Q_target(s', a')        discount = gamma^n, or 0 where the episode terminated
 *     L = mean of the losses between Q(s, a) and y
 *
 * What a member of the family changes comes in as a part: how values are represented and compared (`ValueHead`), what
 * follows a step (`Bootstrap`), weights of the samples, noise. Truncated episodes keep their discount: the
 * state after the truncation still has a value.
 */
import { Graph, type GraphModel, mul, reduceMean, type Shape, stopGradient, type Tensor } from '../graph/index.ts';
import type { Recurrence } from '../nn/lstm.ts';
import type { BuildOptions, Network } from '../nn/networks/network.ts';
import { allowedValues } from './allowed-values.ts';
import { type Bootstrap, greedyBootstrap } from './bootstrap.ts';
import { gradientOutputs } from './gradient-outputs.ts';
import { tauMidpoints } from './quantile.ts';
import { type TauCounts, takeActions, type ValueHead } from './value-head.ts';

/** A network and how its output is read. */
export interface QNetwork extends Network {
  readonly values: ValueHead;
}

export interface DqnUpdateOptions {
  readonly batchSize: number;
  /** Default `greedyBootstrap`. */
  readonly bootstrap?: Bootstrap | undefined;
  /** Whether losses are weighted, by the input `weights` [batch]; default false. */
  readonly weighted?: boolean | undefined;
  /**
   * What the update takes of the target network: its weights, or its output for the next observations, an input `nextQ`
   * [batch, actions], for scalar values. Default `weights`.
   */
  readonly target?: 'weights' | 'nextQ';
  /** Whether targets respect action masks, bool inputs `actionMasks` and `nextActionMasks` [batch, actions]; default false. */
  readonly actionMasks?: boolean | undefined;
}

/** Beginnings of the names of noise inputs: the online network's, the same at the next observations, the target's. */
export const NOISE_PREFIXES = ['noise.', 'next.noise.', 'target.noise.'] as const;

/** Names of the inputs of drawn quantile fractions: of predictions [batch, N], and of targets [batch, N']. */
export const TAU_INPUTS = { prediction: 'taus', target: 'target.taus' } as const;

/**
 * Builds the learning step for a network. Inputs: `observations`, `nextObservations`, `actions`, `rewards`, `discounts`,
 * both networks' weights, `weights` of the samples and action masks where asked for, the noise of noisy networks, and the
 * fractions of implicit quantiles.
 * Outputs: `loss` and `meanQ`, scalars; `errors` [batch]; `gradient.<parameter>` in the shape of its parameter.
 * @throws ShapeError when the network does not fit its input.
 */
export function buildDqnUpdate(network: QNetwork, options: DqnUpdateOptions): GraphModel {
  const { batchSize, bootstrap = greedyBootstrap, weighted = false, target: given = 'weights' } = options;
  const { actionMasks = false } = options;
  const { values } = network;
  const graph = new Graph();
  const batch = (shape: Shape): Shape => [batchSize, ...shape];
  const observations = graph.input('observations', network.inputDType, batch(network.inputShape));
  const nextObservations = graph.input('nextObservations', network.inputDType, batch(network.inputShape));
  const actions = graph.input('actions', 'int32', [batchSize]);
  const rewards = graph.input('rewards', 'float32', [batchSize]);
  const discounts = graph.input('discounts', 'float32', [batchSize]);
  const online = network.parameters.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const target = network.parameters.map(({ name, shape }) => graph.input(`target.${name}`, 'float32', shape));
  const [noise, nextNoise, targetNoise] = NOISE_PREFIXES.map((prefix) => noiseInputs(graph, network, prefix));

  const drawn = values.taus && drawnTaus(graph, values.taus, batchSize);
  const acting = actingTaus(graph, values);
  const nextOf = (taus: Tensor | undefined) =>
    given === 'nextQ' ? nextQ() : network.build(nextObservations, target, { noise: targetNoise, taus });
  let cachedQ: Tensor | undefined;
  const nextQ = () => (cachedQ ??= graph.input('nextQ', 'float32', [batchSize, network.actions]));

  const mask = (name: string) => graph.input(name, 'bool', [batchSize, network.actions]);
  const masks = actionMasks ? { current: mask('actionMasks'), next: mask('nextActionMasks') } : undefined;
  const prediction = takeActions(network.build(observations, online, { noise, taus: drawn?.prediction }), actions);
  const { rewards: r, next } = bootstrap({
    values,
    actions,
    rewards,
    online: { next: () => network.build(nextObservations, online, { noise: nextNoise, taus: acting }) },
    target: {
      current: () => network.build(observations, target, { noise: targetNoise, taus: acting }),
      next: () => nextOf(drawn?.target),
      nextQ: () => values.expectedQ(nextOf(acting)),
    },
    allowed: { current: (q) => allowedValues(q, masks?.current), next: (q) => allowedValues(q, masks?.next) },
  });
  const y = stopGradient(values.shift(next, r, discounts));
  const { losses, errors } = values.loss(prediction, y, drawn?.prediction);
  const loss = reduceMean(weighted ? mul(losses, graph.input('weights', 'float32', [batchSize])) : losses);

  const meanQ = reduceMean(values.mean(prediction));
  return { graph, outputs: { loss, meanQ, errors, ...gradientOutputs(loss, network.parameters, online) } };
}

export interface QValuesOptions extends Pick<BuildOptions, 'convolutions'> {
  /** Whether noisy layers take their noise (inputs `noise.<name>`) or give their mean; default the mean. */
  readonly noisy?: boolean;
}

/**
 * Q values of a batch of observations: input `observations`, output `q` [batch, actions], weights as inputs. What a recurrent
 * network remembers goes from the input `state` to the output `nextState`, [batch, stateSize] each.
 */
export function buildQValues(
  network: QNetwork,
  batchSize: number,
  { noisy = false, convolutions }: QValuesOptions = {},
): GraphModel {
  const graph = new Graph();
  const observations = graph.input('observations', network.inputDType, [batchSize, ...network.inputShape]);
  const parameters = network.parameters.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const noise = noisy ? noiseInputs(graph, network, NOISE_PREFIXES[0]) : undefined;
  const taus = actingTaus(graph, network.values);
  const { stateSize } = network;
  const recurrence: Recurrence | undefined =
    stateSize === undefined ? undefined : { steps: 1, state: graph.input('state', 'float32', [batchSize, stateSize]) };
  const output = network.build(observations, parameters, { noise, convolutions, taus, recurrence });
  const q = network.values.expectedQ(output);
  return { graph, outputs: recurrence === undefined ? { q } : { q, nextState: recurrence.after! } };
}

function noiseInputs(graph: Graph, { noise = [] }: Network, prefix: string): Tensor[] | undefined {
  if (noise.length === 0) return undefined;
  return noise.map(({ name, shape }) => graph.input(`${prefix}${name}`, 'float32', shape));
}

function drawnTaus(graph: Graph, counts: TauCounts, batchSize: number): Record<keyof typeof TAU_INPUTS, Tensor> {
  const input = (of: keyof typeof TAU_INPUTS) => graph.input(TAU_INPUTS[of], 'float32', [batchSize, counts[of]]);
  return { prediction: input('prediction'), target: input('target') };
}

/** The fractions of action values, the same for every row; undefined for a head without. */
function actingTaus(graph: Graph, { taus }: ValueHead): Tensor | undefined {
  return taus && graph.constant(tauMidpoints(taus.acting));
}
