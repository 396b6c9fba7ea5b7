import type { AttributeProto, NodeProto, TensorProto } from './onnx-schema.ts';
import { attributeType, onnxDataType, onnxInt64 } from './onnx-schema.ts';
import type { Attributes, DType, Shape, TypedArray } from './tensor-spec.ts';
import { bitsOf } from './tensor-spec.ts';

/** Collects the nodes and initializers of an ONNX graph. Operators write themselves through it. */
export class OnnxNodes {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #constants = new Map<string, string>();

  /** Appends an ONNX operator and returns the name of its one output. Numbers that are not whole become floats. */
  node(opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const output = `${opType}_${this.nodes.length}`;
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    this.nodes.push({ name: output, opType, input: [...inputs], output: [output], attribute });
    return output;
  }

  /** Converts the element type. */
  cast(value: string, dtype: DType): string {
    return this.node('Cast', [value], { to: onnxDataType[dtype] });
  }

  /** A constant vector of int64, as ONNX wants shapes and axes. */
  int64s(values: readonly number[]): string {
    return this.#constant(`int64 ${values}`, {
      dataType: onnxInt64,
      dims: [values.length],
      rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
    });
  }

  /** A constant of float32; shape `[]` is a scalar. */
  float32s(values: readonly number[], shape: Shape): string {
    const elements = Float32Array.from(values);
    return this.#constant(`float32 [${shape}] ${bitsOf(elements)}`, {
      dataType: onnxDataType.float32,
      dims: shape,
      rawData: new Uint8Array(elements.buffer),
    });
  }

  /** Stored elements under a name of the caller's choice. The array is copied. */
  initializer(name: string, dtype: DType, shape: Shape, data: TypedArray): void {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    this.initializers.push({ name, dataType: onnxDataType[dtype], dims: shape, rawData });
  }

  /** Gives a value another name, wherever it is used. */
  rename(from: string, to: string): void {
    const renamed = (name: string) => (name === from ? to : name);
    for (const node of this.nodes) {
      node.input = node.input.map(renamed);
      node.output = node.output.map(renamed);
    }
  }

  #constant(key: string, tensor: Omit<TensorProto, 'name'>): string {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `constant_${this.initializers.length}`;
    this.initializers.push({ name, ...tensor });
    this.#constants.set(key, name);
    return name;
  }
}

function attributeProto(name: string, value: number | string | readonly number[]): AttributeProto {
  if (typeof value === 'string') return { name, type: attributeType.string, s: new TextEncoder().encode(value) };
  if (typeof value !== 'number') return { name, type: attributeType.ints, ints: value };
  return Number.isInteger(value)
    ? { name, type: attributeType.int, i: value }
    : { name, type: attributeType.float, f: value };
}
