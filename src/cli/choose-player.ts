import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { advise } from '../core/advise.ts';
import type { Env, Info } from '../core/env.ts';
import { MismatchError, OptionError, UnknownNameError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { actionMeanings } from '../envs/action-meanings.ts';
import { environmentEntry, isRegistered } from '../envs/registry.ts';
import { findShipped, nearestShipped, shippedModels } from '../node/models/shipped.ts';
import { importEnvironment } from '../node/runs/import-environment.ts';
import { type LoadedAgent, type LoadOptions, loadAgent } from '../node/runs/load-agent.ts';
import { CONFIG_FILE } from '../node/runs/run-layout.ts';
import { makeDrawn } from '../runs/make-drawn.ts';

/** Who plays: an agent, or a policy that needs none. */
export interface Player extends Omit<LoadedAgent, 'modelPath'> {
  /** The model's file; null where nothing trained plays. */
  readonly modelPath: string | null;
  /** Seed of a game worth watching; undefined where none is known. */
  readonly seed?: number | undefined;
}

export interface PlayerChoice extends LoadOptions {
  /** `model`, `random`, or an action by its name or number. */
  readonly policy: string;
}

/**
 * Finds who plays.
 * @param what a run's folder, a model's file, the name of a shipped model, or undefined to play by `env` alone.
 * @throws UnknownNameError for a name that nothing has, OptionError for a policy that the environment does not have.
 */
export async function choosePlayer(what: string | undefined, choice: PlayerChoice): Promise<Player> {
  const { policy, ...load } = choice;
  if (policy === 'model') {
    const path = await modelPath(what, load.env);
    const shipped = shippedModels.find((model) => model.path === path && (load.env ?? model.env) === model.env);
    return { ...(await loadAgent(path, load)), seed: shipped?.seed };
  }
  // A policy needs the environment only; with a model it plays in the one that the model sees.
  const path = what === undefined || isEnvironment(what) ? undefined : await modelPath(what, load.env);
  const player = path === undefined ? await bare(what ?? load.env, load) : await loadAgent(path, load);
  const { env, randomAction } = player;
  const act = policy === 'random' ? (_: unknown, info: Info) => randomAction(info) : constant(env, policy);
  return { ...player, modelPath: null, act };
}

const isEnvironment = (what: string): boolean =>
  !isPath(what) && shippedModels.every(({ name }) => name !== what) && (isRegistered(what) || /-v\d+$/.test(what));

/** A name of a shipped model is meant unless there is a run or a file of that name. */
const isPath = (what: string): boolean =>
  existsSync(what) && (shippedModels.every(({ name }) => name !== what) || existsSync(join(what, CONFIG_FILE)));

async function modelPath(what: string | undefined, env: string | undefined): Promise<string> {
  if (what !== undefined && isPath(what)) return what;
  const name = what ?? env;
  if (name === undefined) {
    const names = shippedModels.map((model) => model.name).join(', ');
    throw new MismatchError(
      `Say what to play: a run, a model's file, one of ${names}, or an environment: --random --env CartPole-v1`,
    );
  }
  const shipped = findShipped(name);
  if (shipped !== undefined) return shipped.path;
  if (isEnvironment(name)) {
    await importEnvironment(name);
    environmentEntry(name);
    throw new MismatchError(
      `No trained model of ${name} comes with bellman. Watch a random player: ${advise(`play --random --env ${shellWord(name)}`)}`,
    );
  }
  // What looks like a path is answered as one.
  if (/[/\\.]/.test(name)) return name;
  const known = shippedModels.map((model) => model.name);
  const advice = `Known are ${known.join(', ')}; a run is named by its folder, such as runs/${name}.`;
  throw new UnknownNameError('run or model', name, known, nearestShipped(name), advice);
}

/** An environment as it is, played at random. */
async function bare(id: string | undefined, load: LoadOptions): Promise<LoadedAgent> {
  if (id === undefined) throw new OptionError('--env', id, 'the id of an environment, such as CartPole-v1');
  const envId = findShipped(id)?.env ?? id;
  await importEnvironment(envId);
  const env = makeDrawn(envId, load.envKwargs ?? {}, load.renderMode) as Env<unknown, number>;
  const randomAction = () => env.actionSpace.sample();
  return { modelPath: '', envId, env, act: () => 0, randomAction, image: false, close: async () => env.close() };
}

function constant(env: Env<unknown, number>, policy: string): () => number {
  const names = actionMeanings(env);
  const action = /^\d+$/.test(policy) ? Number(policy) : named(names, policy);
  if (action === undefined || !env.actionSpace.contains(action)) {
    const listed =
      names?.map((name, i) => `${i} ${name}`).join(', ') ?? `an action of ${env.actionSpace} by its number`;
    throw new OptionError('--policy', policy, `model, random, ${listed}`);
  }
  return () => action;
}

/** The action of a name; of its last word where only one has it (`left` of `push left`). */
function named(names: readonly string[] | undefined, wanted: string): number | undefined {
  const lower = names?.map((name) => name.toLowerCase()) ?? [];
  const exact = lower.indexOf(wanted.toLowerCase());
  if (exact >= 0) return exact;
  const matches = [...lower.keys()].filter((i) => lower[i].split(/[\s_]+/).includes(wanted.toLowerCase()));
  return matches.length === 1 ? matches[0] : undefined;
}
