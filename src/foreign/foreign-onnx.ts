/** ONNX models that another program wrote: any that maps one observation to the values of its actions. */
import type { NetworkSpec } from '../agents/network-spec.ts';
import { FileFormatError, MismatchError } from '../core/errors.ts';
import type { DType } from '../graph/index.ts';
import { decodeModel, type ModelProto, onnxDataType } from '../graph/onnx-schema.ts';
import { unboundedOperator } from '../graph/unbounded-operator.ts';

/** An input or output: its name, its element type where it is one of ours, and its lengths. */
interface Value {
  readonly name: string;
  readonly dtype: DType | undefined;
  /** A free length is undefined. */
  readonly shape: readonly (number | undefined)[];
}

export interface ForeignOnnx {
  readonly input: Value;
  readonly outputs: readonly Value[];
}

/** What to feed and fetch, for one observation. */
export interface ForeignOnnxPlan {
  readonly input: { readonly name: string; readonly dtype: 'uint8' | 'float32'; readonly shape: readonly number[] };
  readonly output: { readonly name: string; readonly shape: readonly number[] };
}

const dtypes = new Map(Object.entries(onnxDataType).map(([dtype, code]) => [code, dtype as DType]));
/** `TensorProto.DataLocation.EXTERNAL`. */
const EXTERNAL = 1;

/**
 * Reads what a model takes and gives.
 * @returns undefined for one that this library wrote, and for bytes that are no model.
 * @throws FileFormatError when it takes other things than observations, or its weights lie in another file.
 */
export function readForeignOnnx(bytes: Uint8Array, path: string): ForeignOnnx | undefined {
  let model: ModelProto;
  try {
    model = decodeModel(bytes);
  } catch {
    return undefined;
  }
  const { graph, metadataProps } = model;
  if (!model.irVersion || graph === undefined || model.opsetImport.length === 0 || graph.output.length === 0)
    return undefined;
  if (metadataProps.some(({ key }) => key === 'view')) return undefined;
  const fail = (problem: string, cure: string): never => {
    throw new FileFormatError(path, problem, cure);
  };
  const unbounded = unboundedOperator(model);
  if (unbounded !== undefined) fail(`it has ${unbounded}`, 'Export it without.');
  if (graph.initializer.some(({ dataLocation }) => dataLocation === EXTERNAL)) {
    fail('its weights lie in another file', 'Export it in one: torch.onnx.export(..., external_data=False).');
  }
  const stored = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !stored.has(name)).map(declared);
  const [input] = inputs;
  if (inputs.length !== 1) {
    const names = inputs.map(({ name }) => name).join(', ');
    return fail(`an ONNX model with ${inputs.length} inputs (${names})`, 'Allowed is one, the observations.');
  }
  return { input, outputs: graph.output.map(declared) };
}

function declared({ name, type }: ModelProto['graph']['input'][number]): Value {
  const { elemType, shape } = type?.tensorType ?? {};
  const dims = (shape?.dim ?? []).map(({ dimParam, dimValue }) =>
    dimParam || dimValue === undefined ? undefined : Number(dimValue),
  );
  return { name, dtype: dtypes.get(elemType ?? 0), shape: dims };
}

/** @throws MismatchError when the model does not fit what the environment gives and takes. */
export function planForeignOnnx({ input, outputs }: ForeignOnnx, spec: NetworkSpec, path: string): ForeignOnnxPlan {
  const { inputShape, inputDType, actions } = spec;
  const { dtype } = input;
  if ((dtype !== 'float32' && dtype !== inputDType) || !fits(input.shape, [1, ...inputShape])) {
    throw new MismatchError(
      `${path} takes ${told(input)}; the environment gives ${inputDType}[1, ${inputShape.join(', ')}].`,
    );
  }
  const fitting = outputs.filter((output) => output.dtype === 'float32' && fits(output.shape, [1, actions]));
  if (fitting.length !== 1) {
    throw new MismatchError(
      `${path} gives ${outputs.map(told).join(', ')}; allowed is one float32[N, ${actions}], the values of the ${actions} actions.`,
    );
  }
  return {
    input: { name: input.name, dtype: dtype as 'uint8' | 'float32', shape: [1, ...inputShape] },
    output: { name: fitting[0].name, shape: [1, actions] },
  };
}

const fits = (shape: Value['shape'], wanted: readonly number[]): boolean =>
  shape.length === wanted.length && shape.every((n, i) => n === undefined || n === wanted[i]);

const told = ({ name, dtype, shape }: Value): string =>
  `"${name}" ${dtype ?? 'of another type'}[${shape.map((n) => n ?? 'N').join(', ')}]`;
