/**
 * Networks and value heads from outside the package, by the names that configurations give them: `network.kind` and
 * `values.kind`. A name may carry the module that registers it, as an environment's does: `./my-net.mjs:my-net`.
 */
import { OptionError } from '../core/errors.ts';
import { parseLike } from '../core/parse-like.ts';
import type { Network } from '../nn/networks/network.ts';
import type { NetworkSpec } from './network-spec.ts';
import type { ValueHead } from './value-head.ts';

type Data = Readonly<Record<string, unknown>>;

/** A kind with options of its own. */
interface KindDefinition<O extends object> {
  /** Every option with its default: a JSON value. Without `parse` an option has to be of the type of its default. */
  readonly options: O;
  /** Checks all options. @throws anything, of which the user sees the first line; best OptionError. */
  readonly parse?: (options: Data) => O;
}

/** What an own network must take and give. */
export interface OwnNetworkSpec extends NetworkSpec {
  /** Numbers for each action. */
  readonly width: number;
  /** Cosines of the embedding of quantile fractions, where `build` gets `taus`; undefined for values without. */
  readonly cosines?: number | undefined;
}

export interface NetworkDefinition<O extends object> extends KindDefinition<O> {
  readonly build: (options: O, spec: OwnNetworkSpec) => OwnNetwork;
}

/** A network as its author writes it; the rest of `Network` follows from what it must take and give. */
export type OwnNetwork = Pick<Network, 'parameters' | 'build'>;

export interface ValueHeadDefinition<O extends object> extends KindDefinition<O> {
  readonly build: (options: O) => ValueHead;
}

/** A registered kind, behind which the type of its options is closed. */
export interface OwnKind<Build> {
  readonly options: Data;
  /** @param prefix of the options' names in messages. */
  readonly parse: (options: Data, prefix: string) => Data;
  /** Checks the options once more. */
  readonly build: Build;
}

type BuildNetwork = (options: Data, spec: OwnNetworkSpec) => OwnNetwork;
type BuildValueHead = (options: Data) => ValueHead;

/** Names of the package's own kinds. */
export const NETWORK_KINDS = ['mlp', 'dqn-2013', 'nature', 'half-42', 'small-42', 'impala'] as const;
export const VALUE_KINDS = ['scalar', 'categorical', 'hl-gauss', 'quantile', 'implicit'] as const;

const networks = new Map<string, OwnKind<BuildNetwork>>();
const valueHeads = new Map<string, OwnKind<BuildValueHead>>();

/**
 * Adds a network under a new name, for `network.kind`.
 * @throws OptionError when the name is taken, or not made of letters, digits and hyphens.
 */
export function registerNetwork<O extends object>(name: string, definition: NetworkDefinition<O>): void {
  checkName('network', name, [...NETWORK_KINDS, ...networks.keys()]);
  const { kind, checked } = close(definition);
  networks.set(name, { ...kind, build: (options, spec) => definition.build(checked(options), spec) });
}

/**
 * Adds a way to represent values and to compare them (the loss) under a new name, for `values.kind`.
 * @throws OptionError when the name is taken, or not made of letters, digits and hyphens.
 */
export function registerValueHead<O extends object>(name: string, definition: ValueHeadDefinition<O>): void {
  checkName('values', name, [...VALUE_KINDS, ...valueHeads.keys()]);
  const { kind, checked } = close(definition);
  valueHeads.set(name, { ...kind, build: (options) => definition.build(checked(options)) });
}

/** The network of a name, with or without its module. */
export const ownNetwork = (kind: string): OwnKind<BuildNetwork> | undefined => networks.get(bare(kind));
/** The value head of a name, with or without its module. */
export const ownValueHead = (kind: string): OwnKind<BuildValueHead> | undefined => valueHeads.get(bare(kind));

const bare = (kind: string): string => kind.slice(kind.lastIndexOf(':') + 1);

function checkName(part: string, name: string, taken: readonly string[]): void {
  if (!/^[a-z][\w-]*$/i.test(name))
    throw new OptionError(`${part}.kind`, name, 'a name of letters, digits and hyphens');
  if (taken.includes(name)) throw new OptionError(`${part}.kind`, name, 'a name that is not registered yet');
}

function close<O extends object>({ options: defaults, parse }: KindDefinition<O>) {
  const checked = (options: Data, prefix = ''): O =>
    parse === undefined ? parseLike(defaults, options, prefix) : parse(options);
  const kind = {
    options: Object.fromEntries(Object.entries(defaults)),
    parse: (options: Data, prefix: string): Data => Object.fromEntries(Object.entries(checked(options, prefix))),
  };
  return { kind, checked };
}
