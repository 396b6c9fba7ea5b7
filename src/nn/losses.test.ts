import { describe, expect, it } from 'vitest';
import { ShapeError } from '../core/errors.ts';
import * as G from '../graph/index.ts';
import { huberLoss, mseLoss } from './losses.ts';

describe('losses', () => {
  const loss = (build: (p: G.Tensor, t: G.Tensor, w: G.Tensor) => G.Tensor) => {
    const graph = new G.Graph();
    const [p, t, w] = ['p', 't', 'w'].map((name) => graph.input(name, 'float32', [4]));
    // Differences of 0, 0.5, -2 and 3.
    const feeds = { p: [1, 1.5, -1, 4], t: [1, 1, 1, 1], w: [4, 2, 1, 0.5] };
    return G.evaluate([build(p, t, w)], feeds, 'float64')[0][0];
  };
  it.each<[string, Parameters<typeof loss>[0], number]>([
    ['squares', (p, t) => mseLoss(p, t), (0 + 0.25 + 4 + 9) / 4],
    ['weighted squares', (p, t, w) => mseLoss(p, t, w), (0 + 0.5 + 4 + 4.5) / 4],
    // 0.5 d² within delta, delta (|d| - delta / 2) beyond.
    ['Huber', (p, t) => huberLoss(p, t), (0 + 0.125 + 1.5 + 2.5) / 4],
    ['weighted Huber', (p, t, w) => huberLoss(p, t, w), (0 + 0.25 + 1.5 + 1.25) / 4],
    ['Huber with delta 2', (p, t) => huberLoss(p, t, undefined, 2), (0 + 0.125 + 2 + 4) / 4],
  ])('%s', (_name, build, expected) => {
    expect(loss(build)).toBeCloseTo(expected, 12);
  });
  it.each([mseLoss, huberLoss])('refuse a target or weights that would be broadcast: %o', (build) => {
    const graph = new G.Graph();
    const [p, t] = [graph.input('p', 'float32', [4]), graph.input('t', 'float32', [4])];
    const column = graph.input('c', 'float32', [4, 1]);
    expect(() => build(p, column)).toThrow(ShapeError);
    expect(() => build(p, t, column)).toThrow(ShapeError);
  });
});
