/**
 * Tells a network's layers from the names and shapes of its weights. State dicts do not say what happens between the layers,
 * so this knows what value-based programs do: convolutions, then fully connected layers, ReLU after all but the last, and
 * two streams where names speak of advantages. What does not fit that is refused by its name.
 */
import { MismatchError } from '../core/errors.ts';
import type { StateDict, TorchTensor } from './torch-file.ts';

/** A layer with weights. */
export interface ForeignLayer {
  /** PyTorch's name of its module, such as `fc.0`. */
  readonly name: string;
  /** [outputs, inputs], or [filters, channels, rows, columns]. */
  readonly weight: TorchTensor;
  /** Absent where the layer has none. */
  readonly bias: TorchTensor | undefined;
}

export interface ForeignLayers {
  readonly convolutions: readonly ForeignLayer[];
  /** Fully connected layers up to the streams, or to the end. */
  readonly shared: readonly ForeignLayer[];
  /** The streams of a dueling network. */
  readonly dueling:
    | { readonly value: readonly ForeignLayer[]; readonly advantage: readonly ForeignLayer[] }
    | undefined;
  /** Atoms of a distribution, one vector; undefined for plain values. */
  readonly atoms: TorchTensor | undefined;
  /** Whether the last layer gives quantiles, those of all actions after each other (QR-DQN of SB3-Contrib). */
  readonly quantiles: boolean;
}

/** Parameters and buffers of the known kinds of layers: PyTorch's, and those of noisy layers, whose means are taken. */
const LEAVES: Readonly<Record<string, 'weight' | 'bias' | 'noise'>> = {
  weight: 'weight',
  bias: 'bias',
  weight_mu: 'weight',
  bias_mu: 'bias',
  weight_sigma: 'noise',
  bias_sigma: 'noise',
  sigma_weight: 'noise',
  sigma_bias: 'noise',
  weight_epsilon: 'noise',
  bias_epsilon: 'noise',
  epsilon_weight: 'noise',
  epsilon_bias: 'noise',
  epsilon_input: 'noise',
  epsilon_output: 'noise',
};
const ATOMS = /(^|\.)(atoms|supports?)$/;
/** Beginnings that say nothing of the layer. */
const WRAPPING = /^(_orig_mod|module)\./;
/** Copies of the network that only training needs. */
const TARGET = /^(\w*_)?(target|tgt)(_\w*)?\./;
const ONLINE = /^(q_net|quantile_net|online_net|policy_net|q_network)\./;
const ADVANTAGE = /adv/i;
const VALUE = /val|(^|[._])v([._]|$)/i;

/** @param path how messages call the file. @throws MismatchError for a network of another form. */
export function findLayers(weights: StateDict, path: string): ForeignLayers {
  const refuse = (problem: string): never => {
    throw new MismatchError(`${path}: ${problem}.`);
  };
  const names = [...weights.keys()].map((name) => name.replace(WRAPPING, ''));
  const actor = names.find((name) => /^(action_net|mlp_extractor|actor)\b/.test(name));
  if (actor !== undefined) refuse(`holds a policy (${actor}), not action values; DQN and its relatives fit`);
  const quantiles = names.some((name) => name.startsWith('quantile_net.'));

  const modules = new Map<string, { weight?: TorchTensor; bias?: TorchTensor }>();
  let atoms: TorchTensor | undefined;
  for (const [i, tensor] of [...weights.values()].entries()) {
    const full = names[i];
    if (TARGET.test(full)) continue;
    if (ATOMS.test(full) && sizeOfVector(tensor) >= 2) {
      atoms = tensor;
      continue;
    }
    const name = full.replace(ONLINE, '');
    const dot = name.lastIndexOf('.');
    const [module, leaf] = [name.slice(0, Math.max(0, dot)), name.slice(dot + 1)];
    const kind = LEAVES[leaf];
    const told = `${full} [${tensor.shape.join(', ')}]`;
    if (kind === undefined) return refuse(`${told} belongs to no layer that this version knows`);
    if (kind === 'noise') continue;
    const entry = modules.get(module) ?? {};
    modules.set(module, entry);
    entry[kind] = tensor;
    if (kind === 'weight' && tensor.shape.length !== 2 && tensor.shape.length !== 4) {
      return refuse(`${told} is no weight of a fully connected layer or a convolution, the only ones known`);
    }
  }

  const layers = [...modules].map(([name, { weight, bias }]): ForeignLayer => {
    if (weight === undefined) return refuse(`layer ${name} has a bias and no weight`);
    const outputs = weight.shape[0];
    if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
      return refuse(`the bias of ${name} has shape [${bias.shape.join(', ')}], its weight ${outputs} outputs`);
    }
    if (weight.shape.includes(0)) return refuse(`the weight of ${name} is empty`);
    return { name, weight, bias };
  });
  if (layers.length === 0) return refuse('no layers');
  const convolutions = layers.filter(({ weight }) => weight.shape.length === 4);
  const linear = layers.filter(({ weight }) => weight.shape.length === 2);
  if (linear.length === 0) return refuse('convolutions without a fully connected layer');
  const advantage = linear.filter(({ name }) => ADVANTAGE.test(name));
  if (advantage.length === 0) return { convolutions, shared: linear, dueling: undefined, atoms, quantiles };
  const value = linear.filter(({ name }) => VALUE.test(name) && !ADVANTAGE.test(name));
  if (value.length === 0) return refuse(`layer ${advantage[0].name} is of advantages, and none is of values`);
  const streams = new Set([...advantage, ...value]);
  const shared = linear.filter((layer) => !streams.has(layer));
  return { convolutions, shared, dueling: { value, advantage }, atoms, quantiles };
}

const sizeOfVector = ({ shape }: TorchTensor): number => (shape.length === 1 ? shape[0] : 0);
