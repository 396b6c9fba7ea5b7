import type { Tensor } from '../graph.ts';
import type { DType } from '../tensor-spec.ts';

/** Converts the element type. Floats are truncated, anything but 0 is true. Not differentiable. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  return x.graph.add({
    op: 'Cast',
    inputs: [x],
    dtype,
    shape: x.shape,
    evaluate: ([a]) => {
      if (dtype === 'bool') return a.data.map((v) => Number(v !== 0));
      return dtype === 'float32' ? a.data.slice() : a.data.map(Math.trunc);
    },
    emit: (onnx, [a]) => onnx.cast(a, dtype),
  });
}
