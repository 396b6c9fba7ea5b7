import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import { describe, requireDType, sameShape } from '../tensor-spec.ts';
import { sumTo } from './sum-and-broadcast.ts';

export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Added to every row: a vector as long as a row of the result. Or a column [rows, 1], added to every column. */
  readonly bias?: Tensor;
}

/** Product of two matrices, either of them transposed on the way in at no cost (ONNX's Gemm). */
export function matMul(a: Tensor, b: Tensor, options: MatMulOptions = {}): Tensor {
  const { transposeA: tA = false, transposeB: tB = false, bias } = options;
  requireDType('matMul', a, 'float32');
  requireDType('matMul', b, 'float32');
  const [m, k] = tA ? [a.shape[1], a.shape[0]] : a.shape;
  const [l, n] = tB ? [b.shape[1], b.shape[0]] : b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || k !== l) {
    const text = (x: Tensor, flag: boolean) => `${describe(x)}${flag ? ' transposed' : ''}`;
    throw new ShapeError(`matMul: ${text(a, tA)} and ${text(b, tB)} do not multiply.`);
  }
  const isColumn = bias?.shape.length === 2;
  if (bias !== undefined && (!sameShape(bias.shape, isColumn ? [m, 1] : [n]) || bias.dtype !== 'float32')) {
    throw new ShapeError(`matMul: bias ${describe(bias)} does not fit rows of ${n}.`);
  }
  return a.graph.add({
    op: 'Gemm',
    inputs: bias === undefined ? [a, b] : [a, b, bias],
    attributes: { transA: Number(tA), transB: Number(tB) },
    dtype: 'float32',
    shape: [m, n],
    evaluate: ([p, q, c]) => {
      // Rows of A and columns of B side by side in memory: the products of the largest tests take seconds otherwise.
      const rows = tA ? flip(p.data, k, m) : p.data;
      const columns = tB ? q.data : flip(q.data, k, n);
      const out = new Float64Array(m * n);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let total = c === undefined ? 0 : c.data[isColumn ? i : j];
          for (let x = 0, at = i * k, bt = j * k; x < k; x++, at++, bt++) total += rows[at] * columns[bt];
          out[i * n + j] = total;
        }
      }
      return out;
    },
    gradient: (dy, _, [wantA, wantB, wantBias]) => {
      const dA = () => (tA ? matMul(b, dy, { transposeA: tB, transposeB: true }) : matMul(dy, b, { transposeB: !tB }));
      const dB = () => (tB ? matMul(dy, a, { transposeA: true, transposeB: tA }) : matMul(a, dy, { transposeA: !tA }));
      return [wantA ? dA() : undefined, wantB ? dB() : undefined, wantBias ? sumTo(dy, bias!.shape) : undefined];
    },
  });
}

/**
 * A fully connected layer in PyTorch's layout: x [B, in], weight [out, in], bias [out] → [B, out].
 * @throws ShapeError when they do not fit.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  if (x.shape.length !== 2 || weight.shape.length !== 2 || x.shape[1] !== weight.shape[1]) {
    throw new ShapeError(`linear: input ${describe(x)} does not fit weight ${describe(weight)} ([out, in]).`);
  }
  return matMul(x, weight, { transposeB: true, ...(bias && { bias }) });
}

function flip(data: Float64Array, rows: number, columns: number): Float64Array {
  return data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]);
}
