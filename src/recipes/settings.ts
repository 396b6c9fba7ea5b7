import { advise } from '../core/advise.ts';
import { OptionError, UnknownNameError } from '../core/errors.ts';
import { isObject } from '../core/is-object.ts';
import { nearest } from '../core/nearest.ts';
import { isPart, leaves, sourcesOf } from './leaves.ts';
import type { PartPreset } from './parts.ts';
import type { Recipe, Source } from './recipe.ts';

type Data = Readonly<Record<string, unknown>>;

/** What is known of an algorithm's configuration. */
export interface Known {
  /** Values of a part that is one of several kinds, such as `('replay', 'prioritized')`; undefined for an unknown kind. */
  preset(part: string, kind: string): PartPreset | undefined;
  /** The package's own kinds of a part. */
  kinds(part: string): readonly string[];
  /** Today's name of keys that earlier versions had. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Short names of keys within parts, for the command line. */
  readonly short: Readonly<Record<string, string>>;
  /** Names that stand for several settings, by what makes these of the value. @throws OptionError or UnknownNameError. */
  readonly groups: Readonly<Record<string, (value: unknown, recipe: Recipe) => Data>>;
}

/**
 * A recipe's values with others in places: `{ gamma: 0.9, 'replay.alpha': 0.5, 'replay.kind': 'prioritized' }`. A part of
 * another kind takes its other values from that kind's preset, or from the recipe where both kinds have them. Lengths that are a
 * share of the run follow another `maxSteps`, and the end of a learning rate that does not fall follows another `learningRate`. Nothing is checked beyond the names of parts.
 * @throws OptionError for a name of an earlier version, saying today's, and for a key that belongs to another kind.
 */
export function applySettings(
  recipe: Recipe,
  asked: Data,
  known: Known,
): { readonly config: Data; readonly sources: Record<string, Source> } {
  const settings = Object.fromEntries(
    Object.entries(asked).flatMap(([key, value]): [string, unknown][] => {
      if (Object.hasOwn(known.groups, key)) return Object.entries(known.groups[key]!(value, recipe));
      return [[(Object.hasOwn(known.short, key) && known.short[key]) || key, value]];
    }),
  );
  const config: Record<string, unknown> = { ...recipe.config };
  const sources: Record<string, Source> = { ...(recipe.sources as Readonly<Record<string, Source>>) };
  for (const [key, value] of Object.entries(nested(settings, recipe, known))) {
    const old = config[key];
    if (!isObject(value) || !isObject(old)) {
      config[key] = value;
      continue;
    }
    config[key] = isPart(old) ? changedPart(key, old, value, known, sources) : { ...old, ...value };
  }
  const values = new Map(leaves(recipe.config));
  const places = new Set(Object.entries(settings).flatMap(([place, value]) => placesOf(place, value, config)));
  for (const place of places) {
    const from = values.has(place)
      ? `recipe ${recipe.id}, ${JSON.stringify(values.get(place))}`
      : `recipe ${recipe.id}`;
    sources[place] = { from, why: 'asked for on the command line' };
  }
  for (const [place, share] of sharesOfRun(recipe, config, places)) {
    const steps = Math.round(share * (config['maxSteps'] as number));
    sources[place] = { from: `recipe ${recipe.id}, ${JSON.stringify(values.get(place))}`, why: `${share} of maxSteps` };
    setLeaf(config, place, steps);
  }
  if (isConstantRate(config) && places.has('learningRate') && !places.has('learningRateFinal')) {
    const from = `recipe ${recipe.id}, ${JSON.stringify(values.get('learningRateFinal'))}`;
    sources['learningRateFinal'] = { from, why: 'the learning rate does not change, and learningRate was asked for' };
    config['learningRateFinal'] = config['learningRate'];
  }
  return { config, sources: sourcesOf(config, sources) };
}

/** Whether a learning rate never falls: it is `learningRateFinal` from the first step on, whatever `learningRate` says. */
const isConstantRate = (config: Data): boolean =>
  config['learningRateDecaySteps'] === 0 && 'learningRateFinal' in config;

/** The recipe's shares of another number of steps than its own, where nothing else was asked for in their places. */
function sharesOfRun(recipe: Recipe, { maxSteps }: Data, asked: ReadonlySet<string>): [place: string, share: number][] {
  // What is no number of steps is refused later, by its name.
  if (!asked.has('maxSteps') || !Number.isSafeInteger(maxSteps) || (maxSteps as number) < 1) return [];
  return Object.entries(recipe.runShares ?? {}).filter(([place]) => !asked.has(place));
}

/** Puts a value in its place, where the configuration still has it: a part may be of another kind. */
function setLeaf(config: Record<string, unknown>, place: string, value: unknown): void {
  const [key, name] = place.split('.') as [string, string?];
  const part = config[key];
  if (name === undefined) config[key] = value;
  else if (isObject(part) && name in part) config[key] = { ...part, [name]: value };
}

/** Places of a configuration's values, as `replay.alpha`. */
const placesIn = (config: object): string[] => leaves(config).map(([place]) => place);

/** Settings by the first part of their names. */
function nested(settings: Data, { config, id }: Recipe, { renamed }: Known): Data {
  const result: Record<string, unknown> = {};
  for (const [place, value] of Object.entries(settings)) {
    const [key, ...rest] = place.split('.') as [string, ...string[]];
    // Setting it would change a prototype, and no check of keys would see it.
    if ([key, ...rest].includes('__proto__')) throw new OptionError('--set', place, 'a key of the recipe');
    if (Object.hasOwn(renamed, place) && !Object.hasOwn(config, place))
      throw new OptionError('--set', place, `${renamed[place]}, as it is called now`);
    const near = Object.hasOwn(config, key)
      ? undefined
      : nearest(place, [...new Set([...Object.keys(config), ...placesIn(config)])]);
    if (near !== undefined)
      throw new UnknownNameError('setting', place, [], near, `${advise(`recipes ${id}`)} lists them.`);
    if (rest.length === 0 && typeof value === 'string' && isPart((config as Data)[key])) {
      throw new OptionError('--set', `${key}=${value}`, `a kind: ${key}.kind=${value}`);
    }
    // `network.noisy.sigma=0.5` is `{ network: { noisy: { sigma: 0.5 } } }`.
    const inner = rest.reduceRight((within: unknown, name) => ({ [name]: within }), value);
    const before = result[key];
    result[key] = isObject(before) && isObject(inner) ? { ...before, ...inner } : inner;
  }
  return result;
}

function changedPart(
  name: string,
  old: Data & { readonly kind: string },
  change: Data,
  known: Known,
  sources: Record<string, Source>,
): Data {
  const kind = typeof change['kind'] === 'string' ? change['kind'] : old.kind;
  const preset = kind === old.kind ? undefined : known.preset(name, kind);
  // What is asked of an unknown kind is refused with the list of kinds.
  if (kind !== old.kind && preset === undefined) return change;
  const kinds = known.kinds(name);
  let base: Data = old;
  if (preset !== undefined) {
    const shared = kinds.includes(kind) && kinds.includes(old.kind) ? Object.keys(preset.config) : [];
    const stays = shared.filter((key) => key !== 'kind' && key in old);
    base = { ...preset.config, ...Object.fromEntries(stays.map((key) => [key, old[key]])) };
    for (const [key, source] of Object.entries(preset.sources)) {
      if (!stays.includes(key)) sources[`${name}.${key}`] = source;
    }
  }
  const foreign = Object.keys(change).find((key) => !(key in base));
  const owners =
    foreign === undefined ? [] : kinds.filter((other) => foreign in (known.preset(name, other)?.config ?? {}));
  if (foreign !== undefined && owners.length > 0) {
    throw new OptionError(
      `${name}.${foreign}`,
      change[foreign],
      `a key of ${name}.kind=${owners.join(' or ')}; this is ${kind}`,
    );
  }
  return { ...base, ...change };
}

/** The places that a setting gives a value to. */
function placesOf(place: string, value: unknown, config: Data): string[] {
  const [key, name] = place.split('.') as [string, string?];
  if (!isPart(config[key])) return [key];
  if (name !== undefined) return [`${key}.${name}`];
  return isObject(value) ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key];
}
