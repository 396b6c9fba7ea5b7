import type { PreprocessingConfig } from '../../../agents/preprocessing-config.ts';
import { FileFormatError, MismatchError } from '../../../core/errors.ts';
import type { CreateRunner } from '../../../graph/create-runner.ts';
import type { GraphRunner } from '../../../graph/runner.ts';

/** A trained network in a page, without onnxruntime: what it was trained on, and values of actions. */
export interface ValueNetwork {
  readonly env: string;
  readonly envKwargs: Readonly<Record<string, unknown>>;
  readonly view: PreprocessingConfig;
  readonly actions: number;
  /** Shape of an observation. */
  readonly shape: readonly number[];
  /** What its file says of its training, as text of JSON; undefined where it says nothing. */
  readonly trained: string | undefined;
  /** Values of one observation's actions, [actions]; a view that the next call overwrites. One call at a time. */
  values(observation: Uint8Array | Float32Array): Promise<Float32Array>;
  /** Values of `rows` observations, one after the other in an array for `manyRows` of them: [manyRows, actions], a view. */
  valuesOfMany(observations: Uint8Array | Float32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Observations that `valuesOfMany` takes. */
export const manyRows = 4;

/**
 * Opens a model's file.
 * @param path how messages call it.
 * @throws FileFormatError where it is no such model, MismatchError for a recurrent network.
 */
export async function openValueNetwork(bytes: Uint8Array, path: string): Promise<ValueNetwork> {
  const [{ readOnnx, readGraph, compileGraphs }, { readModelMetadata, stateSizeOf }] = await Promise.all([
    import('../../../graph/index.ts'),
    import('../../../storage/q-model.ts'),
  ]);
  const model = readOnnx(bytes, path);
  const { env, envKwargs, view, actions } = readModelMetadata(model, path);
  if (stateSizeOf(model) !== undefined) {
    throw new MismatchError(`${path} has a recurrent network (an LSTM), which this page does not play.`);
  }
  const runner = (batch: number): Promise<GraphRunner> => open(bytes, batch, path, readGraph, compileGraphs);
  const one = await runner(1);
  let many: Promise<GraphRunner> | undefined;
  return {
    env,
    envKwargs,
    view,
    actions,
    shape: model.inputs['observations'].shape.slice(1).map(Number),
    trained: model.metadata['trained'],
    values: async (observations) => (await one.run({ observations }))['q'] as Float32Array,
    async valuesOfMany(observations) {
      many ??= runner(manyRows);
      return (await (await many).run({ observations }))['q'] as Float32Array;
    },
    async release() {
      await one.release();
      await (await many)?.release();
    },
  };
}

/** `openValueNetwork` of what lies at an address. @throws FileFormatError also where the server has nothing there. */
export async function fetchValueNetwork(address: string): Promise<ValueNetwork> {
  const response = await fetch(address);
  if (!response.ok) throw new FileFormatError(address, `the server answers ${response.status}`, 'Give a model.');
  return openValueNetwork(new Uint8Array(await response.arrayBuffer()), address);
}

function open(
  bytes: Uint8Array,
  batch: number,
  path: string,
  readGraph: typeof import('../../../graph/read-graph.ts').readGraph,
  createRunner: CreateRunner,
): Promise<GraphRunner> {
  const { graph, outputs, weights } = readGraph(bytes, batch, path);
  return createRunner(graph, outputs, { constants: weights });
}
