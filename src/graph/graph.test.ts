import { describe, expect, it } from 'vitest';
import * as G from './index.ts';

/** The number 1, by an operator with these attributes. */
function attributed(graph: G.Graph, attributes: Record<string, number | string | readonly number[]>): G.Tensor {
  const evaluate = () => Float64Array.of(1);
  return graph.add({ op: 'Mine', inputs: [], attributes, dtype: 'float32', shape: [], evaluate });
}

describe('Graph', () => {
  it('makes equal operators over equal inputs one tensor', () => {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    expect(G.relu(x)).toBe(G.relu(x));
    expect(G.mul(x, 2)).toBe(G.mul(x, 2));
    expect(G.mul(x, 2)).not.toBe(G.mul(x, 3));
    expect(G.reduceSum(x, 0)).not.toBe(G.reduceSum(x, 1));
  });

  it('makes no operator that does nothing', () => {
    const x = new G.Graph().input('x', 'float32', [2, 3]);
    expect(G.reshape(x, [2, -1])).toBe(x);
    expect(G.transpose(x, [0, 1])).toBe(x);
    expect(G.cast(x, 'float32')).toBe(x);
    expect(G.slice(x, 1, 0, 3)).toBe(x);
    expect(G.pad(x, [0, 0], [0, 0])).toBe(x);
  });

  it.each<[string, (graph: G.Graph, value: number) => G.Tensor, number[]]>([
    ['constants', (graph, value) => graph.constant(value), [0, -0, 1, Infinity, -Infinity, NaN]],
    ['vectors', (graph, value) => graph.constant([1, value]), [0, -0, Infinity, -Infinity, NaN]],
    ['numbers as operands', (graph, value) => G.div(graph.constant(1), value), [0, -0, Infinity, -Infinity, NaN]],
    ['bounds below', (graph, value) => G.clip(graph.constant(1), value, Infinity), [0, -0, -Infinity, Infinity]],
    ['bounds above', (graph, value) => G.clip(graph.constant(1), -Infinity, value), [0, -0, -Infinity, Infinity]],
    ['attributes', (graph, value) => attributed(graph, { value }), [0, -0, 1, Infinity, -Infinity, NaN]],
    ['lists', (graph, value) => attributed(graph, { value: [value] }), [0, -0, 1, Infinity, -Infinity, NaN]],
  ])('tells %s apart by every bit', (_, build, values) => {
    const graph = new G.Graph();
    const tensors = values.map((value) => build(graph, value));
    expect(new Set(tensors).size).toBe(values.length);
    // And takes equal ones for one.
    expect(values.map((value) => build(graph, value))).toEqual(tensors);
    expect(new Set([...tensors, ...values.map((value) => build(graph, value))]).size).toBe(values.length);
    G.evaluate(tensors, {}).forEach((data, i) => {
      expect(data).toEqual(G.evaluate([build(new G.Graph(), values[i])], {})[0]);
    });
  });

  it('tells attributes of different types and names apart', () => {
    const graph = new G.Graph();
    const all = [{ a: 1 }, { a: '1' }, { a: [1] }, { b: 1 }, { a: [1, 2] }, { a: '1,2' }, { a: 12 }, {}];
    expect(new Set(all.map((attributes) => attributed(graph, attributes))).size).toBe(all.length);
  });

  it('refuses repeated names and wrong constants', () => {
    const graph = new G.Graph();
    graph.input('x', 'float32', [2]);
    expect(() => graph.input('x', 'float32', [2])).toThrow('input name: got "x"');
    expect(() => graph.constant([1, 2, 3], [2])).toThrow('constant: 3 elements do not fill shape [2].');
    expect(() => graph.input('y', 'float32', [0])).toThrow('input y: shape [0]');
  });
});

describe('shape errors', () => {
  const graph = new G.Graph();
  let count = 0;
  const f = (...shape: number[]) => graph.input(`f${count++}`, 'float32', shape);
  const i = (...shape: number[]) => graph.input(`i${count++}`, 'int32', shape);
  const elsewhere = new G.Graph().input('x', 'float32', [2, 3]);

  it.each<[string, () => unknown, string]>([
    ['add', () => G.add(f(32, 4), f(3)), 'add: shapes [32, 4] and [3] do not broadcast.'],
    ['add types', () => G.add(f(2), i(2)), 'add: float32[2] and int32[2] differ in type.'],
    ['add numbers', () => G.add(1, 2), 'add: at least one operand must be a tensor, got two numbers.'],
    ['div ints', () => G.div(i(2), i(2)), 'div: got int32[2], allowed is float32.'],
    ['two graphs', () => G.add(f(2, 3), elsewhere), 'Add: float32[2, 3] belongs to another graph.'],
    ['matMul', () => G.matMul(f(2, 3), f(2, 3)), 'matMul: float32[2, 3] and float32[2, 3] do not multiply.'],
    [
      'matMul bias',
      () => G.matMul(f(2, 3), f(3, 4), { bias: f(3) }),
      'matMul: bias float32[3] does not fit rows of 4.',
    ],
    [
      'linear',
      () => G.linear(f(32, 10), f(5, 11)),
      'linear: input float32[32, 10] does not fit weight float32[5, 11] ([out, in]).',
    ],
    [
      'conv2d channels',
      () => G.conv2d(f(1, 3, 8, 8), f(2, 4, 3, 3)),
      'conv2d: input float32[1, 3, 8, 8] does not fit weight float32[2, 4, 3, 3] ([out, in, kh, kw]).',
    ],
    [
      'conv2d too small',
      () => G.conv2d(f(1, 3, 2, 8), f(2, 3, 3, 3)),
      'conv2d: input float32[1, 3, 2, 8] does not fit weight float32[2, 3, 3, 3] ([out, in, kh, kw]).',
    ],
    [
      'conv2d bias',
      () => G.conv2d(f(1, 3, 8, 8), f(2, 3, 3, 3), f(3)),
      'conv2d: bias float32[3] does not fit 2 filters.',
    ],
    ['reshape', () => G.reshape(f(2, 3), [4, -1]), 'reshape: float32[2, 3] does not fit shape [4, -1].'],
    [
      'transpose',
      () => G.transpose(f(2, 3), [0, 0]),
      'transpose: [0, 0] is not an order of the axes of float32[2, 3].',
    ],
    [
      'concat',
      () => G.concat([f(2, 3), f(3, 3)], 1),
      'concat: float32[2, 3] and float32[3, 3] do not join along axis 1.',
    ],
    ['slice', () => G.slice(f(2, 3), 1, 2, 4), 'slice: [0, 2] to [2, 4] is not inside float32[2, 3].'],
    ['axes', () => G.reduceSum(f(2, 3), 2), 'reduceSum: axes [2] do not exist in shape [2, 3].'],
    ['sum', () => G.sum([f(2), f(3)]), 'sum: float32[2] and float32[3] differ in shape.'],
    ['broadcastTo', () => G.broadcastTo(f(2, 3), [3]), 'broadcastTo: float32[2, 3] does not broadcast to [3].'],
    ['where', () => G.where(f(2), f(2), f(2)), 'where: got float32[2], allowed is bool.'],
    ['oneHot', () => G.oneHot(f(3), 3), 'oneHot: indices must be int32, got float32[3].'],
    ['argMax', () => G.argMax(f()), 'argMax: got a scalar.'],
    [
      'gradients of a vector',
      () => G.gradients(f(2), []),
      'gradients: the loss must be a float32 scalar, got float32[2].',
    ],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(expect.objectContaining({ code: 'BAD_SHAPE', message }));
  });
});

describe('gradients', () => {
  it('adds the paths of a tensor used twice: d(x² + 3x)/dx = 2x + 3', () => {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', []);
    const [dx] = G.gradients(G.add(G.square(x), G.mul(x, 3)), [x]);
    expect([...G.evaluate([dx], { x: [5] })[0]]).toEqual([13]);
  });

  it('is zero where the loss does not depend on a tensor', () => {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', []);
    const y = graph.input('y', 'float32', [2]);
    const [dy] = G.gradients(G.square(x), [y]);
    expect([...G.evaluate([dy], {})[0]]).toEqual([0, 0]);
  });

  it('differentiates twice: d²(x³)/dx² = 6x', () => {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', []);
    const [dx] = G.gradients(G.mul(x, G.square(x)), [x]);
    const [ddx] = G.gradients(dx, [x]);
    expect([...G.evaluate([ddx], { x: [4] })[0]]).toEqual([24]);
  });

  it('computes nothing for inputs that nobody asks for', () => {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [1, 2, 6, 6]);
    const w = graph.input('w', 'float32', [3, 2, 3, 3]);
    G.gradients(G.reduceSum(G.conv2d(x, w)), [w]);
    expect(graph.tensors.some((tensor) => tensor.node?.op === 'ConvTranspose')).toBe(false);
  });

  it('shares equal maxima and passes ties of maximum to the first', () => {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [4]);
    const [shared] = G.gradients(G.reduceMax(x), [x]);
    expect([...G.evaluate([shared], { x: [1, 3, 3, 2] })[0]]).toEqual([0, 0.5, 0.5, 0]);
    const y = graph.input('y', 'float32', [4]);
    const [first, second] = G.gradients(G.reduceSum(G.maximum(x, y)), [x, y]);
    const [a, b] = G.evaluate([first, second], { x: [1, 1, 1, 1], y: [0, 1, 2, 1] });
    expect([[...a], [...b]]).toEqual([
      [1, 1, 0, 1],
      [0, 0, 1, 0],
    ]);
  });

  it('is zero at the kinks of relu and abs', () => {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [3]);
    const [dRelu] = G.gradients(G.reduceSum(G.relu(x)), [x]);
    const [dAbs] = G.gradients(G.reduceSum(G.abs(x)), [x]);
    const [a, b] = G.evaluate([dRelu, dAbs], { x: [-2, 0, 2] });
    expect([[...a], [...b]]).toEqual([
      [0, 0, 1],
      [-1, 0, 1],
    ]);
  });
});

describe('gradients of what a caller holds', () => {
  const graph = new G.Graph();
  const x = graph.input('x', 'float32', [2, 3]);
  const weights = (shape: number[]) => graph.constant([1, 2, 3, 4, 5, 6], shape);
  const feeds = { x: [1, 2, 3, 4, 5, 6] };
  const fixed = [1, 2, 3, 4, 5, 6];

  it.each<[string, G.Tensor, (y: G.Tensor) => G.Tensor, number[]]>([
    ['reshape of reshape', G.reshape(x, [6]), (y) => G.mul(G.reshape(y, [3, 2]), weights([3, 2])), fixed],
    ['reshape back', G.reshape(x, [6]), (y) => G.mul(G.reshape(y, [2, 3]), weights([2, 3])), fixed],
    ['expandDims of reshape', G.reshape(x, [6]), (y) => G.mul(G.expandDims(y, 0), weights([1, 6])), fixed],
    ['flatten of reshape', G.reshape(x, [3, 2, 1]), (y) => G.mul(G.flatten(y), weights([3, 2])), fixed],
    ['transpose back', G.transpose(x), (y) => G.mul(G.transpose(y), weights([2, 3])), [1, 4, 2, 5, 3, 6]],
    [
      'transpose of transpose',
      G.transpose(G.reshape(x, [1, 2, 3]), [1, 0, 2]),
      (y) => G.mul(G.transpose(y, [2, 1, 0]), weights([3, 1, 2])),
      [1, 3, 5, 2, 4, 6],
    ],
    ['cast', G.cast(x, 'float32'), (y) => G.mul(y, weights([2, 3])), fixed],
    ['a sum of one', G.sum([x]), (y) => G.mul(y, weights([2, 3])), fixed],
    ['one part', G.concat([x], 0), (y) => G.mul(y, weights([2, 3])), fixed],
    ['a slice that is all', G.slice(x, 0, 0, 2), (y) => G.mul(y, weights([2, 3])), fixed],
    ['picked rows', G.reshape(x, [1, 2, 3]), (y) => G.mul(G.gatherRows(y, [0, 1]), weights([1, 2, 3])), fixed],
  ])('%s', (_, held, after, expected) => {
    const loss = G.reduceSum(after(held));
    const [dHeld, dx] = G.gradients(loss, [held, x]);
    expect(dHeld.shape).toEqual(held.shape);
    expect([...G.evaluate([dHeld], feeds)[0]]).toEqual(expected);
    // The elements of x come by in the same order or transposed; their weights are the same ones.
    expect([...G.evaluate([dx], feeds)[0]].sort()).toEqual(fixed);
    // Asked for alone.
    const [alone] = G.gradients(loss, [held]);
    expect([...G.evaluate([alone], feeds)[0]]).toEqual(expected);
  });

  it('keeps two gradients of the same value apart', () => {
    const y = G.mul(x, 1);
    const scaled = (scale: number) => G.withGradient(y, [x], (dy) => [G.mul(dy, scale)]);
    const [kept, reversed] = [scaled(10), scaled(-7)];
    expect(kept).not.toBe(reversed);
    const [a] = G.gradients(G.reduceSum(kept), [x]);
    const [b] = G.gradients(G.reduceSum(reversed), [x]);
    expect(G.evaluate([a, b], feeds).map(([first]) => first)).toEqual([10, -7]);
  });

  it('shares a gradient that has a name, and only with its own name', () => {
    const y = G.mul(x, 1);
    const scaled = (scale: number) => G.withGradient(y, [x], (dy) => [G.mul(dy, scale)], `scaled ${scale}`);
    expect(scaled(10)).toBe(scaled(10));
    expect(scaled(10)).not.toBe(scaled(-7));
    expect(G.layerNorm(x)).toBe(G.layerNorm(x));
    expect(G.gatherRows(G.reshape(x, [1, 2, 3]), [1, 0])).toBe(G.gatherRows(G.reshape(x, [1, 2, 3]), [1, 0]));
  });

  it('refuses tensors of another graph', () => {
    const other = new G.Graph().input('x', 'float32', [2, 3]);
    expect(() => G.gradients(G.reduceSum(x), [other])).toThrow(
      expect.objectContaining({ message: 'gradients: float32[2, 3] belongs to another graph.' }),
    );
  });
});

describe('evaluate', () => {
  it('rounds to singles, or not', () => {
    const x = new G.Graph().input('x', 'float32', []);
    const third = G.div(x, 3);
    expect(G.evaluate([third], { x: [1] })[0][0]).toBe(Math.fround(1 / 3));
    expect(G.evaluate([third], { x: [1] }, 'float64')[0][0]).toBe(1 / 3);
  });

  it('refuses missing and short feeds', () => {
    const x = new G.Graph().input('x', 'float32', [2]);
    expect(() => G.evaluate([x], {})).toThrow('feed "x": got undefined');
    expect(() => G.evaluate([x], { x: [1] })).toThrow('feed "x": got [1]');
  });

  it('multiplies by hand-worked numbers', () => {
    const graph = new G.Graph();
    const a = graph.constant([1, 2, 3, 4, 5, 6], [2, 3]);
    const b = graph.constant([1, 0, -1, 2, 1, 1], [3, 2]);
    expect([...G.evaluate([G.matMul(a, b)], {})[0]]).toEqual([2, 7, 5, 16]);
    const x = graph.constant([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);
    const w = graph.constant([1, 0, 0, -1], [1, 1, 2, 2]);
    expect([...G.evaluate([G.conv2d(x, w, graph.constant([10]))], {})[0]]).toEqual([6, 6, 6, 6]);
  });
});
