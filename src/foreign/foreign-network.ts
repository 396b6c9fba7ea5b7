/** Builds the network of a state dict as one of this library's, so that it runs and is exported like any other. */
import { categoricalValues } from '../agents/categorical.ts';
import type { QNetwork } from '../agents/dqn.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import { scalarValues } from '../agents/scalar.ts';
import { MismatchError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import {
  add,
  cast,
  convolutions,
  flatten,
  linear,
  mul,
  reduceMean,
  relu,
  reshape,
  type StackedConvolution,
  sub,
  type Tensor,
  tanh,
} from '../graph/index.ts';
import type { BuildOptions } from '../nn/networks/network.ts';
import { checkNetworkInputs } from '../nn/networks/network.ts';
import type { ParameterSpec } from '../nn/parameters.ts';
import type { ForeignLayer, ForeignLayers } from './state-dict-layers.ts';

/** A network with weights. */
export interface ForeignNetwork {
  readonly network: QNetwork;
  /** By parameter name. */
  readonly weights: Readonly<Record<string, Float32Array>>;
}

export interface ForeignNetworkOptions {
  /** What stands between the layers; the file itself seldom says. Default relu. */
  readonly activation?: 'relu' | 'tanh' | undefined;
}

/** Strides by the side of the window, in the networks of Mnih et al. 2013 and 2015: state dicts do not hold them. */
const STRIDES: Readonly<Record<number, number>> = { 8: 4, 4: 2, 3: 1 };

/**
 * @param path how messages call the file.
 * @param spec what the environment gives, as the network sees it.
 * @throws MismatchError when the layers do not fit each other, the observations or the actions.
 */
export function buildForeignNetwork(
  layers: ForeignLayers,
  spec: NetworkSpec,
  path: string,
  { activation = 'relu' }: ForeignNetworkOptions = {},
): ForeignNetwork {
  const refuse = (problem: string): never => {
    throw new MismatchError(`${path}: ${problem}.`);
  };
  const { inputShape, inputDType, actions } = spec;
  const seen = `observations [${inputShape.join(', ')}]`;
  const { planned, features } = planConvolutions(layers.convolutions, inputShape, seen, refuse);
  const joined = checkChain(
    layers.shared,
    features,
    layers.convolutions.length > 0 ? `${seen} through its convolutions` : seen,
    refuse,
  );
  const support = layers.atoms?.elements();
  const width = support?.length ?? 1;
  const streams = layers.dueling ? [layers.dueling.value, layers.dueling.advantage] : [];
  const before = layers.shared.at(-1)?.name ?? 'its convolutions';
  const ends = streams.map((stream) => checkChain(stream, joined, before, refuse));
  const last = layers.dueling?.advantage.at(-1) ?? layers.shared.at(-1)!;
  const given = ends[1] ?? joined;
  const quantiles = layers.quantiles && given % actions === 0 ? given / actions : 1;
  if (given !== actions * width * quantiles || (ends.length > 0 && ends[0] !== width)) {
    const wanted = width === 1 ? `${actions}` : `${actions} times ${width} atoms`;
    refuse(
      `its last layer ${last.name} gives ${given} numbers; the environment has ${wanted === `${actions}` ? `${actions} actions` : `${actions} actions, which are ${wanted}`}`,
    );
  }

  const parameters: ParameterSpec[] = [];
  const weights: Record<string, Float32Array> = {};
  const all = [...layers.convolutions, ...layers.shared, ...streams.flat()];
  for (const { name, weight, bias } of all) {
    const [outputs, ...inputs] = weight.shape;
    const averaged = quantiles > 1 && name === last.name;
    const mean = (elements: Float32Array, each: number) =>
      averaged ? meanQuantiles(elements, quantiles, actions, each) : elements;
    const rows = averaged ? actions : outputs;
    parameters.push({ name: `${name}.weight`, shape: [rows, ...inputs], fanIn: sizeOf(inputs) });
    parameters.push({ name: `${name}.bias`, shape: [rows], fanIn: sizeOf(inputs) });
    weights[`${name}.weight`] = mean(weight.elements(), sizeOf(inputs));
    weights[`${name}.bias`] = mean(bias?.elements() ?? new Float32Array(outputs), 1);
  }
  for (const [name, elements] of Object.entries(weights)) {
    if (!elements.every(Number.isFinite)) refuse(`${name} holds numbers that are not finite`);
  }

  const between = activation === 'tanh' ? tanh : relu;
  const pictures = layers.convolutions.length > 0;
  const network = { parameters, inputShape, inputDType, actions, width };
  const build = (x: Tensor, params: readonly Tensor[], { convolutions: form }: BuildOptions = {}): Tensor => {
    checkNetworkInputs('foreign', network, x, params);
    let at = 0;
    const take = () => {
      at += 2;
      return params.slice(at - 2, at);
    };
    let y: Tensor;
    if (pictures) {
      const stack = planned.map(({ stride }, i): StackedConvolution => {
        const [weight, bias] = take();
        // All known programs divide bytes by 255; scaling the first weights gives the same sums.
        const scaled = i === 0 && inputDType === 'uint8' ? mul(weight, 1 / 255) : weight;
        // After convolutions it is ReLU everywhere; `activation` is of the fully connected layers.
        return { weight: scaled, bias, stride, padding: 0, activation: relu };
      });
      y = convolutions(x, stack, (pixels) => pixels, form);
    } else y = flatten(cast(x, 'float32'));
    const stream = (input: Tensor, list: readonly ForeignLayer[], end: boolean) => {
      let z = input;
      list.forEach((_, i) => {
        const [weight, bias] = take();
        z = linear(z, weight, bias);
        if (!end || i < list.length - 1) z = between(z);
      });
      return z;
    };
    const body = stream(y, layers.shared, layers.dueling === undefined);
    const [batch] = x.shape;
    const perAction = (z: Tensor) => (width === 1 ? z : reshape(z, [batch, actions, width]));
    if (layers.dueling === undefined) return perAction(body);
    const value = stream(body, layers.dueling.value, true);
    const advantage = perAction(stream(body, layers.dueling.advantage, true));
    const base = width === 1 ? value : reshape(value, [batch, 1, width]);
    return add(base, sub(advantage, reduceMean(advantage, 1, { keepDims: true })));
  };
  const values = support === undefined ? scalarValues('mse') : categoricalValues(evenAtoms(support, refuse));
  return { network: { ...network, values, build }, weights };
}

/** Steps of the convolutions, and the number of features after them. */
function planConvolutions(
  list: readonly ForeignLayer[],
  inputShape: readonly number[],
  seen: string,
  refuse: (problem: string) => never,
): { planned: { readonly stride: number }[]; features: number } {
  if (list.length === 0) return { planned: [], features: sizeOf(inputShape) };
  if (inputShape.length !== 3) return refuse(`its first layer is a convolution, the environment gives ${seen}`);
  let [channels, height, width] = inputShape;
  const planned = list.map(({ name, weight }) => {
    const [filters, inputs, rows, columns] = weight.shape;
    const stride = STRIDES[rows];
    if (rows !== columns || stride === undefined) {
      const known = Object.entries(STRIDES).map(([side, step]) => `${side}x${side} by ${step}`);
      return refuse(`${name} has windows of ${rows}x${columns}, known with their strides are ${known.join(', ')}`);
    }
    if (inputs !== channels) return refuse(`${name} takes ${inputs} channels, ${seen} give ${channels}`);
    channels = filters;
    height = Math.floor((height - rows) / stride) + 1;
    width = Math.floor((width - columns) / stride) + 1;
    if (!(height > 0 && width > 0)) return refuse(`${seen} are too small for its convolutions`);
    return { stride };
  });
  return { planned, features: channels * height * width };
}

/** Outputs of the last layer. */
function checkChain(
  list: readonly ForeignLayer[],
  features: number,
  source: string,
  refuse: (problem: string) => never,
): number {
  let [inputs, from] = [features, source];
  for (const { name, weight } of list) {
    if (weight.shape[1] !== inputs) refuse(`${name} takes ${weight.shape[1]} numbers, ${from} give ${inputs}`);
    [inputs, from] = [weight.shape[0], name];
  }
  return inputs;
}

/** The mean over quantiles is linear: it is taken of the last layer's rows, which lie [quantile, action]. */
function meanQuantiles(rows: Float32Array, quantiles: number, actions: number, each: number): Float32Array {
  const out = new Float32Array(actions * each);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let q = 0; q < quantiles; q++) sum += rows[q * out.length + i];
    out[i] = sum / quantiles;
  }
  return out;
}

/** @throws through `refuse` unless the atoms are evenly spaced, as this library takes them. */
function evenAtoms(support: Float32Array, refuse: (problem: string) => never) {
  const atoms = support.length;
  const [vMin, vMax] = [support[0], support[atoms - 1]];
  const even = support.every(
    (z, i) => Math.abs(z - (vMin + (i * (vMax - vMin)) / (atoms - 1))) <= 1e-4 * (vMax - vMin),
  );
  if (!(vMin < vMax) || !even) refuse('the atoms of its distribution are not evenly spaced');
  return { atoms, vMin, vMax };
}
