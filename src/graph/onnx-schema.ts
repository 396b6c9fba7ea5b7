/**
 * The messages of ONNX's protocol-buffer schema (onnx.proto3, IR version 8) that models of this library consist of.
 * Fields that we neither write nor read are left out: readers skip what they do not know.
 */
import protobuf from 'protobufjs/light.js';
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
  rawData: Uint8Array;
}

export interface ValueInfoProto {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: readonly { dimValue?: number; dimParam?: string }[] } } };
}

export interface ModelProto {
  irVersion: number;
  producerName: string;
  opsetImport: { domain: string; version: number }[];
  metadataProps: { key: string; value: string }[];
  graph: {
    name: string;
    node: NodeProto[];
    initializer: TensorProto[];
    input: ValueInfoProto[];
    output: ValueInfoProto[];
  };
}

/** Operators whose length of work no file bounds. */
const ENDLESS: readonly string[] = ['Loop', 'Scan'];

/** The first operator of a model that may never end; undefined without one. No network of values needs any. */
export const endlessOperator = ({ graph }: ModelProto): string | undefined =>
  graph.node.find(({ opType }) => ENDLESS.includes(opType))?.opType;

const many = (type: string, id: number) => ({ rule: 'repeated', type, id });

/** Encodes and decodes a whole model. */
export const modelProto: protobuf.Type = protobuf.Root.fromJSON({
  nested: {
    AttributeProto: {
      // Its numbers are there or not, and a zero must be there: readers ask which of them is present.
      edition: 'proto2',
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        ints: { ...many('int64', 8), options: { packed: true } },
        type: { type: 'int32', id: 20 },
      },
    },
    NodeProto: {
      fields: {
        input: many('string', 1),
        output: many('string', 2),
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: many('AttributeProto', 5),
      },
    },
    TensorProto: {
      fields: {
        dims: { ...many('int64', 1), options: { packed: true } },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
        dataLocation: { type: 'int32', id: 14 },
      },
    },
    Dimension: { fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } } },
    TensorShapeProto: { fields: { dim: many('Dimension', 1) } },
    TensorTypeProto: { fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } } },
    TypeProto: { fields: { tensorType: { type: 'TensorTypeProto', id: 1 } } },
    ValueInfoProto: { fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } } },
    GraphProto: {
      fields: {
        node: many('NodeProto', 1),
        name: { type: 'string', id: 2 },
        initializer: many('TensorProto', 5),
        input: many('ValueInfoProto', 11),
        output: many('ValueInfoProto', 12),
      },
    },
    OperatorSetIdProto: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    StringStringEntryProto: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    ModelProto: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        graph: { type: 'GraphProto', id: 7 },
        opsetImport: many('OperatorSetIdProto', 8),
        metadataProps: many('StringStringEntryProto', 14),
      },
    },
  },
}).lookupType('ModelProto');
