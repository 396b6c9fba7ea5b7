import { ShapeError } from '../../core/errors.ts';
import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import { describe, normalizeAxes, sameShape } from '../tensor-spec.ts';
import { slice } from './pad-and-crop.ts';

/** Joins tensors along an axis; they agree in type and in all other lengths. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (first === undefined) throw new ShapeError('concat: got no tensors.');
  const [along] = normalizeAxes('concat', axis, first.shape);
  const others = (x: Tensor) => x.shape.filter((_, i) => i !== along);
  for (const part of parts) {
    if (
      part.dtype !== first.dtype ||
      part.shape.length !== first.shape.length ||
      !sameShape(others(part), others(first))
    ) {
      throw new ShapeError(`concat: ${describe(first)} and ${describe(part)} do not join along axis ${axis}.`);
    }
  }
  if (parts.length === 1) return first;
  const lengths = parts.map((part) => part.shape[along]);
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
  const shape = first.shape.map((length, i) => (i === along ? lengths.reduce((a, b) => a + b) : length));
  return first.graph.add({
    op: 'Concat',
    inputs: parts,
    attributes: { axis: along },
    dtype: first.dtype,
    shape,
    evaluate: (inputs) => {
      const out = new Float64Array(sizeOf(shape));
      const inner = sizeOf(shape.slice(along + 1));
      const outer = sizeOf(shape.slice(0, along));
      for (let i = 0, to = 0; i < outer; i++) {
        inputs.forEach((input, k) => {
          const run = lengths[k] * inner;
          out.set(input.data.subarray(i * run, (i + 1) * run), to);
          to += run;
        });
      }
      return out;
    },
    gradient: (dy) => parts.map((_, i) => slice(dy, along, starts[i], starts[i] + lengths[i])),
  });
}
