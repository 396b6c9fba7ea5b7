import { checkBytes } from '../core/check-bytes.ts';
import { FileFormatError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import type { ModelProto, TensorProto, ValueInfoProto } from './onnx-schema.ts';
import { decodeModel, onnxDataType } from './onnx-schema.ts';
import type { DType, Shape, TypedArray } from './tensor-spec.ts';
import { allocate } from './tensor-spec.ts';
import { unboundedOperator } from './unbounded-operator.ts';

/** An input or output as the file declares it; a free length is its name, such as `N`. */
export interface OnnxValue {
  readonly dtype: DType;
  readonly shape: readonly (number | string)[];
}

export interface OnnxModel {
  readonly inputs: Readonly<Record<string, OnnxValue>>;
  readonly outputs: Readonly<Record<string, OnnxValue>>;
  /** Stored weights of the element types that this library has, by name. Own memory. */
  readonly initializers: Readonly<Record<string, { dtype: DType; shape: Shape; data: TypedArray }>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const dtypes = new Map(Object.entries(onnxDataType).map(([dtype, code]) => [code, dtype as DType]));

/**
 * Reads what a model that this library wrote takes, gives and stores; not its operators.
 * @param path how messages call the file.
 * @throws FileFormatError when the bytes are not such a model: damaged, truncated, or of other element types.
 */
export function readOnnx(bytes: Uint8Array, path = 'model'): OnnxModel {
  const fail = failAbout(path);
  const model = decode(bytes, fail);
  const value = ({ name, type }: ValueInfoProto): [string, OnnxValue] => {
    const { elemType, shape } = type?.tensorType ?? {};
    const dtype = dtypes.get(elemType);
    if (dtype === undefined) return fail(`value "${name}" has an unknown element type`);
    return [name, { dtype, shape: (shape?.dim ?? []).map((dim) => dim.dimParam || Number(dim.dimValue ?? 0)) }];
  };
  const initializers = model.graph.initializer.flatMap((tensor) => {
    const dtype = dtypes.get(tensor.dataType);
    return dtype === undefined ? [] : [[tensor.name, stored(tensor, dtype, fail)] as const];
  });
  return {
    inputs: Object.fromEntries(model.graph.input.map(value)),
    outputs: Object.fromEntries(model.graph.output.map(value)),
    initializers: Object.fromEntries(initializers),
    // Empty text is not stored.
    metadata: Object.fromEntries(model.metadataProps.map(({ key, value = '' }) => [key, value])),
  };
}

export type Fail = (problem: string, options?: ErrorOptions) => never;

/** What says what is wrong with a model's file. */
export function failAbout(path: string): Fail {
  return (problem, options) => {
    throw new FileFormatError(path, problem, 'Allowed is a complete .onnx file written by bellman', options);
  };
}

/** The whole of a model, as the file has it. */
export function decode(bytes: Uint8Array, fail: Fail): ModelProto {
  checkBytes(bytes);
  let model: ModelProto;
  try {
    model = decodeModel(bytes);
  } catch (cause) {
    return fail(`not an ONNX model, or damaged (${(cause as Error).message})`, { cause });
  }
  if (!model.irVersion || model.graph === undefined || model.opsetImport.length === 0) fail('not an ONNX model');
  if (model.graph.output.length === 0) fail('a model without outputs');
  const unbounded = unboundedOperator(model);
  if (unbounded !== undefined) fail(`it has ${unbounded}`);
  return model;
}

/** A stored tensor's elements, in memory of their own. */
export function stored({ name, dims, rawData }: TensorProto, dtype: DType, fail: Fail) {
  const shape = dims.map(Number);
  const raw = rawData ?? new Uint8Array(0);
  const size = shape.every((n) => n >= 0 && n < 2 ** 31) ? sizeOf(shape) : Number.NaN;
  // Nothing is allocated by what the file says alone.
  if (raw.byteLength !== size * allocate(dtype, 0).BYTES_PER_ELEMENT) {
    fail(`weights "${name}" hold ${raw.byteLength} bytes, their shape [${shape.join(', ')}] needs another number`);
  }
  const data = allocate(dtype, size);
  new Uint8Array(data.buffer).set(raw);
  return { dtype, shape, data };
}
