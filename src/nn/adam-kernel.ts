import { type Code, F32, I32, op, V128, wasmModule, whileLoop } from './wasm-module.ts';

/** The numbers of one Adam step that are the same for all elements, each a single-precision value. */
export interface AdamScalars {
  /** 1 - beta1. */
  readonly gain1: number;
  readonly beta2: number;
  /** 1 - beta2. */
  readonly gain2: number;
  /** -alpha sqrt(1 - beta2^t) / (1 - beta1^t). */
  readonly minusStepSize: number;
  /** epsilon sqrt(1 - beta2^t). */
  readonly epsilonHat: number;
}

/**
 * Moments nearer to zero than this become zero. The first moment of a weight without gradient (a dead unit) decays
 * geometrically and would rest at a subnormal number, and arithmetic on those is tens of times slower. What is dropped
 * moves a weight by less than 1e-22 of the learning rate for epsilon 1e-8.
 */
export const SMALLEST_MOMENT = 2 ** -100;
const SMALLEST_SQUARE = 2 ** -120;

const fround = Math.fround;

/**
 * The plain reference of one step over the elements [from, to), in single precision throughout: every operation is
 * rounded as SIMD rounds it, so the kernel gives the same bits.
 */
export function adamReference(
  params: Float32Array,
  grads: Float32Array,
  m: Float32Array,
  v: Float32Array,
  from: number,
  to: number,
  scalars: AdamScalars,
): void {
  const { gain1, beta2, gain2, minusStepSize, epsilonHat } = scalars;
  for (let i = from; i < to; i++) {
    const g = grads[i];
    const mOld = m[i];
    let mNew = fround(mOld + fround(fround(g - mOld) * gain1));
    let vNew = fround(fround(v[i] * beta2) + fround(fround(g * gain2) * g));
    if (Math.abs(mNew) < SMALLEST_MOMENT) mNew = 0;
    if (vNew < SMALLEST_SQUARE) vNew = 0;
    m[i] = mNew;
    v[i] = vNew;
    const denominator = fround(fround(Math.sqrt(vNew)) + epsilonHat);
    params[i] = params[i] + fround(fround(minusStepSize * mNew) / denominator);
  }
}

/** The compiled kernel; addresses in bytes, the length of [p, end) divides by 16. */
export type AdamKernel = (
  end: number,
  p: number,
  g: number,
  m: number,
  v: number,
  gain1: number,
  beta2: number,
  gain2: number,
  minusStepSize: number,
  epsilonHat: number,
) => void;

// Parameters of the kernel: the end of the parameters, addresses of parameters, gradients and moments, the scalars.
const END = 0;
const P = 1;
const G = 2;
const M = 3;
const V = 4;
const GAIN_1 = 5;
// Further locals: the scalars in all four lanes, in the same order, then the two bounds, then the values in work.
const LANES = 10;
const MOMENT_BOUND = 15;
const SQUARE_BOUND = 16;
const g = 17;
const m = 18;
const v = 19;
const get = op.localGet;
const lanes = (scalar: number): Code => get(LANES + scalar);
const [gain1, beta2, gain2, minusStepSize, epsilonHat] = [0, 1, 2, 3, 4].map(lanes);

/** Four elements; the right side shows the value on the stack in the formula's letters. */
const fourElements: Code = [
  ...[...get(G), ...op.v128Load(), ...op.localSet(g)],
  // m + (g - m) (1 - beta1)
  ...[...get(M), ...op.v128Load(), ...op.localTee(m)],
  ...[...get(g), ...get(m), ...op.f32x4Sub, ...gain1, ...op.f32x4Mul, ...op.f32x4Add, ...op.localTee(m)],
  // and not (|m| < bound)
  ...[...get(m), ...op.f32x4Abs, ...get(MOMENT_BOUND), ...op.f32x4Lt, ...op.v128AndNot, ...op.localSet(m)],
  ...[...get(M), ...get(m), ...op.v128Store()],
  // beta2 v + (1 - beta2) g g
  ...[...get(V), ...op.v128Load(), ...beta2, ...op.f32x4Mul],
  ...[...get(g), ...gain2, ...op.f32x4Mul, ...get(g), ...op.f32x4Mul, ...op.f32x4Add, ...op.localTee(v)],
  // and not (v < bound)
  ...[...get(v), ...get(SQUARE_BOUND), ...op.f32x4Lt, ...op.v128AndNot, ...op.localSet(v)],
  ...[...get(V), ...get(v), ...op.v128Store()],
  // p + (-stepSize m) / (sqrt(v) + epsilonHat)
  ...[...get(P), ...get(P), ...op.v128Load()],
  ...[...minusStepSize, ...get(m), ...op.f32x4Mul],
  ...[...get(v), ...op.f32x4Sqrt, ...epsilonHat, ...op.f32x4Add, ...op.f32x4Div, ...op.f32x4Add, ...op.v128Store()],
];

const advance = (pointer: number): Code => [...get(pointer), ...op.i32Const(16), ...op.i32Add, ...op.localSet(pointer)];

/** A module that exports `adam`, an `AdamKernel`. */
export const ADAM_MODULE = wasmModule({
  name: 'adam',
  parameters: [I32, I32, I32, I32, I32, F32, F32, F32, F32, F32],
  locals: Array(10).fill(V128),
  code: [
    ...[0, 1, 2, 3, 4].flatMap((i) => [...get(GAIN_1 + i), ...op.f32x4Splat, ...op.localSet(LANES + i)]),
    ...[...op.f32Const(SMALLEST_MOMENT), ...op.f32x4Splat, ...op.localSet(MOMENT_BOUND)],
    ...[...op.f32Const(SMALLEST_SQUARE), ...op.f32x4Splat, ...op.localSet(SQUARE_BOUND)],
    ...whileLoop(
      [...get(P), ...get(END), ...op.i32LtU],
      [...fourElements, ...advance(P), ...advance(G), ...advance(M), ...advance(V)],
    ),
  ],
});
