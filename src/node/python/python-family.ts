import type { Env, RenderMode } from '../../core/env.ts';
import type { EnvEntry } from '../../core/env-entry.ts';
import { OptionError } from '../../core/errors.ts';
import { registerFamily } from '../../envs/registry.ts';
import { findPython } from './find-python.ts';
import { PYTHON_PREFIX, PythonEnv, type PythonFacts, type PythonWrapper } from './python-env.ts';
import { ASK, PythonProcess } from './python-process.ts';

/** Ids that were asked for, with what Python says of them. Only these can be made: an id may name any module. */
const admitted = new Map<string, EnvEntry<never>>();
/** Processes that described an id and have made no environment yet. */
const waiting = new Map<string, PythonProcess>();

/**
 * Registers an id of the form `python:Name-v0`: starts Python and asks what it knows of it. The first environment that is
 * made of it uses that process.
 * @throws as `PythonEnv`.
 */
export function registerPython(id: string): void {
  if (admitted.has(id)) return;
  const name = id.slice(PYTHON_PREFIX.length);
  if (name === '')
    throw new OptionError('environment', id, 'python: with an id of Gymnasium, as python:LunarLander-v3');
  const python = new PythonProcess(findPython(), id);
  try {
    const facts = python.askJson(ASK.describe, { id: name }, 'looking it up').value() as PythonFacts;
    admitted.set(id, entryOf(id, facts));
    waiting.set(id, python);
  } catch (error) {
    python.close();
    throw error;
  }
  registerFamily(family);
}

const family = { find: (id: string) => admitted.get(id), ids: () => [...admitted.keys()] };

interface FamilyOptions {
  readonly renderMode?: RenderMode;
  readonly wrappers?: readonly PythonWrapper[];
}

function entryOf(id: string, facts: PythonFacts): EnvEntry<never> {
  const { rewardThreshold, maxEpisodeSteps, summary, entryPoint, gymnasium, python } = facts;
  const what = summary !== '' ? summary : entryPoint;
  const entry: EnvEntry<FamilyOptions, Env> = {
    create: (options) => create(id, { ...options }),
    summary: `${what === '' ? 'environment' : what} (Gymnasium ${gymnasium}, Python ${python})`,
    rewardThreshold: rewardThreshold ?? undefined,
    maxEpisodeSteps: maxEpisodeSteps ?? undefined,
    options: {
      renderMode: '"rgb_array", "ansi" or null, as the environment has them',
      wrappers: 'names of gymnasium.wrappers or module:Name, the innermost first',
    },
    otherOptions: 'arguments of gymnasium.make as they are',
  };
  return entry as unknown as EnvEntry<never>;
}

function create(id: string, options: Readonly<Record<string, unknown>>): Env {
  const { render_mode: snake, renderMode = snake, wrappers, maxEpisodeSteps, ...kwargs } = options;
  if (wrappers !== undefined && !Array.isArray(wrappers)) {
    throw new OptionError('wrappers', wrappers, 'a list of names, such as ["FlattenObservation"]');
  }
  // Our null, like Gymnasium's -1, is for no limit.
  const limit = maxEpisodeSteps === undefined ? {} : { max_episode_steps: maxEpisodeSteps ?? -1 };
  const process = waiting.get(id);
  waiting.delete(id);
  return new PythonEnv(id, {
    renderMode: renderMode as RenderMode | undefined,
    wrappers: wrappers as readonly PythonWrapper[] | undefined,
    kwargs: { ...kwargs, ...limit },
    process,
  });
}
