import { describe, expect, it } from 'vitest';
import { FileFormatError } from '../core/errors.ts';
import { readForeignOnnx } from '../foreign/foreign-onnx.ts';
import { encodeModel } from './onnx-schema.ts';
import { readOnnx } from './read-onnx.ts';

/** A model of one operator from `observations` to `q`. */
function modelOf(opType: string, attribute: readonly object[] = [], functions: readonly object[] = []): Uint8Array {
  const value = (name: string, length: number) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 1 }, { dimValue: length }] } } },
  });
  const graph = {
    name: 'made',
    node: [{ opType, input: ['observations'], output: ['q'], name: 'n', attribute }],
    initializer: [],
    input: [value('observations', 4)],
    output: [value('q', 2)],
  };
  return encodeModel({ irVersion: 8, opsetImport: [{ domain: '', version: 18 }], graph, functions } as object);
}

it.each(['Loop', 'Scan'])('a model with the operator %s is refused before it runs', (opType) => {
  for (const read of [readOnnx, readForeignOnnx]) {
    expect(() => read(modelOf(opType), 'a.onnx')).toThrow(FileFormatError);
    expect(() => read(modelOf(opType), 'a.onnx')).toThrow(`a.onnx: it has the operator ${opType}, which may never end`);
  }
});

it.each([
  ['in a branch', modelOf('If', [{ name: 'then_branch', type: 5, g: { node: [{ opType: 'Loop' }] } }])],
  [
    'in a branch of a branch',
    modelOf('If', [{ name: 'b', g: { node: [{ opType: 'If', attribute: [{ g: { node: [{ opType: 'Loop' }] } }] }] } }]),
  ],
  ['in one of several graphs', modelOf('Own', [{ name: 'all', graphs: [{}, { node: [{ opType: 'Loop' }] }] }])],
  ['in an operator of its own', modelOf('Own', [], [{ node: [{ opType: 'Add' }, { opType: 'Loop' }] }])],
])('one %s is found', (_, bytes) => {
  for (const read of [readOnnx, readForeignOnnx]) expect(() => read(bytes, 'a.onnx')).toThrow('the operator Loop');
});

/** A shape as an initializer, or as the tensor of a `Constant`. */
const shapeOf = (lengths: readonly number[], together: boolean) => ({
  name: 'shape',
  dataType: 7,
  dims: [lengths.length],
  ...(together ? { rawData: new Uint8Array(BigInt64Array.from(lengths, BigInt).buffer) } : { int64Data: lengths }),
});

/** An operator whose second input is a shape, from an initializer or a `Constant`. */
function modelOfSize(
  opType: string,
  lengths: readonly number[],
  { constant = false, together = true } = {},
): Uint8Array {
  const input = opType === 'ConstantOfShape' ? ['shape'] : ['observations', 'shape'];
  const shape = shapeOf(lengths, together);
  const value = (name: string) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 1 }, { dimValue: 4 }] } } },
  });
  const attribute = [{ name: 'value', type: 4, t: shape }];
  const made = { opType: 'Constant', name: 'c', input: [], output: ['shape'], attribute };
  const graph = {
    name: 'made',
    node: [...(constant ? [made] : []), { opType, input, output: ['q'], name: 'n', attribute: [] }],
    initializer: constant ? [] : [shape],
    input: [value('observations')],
    output: [value('q')],
  };
  return encodeModel({ irVersion: 8, opsetImport: [{ domain: '', version: 18 }], graph } as object);
}

describe.each(['ConstantOfShape', 'Expand', 'Tile'])('%s', (opType) => {
  it.each([
    ['an initializer', {}],
    ['numbers of an initializer', { together: false }],
    ['a Constant', { constant: true }],
  ])('to a giant tensor by %s is refused', (_, form) => {
    for (const read of [readOnnx, readForeignOnnx]) {
      expect(() => read(modelOfSize(opType, [2 ** 14, 2 ** 14], form), 'a.onnx')).toThrow(
        `it has the operator ${opType}, which makes a tensor of more than 134217728 elements`,
      );
      expect(() => read(modelOfSize(opType, [-(2 ** 20), 0, 2 ** 40], form), 'a.onnx')).toThrow(FileFormatError);
    }
  });
  it('to one of some megabytes is read', () => {
    const bytes = modelOfSize(opType, [2 ** 13, 2 ** 14]);
    expect(Object.keys(readOnnx(bytes).outputs)).toEqual(['q']);
  });
});

it('a model without one is read', () => {
  expect(Object.keys(readOnnx(modelOf('Relu')).outputs)).toEqual(['q']);
  expect(readForeignOnnx(modelOf('Relu'), 'a.onnx')?.outputs[0]).toMatchObject({ name: 'q', shape: [1, 2] });
});
