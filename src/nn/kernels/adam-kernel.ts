import { type StepFormula, stepModule } from './simd-step.ts';
import { op } from './wasm-module.ts';

/** The numbers of one Adam step that are the same for all elements, each a single-precision value. */
export type AdamScalars = readonly [
  /** 1 - beta1. */
  gain1: number,
  beta2: number,
  /** 1 - beta2. */
  gain2: number,
  /** -alpha sqrt(1 - beta2^t) / (1 - beta1^t). */
  minusStepSize: number,
  /** epsilon sqrt(1 - beta2^t). */
  epsilonHat: number,
];

/**
 * Moments nearer to zero than this become zero. The first moment of a weight without gradient (a dead unit) decays
 * geometrically and would rest at a subnormal number, and arithmetic on those is tens of times slower. What is dropped
 * moves a weight by less than 1e-22 of the learning rate for epsilon 1e-8.
 */
export const SMALLEST_MOMENT = 2 ** -100;
/** As `SMALLEST_MOMENT`, for means of squares. */
export const SMALLEST_SQUARE = 2 ** -120;

const fround = Math.fround;

/**
 * The plain reference of one step, in single precision throughout: every operation is rounded as SIMD rounds it, so the
 * kernel gives the same bits.
 */
export function adamReference(
  params: Float32Array,
  grads: Float32Array,
  m: Float32Array,
  v: Float32Array,
  scalars: AdamScalars,
): void {
  const [gain1, beta2, gain2, minusStepSize, epsilonHat] = scalars;
  for (let i = 0; i < params.length; i++) {
    const g = grads[i];
    let mNew = fround(m[i] + fround(fround(g - m[i]) * gain1));
    if (Math.abs(mNew) < SMALLEST_MOMENT) mNew = 0;
    m[i] = mNew;
    let vNew = fround(fround(v[i] * beta2) + fround(fround(g * gain2) * g));
    if (vNew < SMALLEST_SQUARE) vNew = 0;
    v[i] = vNew;
    const denominator = fround(fround(Math.sqrt(vNew)) + epsilonHat);
    params[i] = params[i] + fround(fround(minusStepSize * mNew) / denominator);
  }
}

const formula: StepFormula = {
  states: 2,
  scalars: 5,
  constants: [SMALLEST_MOMENT, SMALLEST_SQUARE],
  variables: 3,
  write({ load, store, scalar, constant, get, set }) {
    const [P, G, M, V] = [0, 1, 2, 3];
    const [gain1, beta2, gain2, minusStepSize, epsilonHat] = [0, 1, 2, 3, 4].map(scalar);
    const [g, m, v] = [0, 1, 2];
    return [
      ...set(g, load(G)),
      ...set(m, load(M)),
      // m + (g - m) (1 - beta1)
      ...set(m, [...get(m), ...get(g), ...get(m), ...op.f32x4Sub, ...gain1, ...op.f32x4Mul, ...op.f32x4Add]),
      // cleared where |m| < bound
      ...set(m, [...get(m), ...get(m), ...op.f32x4Abs, ...constant(0), ...op.f32x4Lt, ...op.v128AndNot]),
      ...store(M, get(m)),
      // beta2 v + (1 - beta2) g g
      ...set(v, [
        ...[...load(V), ...beta2, ...op.f32x4Mul],
        ...[...get(g), ...gain2, ...op.f32x4Mul, ...get(g), ...op.f32x4Mul, ...op.f32x4Add],
      ]),
      // cleared where v < bound
      ...set(v, [...get(v), ...get(v), ...constant(1), ...op.f32x4Lt, ...op.v128AndNot]),
      ...store(V, get(v)),
      // p + (-stepSize m) / (sqrt(v) + epsilonHat)
      ...store(P, [
        ...[...load(P), ...minusStepSize, ...get(m), ...op.f32x4Mul],
        ...[...get(v), ...op.f32x4Sqrt, ...epsilonHat, ...op.f32x4Add, ...op.f32x4Div, ...op.f32x4Add],
      ]),
    ];
  },
};

/** The formula of `adamReference` in WebAssembly SIMD. */
export const ADAM_MODULE = stepModule(formula);
