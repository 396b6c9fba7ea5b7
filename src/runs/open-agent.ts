import { readActionMask } from '../core/action-mask.ts';
import { argMax, argMaxAllowed } from '../core/arg-max.ts';
import type { Env, Info } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { checkOptionNames } from '../core/options.ts';
import type { AtariLike } from '../wrappers/atari-like.ts';
import { protocolWith } from '../wrappers/atari-protocol.ts';
import {
  type AgentHost,
  LOAD_OPTIONS,
  type LoadedAgent,
  type LoadOptions,
  type ModelFile,
  makeAgentEnv,
} from './loaded-agent.ts';
import { type AtariView, protocolKwargs, underProtocol, withoutProtocol } from './protocol-kwargs.ts';
import { RememberedEpisode } from './remembered-episode.ts';

/**
 * Opens a model: an `.onnx` network, of this library or another program, or a `.json` table.
 * @throws UnknownNameError for an option of another name, FileFormatError when it is damaged, MismatchError when it does not fit the
 *   environment.
 */
export async function openAgent(model: ModelFile, options: LoadOptions, host: AgentHost): Promise<LoadedAgent> {
  checkOptionNames(options, LOAD_OPTIONS);
  return model.path.endsWith('.json') ? openTable(model, options, host) : openNetwork(model, options, host);
}

async function openTable(
  { content, path: modelPath }: ModelFile,
  options: LoadOptions,
  { importEnv }: AgentHost,
): Promise<LoadedAgent> {
  const [
    { decodeTable, greedyAction },
    { checkState },
    { withNumberedStates },
    { tableSize },
    { withDiscreteActions },
  ] = await Promise.all([
    import('../storage/table-model.ts'),
    import('../tabular/check-state.ts'),
    import('../tabular/numbered-states.ts'),
    import('../tabular/tabular-agent.ts'),
    import('../wrappers/discretize-action.ts'),
  ]);
  const model = decodeTable(textOf(content), modelPath);
  refuseForeignView(modelPath, options);
  if (options.env === undefined) await importEnv?.({ env: model.env, envKwargs: model.envOptions });
  const whole = makeAgentEnv(model.env, model.envOptions, options);
  const env = withNumberedStates(withDiscreteActions(whole, model.actionBins), model.cells);
  const { nStates, nActions } = tableSize(env);
  if (nStates !== model.nStates || nActions !== model.nActions) {
    throw new MismatchError(
      `${modelPath} is for ${model.nStates} states and ${model.nActions} actions; ${options.env ?? model.env} has ${env.observationSpace} and ${env.actionSpace}.`,
    );
  }
  const allowed = maskReader(model.actionMasks !== null, nActions);
  const act = (state: unknown, info: Info) => greedyAction(model, checkState(state as number, nStates), allowed(info));
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
async function openIfForeign(
  bytes: Uint8Array,
  { path, options, createModelRunner }: { readonly path: string; readonly options: LoadOptions } & AgentHost,
): Promise<LoadedAgent | undefined> {
  const [{ isForeignModel }, { readForeignOnnx }] = await Promise.all([
    import('../foreign/foreign-model.ts'),
    import('../foreign/foreign-onnx.ts'),
  ]);
  const makeEnv = (id: string) => makeAgentEnv(id, {}, options);
  const source = { path, options, makeEnv, createModelRunner };
  if (isForeignModel(bytes)) return (await import('./open-foreign.ts')).openForeignWeights(bytes, source);
  const onnx = readForeignOnnx(bytes, path);
  if (onnx !== undefined) return (await import('./open-foreign.ts')).openForeignOnnx(bytes, onnx, source);
  refuseForeignView(path, options);
  return undefined;
}

/** @throws MismatchError where options of other programs' models are given for one of ours. */
function refuseForeignView(path: string, { preprocessing, scaled }: LoadOptions): void {
  if (preprocessing === undefined && scaled !== true) return;
  throw new MismatchError(
    `${path} says itself what it sees: --preprocessing and --scaled are for models of other programs.`,
  );
}

/** What a model sees of an Atari game, and under which protocol: its own, or what the options say. */
function asAsked(own: AtariView, { protocol, noopMax, usualNoops }: LoadOptions): AtariView {
  if (protocol !== undefined) return underProtocol(protocol, own);
  const noops = noopMax ?? (protocolWith(own) === undefined ? usualNoops : undefined);
  return noops === undefined ? own : { ...own, noopMax: noops };
}

async function openNetwork(
  { content, path: modelPath }: ModelFile,
  options: LoadOptions,
  { createModelRunner, importEnv }: AgentHost,
): Promise<LoadedAgent> {
  const [{ readOnnx }, { networkSpec, wrapForDqn }] = await Promise.all([
    import('../graph/read-onnx.ts'),
    import('../train/preprocessing.ts'),
  ]);
  const bytes = content as Uint8Array;
  const foreign = await openIfForeign(bytes, { path: modelPath, options, createModelRunner });
  if (foreign !== undefined) return foreign;
  const model = readOnnx(bytes, modelPath);
  const { readModelMetadata, stateSizeOf } = await import('../storage/q-model.ts');
  const stored = readModelMetadata(model, modelPath);
  const view = stored.view.kind === 'none' ? stored.view : asAsked(stored.view, options);
  if (options.env === undefined) {
    if (stored.env === '') throw new MismatchError(`${modelPath} names no environment. Say which: --env CartPole-v1.`);
    await importEnv?.(stored);
  }
  const kept = options.protocol === undefined ? stored.envKwargs : withoutProtocol(stored.envKwargs);
  const told = { ...(options.env === undefined ? kept : {}), ...options.envKwargs };
  const envKwargs = { ...protocolKwargs(options.env ?? stored.env, view, told), ...options.envKwargs };
  const base = makeAgentEnv(stored.env, kept, { ...options, envKwargs });
  const seen = wrapForDqn(base, view);
  const spec = networkSpec(seen);
  const input = model.inputs['observations'];
  const wanted = `${input.dtype}[${input.shape.slice(1).join(', ')}] and ${stored.actions} actions`;
  const present = `${spec.inputDType}[${spec.inputShape.join(', ')}] and ${spec.actions} actions`;
  if (wanted !== present) {
    throw new MismatchError(`${modelPath} is for ${wanted}; ${options.env ?? stored.env} gives ${present}.`);
  }
  const stateSize = stateSizeOf(model);
  const state = stateSize === undefined ? undefined : ({ dtype: 'float32', shape: [1, stateSize] } as const);
  const runner = await createModelRunner(bytes, {
    inputs: {
      observations: { dtype: spec.inputDType, shape: [1, ...spec.inputShape] },
      ...(state && { state }),
    },
    outputs: { q: { dtype: 'float32', shape: [1, spec.actions] }, ...(state && { nextState: state }) },
  });
  const remembered = stateSize === undefined ? undefined : new RememberedEpisode(seen, runner, stateSize);
  const env = remembered ?? seen;
  const qOf = async (observations: Uint8Array | Float32Array) =>
    remembered === undefined ? ((await runner.run({ observations }))['q'] as Float32Array) : remembered.q();
  const allowed = maskReader(stored.actionMasks, spec.actions);
  const act = async (observation: unknown, info: Info) => {
    const mask = allowed(info);
    const q = await qOf(observation as Uint8Array | Float32Array);
    return mask === undefined ? argMax(q) : argMaxAllowed(q, mask);
  };
  const close = async () => {
    await runner.release();
    env.close();
  };
  const randomAction = (info: Info) => env.actionSpace.sample(allowed(info));
  const image = stored.view.kind !== 'none';
  const { repeatActionProbability = 0 } = env.unwrapped as Partial<AtariLike>;
  const atari =
    view.kind === 'atari' ? { ...view, stickyActions: view.stickyActions ?? repeatActionProbability } : undefined;
  return { modelPath, envId: options.env ?? stored.env, env, act, randomAction, image, atari, close };
}
