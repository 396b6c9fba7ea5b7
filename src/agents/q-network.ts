import { MismatchError } from '../core/errors.ts';
import { Graph } from '../graph/index.ts';
import { lstmLayer } from '../nn/lstm.ts';
import { impala } from '../nn/networks/impala.ts';
import type { Network } from '../nn/networks/network.ts';
import { PICTURE_NETWORKS } from '../nn/networks/picture-networks.ts';
import { categoricalValues } from './categorical.ts';
import type { QNetwork } from './dqn.ts';
import { hlGaussValues } from './hl-gauss.ts';
import { implicitQuantileValues } from './implicit-quantile.ts';
import { headOf, mlpQNetwork, type QNetworkForm } from './mlp-q-network.ts';
import type { NetworkConfig, ValuesConfig } from './network-config.ts';
import type { NetworkSpec } from './network-spec.ts';
import { ownNetwork, ownValueHead } from './own-kinds.ts';
import { quantileValues, tauMidpoints } from './quantile.ts';
import { scalarValues } from './scalar.ts';
import type { ValueHead } from './value-head.ts';

/** How a configuration represents values. */
export function createValueHead(config: ValuesConfig): ValueHead {
  const own = ownValueHead(config.kind);
  if (own !== undefined) {
    const { kind: _, ...options } = config;
    return own.build(options);
  }
  switch (config.kind) {
    case 'scalar':
      return scalarValues(config.loss);
    case 'categorical':
      return categoricalValues(config);
    case 'hl-gauss':
      return hlGaussValues(config);
    case 'quantile':
      return quantileValues(config.quantiles);
    case 'implicit':
      return implicitQuantileValues(config);
  }
}

/** The network that a configuration names. @throws MismatchError when it does not take such observations, or gives anything
 * but the values of such actions. */
export function createQNetwork(
  config: { readonly network: NetworkConfig; readonly values: ValuesConfig },
  spec: NetworkSpec,
  given: QNetworkForm = {},
): QNetwork {
  const values = createValueHead(config.values);
  const { width, taus } = values;
  const cosines = taus?.cosines;
  const { network } = config;
  const own = ownNetwork(network.kind);
  if (own !== undefined) {
    const { kind, ...options } = network;
    const built = { ...own.build(options, { ...spec, width, cosines }), ...spec, width };
    checkOutput(kind, built, taus?.acting);
    return { ...built, values };
  }
  const form = network.lstm ? { ...given, lstm: lstmLayer(network.lstm.units) } : given;
  if (network.kind === 'mlp') return mlpQNetwork(network, spec, values, form);
  const { inputShape, inputDType } = spec;
  const [channels, height, side] = inputShape;
  if (inputShape.length !== 3) {
    throw new MismatchError(
      `Network ${network.kind} takes pictures [channels, height, width], the environment gives [${inputShape.join(', ')}].`,
    );
  }
  const { standardizeInput, layerNorm: norm } = network;
  const options = { ...form, ...headOf(network, spec, values) };
  const picture = { inputShape: [channels, height, side] as const, inputDType, standardizeInput };
  if (network.kind === 'impala') {
    const { scale, hiddenSize: hidden, spectralNorm } = network;
    const own = { scale, hidden, spectralNorm, pool: network.pool ?? undefined };
    return { ...impala({ ...options, ...picture, ...own, plainConvolutions: norm === 'dense' }), values };
  }
  return { ...PICTURE_NETWORKS[network.kind]({ ...options, ...picture, plainConvolutions: norm === 'dense' }), values };
}

/** Writes an own network down once, before anything is trained or saved. */
function checkOutput(kind: string, network: Network & { readonly width: number }, taus?: number): void {
  const { inputShape, inputDType, actions, width, parameters } = network;
  const graph = new Graph();
  const batch = 2;
  const x = graph.input('observations', inputDType, [batch, ...inputShape]);
  const { shape } = network.build(
    x,
    parameters.map(({ name, shape }) => graph.input(name, 'float32', shape)),
    taus === undefined ? {} : { taus: graph.constant(tauMidpoints(taus)) },
  );
  const each = taus ?? width;
  const wanted = taus === undefined && width === 1 ? [batch, actions] : [batch, actions, each];
  if (shape.length === wanted.length && shape.every((n, i) => n === wanted[i])) return;
  throw new MismatchError(
    `Network ${kind} gives [${shape.join(', ')}] for ${batch} observations; ${actions} actions with ${each} ${each === 1 ? 'value' : 'values'} each are [${wanted.join(', ')}].`,
  );
}
