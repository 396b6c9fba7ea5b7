/** Which instructions compute an operator. */
import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import type { DType, Shape } from '../tensor-spec.ts';
import { stridesOf } from '../tensor-spec.ts';
import { DEPTH, ELEMENTS, KIND, OPCODE, PANEL, REDUCTION } from './opcodes.ts';
import { around, broadcastSteps, joinAxes, type StridedAxes } from './strided-axes.ts';

/** Room in the kernels' memory: its address is not known before the memory is. */
export class Storage {
  readonly bytes: number;

  constructor(bytes: number) {
    this.bytes = bytes;
  }
}

/** A place within a storage. */
export interface Place {
  readonly storage: Storage;
  /** In bytes. */
  readonly offset: number;
}

/** The words of an instruction after opcode and length. */
export interface Instruction {
  readonly opcode: number;
  readonly operands: readonly (number | Storage | Place)[];
}

export interface Operands {
  readonly y: Storage;
  /** Of the operator's inputs, in order. */
  readonly inputs: readonly Storage[];
  /** 48 bytes for any instruction's own use. */
  readonly scratch: Storage;
  /** Room for the time of this operator. */
  temporary(bytes: number): Storage;
}

/** Bytes of an element while kernels work on it: a bool is a mask of 32 bits. */
export function bytesOf(dtype: DType): number {
  return dtype === 'uint8' ? 1 : 4;
}

/** @returns undefined where the kernels do not have the operator, or not in this form. */
export function instructionsOf(tensor: Tensor, operands: Operands): readonly Instruction[] | undefined {
  const { op } = tensor.node!;
  if (op in UNARY) return elementwise(tensor, operands, UNARY[op as keyof typeof UNARY]);
  if (op in BINARY) return binary(tensor, operands, BINARY[op as keyof typeof BINARY]);
  return OTHER[op]?.(tensor, operands);
}

/** Where(y > 0, dy, 0) of dy and y, the gradient of ReLU, as a lowering rule writes it. */
export const WHERE_POSITIVE = 'WherePositive';

const UNARY = {
  Relu: KIND.relu,
  Abs: KIND.abs,
  Neg: KIND.neg,
  Sqrt: KIND.sqrt,
  Sign: KIND.sign,
  Not: KIND.not,
  Exp: KIND.exp,
  Log: KIND.log,
  Tanh: KIND.tanh,
  Sigmoid: KIND.sigmoid,
} as const;

/** For floats, for ints. */
const BINARY = {
  Add: [KIND.add, KIND.addInts],
  Sub: [KIND.sub, KIND.subInts],
  Mul: [KIND.mul, KIND.mulInts],
  Div: [KIND.div, undefined],
  Max: [KIND.max, KIND.maxInts],
  Min: [KIND.min, KIND.minInts],
  Greater: [KIND.greater, KIND.greaterInts],
  GreaterOrEqual: [KIND.greaterOrEqual, KIND.greaterOrEqualInts],
  Less: [KIND.less, KIND.lessInts],
  Equal: [KIND.equal, KIND.equalInts],
} as const;

type Select = (tensor: Tensor, operands: Operands) => readonly Instruction[] | undefined;

const OTHER: Readonly<Record<string, Select>> = {
  And: (tensor, operands) => elementwise(tensor, operands, KIND.and),
  [WHERE_POSITIVE]: (tensor, operands) => elementwise(tensor, operands, KIND.wherePositive),
  Where: (tensor, operands) => (tensor.dtype === 'uint8' ? undefined : elementwise(tensor, operands, KIND.where)),
  Clip(tensor, operands) {
    const { low, high } = tensor.node!.attributes as { low: number; high: number };
    return elementwise(tensor, operands, KIND.clip, [low, high]);
  },
  Cast: cast,
  Sum: sum,
  Gemm: (tensor, operands) => [product(tensor, operands, false)],
  ReduceSum: (tensor, operands) =>
    reduce(tensor, operands, tensor.dtype === 'int32' ? REDUCTION.sumInts : REDUCTION.sum),
  ReduceMax: (tensor, operands) => reduce(tensor, operands, REDUCTION.max),
  ArgMax: (tensor, { y, inputs: [x] }) => [{ opcode: OPCODE.argMax, operands: [y, x, ...axisOf(tensor)] }],
  Softmax: (tensor, { y, inputs: [x] }) => [{ opcode: OPCODE.softmax, operands: [0, y, x, ...axisOf(tensor)] }],
  LogSoftmax: (tensor, { y, inputs: [x] }) => [{ opcode: OPCODE.softmax, operands: [1, y, x, ...axisOf(tensor)] }],
  Transpose(tensor, { y, inputs: [x] }) {
    const order = tensor.node!.attributes!['perm'] as readonly number[];
    const strides = stridesOf(tensor.node!.inputs[0].shape);
    const from = order.map((axis) => strides[axis]);
    return copy(tensor, y, x, joinAxes(tensor.shape, [from, stridesOf(tensor.shape)]));
  },
  Expand(tensor, { y, inputs: [x] }) {
    const from = broadcastSteps(tensor.node!.inputs[0].shape, tensor.shape);
    return copy(tensor, y, x, joinAxes(tensor.shape, [from, stridesOf(tensor.shape)]));
  },
  Slice(tensor, { y, inputs: [x] }) {
    const starts = tensor.node!.attributes!['starts'] as readonly number[];
    const strides = stridesOf(tensor.node!.inputs[0].shape);
    const axes = joinAxes(tensor.shape, [strides, stridesOf(tensor.shape)]);
    return copy(tensor, y, placeOf(x, tensor.dtype, starts, strides), axes);
  },
  Pad(tensor, { y, inputs: [x] }) {
    const before = tensor.node!.attributes!['before'] as readonly number[];
    const { shape } = tensor.node!.inputs[0];
    const strides = stridesOf(tensor.shape);
    const inner = copy(
      tensor,
      placeOf(y, tensor.dtype, before, strides),
      x,
      joinAxes(shape, [stridesOf(shape), strides]),
    );
    return inner && [{ opcode: OPCODE.zero, operands: [y, y.bytes] }, ...inner];
  },
  Concat: concat,
  Gather(tensor, { y, inputs: [x, indices] }) {
    const [source] = tensor.node!.inputs;
    const [batch, rows, channels] = tensor.shape;
    const bytes = channels * bytesOf(tensor.dtype);
    return [{ opcode: OPCODE.gather, operands: [y, x, indices, batch, rows, source.shape[1] * bytes, bytes] }];
  },
};

function placeOf(storage: Storage, dtype: DType, start: readonly number[], strides: readonly number[]): Place {
  const offset = start.reduce((sum, index, axis) => sum + index * strides[axis], 0);
  return { storage, offset: offset * bytesOf(dtype) };
}

// ---- elementwise ----

function binary(
  tensor: Tensor,
  operands: Operands,
  [floats, ints]: readonly [number, number | undefined],
): readonly Instruction[] | undefined {
  const { dtype } = tensor.node!.inputs[0];
  if (dtype === 'uint8') return undefined;
  return ints === undefined || dtype === 'float32'
    ? elementwise(tensor, operands, floats)
    : elementwise(tensor, operands, ints);
}

function elementwise(
  { node, shape }: Tensor,
  { y, inputs, scratch }: Operands,
  kind: number,
  parameters: readonly [number, number] = [0, 0],
): readonly Instruction[] | undefined {
  const axes = joinAxes(
    shape,
    node!.inputs.map((input) => broadcastSteps(input.shape, shape)),
  );
  return axes && [elementwiseOver(axes, kind, y, inputs, scratch, parameters)];
}

function elementwiseOver(
  { lengths, steps }: StridedAxes,
  kind: number,
  y: Storage,
  inputs: readonly Storage[],
  scratch: Storage,
  parameters: readonly [number, number] = [0, 0],
): Instruction {
  const three = [0, 1, 2];
  return {
    opcode: OPCODE.elementwise,
    operands: [
      ...[kind, y],
      ...three.map((i) => inputs[i] ?? 0),
      ...lengths,
      ...three.flatMap((i) => (steps[i] ?? [0, 0, 0, 0]).map((step) => step * 4)),
      ...new Int32Array(Float32Array.from(parameters).buffer),
      scratch,
    ],
  };
}

/** An elementwise instruction over as many elements that lie side by side. */
function flat(kind: number, y: Storage, inputs: readonly Storage[], count: number, scratch: Storage): Instruction {
  const axes = { lengths: [1, 1, 1, count], steps: inputs.map(() => [0, 0, 0, 1]) };
  return elementwiseOver(axes, kind, y, inputs, scratch);
}

/** Of two terms at least: of one it is no operator. */
function sum({ shape }: Tensor, { y, inputs: [first, ...rest], scratch }: Operands): readonly Instruction[] {
  const count = sizeOf(shape);
  return rest.map((term, i) => flat(KIND.add, y, [i === 0 ? first : y, term], count, scratch));
}

function cast(
  { node, dtype, shape }: Tensor,
  { y, inputs: [x], scratch }: Operands,
): readonly Instruction[] | undefined {
  const from = node!.inputs[0].dtype;
  const count = sizeOf(shape);
  const elements = { float32: ELEMENTS.floats, int32: ELEMENTS.ints, bool: ELEMENTS.masks } as const;
  if (from === 'uint8' && dtype !== 'uint8') {
    return [{ opcode: OPCODE.fromBytes, operands: [elements[dtype], y, x, count] }];
  }
  if (dtype === 'uint8' && from !== 'uint8') {
    return [{ opcode: OPCODE.toBytes, operands: [elements[from], y, x, count] }];
  }
  const kinds: Readonly<Record<string, number>> = {
    'bool float32': KIND.maskToFloats,
    'float32 bool': KIND.floatsToMask,
    'int32 float32': KIND.intsToFloats,
    'float32 int32': KIND.floatsToInts,
    'bool int32': KIND.maskToInts,
    'int32 bool': KIND.intsToMask,
  };
  const kind = kinds[`${from} ${dtype}`];
  return kind === undefined ? undefined : [flat(kind, y, [x], count, scratch)];
}

/** An input of bools, which comes as bytes. */
export function maskOfBytes(y: Storage, bytes: Storage, count: number): Instruction {
  return { opcode: OPCODE.fromBytes, operands: [ELEMENTS.masks, y, bytes, count] };
}

/** An output of bools, which goes as bytes. */
export function bytesOfMask(y: Storage, mask: Storage, count: number): Instruction {
  return { opcode: OPCODE.toBytes, operands: [ELEMENTS.masks, y, mask, count] };
}

// ---- products ----

/** Rows or columns below which products are sums along the rows of both matrices, without packing one. */
const FEW = 4;

/** @param relu whether max(x, 0) follows. */
export function product({ node, shape }: Tensor, { y, inputs, temporary }: Operands, relu: boolean): Instruction {
  const [a, b, bias] = inputs;
  const [first, , third] = node!.inputs;
  const { transA, transB } = node!.attributes as { transA: number; transB: number };
  const [m, n] = shape;
  const k = first.shape[transA === 1 ? 0 : 1];
  const [rowA, stepA] = transA === 1 ? [1, m] : [k, 1];
  const [rowB, columnB] = transB === 1 ? [1, k] : [n, 1];
  const inLanes = transA === 0 && transB === 1 && (m < FEW || n < FEW);
  const packs = !inLanes && (transB === 1 || packingPays(m, n, k));
  const panels = Math.ceil(n / PANEL) * PANEL;
  const isColumn = third?.shape.length === 2;
  return {
    opcode: OPCODE.product,
    operands: [
      ...[y, a, b, bias ?? 0, m, n, k],
      ...[rowA, stepA, rowB, columnB, isColumn ? 1 : 0, isColumn ? 0 : 1].map((step) => step * 4),
      ...[Number(relu), packs ? temporary(panels * Math.min(k, DEPTH) * 4) : 0, Number(inLanes)],
    ],
  };
}

/** Whether B is read so often that a copy in the order of reading is worth its time. */
function packingPays(m: number, n: number, k: number): boolean {
  return m >= 32 && n > PANEL && k * n > 8192;
}

// ---- reductions ----

function axisOf({ node }: Tensor): [outer: number, length: number, inner: number] {
  const { outer, length, inner } = around(node!.inputs[0].shape, node!.attributes!['axis'] as number);
  return [outer, length, inner];
}

/** Axes that lie side by side are reduced together, the last ones first. */
function reduce(tensor: Tensor, { y, inputs: [x], temporary }: Operands, kind: number): readonly Instruction[] {
  const axes = [...(tensor.node!.attributes!['axes'] as readonly number[])];
  const shape: number[] = [...tensor.node!.inputs[0].shape];
  const instructions: Instruction[] = [];
  let from = x;
  while (axes.length > 0) {
    let first = axes.pop()!;
    let count = 1;
    while (axes.at(-1) === first - 1) {
      first = axes.pop()!;
      count++;
    }
    const { outer, length, inner } = around(shape, first, count);
    const to = axes.length === 0 ? y : temporary(outer * inner * 4);
    instructions.push({ opcode: OPCODE.reduce, operands: [kind, to, from, outer, length, inner] });
    shape.splice(first, count, ...Array<number>(count).fill(1));
    from = to;
  }
  return instructions;
}

// ---- moving elements ----

function copy(
  { dtype }: Tensor,
  to: Storage | Place,
  from: Storage | Place,
  axes: StridedAxes | undefined,
): readonly Instruction[] | undefined {
  if (axes === undefined) return undefined;
  const size = bytesOf(dtype);
  const steps = axes.steps.flat().map((step) => step * size);
  // A single element in the last axis has no step: it lies where the next one would.
  if (axes.lengths[3] === 1) for (const last of [3, 7]) steps[last] = size;
  return [{ opcode: OPCODE.copy, operands: [size, to, from, ...axes.lengths, ...steps] }];
}

function concat(tensor: Tensor, { y, inputs }: Operands): readonly Instruction[] {
  const axis = tensor.node!.attributes!['axis'] as number;
  const { outer, inner, length } = around(tensor.shape, axis);
  const size = bytesOf(tensor.dtype);
  let offset = 0;
  return tensor.node!.inputs.map(({ shape }: { readonly shape: Shape }, i): Instruction => {
    const run = shape[axis] * inner;
    const place = { storage: y, offset };
    offset += run * size;
    const from = [0, 0, run * size, size];
    const to = [0, 0, length * inner * size, size];
    return { opcode: OPCODE.copy, operands: [size, place, inputs[i], 1, 1, outer, run, ...from, ...to] };
  });
}
