import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { advise } from '../../core/advise.ts';
import type { Env } from '../../core/env.ts';
import { FileFormatError, MismatchError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { checkOptionNames } from '../../core/options.ts';
import { shellWord } from '../../core/shell-word.ts';
import { isRegistered } from '../../envs/registry.ts';
import {
  type AgentHost,
  type CreateModelRunner,
  LOAD_OPTIONS,
  type LoadedAgent,
  type LoadOptions,
  type ModelFile,
  makeAgentEnv,
} from '../../runs/loaded-agent.ts';
import { openAgent } from '../../runs/open-agent.ts';
import type { TableModel } from '../../storage/table-model.ts';
import { readFileChecked } from '../files/atomic-file.ts';
import { useCartridgeFolder } from '../roms/cartridge-folder.ts';
import { checkCodeOfModel } from './code-mark.ts';
import { importEnvironment, namesPython } from './import-environment.ts';
import { findRuns, type RunSummary, summarizeRun } from './list-runs.ts';
import { readBest } from './run-directory.ts';
import { CONFIG_FILE } from './run-layout.ts';

export type { LoadedAgent, LoadOptions };

/**
 * Loads a run's best model, or a model by its file: an `.onnx` network or a `.json` table. Of a folder of seeds it is that of
 * the seed with the highest score.
 * @throws UnknownNameError for an option of another name, FileFormatError when there is no model or it is damaged, MismatchError when
 *   it does not fit the environment.
 */
export async function loadAgent(path: string, options: LoadOptions = {}): Promise<LoadedAgent> {
  // `openAgent` does it too, but by then a module has been imported.
  checkOptionNames(options, LOAD_OPTIONS);
  if (options.env !== undefined) await importEnvironment(options.env);
  const modelPath = modelFile(path);
  const content = readFileChecked(modelPath);
  return openModel({ content, path: modelPath }, options, (model) => importStored(model, modelPath, options.allowCode));
}

/**
 * The same for a model that is no file, such as the one that a training exports.
 * @param importEnv loads the module of the model's own environment; by default it is loaded already.
 */
export async function openModel(
  model: ModelFile,
  options: LoadOptions = {},
  importEnv?: AgentHost['importEnv'],
): Promise<LoadedAgent> {
  useCartridgeFolder();
  return openAgent(model, options, { createModelRunner, ...(importEnv === undefined ? {} : { importEnv }) });
}

/** Loaded on use: a table needs none of it. */
const createModelRunner: CreateModelRunner = async (model, spec) =>
  (await import('../onnxruntime/model-runner.ts')).createModelRunner(model, spec);

/**
 * Loads the module of a model's own environment, where its id names one.
 * @param path of the model's file.
 * @throws MismatchError where it is code from elsewhere and not allowed.
 */
export async function importStored(
  { env, envKwargs }: { readonly env: string; readonly envKwargs: unknown },
  path: string,
  allowCode?: boolean,
): Promise<void> {
  if (isRegistered(env) && !namesPython(env)) return;
  checkCodeOfModel(path, env, envKwargs, allowCode);
  await importEnvironment(env);
}

/** The model that a path means: itself, or the best one of a run or of a folder of seeds. */
export function modelFile(path: string): string {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) throw new FileFormatError(path, 'no such run or model', meantBy(path));
  if (!entry.isDirectory()) return path;
  return bestOf(statSync(join(path, CONFIG_FILE), { throwIfNoEntry: false }) === undefined ? bestRunIn(path) : path);
}

/** What to give in place of a path where there is nothing: its neighbour, as `pole-seed1-2` for `pole-seed1`, if there is one. */
function meantBy(path: string): string {
  const folder = dirname(path);
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder).sort() : [];
  const name = basename(path);
  const meant = names.findLast((known) => known.startsWith(`${name}-`)) ?? nearest(name, names);
  return meant === undefined ? 'Give a run folder, an .onnx model or a table.' : `Did you mean ${join(folder, meant)}?`;
}

/** Of a folder of seeds, the run whose best model has the highest score. */
function bestRunIn(folder: string): string {
  const runs = findRuns(folder).map(summarizeRun);
  if (runs.length === 0) {
    throw new FileFormatError(
      folder,
      'neither a run nor a folder of runs',
      `Give folders that ${advise('train')} made.`,
    );
  }
  const scoreOf = (run: RunSummary): number => run.score ?? Number.NEGATIVE_INFINITY;
  return runs.reduce((best, run) => (scoreOf(run) > scoreOf(best) ? run : best)).path;
}

function bestOf(path: string): string {
  const best = readBest(path);
  if (best === undefined) {
    throw new FileFormatError(
      path,
      'the run has no best model yet',
      `It comes with the first episode's end; a stopped run resumes with: ${advise(`train --resume ${shellWord(path)}`)}`,
    );
  }
  return best.model;
}

/** Makes the environment that the options name, or a model's own. */
export function makeEnvironment(
  id: string,
  stored: Readonly<Record<string, unknown>>,
  options: LoadOptions,
): Env<unknown, number> {
  useCartridgeFolder();
  return makeAgentEnv(id, stored, options);
}

/**
 * Reads a tabular run's best table, or a table by its file.
 * @throws FileFormatError when there is none or it is damaged, MismatchError when the best model is no table.
 */
export async function readTable(path: string): Promise<{ readonly model: TableModel; readonly modelPath: string }> {
  const modelPath = modelFile(path);
  if (!modelPath.endsWith('.json')) throw new MismatchError(`${modelPath} is no table. Give a tabular run.`);
  const { decodeTable } = await import('../../storage/table-model.ts');
  return { model: decodeTable(readFileChecked(modelPath).toString('utf8'), modelPath), modelPath };
}
