import { loadAlgorithm } from '../algorithms/registry.ts';
import { MismatchError, OptionError, show } from '../core/errors.ts';
import { isObject } from '../core/is-object.ts';
import { printable } from '../core/printable.ts';
import { leaves } from '../recipes/leaves.ts';
import type { ActorSettings } from '../train/actors/chunk.ts';
import type { JsonObject } from './json.ts';
import { protocolOfRun } from './protocol-kwargs.ts';
import type { ResolvedRun } from './run.ts';
import { importParts, packageHost, type RunHost } from './run-host.ts';

/** Most threads for the networks of a run. */
const MAX_THREADS = 256;
/** Characters. Names may be paths of modules. */
const LONGEST_NAME = 1000;

/** What a run is made from as numbers, words and flags, for tables that compare runs. */
export function hyperparametersOf(run: ResolvedRun): Record<string, number | string | boolean> {
  const { recipe, algorithm, env, envKwargs, seed, config } = run;
  const kwargs = Object.entries(envKwargs).map(([key, value]) => [`env.${key}`, value]);
  const all: readonly (readonly unknown[])[] = [...kwargs, ...leaves(config)];
  const plain = all.map(([name, value]) => [
    name,
    ['number', 'string', 'boolean'].includes(typeof value) ? value : value === null ? 'none' : JSON.stringify(value),
  ]);
  const protocol = protocolOfRun(config);
  return {
    recipe,
    algorithm,
    env,
    ...(protocol === undefined ? {} : { protocol }),
    seed,
    ...Object.fromEntries(plain),
  };
}

/** Form of `config.json`. 1, which it did not say, had flat configurations. */
const FORMAT = 2;

/** What a run was begun by. */
export interface RunOrigin {
  /** Of this package. */
  readonly version: string;
  /** Node or browser, with its version. */
  readonly runtime: string;
  /** The command line, or what stands for it. */
  readonly command: string;
}

/** `config.json` of a run. */
export function runToJson(run: ResolvedRun, { version, runtime, command }: RunOrigin): JsonObject {
  const { note: _, ...rest } = run;
  return { bellman: version, format: FORMAT, runtime, command, ...rest } as unknown as JsonObject;
}

/**
 * Reads `config.json` back, of this version or an earlier one.
 * @param allowCode whether it may name code from elsewhere. Default false.
 * @throws MismatchError when it is not of a form that this version knows or names code that must not run, OptionError when a
 *   value is out of range.
 */
export async function runFromJson(
  json: JsonObject,
  path: string,
  host: RunHost = packageHost,
  allowCode?: boolean,
): Promise<ResolvedRun> {
  const { format = 1, note: _, ...run } = json as unknown as ResolvedRun & { readonly format?: unknown };
  if (typeof format !== 'number' || format > FORMAT) {
    const newer = `${path} has a configuration of form ${show(format)}, this version knows 1 to ${FORMAT}`;
    throw new MismatchError(`${newer}. Resume it with the version of bellman that began it, ${show(json['bellman'])}.`);
  }
  const { algorithm: name, env, config: saved } = run;
  const { seed } = run;
  if (typeof name !== 'string') throw wrongField(path, 'algorithm', name, 'a name');
  if (typeof env !== 'string') throw wrongField(path, 'env', env, 'a name');
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrongField(path, 'seed', seed, 'a whole number, at least 0');
  if (!isObject(saved)) throw wrongField(path, 'config', saved, 'an object');
  checkFields(run, path);
  host.checkCode(path, run, allowCode);
  await host.importEnvironment(env);
  await host.importModule('algorithm', name);
  const algorithm = await loadAlgorithm(name);
  const config = algorithm.upgrade(saved);
  await importParts(config, host);
  // Runs of earlier versions had no evaluation.
  const { evaluation = null } = run as Partial<ResolvedRun>;
  return { ...run, evaluation, config: { ...algorithm.parse(config) } };
}

const wrongField = (path: string, key: string, value: unknown, allowed: string): OptionError =>
  new OptionError(`${path}/config.json, ${key}`, value, allowed);

/** @throws OptionError when a field of a configuration is not what this version writes. */
function checkFields(fields: Partial<ResolvedRun>, path: string): void {
  const { threads, device, recipe, envKwargs, evaluation = null, actors } = fields;
  const wrong = (key: string, value: unknown, allowed: string) => wrongField(path, key, value, allowed);
  if (typeof threads !== 'number' || !Number.isSafeInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw wrong('threads', threads, `a whole number from 1 to ${MAX_THREADS}`);
  }
  for (const [key, value] of Object.entries({ device, recipe })) {
    const isName = typeof value === 'string' && value.length <= LONGEST_NAME && printable(value) === value;
    if (!isName) throw wrong(key, value, 'a name');
  }
  if (!isObject(envKwargs)) throw wrong('envKwargs', envKwargs, 'an object');
  if (evaluation !== null && !isObject(evaluation)) throw wrong('evaluation', evaluation, 'an object or null');
  if (actors === undefined) return;
  const keys = ['actors', 'steps', 'lag', 'epsilonSpread'] as const;
  const whole = isObject(actors) && keys.every((key) => typeof (actors as Partial<ActorSettings>)[key] === 'number');
  if (!whole) throw wrong('actors', actors, `an object of the numbers ${keys.join(', ')}`);
}
