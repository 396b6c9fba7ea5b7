import { argMax } from '../core/arg-max.ts';
import type { Env } from '../core/env.ts';
import { FileFormatError, MismatchError, OptionError } from '../core/errors.ts';
import { type ForeignModel, readForeignModel } from '../foreign/foreign-model.ts';
import type { ForeignNetwork } from '../foreign/foreign-network.ts';
import { type ForeignOnnx, planForeignOnnx } from '../foreign/foreign-onnx.ts';
import { FOREIGN_VIEWS, type ForeignPreprocessing, wrapForeign } from '../foreign/foreign-preprocessing.ts';
import { exportQModel } from '../storage/q-model.ts';
import { networkSpec, type Observation } from '../train/preprocessing.ts';
import type { CreateModelRunner, LoadedAgent, LoadOptions } from './loaded-agent.ts';

export interface ForeignSource {
  readonly path: string;
  readonly options: LoadOptions;
  /** Makes the environment that the options name. */
  readonly makeEnv: (id: string) => Env<unknown, number>;
}

interface RunnableSource extends ForeignSource {
  readonly createModelRunner: CreateModelRunner;
}

/** A model of PyTorch or Stable-Baselines3 as one of this library's, with the environment that it was fitted to. */
export interface ConvertedModel extends ForeignPreprocessing {
  readonly envId: string;
  /** An `.onnx` file. Its metadata says what it sees where this library has a configuration for it. */
  readonly onnx: Uint8Array;
  readonly model: ForeignModel;
  /** Of the network as it was built, in its order. */
  readonly parameters: ForeignNetwork['network']['parameters'];
}

/** @throws OptionError without `--env`, or without `--preprocessing` where pictures need it. */
export function convertForeign(bytes: Uint8Array, source: ForeignSource): ConvertedModel {
  const { path, options } = source;
  const model = readForeignModel(bytes, path);
  const { wrapped, envId } = prepare(source, model.pictures);
  const spec = networkSpec(wrapped.env);
  const { network, weights } = model.build(spec);
  const { config } = wrapped;
  const metadata = {
    env: envId,
    envKwargs: options.envKwargs ?? {},
    view: config ?? { kind: 'none' as const, actionBins: null },
  };
  const onnx = exportQModel(network, weights, metadata);
  return { ...wrapped, envId, model, onnx, parameters: network.parameters };
}

/** Opens a model of PyTorch or Stable-Baselines3. */
export async function openForeignWeights(bytes: Uint8Array, source: RunnableSource): Promise<LoadedAgent> {
  const { env, view, envId, onnx } = convertForeign(bytes, source);
  const { inputShape, inputDType, actions } = networkSpec(env);
  const plan = {
    input: { name: 'observations', dtype: inputDType, shape: [1, ...inputShape] },
    output: { name: 'q', shape: [1, actions] },
  };
  const { path, createModelRunner } = source;
  return openPlanned(onnx, plan, { env, envId, image: view !== 'none', scale: 1, path, createModelRunner });
}

/** Opens an ONNX model of another program. */
export async function openForeignOnnx(
  bytes: Uint8Array,
  onnx: ForeignOnnx,
  source: RunnableSource,
): Promise<LoadedAgent> {
  const { path, options, createModelRunner } = source;
  const { wrapped, envId } = prepare(source, onnx.input.shape.length === 4);
  const plan = planForeignOnnx(onnx, networkSpec(wrapped.env), path);
  const scale = options.scaled ? 255 : 1;
  const image = wrapped.view !== 'none';
  return openPlanned(bytes, plan, { env: wrapped.env, envId, image, scale, path, createModelRunner });
}

function prepare({ path, options, makeEnv }: ForeignSource, pictures: boolean) {
  if (options.env === undefined) {
    const views = FOREIGN_VIEWS.slice(1).join(', ');
    const advice = `the environment's id, which ${path} does not say; for Atari also --preprocessing (${views})`;
    throw new OptionError('--env', undefined, advice);
  }
  const wrapped = wrapForeign(makeEnv(options.env), options.preprocessing, {
    pictures,
    noopMax: options.noopMax ?? options.usualNoops,
  });
  return { wrapped, envId: options.env };
}

interface Opened {
  readonly env: Env<Observation, number>;
  readonly envId: string;
  readonly image: boolean;
  /** What observations are divided by. */
  readonly scale: number;
  readonly path: string;
  readonly createModelRunner: CreateModelRunner;
}

async function openPlanned(
  onnx: Uint8Array,
  { input, output }: ReturnType<typeof planForeignOnnx>,
  { env, envId, image, scale, path, createModelRunner }: Opened,
): Promise<LoadedAgent> {
  const size = input.shape.reduce((a, b) => a * b, 1);
  const runner = await createModelRunner(onnx, {
    inputs: { [input.name]: { dtype: input.dtype, shape: input.shape } },
    outputs: { [output.name]: { dtype: 'float32', shape: output.shape } },
  });
  const floats = input.dtype === 'float32' ? new Float32Array(size) : undefined;
  const values = async (observation: Observation) => {
    let fed: Observation = observation;
    if (floats !== undefined && (scale !== 1 || !(observation instanceof Float32Array))) {
      for (let i = 0; i < size; i++) floats[i] = observation[i] / scale;
      fed = floats;
    }
    return (await runner.run({ [input.name]: fed }))[output.name] as Float32Array;
  };
  try {
    await values(input.dtype === 'float32' ? new Float32Array(size) : new Uint8Array(size));
  } catch (cause) {
    await runner.release();
    throw new FileFormatError(path, `does not run (${firstLine(cause)})`, 'Give a model that ONNX Runtime runs.', {
      cause,
    });
  }
  const act = async (observation: unknown) => {
    const q = await values(observation as Observation);
    if (q.some(Number.isNaN)) throw new MismatchError(`${path} gave values that are no numbers.`);
    return argMax(q);
  };
  const close = async () => {
    await runner.release();
    env.close();
  };
  return { modelPath: path, envId, env, act, randomAction: () => env.actionSpace.sample(), image, close };
}

const firstLine = (cause: unknown): string => String((cause as Error).message ?? cause).split('\n')[0];
