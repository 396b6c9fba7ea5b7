import { SMALLEST_MOMENT, SMALLEST_SQUARE } from './adam-kernel.ts';
import { type StepFormula, stepModule } from './simd-step.ts';
import { op } from './wasm-module.ts';

/** The numbers of one RMSProp step that are the same for all elements, each a single-precision value. */
export type RmsPropScalars = readonly [
  alpha: number,
  /** 1 - alpha. */
  gain: number,
  minusLearningRate: number,
  /** Epsilon where it is added below the root, else 0. */
  inside: number,
  /** Epsilon where it is added to the root, else 0. */
  outside: number,
];

const fround = Math.fround;

/**
 * The plain reference of one step, rounded as `adamReference` is, with its bounds near zero.
 * @param means undefined when the squares are not centered.
 */
export function rmsPropReference(
  params: Float32Array,
  grads: Float32Array,
  squares: Float32Array,
  means: Float32Array | undefined,
  scalars: RmsPropScalars,
): void {
  const [alpha, gain, minusLearningRate, inside, outside] = scalars;
  for (let i = 0; i < params.length; i++) {
    const g = grads[i];
    let square = fround(fround(squares[i] * alpha) + fround(fround(g * gain) * g));
    if (square < SMALLEST_SQUARE) square = 0;
    squares[i] = square;
    let variance = square;
    if (means !== undefined) {
      let mean = fround(means[i] + fround(fround(g - means[i]) * gain));
      if (Math.abs(mean) < SMALLEST_MOMENT) mean = 0;
      means[i] = mean;
      // Rounding can carry a variance of zero below it.
      variance = Math.max(fround(square - fround(mean * mean)), 0);
    }
    const denominator = fround(fround(Math.sqrt(fround(variance + inside))) + outside);
    params[i] = params[i] + fround(fround(minusLearningRate * g) / denominator);
  }
}

function formula(centered: boolean): StepFormula {
  return {
    states: centered ? 2 : 1,
    scalars: 5,
    constants: [SMALLEST_SQUARE, SMALLEST_MOMENT, 0],
    variables: 3,
    write({ load, store, scalar, constant, get, set }) {
      const [P, G, SQUARES, MEANS] = [0, 1, 2, 3];
      const [alpha, gain, minusLearningRate, inside, outside] = [0, 1, 2, 3, 4].map(scalar);
      const [g, s, a] = [0, 1, 2];
      return [
        ...set(g, load(G)),
        // alpha s + (1 - alpha) g g
        ...set(s, [
          ...[...load(SQUARES), ...alpha, ...op.f32x4Mul],
          ...[...get(g), ...gain, ...op.f32x4Mul, ...get(g), ...op.f32x4Mul, ...op.f32x4Add],
        ]),
        // cleared where s < bound
        ...set(s, [...get(s), ...get(s), ...constant(0), ...op.f32x4Lt, ...op.v128AndNot]),
        ...store(SQUARES, get(s)),
        ...(centered
          ? [
              ...set(a, load(MEANS)),
              // a + (g - a) (1 - alpha)
              ...set(a, [...get(a), ...get(g), ...get(a), ...op.f32x4Sub, ...gain, ...op.f32x4Mul, ...op.f32x4Add]),
              // cleared where |a| < bound
              ...set(a, [...get(a), ...get(a), ...op.f32x4Abs, ...constant(1), ...op.f32x4Lt, ...op.v128AndNot]),
              ...store(MEANS, get(a)),
              // max(s - a a, 0)
              ...set(s, [
                ...[...get(s), ...get(a), ...get(a), ...op.f32x4Mul, ...op.f32x4Sub],
                ...[...constant(2), ...op.f32x4Max],
              ]),
            ]
          : []),
        // p + (-learningRate g) / (sqrt(s + inside) + outside)
        ...store(P, [
          ...[...load(P), ...minusLearningRate, ...get(g), ...op.f32x4Mul],
          ...[...get(s), ...inside, ...op.f32x4Add, ...op.f32x4Sqrt, ...outside, ...op.f32x4Add],
          ...[...op.f32x4Div, ...op.f32x4Add],
        ]),
      ];
    },
  };
}

/** The formula of `rmsPropReference` in WebAssembly SIMD, with and without `means`. */
export const RMS_PROP_MODULES = {
  centered: stepModule(formula(true)),
  plain: stepModule(formula(false)),
} as const;
