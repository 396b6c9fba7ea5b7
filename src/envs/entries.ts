/**
 * The registry itself: entries by id, and what is made of them. It is empty until someone adds to it: `registry.ts` has all that come
 * with bellman, the modules of `single/` one each.
 */
import type { Env } from '../core/env.ts';
import type { EnvEntry } from '../core/env-entry.ts';
import { OptionError, UnknownNameError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { checkOptionNames } from '../core/options.ts';
import { TimeLimit } from '../core/time-limit.ts';
import type { builtInEnvironments } from './built-in.ts';

type BuiltInEnvironments = typeof builtInEnvironments;

/**
 * Entry types by id. Code that registers an environment or a family may add its ids here by declaration merging; `make`
 * then knows their options and their observation and action types.
 */
export interface EnvRegistry extends BuiltInEnvironments {}

export type EnvId = keyof EnvRegistry & string;

/** Constructor options of an id's environment. */
export type EnvOptions<Id extends EnvId> = EnvRegistry[Id] extends EnvEntry<infer Options, infer _> ? Options : never;

/** The environment of an id without wrappers. */
export type BareEnv<Id extends EnvId> = EnvRegistry[Id] extends EnvEntry<infer _, infer E> ? E : never;

/** The environment of an id as `make` returns it. */
export type MadeEnv<Id extends EnvId> =
  BareEnv<Id> extends Env<infer O, infer A> ? Env<O, A> & { readonly unwrapped: BareEnv<Id> } : never;

/** Options that `make` takes for every environment. */
export interface CommonOptions {
  /** Replaces the registered time limit; null (in kwargs also -1) removes it. */
  readonly maxEpisodeSteps?: number | null | undefined;
}

/** An entry whose option type is not known at compile time; `create` checks values itself. */
type AnyEntry = EnvEntry<never, Env>;

/** Environments whose ids follow a rule: the games of a console, say. */
export interface EnvFamily {
  /** The entry of an id; undefined for an id of others. */
  readonly find: (id: string) => EnvEntry<never> | undefined;
  /** All ids, for hints. */
  readonly ids: () => readonly string[];
}

const entries = new Map<string, AnyEntry>();
const families = new Set<EnvFamily>();

/** Families of this package that register themselves when their module is imported or asked to, and what their ids look
 * like. */
const importableFamilies = [
  {
    idForm: /^ALE\/|(NoFrameskip|Deterministic|-ram)-v\d$/,
    summary: 'games of the Atari 2600',
    advice: "import 'bellman-rl/atari' first",
  },
  {
    idForm: /^python:/,
    summary: 'environments in Python',
    advice: "call `await importEnvironment(id)` of 'bellman-rl/node' first",
  },
];

/** The module of `single/` that registers an id of this package, such as `frozen-lake`; undefined for ids of others. */
function singleModule(id: string): string | undefined {
  const name =
    /^(FrozenLake|Taxi|CliffWalking|Blackjack|CartPole|MountainCar|Acrobot|Pendulum|bellman\/Pong)\w*-v\d+$/.exec(
      id,
    )?.[1];
  return name
    ?.replace('bellman/', '')
    .replace(/(?<=[a-z])[A-Z]/, '-$&')
    .toLowerCase();
}

/** Begins ids that are never those of our own environments: `python:CartPole-v1` is Gymnasium's. */
const PYTHON = 'python:';

/** `[namespace/]Name-vN`. */
const ID_FORM = /^([\w:-]+\/)?[\w:.-]+-v\d+$/;

/** Adds entries of this package. Ids that are taken stay as they are, so that it may be called again. */
export function addEntries(added: Readonly<Record<string, AnyEntry>>): void {
  for (const id in added) if (!entries.has(id)) entries.set(id, added[id]);
}

/** Adds an environment under a new id.
 * @throws OptionError when the id is taken or not of the form `[namespace/]Name-v0`. */
export function register<Options extends object, E extends Env>(id: string, entry: EnvEntry<Options, E>): void {
  if (!ID_FORM.test(id)) throw new OptionError('id', id, 'an id of the form [namespace/]Name-v0');
  if (entries.has(id) || familyEntry(id) !== undefined) {
    throw new OptionError('id', id, 'an id that is not registered yet');
  }
  entries.set(id, entry);
}

/** Adds a family. Ids that are registered by themselves come first, then families in the order of registration; adding
 * one again changes nothing. */
export function registerFamily(family: EnvFamily): void {
  families.add(family);
}

/** Ids that are registered by themselves, in the order of registration. Those of families are `familyIds()`. */
export function environmentIds(): string[] {
  return [...entries.keys()];
}

/** The ids of all families. */
export function familyIds(): string[] {
  return [...families].flatMap((family) => family.ids());
}

/** The module in an id of the form `module:Name-v0`, which registers it (see `importEnvironment` of `bellman-rl/node`). */
export function moduleOf(id: string): string | undefined {
  const colon = id.lastIndexOf(':');
  return colon > 0 && !entries.has(id) ? id.slice(0, colon) : undefined;
}

export function isRegistered(id: string): boolean {
  return findEntry(id) !== undefined;
}

function findEntry(id: string): AnyEntry | undefined {
  const bare = id.startsWith(PYTHON) ? undefined : entries.get(id.slice(id.lastIndexOf(':') + 1));
  return entries.get(id) ?? bare ?? familyEntry(id);
}

function familyEntry(id: string): AnyEntry | undefined {
  for (const family of families) {
    const entry = family.find(id);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** What is known about an id, with or without the module that registers it.
 * @throws UnknownNameError with the nearest known id. */
export function environmentEntry(id: string): EnvEntry<never> {
  const entry = findEntry(id);
  if (entry === undefined) throw unknownId(id);
  return entry;
}

function unknownId(id: string): UnknownNameError {
  const module = singleModule(id);
  if (module !== undefined && !environmentIds().some((known) => singleModule(known) === module)) {
    const advice = `Import it first: import 'bellman-rl/envs/${module}', or make of 'bellman-rl', which has all.`;
    return new UnknownNameError('environment', id, environmentIds(), undefined, advice);
  }
  const absent = importableFamilies.find(({ idForm }) => idForm.test(id));
  if (absent === undefined || familyIds().some((known) => absent.idForm.test(known)))
    return new UnknownNameError('environment', id, environmentIds(), nearestId(id));
  const advice = `It looks like one of the ${absent.summary}: ${absent.advice}.`;
  return new UnknownNameError('environment', id, environmentIds(), undefined, advice);
}

/**
 * Makes a registered environment, with the wrappers of its entry (a time limit where it has one) and `spec` set.
 * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range.
 */
export function make<Id extends EnvId | (string & {})>(
  id: Id,
  options?: Id extends EnvId ? EnvOptions<Id> & CommonOptions : Readonly<Record<string, unknown>>,
): Id extends EnvId ? MadeEnv<Id> : Env {
  return create(id, (options ?? {}) as Readonly<Record<string, unknown>>) as Id extends EnvId ? MadeEnv<Id> : Env;
}

function create(id: string, options: Readonly<Record<string, unknown>>): Env {
  if (typeof id !== 'string') throw new OptionError('id', id, 'the id of an environment, a text');
  if (typeof options !== 'object' || Array.isArray(options)) throw new OptionError('options', options, 'an object');
  const entry = environmentEntry(id);
  if (entry.otherOptions !== undefined) return entry.create(options as never);
  checkOptionNames(options, { ...entry.options, maxEpisodeSteps: true });
  const { maxEpisodeSteps: limit, ...own } = options;
  const env: Env = entry.create(own as never);
  const maxEpisodeSteps = limit === undefined ? entry.maxEpisodeSteps : limit === null ? undefined : limit;
  const wrapped = maxEpisodeSteps === undefined ? env : new TimeLimit(env, maxEpisodeSteps as number);
  wrapped.spec = {
    id,
    rewardThreshold: entry.rewardThreshold,
    maxEpisodeSteps: maxEpisodeSteps as number | undefined,
    options: own,
  };
  return wrapped;
}

/**
 * `make` for names that come as text, from a command line say.
 * @param kwargs arguments as `gymnasium.make` takes them: snake_case names, plain JSON values. Our own names do too.
 * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range.
 */
export function makeFromKwargs(id: string, kwargs: Readonly<Record<string, unknown>> = {}): Env {
  if (environmentEntry(id).otherOptions !== undefined) return create(id, kwargs);
  const options = optionsOf(id, kwargs);
  // Gymnasium's None means the registered limit, and -1 means none.
  if (options['maxEpisodeSteps'] === null) options['maxEpisodeSteps'] = undefined;
  else if (options['maxEpisodeSteps'] === -1) options['maxEpisodeSteps'] = null;
  return create(id, options);
}

/**
 * The kwargs of a run, by Gymnasium's names, with nothing left to chance at each creation: a random lake becomes the lake of
 * the seed.
 * @throws UnknownNameError as `makeFromKwargs`.
 */
export function settledKwargs(
  id: string,
  kwargs: Readonly<Record<string, unknown>>,
  seed: number,
): Record<string, unknown> {
  if (environmentEntry(id).otherOptions !== undefined) return { ...kwargs };
  const options = optionsOf(id, kwargs);
  const settled = environmentEntry(id).settle?.(options as never, seed) ?? options;
  return Object.fromEntries(Object.entries(settled).map(([name, value]) => [snakeCase(name), value]));
}

/** The part of some kwargs that an environment names among its options. */
export function knownKwargs(id: string, kwargs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = knownOptions(id);
  return Object.fromEntries(Object.entries(kwargs).filter(([key]) => known.includes(camelCase(key))));
}

function knownOptions(id: string): string[] {
  return [...Object.keys(environmentEntry(id).options), 'maxEpisodeSteps'];
}

function optionsOf(id: string, kwargs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = knownOptions(id);
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(kwargs)) {
    const name = camelCase(key);
    if (!known.includes(name)) {
      const names = known.map(snakeCase);
      throw new UnknownNameError('option', key, names, nearest(snakeCase(key), names));
    }
    options[name] = value;
  }
  return options;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Gymnasium's name of one of our options. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The id that was meant: the same name with another version or namespace first, then the fewest edits. */
function nearestId(id: string): string | undefined {
  const bare = (full: string): string => full.replace(/^.*\//, '').replace(/-v\d+$/, '');
  const known = [...familyIds(), ...environmentIds()];
  const sameName = known.filter((k) => bare(k).toLowerCase() === bare(id).toLowerCase());
  const version = /-v\d+$/.exec(id)?.[0];
  if (sameName.length > 0)
    return sameName.findLast((k) => version !== undefined && k.endsWith(version)) ?? sameName.at(-1);
  const near = nearest(id, known);
  if (near !== undefined) return near;
  const nearName = nearest(bare(id), known.map(bare));
  return known.find((k) => bare(k) === nearName);
}
