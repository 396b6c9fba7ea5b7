import { ShapeError } from '../core/errors.ts';
import type { Tensor } from '../graph/graph.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { layerNorm } from '../graph/ops/layer-norm.ts';
import { reduceMean } from '../graph/ops/reduce-mean.ts';
import { relu } from '../graph/ops/relu.ts';
import { reshape } from '../graph/ops/reshape.ts';
import { transpose } from '../graph/ops/transpose.ts';
import { embeddingParameters, embedTaus } from './cosine-embedding.ts';
import { type LinearLayer, plainLinear } from './linear-layer.ts';
import type { RecurrentLayer } from './lstm.ts';
import type { BuildOptions, NoiseSpec } from './networks/network.ts';
import type { ParameterSpec } from './parameters.ts';

export interface HeadOptions {
  readonly actions: number;
  /** Two streams, state value and advantages (Wang et al. 2016); default false. */
  readonly dueling?: boolean | undefined;
  /** Numbers for each action: 1 is its value, more are atoms or quantiles of its return. Default 1. */
  readonly width?: number | undefined;
  /** Kind of the fully connected layers; default `plainLinear`. */
  readonly layer?: LinearLayer | undefined;
  /** Layer normalisation before every activation (Ba et al. 2016); default false. */
  readonly layerNorm?: boolean | undefined;
  /** Cosines of the embedding of quantile fractions: the head then takes `taus`. Absent for none. */
  readonly cosines?: number | undefined;
  /** Remembers, between the hidden layers and the action values: the head then takes a `recurrence`. Absent for none. */
  readonly lstm?: RecurrentLayer | undefined;
  /** Whether normalised layers have a scale and a shift that are learned; default true. */
  readonly affineNorm?: boolean | undefined;
  /** Between the layers; default `relu`. */
  readonly activation?: ((x: Tensor) => Tensor) | undefined;
}

/** A fully connected layer of a stream. */
interface PlannedLayer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Whether normalisation and ReLU follow. */
  readonly hidden: boolean;
}

/** The layers of each stream of a head, in the order of their parameters. */
function plan(inputs: number, hidden: readonly number[], options: HeadOptions): PlannedLayer[][] {
  const { actions, dueling, width = 1 } = options;
  const stream = (prefix: string, outputs: number) => [
    ...planHidden(prefix, inputs, hidden),
    { name: `${prefix}.${2 * hidden.length}`, inputs: hidden.at(-1) ?? inputs, outputs, hidden: false },
  ];
  return dueling ? [stream('value', width), stream('advantage', actions * width)] : [stream('fc', actions * width)];
}

/** Numbers in names count the ReLUs between, as in a PyTorch Sequential. */
function planHidden(prefix: string, inputs: number, hidden: readonly number[]): PlannedLayer[] {
  return hidden.map((outputs, i) => ({
    name: `${prefix}.${2 * i}`,
    inputs: i === 0 ? inputs : hidden[i - 1],
    outputs,
    hidden: true,
  }));
}

/** Hidden layers alone, whose last ReLU gives features. */
export function hiddenStack(prefix: string, inputs: number, hidden: readonly number[], options: HeadOptions) {
  const layers = planHidden(prefix, inputs, hidden);
  return {
    parameters: parametersOf(layers, options),
    noise: noiseOf(layers, options),
    /** @param x [B, inputs] @returns [B, the last width] */
    build: (x: Tensor, params: readonly Tensor[], noise?: readonly Tensor[]): Tensor =>
      stack(x, layers, options, taker(params), noise && taker(noise)),
  };
}

function parametersOf(layers: readonly PlannedLayer[], options: HeadOptions): ParameterSpec[] {
  const { layer = plainLinear, layerNorm: normalize, affineNorm = true } = options;
  return layers.flatMap(({ name, inputs, outputs, hidden }) => [
    ...layer.parameters(name, inputs, outputs),
    ...(normalize && affineNorm && hidden ? normParameters(name, outputs) : []),
  ]);
}

function noiseOf(layers: readonly PlannedLayer[], { layer = plainLinear }: HeadOptions): NoiseSpec[] {
  return layers.flatMap(({ name, inputs, outputs }) => layer.noise(name, inputs, outputs));
}

/** Parameters of fully connected layers of the given widths, ending in action values. */
export function headParameters(inputs: number, hidden: readonly number[], options: HeadOptions): ParameterSpec[] {
  const { cosines, lstm } = options;
  if (lstm !== undefined) {
    const { parameters, size } = encoder(inputs, hidden, options);
    return [...parameters, ...lstm.parameters('lstm', size), ...headParameters(lstm.units, [], withoutLstm(options))];
  }
  const embedding = cosines === undefined ? [] : embeddingParameters(inputs, cosines);
  return [...embedding, ...parametersOf(plan(inputs, hidden, options).flat(), options)];
}

/** Numbers that a head of these options remembers from step to step; undefined for one without an LSTM. */
export function headStateSize({ lstm }: HeadOptions): number | undefined {
  return lstm?.stateSize;
}

/** The hidden layers before an LSTM. */
function encoder(inputs: number, hidden: readonly number[], options: HeadOptions) {
  return { ...hiddenStack('encoder', inputs, hidden, options), size: hidden.at(-1) ?? inputs };
}

const withoutLstm = (options: HeadOptions): HeadOptions => ({ ...options, lstm: undefined });

/** Random vectors that the head of these options takes. */
export function headNoise(inputs: number, hidden: readonly number[], options: HeadOptions): NoiseSpec[] {
  const { lstm } = options;
  if (lstm !== undefined) {
    return [...encoder(inputs, hidden, options).noise, ...headNoise(lstm.units, [], withoutLstm(options))];
  }
  return noiseOf(plan(inputs, hidden, options).flat(), options);
}

/** Scale and shift of a normalised layer, one for each of its outputs. */
export function normParameters(name: string, size: number): ParameterSpec[] {
  return [
    { name: `${name}.norm.weight`, shape: [size], fanIn: size, initial: 1 },
    { name: `${name}.norm.bias`, shape: [size], fanIn: size, initial: 0 },
  ];
}

/**
 * Fully connected layers with activations between them, from features [B, n] to action values [B, actions], or
 * [B, actions, width] for a width above 1, or [B, actions, N] at N quantile fractions. The dueling form subtracts the mean advantage, number by number:
 * Q = V + A - mean A (Wang et al. 2016, Eq. 9; Hessel et al. 2018 for distributions).
 * @param params as `headParameters` lists them.
 * @param noise as `headNoise` lists it; absent for the mean of noisy layers.
 * @param taus quantile fractions [B, N] or [N], for a head with cosines.
 * @param recurrence for a head with an LSTM: features are those of sequences, and its `after` is set.
 * @throws ShapeError when a head with cosines gets no taus, or one with an LSTM nothing to go on from.
 */
export function head(
  features: Tensor,
  hidden: readonly number[],
  params: readonly Tensor[],
  options: HeadOptions,
  { noise, taus, recurrence }: Pick<BuildOptions, 'noise' | 'taus' | 'recurrence'> = {},
): Tensor {
  const { actions, dueling, width = 1, cosines, lstm } = options;
  if (lstm !== undefined) {
    if (recurrence === undefined) throw new ShapeError('head: got no recurrence, needs a state [B, 2 * units].');
    const { parameters, noise: own, build, size } = encoder(features.shape[1], hidden, options);
    const [p, n] = [parameters.length, own.length];
    const rest = p + lstm.parameters('', size).length;
    const h = lstm.build(build(features, params.slice(0, p), noise?.slice(0, n)), params.slice(p, rest), recurrence);
    return head(h, [], params.slice(rest), withoutLstm(options), { noise: noise?.slice(n), taus });
  }
  if (cosines !== undefined) {
    if (taus === undefined) throw new ShapeError('head: got no taus, needs some [B, N] or [N].');
    const rows = embedTaus(features, taus, params);
    const plain = { ...options, cosines: undefined };
    const values = head(rows, hidden, params.slice(2), plain, { noise });
    return transpose(reshape(values, [features.shape[0], taus.shape.at(-1)!, actions]), [0, 2, 1]);
  }
  const streams = plan(features.shape[1], hidden, options);
  const take = taker(params);
  const takeNoise = noise && taker(noise);
  const [first, second] = streams.map((layers) => stack(features, layers, options, take, takeNoise));
  const [batch] = features.shape;
  const perAction = (x: Tensor) => (width === 1 ? x : reshape(x, [batch, actions, width]));
  if (!dueling) return perAction(first);
  const value = width === 1 ? first : reshape(first, [batch, 1, width]);
  const advantage = perAction(second);
  return add(value, sub(advantage, reduceMean(advantage, 1, { keepDims: true })));
}

type Take = (count: number) => readonly Tensor[];

function taker(list: readonly Tensor[]): Take {
  let from = 0;
  return (count) => {
    from += count;
    return list.slice(from - count, from);
  };
}

function stack(x: Tensor, layers: readonly PlannedLayer[], options: HeadOptions, take: Take, noise?: Take): Tensor {
  const { layer = plainLinear, layerNorm: normalize, affineNorm = true, activation = relu } = options;
  let y = x;
  for (const { inputs, outputs, hidden } of layers) {
    const params = take(layer.parameters('', inputs, outputs).length);
    y = layer.build(y, params, noise?.(layer.noise('', inputs, outputs).length));
    if (!hidden) continue;
    if (normalize) y = affineNorm ? affine(layerNorm(y, 1), take(2), 1) : layerNorm(y, 1);
    y = activation(y);
  }
  return y;
}

/** y * weight + bias along one axis. */
export function affine(y: Tensor, [weight, bias]: readonly Tensor[], axis: number): Tensor {
  const along = (x: Tensor) => reshape(x, [...x.shape, ...y.shape.slice(axis + 1).map(() => 1)]);
  return add(mul(y, along(weight)), along(bias));
}
