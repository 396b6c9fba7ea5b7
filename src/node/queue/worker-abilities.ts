/** Whether this program can do a training that somebody asks for in a queue: read as a stranger's wish, before anything is started. */
import { BellmanError, UnavailableError, UnknownNameError } from '../../core/errors.ts';
import { makeFromKwargs, moduleOf } from '../../envs/registry.ts';
import { namesRecipeFile } from '../../runs/run-host.ts';
import type { TrainingJob } from '../jobs/training-job.ts';
import { importEnvironment, namesPython } from '../runs/import-environment.ts';
import { resolveRun } from '../runs/resolve-run.ts';
import type { QueuedTraining } from './queued-training.ts';

export interface Abilities {
  readonly version: string;
  readonly device: string;
  readonly threads: number;
  /** Whether jobs may name code of this machine: modules, environments in Python. */
  readonly allowCode: boolean;
}

export type Verdict =
  | { readonly kind: 'fine' }
  /** Another worker may have what this one lacks. */
  | { readonly kind: 'lacks'; readonly what: string }
  /** No worker can do it. */
  | { readonly kind: 'wrong'; readonly message: string };

/** Looks at a job with this program's own eyes: its recipes, environments, cartridges and ranges. */
export async function judge({ version, job }: QueuedTraining, own: Abilities): Promise<Verdict> {
  if (version !== own.version) return { kind: 'lacks', what: `version ${version} (it is ${own.version})` };
  // What a stranger names is no file of this machine, whose presence or words he would learn.
  if (namesRecipeFile(job.recipe) && !own.allowCode) {
    return { kind: 'lacks', what: `leave to read files of its own: ${job.recipe} (--allow-code)` };
  }
  const code = codeNamed(job);
  if (code !== undefined && !own.allowCode) return { kind: 'lacks', what: `leave to run code: ${code} (--allow-code)` };
  try {
    const { recipe, env, kwargs: envKwargs, set, seed } = job;
    const { device, threads } = own;
    const run = await resolveRun({ recipe, env, envKwargs, set, seed, device, threads });
    // Python starts a process; it says what it has to say when it trains.
    if (!namesPython(run.env)) {
      await importEnvironment(run.env);
      makeFromKwargs(run.env, run.envKwargs).close?.();
    }
    return { kind: 'fine' };
  } catch (error) {
    if (error instanceof UnknownNameError) return { kind: 'lacks', what: `${error.message}` };
    if (error instanceof UnavailableError || isMissingFile(error))
      return { kind: 'lacks', what: (error as Error).message };
    if (error instanceof BellmanError) return { kind: 'wrong', message: error.message };
    throw error;
  }
}

/** A cartridge's file, say. */
const isMissingFile = (error: unknown): boolean => error instanceof BellmanError && error.code === 'BAD_FILE';

/** The first name of code of somebody's own in a job: `./maze.mjs:Maze-v0`, `python:…`. */
function codeNamed(job: TrainingJob): string | undefined {
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (typeof value === 'string' && (namesPython(value) || moduleOf(value) !== undefined)) found.push(value);
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) look(part);
  };
  for (const part of [job.recipe, job.env, job.set, job.kwargs]) look(part);
  return found[0];
}
