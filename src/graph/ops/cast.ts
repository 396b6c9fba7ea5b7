import type { Tensor } from '../graph.ts';
import type { DType } from '../tensor-spec.ts';

const onnxType: Record<DType, number> = { float32: 1, uint8: 2, int32: 6, bool: 9 };

/** Converts the element type. Floats are cut towards zero, anything but 0 is true. Not differentiable. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  return x.graph.add({
    op: 'Cast',
    inputs: [x],
    attributes: { to: onnxType[dtype] },
    dtype,
    shape: x.shape,
    evaluate: ([a]) => {
      if (dtype === 'bool') return a.data.map((v) => Number(v !== 0));
      return dtype === 'float32' ? a.data.slice() : a.data.map(Math.trunc);
    },
  });
}
