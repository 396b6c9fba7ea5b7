import { OptionError, ShapeError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import type { OnnxNodes } from './onnx-nodes.ts';
import type { Attributes, DType, Shape, TensorSpec, TypedArray, Values } from './tensor-spec.ts';
import { allocate, bitsOf, describe } from './tensor-spec.ts';

/** One use of an operator: how to run it, how to write it as ONNX, how to differentiate it. */
export interface NodeSpec extends TensorSpec {
  /** ONNX's name of the operator, or our own where it becomes several ONNX operators. */
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attributes?: Attributes;
  /**
   * What tells this use of the operator from others with the same op, inputs, attributes, type and shape; null where it is
   * like no other, since a function of a caller decides what it does. By default those say all: equal uses are one tensor.
   */
  readonly identity?: string | null;
  /** The value is that of the first input: differentiation alone sees the operator, engines never do. Default false. */
  readonly transparent?: boolean;
  /** The plain reference: doubles in, doubles out, row-major. Must return a fresh array. */
  evaluate(inputs: readonly Values[]): Float64Array;
  /** Writes the operator and returns the name of its value; by default ONNX's operator `op` with the attributes. */
  readonly emit?: (onnx: OnnxNodes, inputs: readonly string[]) => string;
  /**
   * The vector-Jacobian product: from `dy`, the gradient of the loss in the output `y`, the gradient in each input, in its
   * shape. Only the `wanted` ones are used, so costly others are left undefined. Absent where nothing is differentiable.
   */
  readonly gradient?: (dy: Tensor, y: Tensor, wanted: readonly boolean[]) => readonly (Tensor | undefined)[];
}

/** A symbolic value of a graph: no numbers, only where they come from. Made by `Graph` and the operators. */
export class Tensor implements TensorSpec {
  readonly graph: Graph;
  /** Position in the graph; a tensor's inputs have lower ids than itself. */
  readonly id: number;
  readonly dtype: DType;
  readonly shape: Shape;
  /** How it is computed; undefined for inputs and constants. */
  readonly node: NodeSpec | undefined;
  /** Name of an input; undefined for all else. */
  readonly name: string | undefined;
  /** Elements of a constant; undefined for all else. */
  readonly data: TypedArray | undefined;

  constructor(
    graph: Graph,
    id: number,
    spec: TensorSpec,
    origin: { node?: NodeSpec; name?: string; data?: TypedArray },
  ) {
    this.graph = graph;
    this.id = id;
    this.dtype = spec.dtype;
    this.shape = spec.shape;
    this.node = origin.node;
    this.name = origin.name;
    this.data = origin.data;
  }
}

/**
 * A computation written down but not run: inputs, constants and operators over them, all shapes known. Tensors stand
 * in the order they were made, which is a topological order. Equal operators over equal inputs are one tensor, so that
 * gradients share what they have in common with the forward pass.
 */
export class Graph {
  /** Every tensor by id. Read only. */
  readonly tensors: Tensor[] = [];
  readonly #constants = new Map<string, Tensor>();
  readonly #nodes = new Map<string, Tensor>();
  readonly #names = new Set<string>();

  /** Declares a value that every run is fed with. @throws OptionError on a repeated name, ShapeError on a bad shape. */
  input(name: string, dtype: DType, shape: Shape): Tensor {
    if (this.#names.has(name) || name === '') throw new OptionError('input name', name, 'a new, non-empty name');
    checkShape(`input ${name}`, shape);
    this.#names.add(name);
    return this.#add({ dtype, shape: [...shape] }, { name });
  }

  /**
   * Values that never change.
   * @param data a number, or row-major elements (copied).
   * @param shape by default a scalar for a number, a vector for an array.
   */
  constant(
    data: number | readonly number[] | TypedArray,
    shape: Shape = typeof data === 'number' ? [] : [data.length],
    dtype: DType = 'float32',
  ): Tensor {
    const elements = typeof data === 'number' ? [data] : data;
    const length = checkShape('constant', shape);
    if (elements.length !== length) {
      throw new ShapeError(`constant: ${elements.length} elements do not fill shape [${shape.join(', ')}].`);
    }
    const copy = allocate(dtype, length);
    copy.set(elements);
    // Long enough for the row numbers of a convolution, so that networks that see the same observations pick rows once.
    const key = length <= 16_384 ? `${dtype} [${shape}] ${bitsOf(copy)}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const tensor = this.#add({ dtype, shape: [...shape] }, { data: copy });
    if (key !== undefined) this.#constants.set(key, tensor);
    return tensor;
  }

  /** Adds an operator, or finds the equal one. Called by the functions of `ops/`, which check shapes first. */
  add(spec: NodeSpec): Tensor {
    for (const input of spec.inputs) {
      if (input.graph !== this) throw new ShapeError(`${spec.op}: ${describe(input)} belongs to another graph.`);
    }
    checkShape(spec.op, spec.shape);
    const key = nodeKey(spec);
    const known = key === undefined ? undefined : this.#nodes.get(key);
    if (known !== undefined) return known;
    const tensor = this.#add(spec, { node: spec });
    if (key !== undefined) this.#nodes.set(key, tensor);
    return tensor;
  }

  #add(spec: TensorSpec, origin: { node?: NodeSpec; name?: string; data?: TypedArray }): Tensor {
    const tensor = new Tensor(this, this.tensors.length, spec, origin);
    this.tensors.push(tensor);
    return tensor;
  }
}

/** The tensors that the given ones depend on, themselves included, inputs before their users. */
export function ancestors(outputs: readonly Tensor[]): Tensor[] {
  const seen = new Set<Tensor>();
  const open = [...outputs];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    if (tensor.node !== undefined) open.push(...tensor.node.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

function checkShape(what: string, shape: Shape): number {
  for (const length of shape) {
    if (!Number.isInteger(length) || length < 1) {
      throw new ShapeError(`${what}: shape [${shape.join(', ')}] has a length that is not a positive integer.`);
    }
  }
  return sizeOf(shape);
}

/** Equal for uses of operators that compute the same; undefined for one that is like no other. */
function nodeKey({ op, dtype, shape, inputs, attributes = {}, identity = '' }: NodeSpec): string | undefined {
  if (identity === null) return undefined;
  const ids = inputs.map(({ id }) => id);
  return `${JSON.stringify([op, dtype, shape, ids, identity])} ${attributesKey(attributes)}`;
}

/** Not as JSON, in which -0 is 0, and infinities and NaN are null. */
function attributesKey(attributes: Attributes): string {
  const number = (value: number) => (Object.is(value, -0) ? '-0' : String(value));
  const text = (value: Attributes[string]) => {
    if (typeof value === 'string') return JSON.stringify(value);
    return typeof value === 'number' ? number(value) : `[${value.map(number)}]`;
  };
  return Object.entries(attributes)
    .map(([name, value]) => `${JSON.stringify(name)}: ${text(value)}`)
    .join();
}
