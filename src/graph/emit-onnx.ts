import { OptionError, ShapeError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { sizeOf } from '../core/shape.ts';
import type { Graph, Tensor } from './graph.ts';
import { ancestors } from './graph.ts';
import { evaluate } from './interpreter.ts';
import { lower } from './lowering/lower.ts';
import { onnxRuntimeRules } from './lowering/onnx-runtime.ts';
import { OnnxNodes } from './onnx-nodes.ts';
import type { ModelProto, ValueInfoProto } from './onnx-schema.ts';
import { encodeModel, irVersion, onnxDataType, opsetVersion } from './onnx-schema.ts';
import type { TensorSpec, TypedArray } from './tensor-spec.ts';
import { allocate, describe } from './tensor-spec.ts';

export interface EmitOptions {
  /** The tensors to compute, by the names that they get. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Turns inputs into stored weights: elements by input name (copied). */
  readonly initializers?: Readonly<Record<string, Float32Array>>;
  /** Makes axis 0 of the remaining inputs and of the outputs a free length `N`, for models that are exported. */
  readonly dynamicBatch?: boolean;
  /**
   * Computes what depends on stored weights and constants alone now, and stores it as `<weight>.folded`: importers want a
   * layer's weights as they are used. For models that are exported; default false.
   */
  readonly foldStored?: boolean;
  /** Free text stored with the model (`metadata_props`). */
  readonly metadata?: Readonly<Record<string, string>>;
}

const OPTIONS: OptionNames<EmitOptions> = {
  ...{ outputs: true, initializers: true, dynamicBatch: true, foldStored: true },
  ...{ metadata: true },
};

/** Inputs and outputs of an emitted model: what a runner must know of it. */
export interface ModelSpec {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
}

/** The inputs that the outputs depend on, without those that are stored, and the outputs, with types and shapes. */
export function modelSpec(
  outputs: Readonly<Record<string, Tensor>>,
  stored: EmitOptions['initializers'] = {},
): ModelSpec {
  const inputs = ancestors(Object.values(outputs)).filter(({ name }) => name !== undefined && !(name in stored));
  const spec = ({ dtype, shape }: Tensor): TensorSpec => ({ dtype, shape });
  return {
    inputs: Object.fromEntries(inputs.map((tensor) => [tensor.name!, spec(tensor)])),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, spec(tensor)])),
  };
}

/**
 * Writes the part of a graph that the outputs need as an ONNX model: operator set 17, standard operators only.
 * @returns the bytes of an `.onnx` file.
 * @throws UnknownNameError for an option of another name; OptionError on an initializer for an unknown input or an output name that an input has; ShapeError on an
 *   initializer of the wrong length.
 */
export function emitOnnx(graph: Graph, options: EmitOptions): Uint8Array {
  checkOptionNames(options, OPTIONS);
  const { outputs, initializers = {}, dynamicBatch = false, foldStored = false, metadata = {} } = options;
  const inputs = ancestors(Object.values(outputs)).filter((tensor) => tensor.name !== undefined);
  checkNames(graph, inputs, options);

  const lowered = lower(
    outputs,
    onnxRuntimeRules((name) => name in initializers),
  );
  const onnx = new OnnxNodes();
  const names = new Map<Tensor, string>();
  const folded = foldStored ? fold(Object.values(lowered), initializers) : new Map<Tensor, Folded>();
  for (const tensor of needed(Object.values(lowered), folded)) {
    names.set(tensor, emit(tensor, onnx, names, initializers, folded.get(tensor)));
  }
  for (const [output, tensor] of Object.entries(lowered)) {
    const value = names.get(tensor)!;
    const computed = onnx.nodes.some((node) => node.output[0] === value);
    // An input, a constant or a value that already is an output under another name has to be copied.
    if (!computed || value in outputs) onnx.rename(onnx.node('Identity', [value]), output);
    else {
      onnx.rename(value, output);
      for (const [other, name] of names) if (name === value) names.set(other, output);
    }
  }

  const info = (name: string, { dtype, shape }: Tensor): ValueInfoProto => {
    const dim = shape.map((length, axis) => (dynamicBatch && axis === 0 ? { dimParam: 'N' } : { dimValue: length }));
    return { name, type: { tensorType: { elemType: onnxDataType[dtype], shape: { dim } } } };
  };
  const model: Omit<ModelProto, 'opsetImport' | 'functions'> = {
    irVersion,
    producerName: 'bellman',
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'bellman',
      node: onnx.nodes,
      initializer: onnx.initializers,
      input: inputs.filter(({ name }) => !(name! in initializers)).map((tensor) => info(tensor.name!, tensor)),
      output: Object.entries(outputs).map(([name, tensor]) => info(name, tensor)),
    },
  };
  // The order of fields is free, and every reader insists on the operator set. With it at the very end, no truncated
  // file passes for a smaller model.
  const last: Pick<ModelProto, 'opsetImport'> = { opsetImport: [{ domain: '', version: opsetVersion }] };
  const parts = [encodeModel(model), encodeModel(last)];
  const bytes = new Uint8Array(parts[0].length + parts[1].length);
  bytes.set(parts[0]);
  bytes.set(parts[1], parts[0].length);
  return bytes;
}

function emit(
  tensor: Tensor,
  onnx: OnnxNodes,
  names: ReadonlyMap<Tensor, string>,
  initializers: Readonly<Record<string, Float32Array>>,
  folded: Folded | undefined,
): string {
  const { node, name, data, dtype, shape } = tensor;
  if (folded !== undefined) {
    onnx.initializer(folded.name, dtype, shape, folded.data);
    return folded.name;
  }
  if (node !== undefined) {
    const inputs = node.inputs.map((input) => names.get(input)!);
    return node.emit === undefined ? onnx.node(node.op, inputs, node.attributes) : node.emit(onnx, inputs);
  }
  const label = name ?? `constant_${tensor.id}_value`;
  const stored = name === undefined ? data : initializers[name];
  if (stored !== undefined) onnx.initializer(label, dtype, shape, stored);
  return label;
}

/** A value that was computed when the model was written. */
interface Folded {
  readonly name: string;
  readonly data: TypedArray;
}

/** The values that stored weights and constants decide, where something that they do not decide needs them. */
function fold(outputs: readonly Tensor[], initializers: Readonly<Record<string, Float32Array>>): Map<Tensor, Folded> {
  const decided = new Set<Tensor>();
  const wanted = new Set<Tensor>();
  for (const tensor of ancestors(outputs)) {
    const { node, name } = tensor;
    if (node === undefined ? name === undefined || name in initializers : node.inputs.every((x) => decided.has(x))) {
      decided.add(tensor);
    } else
      for (const input of node?.inputs ?? []) if (decided.has(input) && input.node !== undefined) wanted.add(input);
  }
  const folded = new Map<Tensor, Folded>();
  const taken = new Set<string>();
  for (const tensor of wanted) {
    const [values] = evaluate([tensor], initializers);
    const data = allocate(tensor.dtype, values.length);
    data.set(values);
    const weight = ancestors([tensor]).find((input) => input.name !== undefined)?.name ?? `constant_${tensor.id}`;
    const name = taken.has(weight) ? `${weight}.folded.${tensor.id}` : `${weight}.folded`;
    taken.add(weight);
    folded.set(tensor, { name, data });
  }
  return folded;
}

/** The tensors to write, each after those that it needs: those behind a folded value are left out. */
function needed(outputs: readonly Tensor[], folded: ReadonlyMap<Tensor, Folded>): Tensor[] {
  const used = new Set<Tensor>(outputs);
  const order = ancestors(outputs);
  for (const tensor of order.toReversed()) {
    if (used.has(tensor) && !folded.has(tensor)) for (const input of tensor.node?.inputs ?? []) used.add(input);
  }
  return order.filter((tensor) => used.has(tensor));
}

function checkNames(graph: Graph, inputs: readonly Tensor[], { outputs, initializers = {} }: EmitOptions): void {
  const known = new Map(inputs.map((tensor) => [tensor.name!, tensor]));
  for (const [name, tensor] of Object.entries(outputs)) {
    if (tensor.graph !== graph) throw new ShapeError(`emitOnnx: output ${name} belongs to another graph.`);
    if (known.has(name)) throw new OptionError('output name', name, 'a name that no input has');
  }
  for (const [name, data] of Object.entries(initializers)) {
    const tensor = known.get(name);
    if (tensor === undefined) throw new OptionError('initializer', name, `one of ${[...known.keys()].join(', ')}`);
    if (tensor.dtype !== 'float32' || data.length !== sizeOf(tensor.shape)) {
      throw new ShapeError(`emitOnnx: ${data.length} elements do not fill ${name}, ${describe(tensor)}.`);
    }
  }
}
