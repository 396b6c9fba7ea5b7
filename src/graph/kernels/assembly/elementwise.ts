import { exponential, hyperbolicTangent, logarithm } from './functions';
import { storeFirst } from './lanes';
import { KIND } from './opcodes';
import { address, word } from './words';

// @ts-ignore: decorator
@inline
function apply(kind: i32, a: v128, b: v128, c: v128): v128 {
  if (kind == KIND.add) return f32x4.add(a, b);
  if (kind == KIND.sub) return f32x4.sub(a, b);
  if (kind == KIND.mul) return f32x4.mul(a, b);
  if (kind == KIND.div) return f32x4.div(a, b);
  if (kind == KIND.max) return f32x4.max(a, b);
  if (kind == KIND.min) return f32x4.min(a, b);
  if (kind == KIND.greater) return f32x4.gt(a, b);
  if (kind == KIND.greaterOrEqual) return f32x4.ge(a, b);
  if (kind == KIND.less) return f32x4.lt(a, b);
  if (kind == KIND.equal) return f32x4.eq(a, b);
  if (kind == KIND.addInts) return i32x4.add(a, b);
  if (kind == KIND.subInts) return i32x4.sub(a, b);
  if (kind == KIND.mulInts) return i32x4.mul(a, b);
  if (kind == KIND.maxInts) return i32x4.max_s(a, b);
  if (kind == KIND.minInts) return i32x4.min_s(a, b);
  if (kind == KIND.greaterInts) return i32x4.gt_s(a, b);
  if (kind == KIND.greaterOrEqualInts) return i32x4.ge_s(a, b);
  if (kind == KIND.lessInts) return i32x4.lt_s(a, b);
  if (kind == KIND.equalInts) return i32x4.eq(a, b);
  if (kind == KIND.and) return v128.and(a, b);
  // a where b > 0, else 0
  if (kind == KIND.wherePositive) return v128.and(a, f32x4.gt(b, f32x4.splat(0)));
  // condition, then, else
  if (kind == KIND.where) return v128.bitselect(b, c, a);
  if (kind == KIND.relu) return f32x4.max(a, f32x4.splat(0));
  if (kind == KIND.abs) return f32x4.abs(a);
  if (kind == KIND.neg) return f32x4.neg(a);
  if (kind == KIND.sqrt) return f32x4.sqrt(a);
  if (kind == KIND.sign) {
    // -1, 0 or 1; zeros and NaN as they are
    const one = f32x4.splat(1);
    const signs = v128.or(v128.and(a, f32x4.splat(-0.0)), one);
    const zero = f32x4.splat(0);
    return v128.bitselect(signs, a, v128.or(f32x4.gt(a, zero), f32x4.lt(a, zero)));
  }
  if (kind == KIND.not) return v128.not(a);
  // casts: mask to float, float to mask, int to float, float to int, mask to int, int to mask
  if (kind == KIND.maskToFloats) return v128.and(a, f32x4.splat(1));
  if (kind == KIND.floatsToMask) return f32x4.ne(a, f32x4.splat(0));
  if (kind == KIND.intsToFloats) return f32x4.convert_i32x4_s(a);
  if (kind == KIND.floatsToInts) return i32x4.trunc_sat_f32x4_s(a);
  if (kind == KIND.maskToInts) return v128.and(a, i32x4.splat(1));
  return i32x4.ne(a, i32x4.splat(0));
}

// @ts-ignore: decorator
@inline
function one(kind: i32, y: usize, a: usize, stepA: usize, n: i32): void {
  let left = n;
  while (left >= 4) {
    const va = v128.load(a);
    v128.store(y, apply(kind, va, va, va));
    y += 16;
    a += stepA;
    left -= 4;
  }
  if (left) {
    const va = v128.load(a);
    storeFirst(y, apply(kind, va, va, va), left);
  }
}

// @ts-ignore: decorator
@inline
function two(kind: i32, y: usize, a: usize, b: usize, stepA: usize, stepB: usize, n: i32): void {
  let left = n;
  while (left >= 4) {
    const va = v128.load(a);
    v128.store(y, apply(kind, va, v128.load(b), va));
    y += 16;
    a += stepA;
    b += stepB;
    left -= 4;
  }
  if (left) {
    const va = v128.load(a);
    storeFirst(y, apply(kind, va, v128.load(b), va), left);
  }
}

// @ts-ignore: decorator
@inline
function three(y: usize, a: usize, b: usize, c: usize, stepA: usize, stepB: usize, stepC: usize, n: i32): void {
  let left = n;
  while (left >= 4) {
    v128.store(y, apply(KIND.where, v128.load(a), v128.load(b), v128.load(c)));
    y += 16;
    a += stepA;
    b += stepB;
    c += stepC;
    left -= 4;
  }
  if (left) storeFirst(y, apply(KIND.where, v128.load(a), v128.load(b), v128.load(c)), left);
}

function clip(y: usize, a: usize, stepA: usize, n: i32, low: f32, high: f32): void {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let left = n;
  while (left >= 4) {
    v128.store(y, f32x4.min(f32x4.max(v128.load(a), lows), highs));
    y += 16;
    a += stepA;
    left -= 4;
  }
  if (left) storeFirst(y, f32x4.min(f32x4.max(v128.load(a), lows), highs), left);
}

/** @param stepA bytes from one element to the next. */
function smooth(kind: i32, y: usize, a: usize, stepA: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const x = <f64>load<f32>(a);
    let v: f64;
    if (kind == KIND.exp) v = exponential(x);
    else if (kind == KIND.log) v = logarithm(x);
    else if (kind == KIND.tanh) v = hyperbolicTangent(x);
    else v = 1.0 / (1.0 + exponential(-x));
    store<f32>(y, <f32>v);
    y += 4;
    a += stepA;
  }
}

/** Where the elements of a broadcast operand are read: repeated four times in the scratch, else where they lie. */
// @ts-ignore: decorator
@inline
function spread(from: usize, step: i32, scratch: usize): usize {
  if (step) return from;
  v128.store(scratch, v128.load32_splat(from));
  return scratch;
}

export function elementwise(at: usize): void {
  const kind = word(at, 2);
  let y = address(at, 3);
  const a0 = address(at, 4);
  const b0 = address(at, 5);
  const c0 = address(at, 6);
  const d0 = word(at, 7);
  const d1 = word(at, 8);
  const d2 = word(at, 9);
  const n = word(at, 10);
  const innerA = word(at, 14);
  const innerB = word(at, 18);
  const innerC = word(at, 22);
  const scratch = address(at, 25);
  const stepA = <usize>innerA << 2;
  const stepB = <usize>innerB << 2;
  const stepC = <usize>innerC << 2;
  for (let i = 0; i < d0; i++) {
    for (let j = 0; j < d1; j++) {
      let a = a0 + <usize>(i * word(at, 11) + j * word(at, 12));
      let b = b0 + <usize>(i * word(at, 15) + j * word(at, 16));
      let c = c0 + <usize>(i * word(at, 19) + j * word(at, 20));
      for (let k = 0; k < d2; k++) {
        if (kind >= KIND.exp) {
          smooth(kind, y, a, <usize>innerA, n);
        } else {
          const pa = spread(a, innerA, scratch);
          if (kind >= KIND.relu) {
            switch (kind) {
              case KIND.relu: one(KIND.relu, y, pa, stepA, n); break;
              case KIND.abs: one(KIND.abs, y, pa, stepA, n); break;
              case KIND.neg: one(KIND.neg, y, pa, stepA, n); break;
              case KIND.sqrt: one(KIND.sqrt, y, pa, stepA, n); break;
              case KIND.sign: one(KIND.sign, y, pa, stepA, n); break;
              case KIND.not: one(KIND.not, y, pa, stepA, n); break;
              case KIND.maskToFloats: one(KIND.maskToFloats, y, pa, stepA, n); break;
              case KIND.floatsToMask: one(KIND.floatsToMask, y, pa, stepA, n); break;
              case KIND.intsToFloats: one(KIND.intsToFloats, y, pa, stepA, n); break;
              case KIND.floatsToInts: one(KIND.floatsToInts, y, pa, stepA, n); break;
              case KIND.maskToInts: one(KIND.maskToInts, y, pa, stepA, n); break;
              case KIND.intsToMask: one(KIND.intsToMask, y, pa, stepA, n); break;
              default: clip(y, pa, stepA, n, load<f32>(at, 92), load<f32>(at, 96));
            }
          } else {
            const pb = spread(b, innerB, scratch + 16);
            switch (kind) {
              case KIND.add: two(KIND.add, y, pa, pb, stepA, stepB, n); break;
              case KIND.sub: two(KIND.sub, y, pa, pb, stepA, stepB, n); break;
              case KIND.mul: two(KIND.mul, y, pa, pb, stepA, stepB, n); break;
              case KIND.div: two(KIND.div, y, pa, pb, stepA, stepB, n); break;
              case KIND.max: two(KIND.max, y, pa, pb, stepA, stepB, n); break;
              case KIND.min: two(KIND.min, y, pa, pb, stepA, stepB, n); break;
              case KIND.greater: two(KIND.greater, y, pa, pb, stepA, stepB, n); break;
              case KIND.greaterOrEqual: two(KIND.greaterOrEqual, y, pa, pb, stepA, stepB, n); break;
              case KIND.less: two(KIND.less, y, pa, pb, stepA, stepB, n); break;
              case KIND.equal: two(KIND.equal, y, pa, pb, stepA, stepB, n); break;
              case KIND.addInts: two(KIND.addInts, y, pa, pb, stepA, stepB, n); break;
              case KIND.subInts: two(KIND.subInts, y, pa, pb, stepA, stepB, n); break;
              case KIND.mulInts: two(KIND.mulInts, y, pa, pb, stepA, stepB, n); break;
              case KIND.maxInts: two(KIND.maxInts, y, pa, pb, stepA, stepB, n); break;
              case KIND.minInts: two(KIND.minInts, y, pa, pb, stepA, stepB, n); break;
              case KIND.greaterInts: two(KIND.greaterInts, y, pa, pb, stepA, stepB, n); break;
              case KIND.greaterOrEqualInts: two(KIND.greaterOrEqualInts, y, pa, pb, stepA, stepB, n); break;
              case KIND.lessInts: two(KIND.lessInts, y, pa, pb, stepA, stepB, n); break;
              case KIND.equalInts: two(KIND.equalInts, y, pa, pb, stepA, stepB, n); break;
              case KIND.and: two(KIND.and, y, pa, pb, stepA, stepB, n); break;
              case KIND.wherePositive: two(KIND.wherePositive, y, pa, pb, stepA, stepB, n); break;
              default: three(y, pa, pb, spread(c, innerC, scratch + 32), stepA, stepB, stepC, n);
            }
          }
        }
        y += <usize>n << 2;
        a += <usize>word(at, 13);
        b += <usize>word(at, 17);
        c += <usize>word(at, 21);
      }
    }
  }
}
