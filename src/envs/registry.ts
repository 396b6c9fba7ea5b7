/**
 * The registry with all environments that come with bellman. They are added when the registry is first asked, not when this
 * module loads: a bundler then leaves them out of a page that imports something else.
 */
import { builtInEnvironments } from './built-in.ts';
import * as registry from './entries.ts';

export type {
  BareEnv,
  CommonOptions,
  EnvFamily,
  EnvId,
  EnvOptions,
  EnvRegistry,
  MadeEnv,
} from './entries.ts';
export { familyIds, registerFamily, snakeCase } from './entries.ts';

/** The same function, of a registry that has all. */
function complete<Ask extends (...args: never[]) => unknown>(ask: Ask): Ask {
  const answer = (...args: never[]) => {
    registry.addEntries(builtInEnvironments);
    return ask(...args);
  };
  return answer as Ask;
}

/**
 * Makes a registered environment, with the wrappers of its entry (a time limit where it has one) and `spec` set.
 * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range.
 */
export const make: typeof registry.make = /* @__PURE__ */ complete(registry.make);

/**
 * `make` for names that come as text, from a command line say.
 * @param kwargs arguments as `gymnasium.make` takes them: snake_case names, plain JSON values. Our own names do too.
 * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range.
 */
export const makeFromKwargs: typeof registry.makeFromKwargs = /* @__PURE__ */ complete(registry.makeFromKwargs);

/** Adds an environment under a new id.
 * @throws OptionError when the id is taken or not of the form `[namespace/]Name-v0`. */
export const register: typeof registry.register = /* @__PURE__ */ complete(registry.register);

export const isRegistered: typeof registry.isRegistered = /* @__PURE__ */ complete(registry.isRegistered);

/** Ids that are registered by themselves, in the order of registration. Those of families are `familyIds()`. */
export const environmentIds: typeof registry.environmentIds = /* @__PURE__ */ complete(registry.environmentIds);

/** What is known about an id, with or without the module that registers it.
 * @throws UnknownNameError with the nearest known id. */
export const environmentEntry: typeof registry.environmentEntry = /* @__PURE__ */ complete(registry.environmentEntry);

/**
 * The kwargs of a run, by Gymnasium's names, with nothing left to chance at each creation: a random lake becomes the lake of
 * the seed.
 * @throws UnknownNameError as `makeFromKwargs`.
 */
export const settledKwargs: typeof registry.settledKwargs = /* @__PURE__ */ complete(registry.settledKwargs);

/** The part of some kwargs that an environment names among its options. */
export const knownKwargs: typeof registry.knownKwargs = /* @__PURE__ */ complete(registry.knownKwargs);

/** The module in an id of the form `module:Name-v0`, which registers it (see `importEnvironment` of `bellman-rl/node`). */
export const moduleOf: typeof registry.moduleOf = /* @__PURE__ */ complete(registry.moduleOf);
