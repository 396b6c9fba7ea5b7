import { ShapeError } from '../core/errors.ts';

/** Element types of a tensor. `bool` travels as bytes of 0 and 1, indices as `int32`. */
export type DType = 'float32' | 'uint8' | 'int32' | 'bool';

/** Lengths of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** What a runner takes and gives: Float32Array for float32, Int32Array for int32, Uint8Array for uint8 and bool. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** Type and shape of one input or output of a graph. */
export interface TensorSpec {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Values of one tensor in the interpreter: row-major, always in doubles so that one code serves both precisions. */
export interface Values {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Attributes of an operator: they name it apart from others with equal inputs, and go to ONNX as they are by default. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/**
 * Broadcasting [B] against [B, 1] gives a plausible loss over B x B pairs: the classic silent mistake.
 * @throws ShapeError naming `op` when the shapes differ.
 */
export function requireSameShape(op: string, a: TensorSpec, b: TensorSpec): void {
  if (!sameShape(a.shape, b.shape)) throw new ShapeError(`${op}: ${describe(a)} and ${describe(b)} differ in shape.`);
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** `float32[32, 4]`, for messages. */
export function describe(tensor: TensorSpec): string {
  return `${tensor.dtype}[${tensor.shape.join(', ')}]`;
}

/** The shape that both broadcast to under NumPy's rules. @throws ShapeError naming `op` when they do not fit. */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(`${op}: shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast.`);
    }
    return m === 1 ? n : m;
  });
}

/** Axes as non-negative, sorted, unique numbers; undefined means all. @throws ShapeError naming `op` outside the rank. */
export function normalizeAxes(op: string, axes: number | readonly number[] | undefined, shape: Shape): number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const list = (typeof axes === 'number' ? [axes] : axes).map((axis) => (axis < 0 ? axis + shape.length : axis));
  for (const axis of list) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= shape.length) {
      throw new ShapeError(`${op}: axes [${[axes].flat().join(', ')}] do not exist in shape [${shape.join(', ')}].`);
    }
  }
  return [...new Set(list)].sort((a, b) => a - b);
}

/** @throws ShapeError when the tensor is not of one of the types. */
export function requireDType(op: string, tensor: TensorSpec, ...allowed: DType[]): void {
  if (!allowed.includes(tensor.dtype)) {
    throw new ShapeError(`${op}: got ${describe(tensor)}, allowed is ${allowed.join(' or ')}.`);
  }
}

/** A typed array of the element type, zeroed. */
export function allocate(dtype: DType, length: number): TypedArray {
  if (dtype === 'float32') return new Float32Array(length);
  if (dtype === 'int32') return new Int32Array(length);
  return new Uint8Array(length);
}

/** A string that is equal for equal bits: 0 and -0 differ, NaN does not differ from itself. */
export function bitsOf({ buffer, byteOffset, byteLength }: TypedArray): string {
  let text = '';
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  for (let i = 0; i < bytes.length; i += CALL) text += String.fromCharCode(...bytes.subarray(i, i + CALL));
  return text;
}

/** Arguments that every engine takes in one call. */
const CALL = 8192;
