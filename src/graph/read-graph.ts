/**
 * A model's file read back as a graph, so that runners which know graphs and no ONNX run it too: the interpreter, kernels.
 * It has the operators that networks of this library are written with.
 */
import { ShapeError } from '../core/errors.ts';
import type { GraphModel } from './create-runner.ts';
import { Graph, type Tensor } from './graph.ts';
import { type AttributeProto, type NodeProto, onnxDataType, onnxInt64, type TensorProto } from './onnx-schema.ts';
import { abs, sign } from './ops/abs.ts';
import { add, div, mul, neg, sub } from './ops/arithmetic.ts';
import { cast } from './ops/cast.ts';
import { concat } from './ops/concat.ts';
import { conv2d } from './ops/conv2d.ts';
import { maximum } from './ops/extremum.ts';
import { gatherRows } from './ops/gather-rows.ts';
import { matMul } from './ops/mat-mul.ts';
import { maxPool2d } from './ops/max-pool.ts';
import { crop } from './ops/pad-and-crop.ts';
import { reduceMax } from './ops/reduce-max.ts';
import { relu } from './ops/relu.ts';
import { reshape } from './ops/reshape.ts';
import { logSoftmax, softmax } from './ops/softmax.ts';
import { broadcastTo, reduceSum } from './ops/sum-and-broadcast.ts';
import { transpose } from './ops/transpose.ts';
import { cos, exp, log, sigmoid, sin, sqrt, tanh } from './ops/unary.ts';
import { decode, type Fail, failAbout, stored } from './read-onnx.ts';
import type { DType } from './tensor-spec.ts';

/** A graph that needs `weights` as feeds, or as a runner's constants. */
export interface ReadGraph extends GraphModel {
  /** By name of the graph's input. Own memory. */
  readonly weights: Readonly<Record<string, Float32Array>>;
}

/**
 * @param bytes what `emitOnnx` wrote.
 * @param batch length of every free axis.
 * @param path how messages call the file.
 * @throws FileFormatError when the bytes are no such model, or have an operator that is not read.
 */
export function readGraph(bytes: Uint8Array, batch: number, path = 'model'): ReadGraph {
  const fail = failAbout(path);
  const model = decode(bytes, fail);
  const graph = new Graph();
  const values = new Map<string, Tensor>();
  const numbers = new Map<string, readonly number[]>();
  const weights: Record<string, Float32Array> = {};
  for (const { name, type } of model.graph.input) {
    const { elemType, shape } = type?.tensorType ?? {};
    const dtype = dtypeOf(elemType) ?? fail(`value "${name}" has an unknown element type`);
    const lengths = (shape?.dim ?? []).map(({ dimValue }) => (dimValue ? Number(dimValue) : batch));
    values.set(name, graph.input(name, dtype, lengths));
  }
  for (const tensor of model.graph.initializer) {
    if (tensor.dataType === onnxInt64) {
      numbers.set(tensor.name, wholeNumbers(tensor));
      continue;
    }
    const dtype = dtypeOf(tensor.dataType) ?? fail(`weights "${tensor.name}" have an unknown element type`);
    const { data, shape } = stored(tensor, dtype, fail);
    if (data instanceof Float32Array && shape.length > 0) {
      weights[tensor.name] = data;
      values.set(tensor.name, graph.input(tensor.name, dtype, shape));
    } else values.set(tensor.name, graph.constant(data, shape, dtype));
  }
  for (const node of model.graph.node) {
    const build = OPERATORS[node.opType];
    if (build === undefined || !Object.hasOwn(OPERATORS, node.opType)) {
      fail(`it has the operator ${node.opType}, which is not read back`);
    }
    try {
      values.set(node.output[0], build(new NodeReader(node, values, numbers, fail)));
    } catch (cause) {
      if (!(cause instanceof ShapeError)) throw cause;
      fail(`its operator ${node.opType} does not fit: ${cause.message.replace(/\.$/, '')}`, { cause });
    }
  }
  const outputs = model.graph.output.map(
    ({ name }) => [name, values.get(name) ?? fail(`nothing computes "${name}"`)] as const,
  );
  return { graph, outputs: Object.fromEntries(outputs), weights };
}

const OPERATORS: Readonly<Record<string, (node: NodeReader) => Tensor>> = {
  Abs: (node) => abs(node.value(0)),
  Add: (node) => add(node.value(0), node.value(1)),
  Cast: (node) => cast(node.value(0), node.dtype('to')),
  Concat: (node) => concat(node.values(), node.number('axis')),
  Conv: (node) => {
    const [top, left, bottom, right] = node.numbers('pads');
    const [stride, across] = node.numbers('strides');
    const [dilation, other] = node.numbers('dilations');
    const square = [left, bottom, right].every((pad) => pad === top) && stride === across && dilation === other;
    if (!square) node.fail('it has a convolution whose two directions differ');
    return conv2d(node.value(0), node.value(1), node.optional(2), { stride, padding: top, dilation });
  },
  Cos: (node) => cos(node.value(0)),
  Div: (node) => div(node.value(0), node.value(1)),
  Exp: (node) => exp(node.value(0)),
  Expand: (node) => broadcastTo(node.value(0), node.constant(1)),
  Gather: (node) => {
    const rows = node.value(1).data;
    if (rows === undefined || node.number('axis') !== 1) node.fail('it gathers by numbers that are not stored');
    return gatherRows(node.value(0), Array.from(rows!));
  },
  Gemm: (node) => {
    const bias = node.optional(2);
    const options = { transposeA: node.number('transA') === 1, transposeB: node.number('transB') === 1 };
    return matMul(node.value(0), node.value(1), bias === undefined ? options : { ...options, bias });
  },
  Identity: (node) => node.value(0),
  Log: (node) => log(node.value(0)),
  LogSoftmax: (node) => logSoftmax(node.value(0), node.number('axis')),
  Max: (node) => node.values().reduce(maximum),
  MaxPool: (node) => {
    const [kernel, other] = node.numbers('kernel_shape');
    const [stride, across] = node.numbers('strides');
    const [padding, ...pads] = node.numbers('pads');
    if (kernel !== other || stride !== across || pads.some((pad) => pad !== padding)) {
      node.fail('it has a max-pool whose two directions differ');
    }
    return maxPool2d(node.value(0), { kernel, stride, padding });
  },
  Mul: (node) => mul(node.value(0), node.value(1)),
  Neg: (node) => neg(node.value(0)),
  ReduceMax: (node) => reduceMax(node.value(0), node.numbers('axes'), { keepDims: node.number('keepdims') === 1 }),
  ReduceSum: (node) => reduceSum(node.value(0), node.constant(1), { keepDims: node.number('keepdims') === 1 }),
  Relu: (node) => relu(node.value(0)),
  Reshape: (node) => {
    const x = node.value(0);
    return reshape(
      x,
      node.constant(1).map((length, axis) => (length === 0 ? x.shape[axis] : length)),
    );
  },
  Sigmoid: (node) => sigmoid(node.value(0)),
  Sign: (node) => sign(node.value(0)),
  Sin: (node) => sin(node.value(0)),
  Slice: (node) => {
    const x = node.value(0);
    const [starts, ends, axes] = [node.constant(1), node.constant(2), node.constant(3)];
    const at = (numbers: readonly number[], axis: number, other: number) => numbers[axes.indexOf(axis)] ?? other;
    return crop(
      x,
      x.shape.map((_, axis) => at(starts, axis, 0)),
      x.shape.map((length, axis) => at(ends, axis, length)),
    );
  },
  Softmax: (node) => softmax(node.value(0), node.number('axis')),
  Sqrt: (node) => sqrt(node.value(0)),
  Sub: (node) => sub(node.value(0), node.value(1)),
  Tanh: (node) => tanh(node.value(0)),
  Transpose: (node) => transpose(node.value(0), node.numbers('perm')),
};

/** One operator of the file, with what stands before it. */
class NodeReader {
  readonly fail: Fail;
  readonly #node: NodeProto;
  readonly #values: ReadonlyMap<string, Tensor>;
  readonly #numbers: ReadonlyMap<string, readonly number[]>;

  constructor(
    node: NodeProto,
    values: ReadonlyMap<string, Tensor>,
    numbers: ReadonlyMap<string, readonly number[]>,
    fail: Fail,
  ) {
    this.fail = fail;
    this.#node = node;
    this.#values = values;
    this.#numbers = numbers;
  }

  values(): Tensor[] {
    return this.#node.input.map((_, i) => this.value(i));
  }

  value(i: number): Tensor {
    return this.optional(i) ?? this.fail(`operator ${this.#node.opType} lacks its input ${i}`);
  }

  optional(i: number): Tensor | undefined {
    const name = this.#node.input[i];
    return name === undefined ? undefined : this.#values.get(name);
  }

  /** An input that is a stored vector of whole numbers. */
  constant(i: number): readonly number[] {
    return (
      this.#numbers.get(this.#node.input[i]) ?? this.fail(`operator ${this.#node.opType} has no stored input ${i}`)
    );
  }

  number(name: string): number {
    return Number(this.#attribute(name)?.i ?? 0);
  }

  numbers(name: string): readonly number[] {
    const found = this.#attribute(name)?.ints;
    return found?.map(Number) ?? this.fail(`operator ${this.#node.opType} lacks its ${name}`);
  }

  dtype(name: string): DType {
    return dtypeOf(this.number(name)) ?? this.fail(`operator ${this.#node.opType} gives an unknown element type`);
  }

  #attribute(name: string): AttributeProto | undefined {
    return this.#node.attribute.find((attribute) => attribute.name === name);
  }
}

function dtypeOf(code: number | undefined): DType | undefined {
  return (Object.keys(onnxDataType) as DType[]).find((dtype) => onnxDataType[dtype] === code);
}

function wholeNumbers({ rawData }: TensorProto): number[] {
  const bytes = Uint8Array.from(rawData);
  return Array.from(new BigInt64Array(bytes.buffer, 0, Math.floor(bytes.length / 8)), Number);
}
