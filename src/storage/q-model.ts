import { parsePart } from '../agents/config-part.ts';
import { buildQValues, type QNetwork } from '../agents/dqn.ts';
import { type PreprocessingConfig, preprocessingSchemas } from '../agents/preprocessing-config.ts';
import { upgradePreprocessing } from '../agents/upgrade-config.ts';
import { advise } from '../core/advise.ts';
import { FileFormatError, OptionError } from '../core/errors.ts';
import { emitOnnx, modelSpec, type OnnxModel } from '../graph/index.ts';

/** What a model's file says of itself, in addition to shapes: where its observations come from. */
export interface ModelMetadata {
  readonly env: string;
  /** Constructor options of the environment, by Gymnasium's names. */
  readonly envKwargs: Readonly<Record<string, unknown>>;
  readonly view: PreprocessingConfig;
  /** Whether it was trained with action masks, so that it chooses among allowed actions only. */
  readonly actionMasks: boolean;
  readonly actions: number;
}

/**
 * A network with its weights as an ONNX file: input `observations` [N, ...shape], output `q` [N, actions]. A recurrent
 * network is one step of it: what it remembers goes from the input `state` to the output `nextState`, [N, stateSize] each,
 * zeros at an episode's start. Runs in any ONNX runtime; the metadata lets `play` and `eval` rebuild the environment.
 * @param weights by parameter name.
 */
export function exportQModel(
  network: QNetwork,
  weights: Readonly<Record<string, Float32Array>>,
  metadata: Omit<ModelMetadata, 'actions' | 'actionMasks'> & Partial<Pick<ModelMetadata, 'actionMasks'>>,
): Uint8Array {
  const { graph, outputs } = buildQValues(network, 1);
  // Sizes of noise have no part in the mean that is kept.
  const used = modelSpec(outputs).inputs;
  return emitOnnx(graph, {
    outputs,
    initializers: Object.fromEntries(Object.entries(weights).filter(([name]) => name in used)),
    dynamicBatch: true,
    foldStored: true,
    metadata: {
      env: metadata.env,
      env_kwargs: JSON.stringify(metadata.envKwargs),
      view: JSON.stringify(metadata.view),
      ...(metadata.actionMasks === true ? { action_masks: 'true' } : {}),
    },
  });
}

/** @throws FileFormatError when the model lacks what `exportQModel` writes, or says what no configuration may. */
export function readModelMetadata(model: OnnxModel, path: string): ModelMetadata {
  const { env, env_kwargs: kwargs, view } = model.metadata;
  const q = model.outputs['q'];
  const actions = q?.shape[1];
  if (
    env === undefined ||
    kwargs === undefined ||
    view === undefined ||
    model.inputs['observations'] === undefined ||
    typeof actions !== 'number'
  ) {
    throw new FileFormatError(
      path,
      'an ONNX model, but not one of action values',
      `Give a model that ${advise('train')} wrote.`,
    );
  }
  return {
    env,
    envKwargs: readObject(kwargs, 'env_kwargs', path),
    view: readView(readObject(view, 'view', path), path),
    actionMasks: model.metadata['action_masks'] === 'true',
    actions,
  };
}

/** Numbers that a model with a recurrent network remembers from step to step; undefined for one that remembers nothing. */
export function stateSizeOf(model: OnnxModel): number | undefined {
  const size = model.inputs['state']?.shape[1];
  return typeof size === 'number' ? size : undefined;
}

const CURE = 'Give a model as it was written.';

function readObject(text: string, key: string, path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FileFormatError(path, `its ${key} is no JSON`, CURE, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new FileFormatError(path, `its ${key} is no JSON object`, CURE);
}

function readView(view: Readonly<Record<string, unknown>>, path: string): PreprocessingConfig {
  try {
    return parsePart('view', preprocessingSchemas, upgradePreprocessing(view));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new FileFormatError(path, `what it says of its input is wrong: ${error.message.replace(/\.$/, '')}`, CURE);
  }
}
