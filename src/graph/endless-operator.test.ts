import { expect, it } from 'vitest';
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

it('a model without one is read', () => {
  expect(Object.keys(readOnnx(modelOf('Relu')).outputs)).toEqual(['q']);
  expect(readForeignOnnx(modelOf('Relu'), 'a.onnx')?.outputs[0]).toMatchObject({ name: 'q', shape: [1, 2] });
});
