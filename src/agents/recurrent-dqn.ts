/**
 * DQN with a recurrent network (Hausknecht & Stone 2015), learned from sequences as in R2D2 (Kapturowski et al. 2019): of
 * each sequence the first steps, the burn-in, only bring up to date what is remembered, without gradients; then
 *
 *     y_t = r_t + ... + gamma^(n-1) r_(t+n-1) + gamma^n max_a' Q_target(h_(t+n), a')      L = mean of the losses of Q(h_t, a_t)
 *
 * over the steps that follow, where h_t stands for all that was seen in the episode up to t. Both networks remember for
 * themselves: each is unrolled over the whole sequence from the state that was stored with it.
 */
import {
  concat,
  Graph,
  type GraphModel,
  mul,
  reduceMean,
  reshape,
  slice,
  stopGradient,
  type Tensor,
} from '../graph/index.ts';
import type { Recurrence } from '../nn/lstm.ts';
import { type Bootstrap, greedyBootstrap } from './bootstrap.ts';
import type { QNetwork } from './dqn.ts';
import { gradientOutputs } from './gradient-outputs.ts';
import { type SeenSteps, seenSteps } from './sequence-inputs.ts';
import { takeActions } from './value-head.ts';

/** Lengths of the sequences that DQN learns from, in steps. */
export interface SequenceLengths {
  /** Steps that gradients do not see. */
  readonly burnIn: number;
  /** Steps that are learned from. */
  readonly length: number;
  /** Steps of a return. */
  readonly nStep: number;
}

/** Steps of a sequence: those of the last return follow the ones that are learned from. */
export const stepsOf = ({ burnIn, length, nStep }: SequenceLengths): number => burnIn + length + nStep;

/**
 * The learning step. Inputs of all steps of a batch of sequences: `observations` [batch, steps, ...], `starts` [batch, steps],
 * and `state` [batch, stateSize] before the first. Inputs of the steps learned from, [batch, length]: `actions`, `rewards` and
 * `discounts` of n steps, and `weights`, 0 for a step whose return is not known. Both networks' weights.
 * Outputs: `loss` and `meanQ`, scalars; `errors` [batch, length]; `gradient.<parameter>`.
 */
export function buildSequenceUpdate(
  network: QNetwork,
  batchSize: number,
  lengths: SequenceLengths,
  bootstrap: Bootstrap = greedyBootstrap,
): GraphModel {
  const { length } = lengths;
  const { values } = network;
  const graph = new Graph();
  const seen = seenSteps(graph, network, batchSize, stepsOf(lengths));
  const perStep = (name: string, dtype: 'int32' | 'float32') =>
    reshape(graph.input(name, dtype, [batchSize, length]), [batchSize * length]);
  const actions = perStep('actions', 'int32');
  const rewards = perStep('rewards', 'float32');
  const discounts = perStep('discounts', 'float32');
  const weights = perStep('weights', 'float32');
  const inputs = (prefix: string) =>
    network.parameters.map(({ name, shape }) => graph.input(`${prefix}${name}`, 'float32', shape));
  const online = inputs('');

  const ofOnline = unrolled(network, online, seen, batchSize, lengths);
  const ofTarget = unrolled(network, inputs('target.'), seen, batchSize, lengths);
  const prediction = takeActions(ofOnline.current, actions);
  const { rewards: r, next } = bootstrap({
    values,
    actions,
    rewards,
    online: { next: ofOnline.next },
    target: { current: () => ofTarget.current, next: ofTarget.next, nextQ: () => values.expectedQ(ofTarget.next()) },
    allowed: { current: (q) => q, next: (q) => q },
  });
  const { losses, errors } = values.loss(prediction, stopGradient(values.shift(next, r, discounts)));
  const loss = reduceMean(mul(losses, weights));
  const meanQ = reduceMean(values.mean(prediction));
  return {
    graph,
    outputs: {
      ...{ loss, meanQ, errors: reshape(errors, [batchSize, length]) },
      ...gradientOutputs(loss, network.parameters, online),
    },
  };
}

/** A network's output for the steps of a batch of sequences that are learned from, and for those n steps later. */
function unrolled(
  network: QNetwork,
  weights: readonly Tensor[],
  { observations, recurrence }: SeenSteps,
  batch: number,
  { burnIn, length, nStep }: SequenceLengths,
) {
  const { state, starts, steps } = recurrence!;
  const run = (from: number, to: number, before: Tensor) => {
    const part = { steps: to - from, state: before, starts: slice(starts!, 1, from, to) } as Recurrence;
    const output = network.build(stepsBetween(observations, steps, from, to), weights, { recurrence: part });
    return { output, after: stopGradient(part.after!) };
  };
  const end = burnIn + length;
  const current = run(burnIn, end, burnIn === 0 ? state : run(0, burnIn, state).after);
  let following: Tensor | undefined;
  const next = () => {
    if (following !== undefined) return following;
    const { output } = run(end, end + nStep, current.after);
    const inTime = (rows: Tensor) => reshape(rows, [batch, -1, ...rows.shape.slice(1)]);
    const both = concat([inTime(current.output), inTime(output)], 1);
    following = reshape(slice(both, 1, nStep, nStep + length), [batch * length, ...output.shape.slice(1)]);
    return following;
  };
  return { current: current.output, next };
}

/** Rows [batch * steps, ...] of some steps of sequences, [batch * (to - from), ...]. */
function stepsBetween(rows: Tensor, steps: number, from: number, to: number): Tensor {
  const [count, ...each] = rows.shape;
  const batch = count / steps;
  return reshape(slice(reshape(rows, [batch, steps, ...each]), 1, from, to), [batch * (to - from), ...each]);
}
