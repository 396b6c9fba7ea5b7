import { ownNetwork, ownValueHead } from '../agents/own-kinds.ts';
import { RENAMED_KEYS } from '../agents/upgrade-config.ts';
import { OptionError } from '../core/errors.ts';
import { type AtariProtocolName, atariProtocol } from '../wrappers/atari-protocol.ts';
import * as parts from './parts.ts';
import { cite, type Recipe } from './recipe.ts';
import type { Known } from './settings.ts';

type Presets = Readonly<Record<string, Readonly<Record<string, parts.PartPreset>>>>;

const presets: Presets = {
  preprocessing: parts.preprocessing,
  network: parts.network,
  values: parts.values,
  bootstrap: parts.bootstrap,
  replay: parts.replay,
};

/** Of kinds that modules outside the package registered. */
function ownPreset(part: string, kind: string): parts.PartPreset | undefined {
  const own = part === 'network' ? ownNetwork(kind) : part === 'values' ? ownValueHead(kind) : undefined;
  if (own === undefined) return undefined;
  const config = { kind, ...own.options };
  const source = cite(`default of ${kind}`);
  return {
    config,
    sources: { kind: source, ...Object.fromEntries(Object.keys(own.options).map((key) => [key, source])) },
  };
}

/** `protocol=sticky`: the protocol's values, in an Atari recipe. */
function protocolSettings(name: unknown, { id, config }: Recipe): Readonly<Record<string, unknown>> {
  const { preprocessing } = config as { readonly preprocessing?: { readonly kind: string } };
  atariProtocol(name);
  if (preprocessing?.kind !== 'atari')
    throw new OptionError('protocol', name, `a setting of Atari games, not of ${id}`);
  const { config: values } = parts.protocol[name as AtariProtocolName];
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`preprocessing.${key}`, value]));
}

/** The parts of the configurations of algorithms with networks. */
export const networkParts: Known = {
  preset: (part, kind) => {
    const kinds = presets[part] ?? {};
    return Object.hasOwn(kinds, kind) ? kinds[kind] : ownPreset(part, kind);
  },
  kinds: (part) => Object.keys(presets[part] ?? {}),
  renamed: RENAMED_KEYS,
  short: { actionBins: 'preprocessing.actionBins' },
  groups: { protocol: protocolSettings },
};
