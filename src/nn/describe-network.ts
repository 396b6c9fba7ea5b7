import { formatCount } from '../core/format-count.ts';
import { sizeOf } from '../core/shape.ts';
import type { Network } from './networks/network.ts';

/** A layer of a network: parameters that belong together. */
export interface LayerSummary {
  /** What comes before the parameters' own names, such as `conv.0`. */
  readonly name: string;
  /** `conv 32 (8x8)`, `dense 512`, `lstm 128`; the shapes where it is of another kind. */
  readonly text: string;
  readonly parameters: number;
}

/** What a network consists of, as far as the names and shapes of its parameters tell. */
export type DescribedNetwork = Pick<Network, 'parameters' | 'inputShape' | 'inputDType'>;

/** The layers of a network, in its order: `conv.0.weight`, `conv.0.bias` and `conv.0.norm.weight` are one. */
export function layersOf({ parameters }: DescribedNetwork): LayerSummary[] {
  const groups = new Map<string, Map<string, readonly number[]>>();
  for (const { name, shape, learned } of parameters) {
    if (learned === false) continue;
    const layer = /^(?:.*?\.)?\d+(?=\.)/.exec(name)?.[0] ?? name.replace(/\.[^.]*$/, '');
    const group = groups.get(layer) ?? new Map<string, readonly number[]>();
    groups.set(layer, group.set(name.slice(layer.length + 1), shape));
  }
  return Array.from(groups, ([name, group]) => ({
    name,
    text: describeLayer(group),
    parameters: Array.from(group.values(), sizeOf).reduce((sum, size) => sum + size, 0),
  }));
}

/** @param group shapes of a layer's parameters by their names within it. */
function describeLayer(group: ReadonlyMap<string, readonly number[]>): string {
  const weight = group.get('weight');
  const extras = [group.has('weight_sigma') ? ' noisy' : '', group.has('norm.weight') ? ' with layer norm' : ''].join(
    '',
  );
  if (weight?.length === 4) return `conv ${weight[0]} (${weight[2]}x${weight[3]})${extras}`;
  if (weight?.length === 2) return `dense ${weight[0]}${extras}`;
  const gates = group.get('weight_ih_l0');
  if (gates !== undefined) return `lstm ${gates[0] / 4}`;
  return Array.from(group, ([name, shape]) => `${name} ${shape.join('x')}`.trimStart()).join(' + ');
}

/**
 * A network in a line: `4 float32, dense 128, dense 128, dense 2: 17,410 parameters`. Branches, such as those of a dueling
 * network, are named: `value: dense 512, dense 1`.
 */
export function describeNetwork(network: DescribedNetwork): string {
  const layers = layersOf(network);
  const branchOf = ({ name }: LayerSummary): string => name.replace(/\.?\d+$/, '');
  const trunk = new Set(['conv', 'encoder', 'fc', '']);
  let branch = '';
  const texts = layers.map((layer) => {
    const own = branchOf(layer);
    const begins = own !== branch && !trunk.has(own) && layers.filter((other) => branchOf(other) === own).length > 1;
    branch = own;
    return `${begins ? `${own}: ` : ''}${layer.text}`;
  });
  const total = layers.reduce((sum, { parameters }) => sum + parameters, 0);
  const input = `${network.inputShape.join('x') || '1'} ${network.inputDType}`;
  return `${[input, ...texts].join(', ')}; ${formatCount(total)} parameters`;
}
