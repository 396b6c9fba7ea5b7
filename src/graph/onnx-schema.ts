/**
 * The messages of ONNX's protocol-buffer schema (onnx.proto3, IR version 8) that models of this library consist of.
 * Fields that we neither write nor read are left out: readers skip what they do not know.
 */
import {
  bytes,
  decodeMessage,
  encodeMessage,
  type Fields,
  float,
  int32,
  int64,
  many,
  one,
  optional,
  string,
} from './protobuf-message.ts';
import type { DType } from './tensor-spec.ts';

/** 8 goes with operator set 17; current and older runtimes accept both. */
export const irVersion = 8;
export const opsetVersion = 17;

/** `TensorProto.DataType` of our element types. */
export const onnxDataType: Readonly<Record<DType, number>> = { float32: 1, uint8: 2, int32: 6, bool: 9 };
export const onnxInt64 = 7;

/** `AttributeProto.AttributeType`. */
export const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const;

export interface AttributeProto {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  ints?: readonly number[];
  t?: TensorProto;
  g?: GraphProto;
  graphs?: readonly GraphProto[];
}

export interface NodeProto {
  name: string;
  opType: string;
  input: string[];
  output: string[];
  attribute: AttributeProto[];
}

/** Elements are always in `rawData`, little endian; in files of others also in fields that we do not read. */
export interface TensorProto {
  name: string;
  /** 1 where the elements lie in another file, as never in ours. */
  dataLocation?: number;
  dataType: number;
  dims: readonly number[];
  /** Of others: 64-bit integers that are not in `rawData`. */
  int64Data?: readonly number[];
  rawData: Uint8Array;
}

export interface ValueInfoProto {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: readonly { dimValue?: number; dimParam?: string }[] } } };
}

export interface GraphProto {
  name: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
}

export interface ModelProto {
  irVersion: number;
  producerName: string;
  opsetImport: { domain: string; version: number }[];
  metadataProps: { key: string; value: string }[];
  graph: GraphProto;
  /** Operators that the model defines; none in ours. */
  functions: readonly { node: readonly NodeProto[] }[];
}

/** Readers ask which of an attribute's numbers are there. `t` is a `Constant`'s tensor; `g`, `graphs` and `functions` are graphs within the graph, as of an `If`. */
const attributeProto: Fields = {
  name: optional(1, string),
  f: optional(2, float),
  i: optional(3, int64),
  s: optional(4, bytes),
  t: optional(5, () => tensorProto),
  g: optional(6, () => graphProto),
  ints: many(8, int64),
  graphs: many(11, () => graphProto),
  type: optional(20, int32),
};
const nodeProto: Fields = {
  input: many(1, string),
  output: many(2, string),
  name: one(3, string),
  opType: one(4, string),
  attribute: many(5, () => attributeProto),
};
const tensorProto: Fields = {
  dims: many(1, int64),
  dataType: one(2, int32),
  int64Data: many(7, int64),
  name: one(8, string),
  rawData: one(9, bytes),
  dataLocation: one(14, int32),
};
const dimension: Fields = { dimValue: one(1, int64), dimParam: one(2, string) };
const tensorShapeProto: Fields = { dim: many(1, () => dimension) };
const tensorTypeProto: Fields = { elemType: one(1, int32), shape: one(2, () => tensorShapeProto) };
const typeProto: Fields = { tensorType: one(1, () => tensorTypeProto) };
const valueInfoProto: Fields = { name: one(1, string), type: one(2, () => typeProto) };
const graphProto: Fields = {
  node: many(1, () => nodeProto),
  name: one(2, string),
  initializer: many(5, () => tensorProto),
  input: many(11, () => valueInfoProto),
  output: many(12, () => valueInfoProto),
};
const functionProto: Fields = { node: many(7, () => nodeProto) };
const operatorSetIdProto: Fields = { domain: one(1, string), version: one(2, int64) };
const stringStringEntryProto: Fields = { key: one(1, string), value: one(2, string) };
const modelProto: Fields = {
  irVersion: one(1, int64),
  producerName: one(2, string),
  graph: one(7, () => graphProto),
  opsetImport: many(8, () => operatorSetIdProto),
  metadataProps: many(14, () => stringStringEntryProto),
  functions: many(25, () => functionProto),
};

/** Models one after the other are one model. */
export function encodeModel(model: Partial<ModelProto>): Uint8Array {
  return encodeMessage(model, modelProto);
}

/** Reads the fields above. Of what the file lacks, lists are empty and all else is absent, whatever the types say; `rawData` is
 * a view of the file.
 * @throws Error on bytes that are no such message. */
export function decodeModel(content: Uint8Array): ModelProto {
  return decodeMessage(content, modelProto) as unknown as ModelProto;
}
