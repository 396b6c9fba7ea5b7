import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readActionMask } from '../../core/action-mask.ts';
import { advise } from '../../core/advise.ts';
import { argMax, argMaxAllowed } from '../../core/arg-max.ts';
import type { Env, Info } from '../../core/env.ts';
import { FileFormatError, MismatchError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { shellWord } from '../../core/shell-word.ts';
import { isRegistered } from '../../envs/registry.ts';
import type { TableModel } from '../../storage/table-model.ts';
import type { Player } from '../../train/evaluate.ts';
import { readFileChecked } from '../files/atomic-file.ts';
import { useCartridgeFolder } from '../roms/cartridge-folder.ts';
import { checkCodeOfModel } from './code-mark.ts';
import { importEnvironment, namesPython } from './import-environment.ts';
import { findRuns, type RunSummary, summarizeRun } from './list-runs.ts';
import { makeDrawn, type WantedMode } from './make-drawn.ts';
import { readBest } from './run-directory.ts';
import { CONFIG_FILE } from './run-layout.ts';

/** A trained agent and the environment that it sees. */
export interface LoadedAgent extends Player {
  readonly modelPath: string;
  readonly envId: string;
  /** Whether observations are pictures: no-op starts apply. */
  readonly image: boolean;
  close(): Promise<void>;
}

export interface LoadOptions {
  /** Environment instead of the model's own. */
  readonly env?: string | undefined;
  readonly envKwargs?: Readonly<Record<string, unknown>> | undefined;
  /** How the environment draws. Default: not at all. */
  readonly renderMode?: WantedMode | undefined;
  /** Random no-ops after each reset instead of the model's own number; image environments only. */
  readonly noopMax?: number | undefined;
  /** For a model of another program: what it sees of a game, one of `FOREIGN_VIEWS`. */
  readonly preprocessing?: string | undefined;
  /** For an ONNX model of another program: whether it takes bytes as numbers from 0 to 1. Default false. */
  readonly scaled?: boolean | undefined;
  /** Whether code that the run or model names may run where this user did not begin the run on this machine. Default false. */
  readonly allowCode?: boolean | undefined;
}

/**
 * Loads a run's best model, or a model by its file: an `.onnx` network or a `.json` table. Of a folder of seeds it is that of
 * the seed with the highest score.
 * @throws FileFormatError when there is none or it is damaged, MismatchError when it does not fit the environment.
 */
export async function loadAgent(path: string, options: LoadOptions = {}): Promise<LoadedAgent> {
  if (options.env !== undefined) await importEnvironment(options.env);
  const modelPath = modelFile(path);
  const content = readFileChecked(modelPath);
  return openAgent({ content, path: modelPath }, options, (model) => importStored(model, modelPath, options.allowCode));
}

/** Loads the module of an environment, by its id and options. */
type ImportEnv = (model: { readonly env: string; readonly envKwargs: unknown }) => Promise<void>;

/** A model's content, and what errors call it. */
interface Model {
  readonly content: Uint8Array | string;
  readonly path: string;
}

/**
 * The same for a model that is no file, such as the one that a training exports.
 * @param importEnv loads the module of the model's own environment; by default it is loaded already.
 */
export async function openAgent(
  model: Model,
  options: LoadOptions = {},
  importEnv: ImportEnv = async () => {},
): Promise<LoadedAgent> {
  return model.path.endsWith('.json') ? openTable(model, options, importEnv) : openNetwork(model, options, importEnv);
}

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
      `It comes with the first episode's end; a stopped run goes on with: ${advise(`train --resume ${shellWord(path)}`)}`,
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
  const kwargs = { ...(options.env === undefined ? stored : {}), ...options.envKwargs };
  useCartridgeFolder();
  return makeDrawn(options.env ?? id, kwargs, options.renderMode) as Env<unknown, number>;
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

async function openTable(
  { content, path: modelPath }: Model,
  options: LoadOptions,
  importEnv: ImportEnv,
): Promise<LoadedAgent> {
  const [{ decodeTable, greedyAction }, { withNumberedStates }, { tableSize }, { withDiscreteActions }] =
    await Promise.all([
      import('../../storage/table-model.ts'),
      import('../../tabular/numbered-states.ts'),
      import('../../tabular/tabular-agent.ts'),
      import('../../wrappers/discretize-action.ts'),
    ]);
  const model = decodeTable(textOf(content), modelPath);
  if (options.env === undefined) await importEnv({ env: model.env, envKwargs: model.envOptions });
  const whole = makeEnvironment(model.env, model.envOptions, options);
  const env = withNumberedStates(withDiscreteActions(whole, model.actionBins), model.cells);
  const { nStates, nActions } = tableSize(env);
  if (nStates !== model.nStates || nActions !== model.nActions) {
    throw new MismatchError(
      `${modelPath} is for ${model.nStates} states and ${model.nActions} actions; ${options.env ?? model.env} has ${env.observationSpace} and ${env.actionSpace}.`,
    );
  }
  const allowed = maskReader(model.actionMasks !== null, nActions);
  const act = (state: unknown, info: Info) => greedyAction(model, state as number, allowed(info));
  return {
    modelPath,
    envId: options.env ?? model.env,
    env: env as Env<unknown, number>,
    act,
    randomAction: (info) => env.actionSpace.sample(allowed(info)),
    image: false,
    close: async () => env.close(),
  };
}

/** What an observation's info allows; undefined, for everything, where masks are not asked for. */
function maskReader(actionMasks: boolean, actions: number): (info: Info) => Int8Array | undefined {
  if (!actionMasks) return () => undefined;
  const mask = new Int8Array(actions);
  return (info) => {
    readActionMask(info, mask);
    return mask;
  };
}

const textOf = (content: Uint8Array | string): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(content);

/** Opens a model of another program. @returns undefined for one of ours, and for what is no model at all. */
async function openIfForeign(bytes: Uint8Array, path: string, options: LoadOptions): Promise<LoadedAgent | undefined> {
  const [{ isForeignModel }, { readForeignOnnx }] = await Promise.all([
    import('../../foreign/foreign-model.ts'),
    import('../../foreign/foreign-onnx.ts'),
  ]);
  const source = { path, options, makeEnv: (id: string) => makeEnvironment(id, {}, options) };
  if (isForeignModel(bytes)) return (await import('./open-foreign.ts')).openForeignWeights(bytes, source);
  const onnx = readForeignOnnx(bytes, path);
  if (onnx !== undefined) return (await import('./open-foreign.ts')).openForeignOnnx(bytes, onnx, source);
  if (options.preprocessing === undefined && options.scaled !== true) return undefined;
  throw new MismatchError(
    `${path} says itself what it sees: --preprocessing and --scaled are for models of other programs.`,
  );
}

async function openNetwork(
  { content, path: modelPath }: Model,
  options: LoadOptions,
  importEnv: ImportEnv,
): Promise<LoadedAgent> {
  const [{ readOnnx }, { createModelRunner }, { networkSpec, wrapForDqn }] = await Promise.all([
    import('../../graph/index.ts'),
    import('../onnxruntime/model-runner.ts'),
    import('../../train/preprocessing.ts'),
  ]);
  const bytes = content as Uint8Array;
  const foreign = await openIfForeign(bytes, modelPath, options);
  if (foreign !== undefined) return foreign;
  const model = readOnnx(bytes, modelPath);
  const { readModelMetadata } = await import('../../storage/q-model.ts');
  const stored = readModelMetadata(model, modelPath);
  const { noopMax } = options;
  const view = noopMax === undefined || stored.view.kind === 'none' ? stored.view : { ...stored.view, noopMax };
  if (options.env === undefined) {
    if (stored.env === '') throw new MismatchError(`${modelPath} names no environment. Say which: --env CartPole-v1.`);
    await importEnv(stored);
  }
  const base = makeEnvironment(stored.env, stored.envKwargs, options);
  const env = wrapForDqn(base, view);
  const spec = networkSpec(env);
  const input = model.inputs['observations'];
  const wanted = `${input.dtype}[${input.shape.slice(1).join(', ')}] and ${stored.actions} actions`;
  const present = `${spec.inputDType}[${spec.inputShape.join(', ')}] and ${spec.actions} actions`;
  if (wanted !== present) {
    throw new MismatchError(`${modelPath} is for ${wanted}; ${options.env ?? stored.env} gives ${present}.`);
  }
  const runner = await createModelRunner(bytes, {
    inputs: { observations: { dtype: spec.inputDType, shape: [1, ...spec.inputShape] } },
    outputs: { q: { dtype: 'float32', shape: [1, spec.actions] } },
  });
  const allowed = maskReader(stored.actionMasks, spec.actions);
  const act = async (observation: unknown, info: Info) => {
    const mask = allowed(info);
    const { q } = await runner.run({ observations: observation as Uint8Array | Float32Array });
    return mask === undefined ? argMax(q) : argMaxAllowed(q, mask);
  };
  const close = async () => {
    await runner.release();
    env.close();
  };
  const randomAction = (info: Info) => env.actionSpace.sample(allowed(info));
  const image = stored.view.kind !== 'none';
  return { modelPath, envId: options.env ?? stored.env, env, act, randomAction, image, close };
}
