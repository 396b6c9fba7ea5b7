/**
 * The kernels of graphs, in AssemblyScript: they carry out a program, instruction after instruction, in the memory where the
 * numbers lie. An instruction is a row of 32-bit words: its opcode, how many words it has, its operands (addresses, lengths,
 * steps in bytes); src/graph/kernels/opcodes.ts names them all. Sums have a fixed order, products are rounded before they
 * are added, nothing is relaxed: src/graph/kernels/scalar-kernels.ts does the same in TypeScript, to the bit.
 *
 * Loads may reach up to 28 bytes beyond an array, stores never do.
 */

// @ts-ignore: decorator
@inline
function word(at: usize, index: i32): i32 {
  return load<i32>(at + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
function address(at: usize, index: i32): usize {
  return <usize>load<u32>(at + (<usize>index << 2));
}

export function run(program: usize, end: usize): void {
  let at = program;
  while (at < end) {
    switch (load<i32>(at)) {
      case 0: elementwise(at); break;
      case 1: product(at); break;
      case 2: reduce(at); break;
      case 3: argMax(at); break;
      case 4: softmax(at); break;
      case 5: copy(at); break;
      case 6: gather(at); break;
      case 7: fromBytes(at); break;
      case 8: toBytes(at); break;
      case 9: zero(at); break;
      default: unreachable();
    }
    at += <usize>load<u32>(at, 4) << 2;
  }
}

// ---- elementwise ----

/** Stores the first 1 to 3 elements. */
// @ts-ignore: decorator
@inline
function storeFirst(to: usize, v: v128, count: i32): void {
  if (count & 2) {
    v128.store64_lane(to, v, 0);
    if (count & 1) v128.store32_lane(to, v, 2, 8);
  } else {
    v128.store32_lane(to, v, 0);
  }
}

// @ts-ignore: decorator
@inline
function apply(kind: i32, a: v128, b: v128, c: v128): v128 {
  if (kind == 0) return f32x4.add(a, b);
  if (kind == 1) return f32x4.sub(a, b);
  if (kind == 2) return f32x4.mul(a, b);
  if (kind == 3) return f32x4.div(a, b);
  if (kind == 4) return f32x4.max(a, b);
  if (kind == 5) return f32x4.min(a, b);
  if (kind == 6) return f32x4.gt(a, b);
  if (kind == 7) return f32x4.ge(a, b);
  if (kind == 8) return f32x4.lt(a, b);
  if (kind == 9) return f32x4.eq(a, b);
  if (kind == 10) return i32x4.add(a, b);
  if (kind == 11) return i32x4.sub(a, b);
  if (kind == 12) return i32x4.mul(a, b);
  if (kind == 13) return i32x4.max_s(a, b);
  if (kind == 14) return i32x4.min_s(a, b);
  if (kind == 15) return i32x4.gt_s(a, b);
  if (kind == 16) return i32x4.ge_s(a, b);
  if (kind == 17) return i32x4.lt_s(a, b);
  if (kind == 18) return i32x4.eq(a, b);
  if (kind == 19) return v128.and(a, b);
  // a where b > 0, else 0
  if (kind == 20) return v128.and(a, f32x4.gt(b, f32x4.splat(0)));
  // condition, then, else
  if (kind == 21) return v128.bitselect(b, c, a);
  if (kind == 22) return f32x4.max(a, f32x4.splat(0));
  if (kind == 23) return f32x4.abs(a);
  if (kind == 24) return f32x4.neg(a);
  if (kind == 25) return f32x4.sqrt(a);
  if (kind == 26) {
    // -1, 0 or 1; zeros and NaN as they are
    const one = f32x4.splat(1);
    const signs = v128.or(v128.and(a, f32x4.splat(-0.0)), one);
    const zero = f32x4.splat(0);
    return v128.bitselect(signs, a, v128.or(f32x4.gt(a, zero), f32x4.lt(a, zero)));
  }
  if (kind == 27) return v128.not(a);
  // casts: mask to float, float to mask, int to float, float to int, mask to int, int to mask
  if (kind == 28) return v128.and(a, f32x4.splat(1));
  if (kind == 29) return f32x4.ne(a, f32x4.splat(0));
  if (kind == 30) return f32x4.convert_i32x4_s(a);
  if (kind == 31) return i32x4.trunc_sat_f32x4_s(a);
  if (kind == 32) return v128.and(a, i32x4.splat(1));
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
    v128.store(y, apply(21, v128.load(a), v128.load(b), v128.load(c)));
    y += 16;
    a += stepA;
    b += stepB;
    c += stepC;
    left -= 4;
  }
  if (left) storeFirst(y, apply(21, v128.load(a), v128.load(b), v128.load(c)), left);
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
    if (kind == 35) v = exponential(x);
    else if (kind == 36) v = logarithm(x);
    else if (kind == 37) v = hyperbolicTangent(x);
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

function elementwise(at: usize): void {
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
        if (kind >= 35) {
          smooth(kind, y, a, <usize>innerA, n);
        } else {
          const pa = spread(a, innerA, scratch);
          if (kind >= 22) {
            switch (kind) {
              case 22: one(22, y, pa, stepA, n); break;
              case 23: one(23, y, pa, stepA, n); break;
              case 24: one(24, y, pa, stepA, n); break;
              case 25: one(25, y, pa, stepA, n); break;
              case 26: one(26, y, pa, stepA, n); break;
              case 27: one(27, y, pa, stepA, n); break;
              case 28: one(28, y, pa, stepA, n); break;
              case 29: one(29, y, pa, stepA, n); break;
              case 30: one(30, y, pa, stepA, n); break;
              case 31: one(31, y, pa, stepA, n); break;
              case 32: one(32, y, pa, stepA, n); break;
              case 33: one(33, y, pa, stepA, n); break;
              default: clip(y, pa, stepA, n, load<f32>(at, 92), load<f32>(at, 96));
            }
          } else {
            const pb = spread(b, innerB, scratch + 16);
            switch (kind) {
              case 0: two(0, y, pa, pb, stepA, stepB, n); break;
              case 1: two(1, y, pa, pb, stepA, stepB, n); break;
              case 2: two(2, y, pa, pb, stepA, stepB, n); break;
              case 3: two(3, y, pa, pb, stepA, stepB, n); break;
              case 4: two(4, y, pa, pb, stepA, stepB, n); break;
              case 5: two(5, y, pa, pb, stepA, stepB, n); break;
              case 6: two(6, y, pa, pb, stepA, stepB, n); break;
              case 7: two(7, y, pa, pb, stepA, stepB, n); break;
              case 8: two(8, y, pa, pb, stepA, stepB, n); break;
              case 9: two(9, y, pa, pb, stepA, stepB, n); break;
              case 10: two(10, y, pa, pb, stepA, stepB, n); break;
              case 11: two(11, y, pa, pb, stepA, stepB, n); break;
              case 12: two(12, y, pa, pb, stepA, stepB, n); break;
              case 13: two(13, y, pa, pb, stepA, stepB, n); break;
              case 14: two(14, y, pa, pb, stepA, stepB, n); break;
              case 15: two(15, y, pa, pb, stepA, stepB, n); break;
              case 16: two(16, y, pa, pb, stepA, stepB, n); break;
              case 17: two(17, y, pa, pb, stepA, stepB, n); break;
              case 18: two(18, y, pa, pb, stepA, stepB, n); break;
              case 19: two(19, y, pa, pb, stepA, stepB, n); break;
              case 20: two(20, y, pa, pb, stepA, stepB, n); break;
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

// ---- functions of one variable ----

/** e^x in doubles, for results in singles: beyond ±104 those are 0 and infinity. */
function exponential(x: f64): f64 {
  if (x != x) return x;
  if (x > 104) x = 104;
  if (x < -104) x = -104;
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  let sum = 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  return sum * reinterpret<f64>(<i64>(<i32>k + 1023) << 52);
}

/** The natural logarithm in doubles: 2 artanh((m - 1) / (m + 1)) of the significand. */
function logarithm(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  const bits = reinterpret<i64>(x);
  let e = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m = m * 0.5;
    e++;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let sum = 1.0 / 19.0;
  sum = sum * q + 1.0 / 17.0;
  sum = sum * q + 1.0 / 15.0;
  sum = sum * q + 1.0 / 13.0;
  sum = sum * q + 1.0 / 11.0;
  sum = sum * q + 1.0 / 9.0;
  sum = sum * q + 1.0 / 7.0;
  sum = sum * q + 1.0 / 5.0;
  sum = sum * q + 1.0 / 3.0;
  sum = sum * q + 1.0;
  return <f64>e * 0.6931471805599453 + 2.0 * s * sum;
}

function hyperbolicTangent(x: f64): f64 {
  if (x > 20) return 1;
  if (x < -20) return -1;
  if (x < 0.005 && x > -0.005) {
    const q = x * x;
    return x * (1.0 + q * (-1.0 / 3.0 + q * (2.0 / 15.0)));
  }
  const e = exponential(2.0 * x);
  return (e - 1.0) / (e + 1.0);
}

// ---- product of matrices ----

/** Rows of B that are multiplied at a time: with eight columns they fill a fraction of the first cache. */
const DEPTH: i32 = 256;

/** (l0 + l1) + (l2 + l3) of four vectors, as one. */
// @ts-ignore: decorator
@inline
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  const l0 = v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5);
  const l1 = v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7);
  const l2 = v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5);
  const l3 = v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7);
  return f32x4.add(f32x4.add(l0, l1), f32x4.add(l2, l3));
}

// @ts-ignore: decorator
@inline
function total(a: v128): f32 {
  return (
    f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
}

/** Few rows or columns: scalar products of rows of A and rows of the transposed B. */
function dots(y: usize, a: usize, b: usize, bias: usize, biasRow: usize, biasColumn: usize, m: i32, n: i32, k: i32, relu: i32): void {
  const length = <usize>k << 2;
  const whole = length & ~15;
  for (let i = 0; i < m; i++) {
    let row = b;
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      const r1 = row + length;
      const r2 = r1 + length;
      const r3 = r2 + length;
      let x: usize = 0;
      for (; x < whole; x += 16) {
        const va = v128.load(a + x);
        s0 = f32x4.add(s0, f32x4.mul(va, v128.load(row + x)));
        s1 = f32x4.add(s1, f32x4.mul(va, v128.load(r1 + x)));
        s2 = f32x4.add(s2, f32x4.mul(va, v128.load(r2 + x)));
        s3 = f32x4.add(s3, f32x4.mul(va, v128.load(r3 + x)));
      }
      let s = sums(s0, s1, s2, s3);
      for (; x < length; x += 4) {
        const b4 = f32x4(load<f32>(row + x), load<f32>(r1 + x), load<f32>(r2 + x), load<f32>(r3 + x));
        s = f32x4.add(s, f32x4.mul(v128.load32_splat(a + x), b4));
      }
      if (bias) s = f32x4.add(s, biasColumn ? v128.load(bias + <usize>i * biasRow + (<usize>j << 2)) : v128.load32_splat(bias + <usize>i * biasRow));
      if (relu) s = f32x4.max(s, f32x4.splat(0));
      v128.store(y, s);
      y += 16;
      row = r3 + length;
    }
    for (; j < n; j++) {
      let s0 = f32x4.splat(0);
      let x: usize = 0;
      for (; x < whole; x += 16) s0 = f32x4.add(s0, f32x4.mul(v128.load(a + x), v128.load(row + x)));
      let s = total(s0);
      for (; x < length; x += 4) s += load<f32>(a + x) * load<f32>(row + x);
      if (bias) s += load<f32>(bias + <usize>i * biasRow + <usize>j * biasColumn);
      if (relu) s = max<f32>(s, 0);
      store<f32>(y, s);
      y += 4;
      row += length;
    }
    a += length;
  }
}

/** Copies `depth` rows and 8 columns of B (fewer at its edge, then zeros) row after row. */
function pack(to: usize, b: usize, rowB: usize, columnB: usize, depth: i32, columns: i32): void {
  if (columnB == 4) {
    for (let x = 0; x < depth; x++) {
      v128.store(to, v128.load(b));
      if (columns > 4) v128.store(to, v128.load(b, 16), 16);
      to += 32;
      b += rowB;
    }
    return;
  }
  // The transposed one: four by four elements at a time. What lies beyond its edge repeats the last row.
  for (let half = 0; half < (columns > 4 ? 2 : 1); half++) {
    const first = half << 2;
    const most = columns - 1;
    const b0 = b + <usize>first * columnB;
    const b1 = b + <usize>min(first + 1, most) * columnB;
    const b2 = b + <usize>min(first + 2, most) * columnB;
    const b3 = b + <usize>min(first + 3, most) * columnB;
    let out = to + (<usize>half << 4);
    let x: usize = 0;
    const length = <usize>depth << 2;
    const whole = length & ~15;
    for (; x < whole; x += 16) {
      const r0 = v128.load(b0 + x);
      const r1 = v128.load(b1 + x);
      const r2 = v128.load(b2 + x);
      const r3 = v128.load(b3 + x);
      const p0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const p1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const q0 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const q1 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f32>(p0, q0, 0, 1, 4, 5));
      v128.store(out, v128.shuffle<f32>(p0, q0, 2, 3, 6, 7), 32);
      v128.store(out, v128.shuffle<f32>(p1, q1, 0, 1, 4, 5), 64);
      v128.store(out, v128.shuffle<f32>(p1, q1, 2, 3, 6, 7), 96);
      out += 128;
    }
    for (; x < length; x += 4) {
      v128.store(out, f32x4(load<f32>(b0 + x), load<f32>(b1 + x), load<f32>(b2 + x), load<f32>(b3 + x)));
      out += 32;
    }
  }
}

/** What a sum begins with: the bias, nothing, or what the rows of B before gave. */
// @ts-ignore: decorator
@inline
function begin(from: usize, splat: i32, offset: usize): v128 {
  if (!from) return f32x4.splat(0);
  return splat ? v128.load32_splat(from) : v128.load(from + offset);
}

// @ts-ignore: decorator
@inline
function finish(to: usize, v: v128, relu: i32): void {
  v128.store(to, relu ? f32x4.max(v, f32x4.splat(0)) : v);
}

// @ts-ignore: decorator
@inline
function finishFirst(to: usize, v: v128, relu: i32, columns: i32): void {
  const r = relu ? f32x4.max(v, f32x4.splat(0)) : v;
  if (columns >= 4) v128.store(to, r);
  else storeFirst(to, r, columns);
}

/**
 * Four rows and up to eight columns.
 * @param from what the sums of the first row begin with, 0 for nothing; `fromRow` bytes from row to row.
 * @param splat whether one number is for a whole row.
 */
function rows4(
  y: usize, rowY: usize, from: usize, fromRow: usize, splat: i32,
  a: usize, rowA: usize, stepA: usize, b: usize, stepB: usize, depth: i32, columns: i32, relu: i32,
): void {
  const f1 = from ? from + fromRow : 0;
  const f2 = from ? f1 + fromRow : 0;
  const f3 = from ? f2 + fromRow : 0;
  let a0 = a;
  let a1 = a0 + rowA;
  let a2 = a1 + rowA;
  let a3 = a2 + rowA;
  let c00 = begin(from, splat, 0);
  let c10 = begin(f1, splat, 0);
  let c20 = begin(f2, splat, 0);
  let c30 = begin(f3, splat, 0);
  if (columns <= 4) {
    for (let x = 0; x < depth; x++) {
      const b0 = v128.load(b);
      c00 = f32x4.add(c00, f32x4.mul(v128.load32_splat(a0), b0));
      c10 = f32x4.add(c10, f32x4.mul(v128.load32_splat(a1), b0));
      c20 = f32x4.add(c20, f32x4.mul(v128.load32_splat(a2), b0));
      c30 = f32x4.add(c30, f32x4.mul(v128.load32_splat(a3), b0));
      a0 += stepA;
      a1 += stepA;
      a2 += stepA;
      a3 += stepA;
      b += stepB;
    }
    finishFirst(y, c00, relu, columns);
    finishFirst(y + rowY, c10, relu, columns);
    finishFirst(y + 2 * rowY, c20, relu, columns);
    finishFirst(y + 3 * rowY, c30, relu, columns);
    return;
  }
  let c01 = begin(from, splat, 16);
  let c11 = begin(f1, splat, 16);
  let c21 = begin(f2, splat, 16);
  let c31 = begin(f3, splat, 16);
  if (rowA == 4) {
    // A is transposed: the four elements lie side by side.
    for (let x = 0; x < depth; x++) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let s = v128.load32_splat(a0);
      c00 = f32x4.add(c00, f32x4.mul(s, b0));
      c01 = f32x4.add(c01, f32x4.mul(s, b1));
      s = v128.load32_splat(a0, 4);
      c10 = f32x4.add(c10, f32x4.mul(s, b0));
      c11 = f32x4.add(c11, f32x4.mul(s, b1));
      s = v128.load32_splat(a0, 8);
      c20 = f32x4.add(c20, f32x4.mul(s, b0));
      c21 = f32x4.add(c21, f32x4.mul(s, b1));
      s = v128.load32_splat(a0, 12);
      c30 = f32x4.add(c30, f32x4.mul(s, b0));
      c31 = f32x4.add(c31, f32x4.mul(s, b1));
      a0 += stepA;
      b += stepB;
    }
  } else {
    for (let x = 0; x < depth; x++) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let s = v128.load32_splat(a0);
      c00 = f32x4.add(c00, f32x4.mul(s, b0));
      c01 = f32x4.add(c01, f32x4.mul(s, b1));
      s = v128.load32_splat(a1);
      c10 = f32x4.add(c10, f32x4.mul(s, b0));
      c11 = f32x4.add(c11, f32x4.mul(s, b1));
      s = v128.load32_splat(a2);
      c20 = f32x4.add(c20, f32x4.mul(s, b0));
      c21 = f32x4.add(c21, f32x4.mul(s, b1));
      s = v128.load32_splat(a3);
      c30 = f32x4.add(c30, f32x4.mul(s, b0));
      c31 = f32x4.add(c31, f32x4.mul(s, b1));
      a0 += stepA;
      a1 += stepA;
      a2 += stepA;
      a3 += stepA;
      b += stepB;
    }
  }
  finish(y, c00, relu);
  finishFirst(y + 16, c01, relu, columns - 4);
  y += rowY;
  finish(y, c10, relu);
  finishFirst(y + 16, c11, relu, columns - 4);
  y += rowY;
  finish(y, c20, relu);
  finishFirst(y + 16, c21, relu, columns - 4);
  y += rowY;
  finish(y, c30, relu);
  finishFirst(y + 16, c31, relu, columns - 4);
}

/** As `rows4`, one row. */
function rows1(
  y: usize, from: usize, splat: i32,
  a: usize, stepA: usize, b: usize, stepB: usize, depth: i32, columns: i32, relu: i32,
): void {
  let c0 = begin(from, splat, 0);
  let c1 = begin(from, splat, 16);
  for (let x = 0; x < depth; x++) {
    const s = v128.load32_splat(a);
    c0 = f32x4.add(c0, f32x4.mul(s, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(s, v128.load(b, 16)));
    a += stepA;
    b += stepB;
  }
  finishFirst(y, c0, relu, columns);
  if (columns > 4) finishFirst(y + 16, c1, relu, columns - 4);
}

function product(at: usize): void {
  const y = address(at, 2);
  const a = address(at, 3);
  const b = address(at, 4);
  const bias = address(at, 5);
  const m = word(at, 6);
  const n = word(at, 7);
  const k = word(at, 8);
  const rowA = <usize>word(at, 9);
  const stepA = <usize>word(at, 10);
  const rowB = <usize>word(at, 11);
  const columnB = <usize>word(at, 12);
  const biasRow = <usize>word(at, 13);
  const biasColumn = <usize>word(at, 14);
  const relu = word(at, 15);
  const packed = address(at, 16);
  if (word(at, 17)) {
    dots(y, a, b, bias, biasRow, biasColumn, m, n, k, relu);
    return;
  }
  const rowY = <usize>n << 2;
  for (let x = 0; x < k; x += DEPTH) {
    const depth = min(DEPTH, k - x);
    const last = x + depth == k ? relu : 0;
    const bx = b + <usize>x * rowB;
    if (packed) {
      for (let j = 0; j < n; j += 8) {
        pack(packed + <usize>(j * depth) * 4, bx + <usize>j * columnB, rowB, columnB, depth, min(8, n - j));
      }
    }
    for (let i = 0; i < m; ) {
      const ai = a + <usize>i * rowA + <usize>x * stepA;
      const yi = y + <usize>i * rowY;
      const four = i + 4 <= m;
      for (let j = 0; j < n; j += 8) {
        const columns = min(8, n - j);
        const yj = yi + (<usize>j << 2);
        let from = yj;
        let fromRow = rowY;
        let splat = 0;
        if (x == 0) {
          from = bias ? bias + <usize>i * biasRow + <usize>j * biasColumn : 0;
          fromRow = biasRow;
          splat = biasColumn ? 0 : 1;
        }
        const bj = packed ? packed + <usize>(j * depth) * 4 : bx + (<usize>j << 2);
        const stepB: usize = packed ? 32 : rowB;
        if (four) rows4(yj, rowY, from, fromRow, splat, ai, rowA, stepA, bj, stepB, depth, columns, last);
        else rows1(yj, from, splat, ai, stepA, bj, stepB, depth, columns, last);
      }
      i += four ? 4 : 1;
    }
  }
}

// ---- reductions ----

function reduce(at: usize): void {
  const kind = word(at, 2);
  let y = address(at, 3);
  let x = address(at, 4);
  const outer = word(at, 5);
  const length = word(at, 6);
  const inner = word(at, 7);
  const row = <usize>inner << 2;
  if (kind == 1) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let r = 0; r < length; r++) sum += load<i32>(x + <usize>r * row + (<usize>i << 2));
        store<i32>(y, sum);
        y += 4;
      }
      x += <usize>length * row;
    }
    return;
  }
  const isMax = kind == 2;
  const start: f32 = isMax ? -Infinity : 0;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      let sum = f32x4.splat(start);
      const whole = length & ~3;
      let r = 0;
      for (; r < whole; r += 4) {
        sum = isMax ? f32x4.max(sum, v128.load(x)) : f32x4.add(sum, v128.load(x));
        x += 16;
      }
      let s = isMax
        ? max(max(f32x4.extract_lane(sum, 0), f32x4.extract_lane(sum, 1)), max(f32x4.extract_lane(sum, 2), f32x4.extract_lane(sum, 3)))
        : total(sum);
      for (; r < length; r++) {
        s = isMax ? max(s, load<f32>(x)) : s + load<f32>(x);
        x += 4;
      }
      store<f32>(y, s);
      y += 4;
      continue;
    }
    let i = 0;
    for (; i + 16 <= inner; i += 16) {
      let s0 = f32x4.splat(start);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let from = x + (<usize>i << 2);
      for (let r = 0; r < length; r++) {
        if (isMax) {
          s0 = f32x4.max(s0, v128.load(from));
          s1 = f32x4.max(s1, v128.load(from, 16));
          s2 = f32x4.max(s2, v128.load(from, 32));
          s3 = f32x4.max(s3, v128.load(from, 48));
        } else {
          s0 = f32x4.add(s0, v128.load(from));
          s1 = f32x4.add(s1, v128.load(from, 16));
          s2 = f32x4.add(s2, v128.load(from, 32));
          s3 = f32x4.add(s3, v128.load(from, 48));
        }
        from += row;
      }
      v128.store(y, s0);
      v128.store(y, s1, 16);
      v128.store(y, s2, 32);
      v128.store(y, s3, 48);
      y += 64;
    }
    for (; i < inner; i += 4) {
      let s0 = f32x4.splat(start);
      let from = x + (<usize>i << 2);
      for (let r = 0; r < length; r++) {
        s0 = isMax ? f32x4.max(s0, v128.load(from)) : f32x4.add(s0, v128.load(from));
        from += row;
      }
      const left = inner - i;
      if (left >= 4) {
        v128.store(y, s0);
        y += 16;
      } else {
        storeFirst(y, s0, left);
        y += <usize>left << 2;
      }
    }
    x += <usize>length * row;
  }
}

function argMax(at: usize): void {
  let y = address(at, 2);
  let x = address(at, 3);
  const outer = word(at, 4);
  const length = word(at, 5);
  const inner = word(at, 6);
  const row = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let from = x + (<usize>i << 2);
      let best = load<f32>(from);
      let found = 0;
      for (let r = 1; r < length; r++) {
        from += row;
        const v = load<f32>(from);
        if (v > best) {
          best = v;
          found = r;
        }
      }
      store<i32>(y, found);
      y += 4;
    }
    x += <usize>length * row;
  }
}

function softmax(at: usize): void {
  const isLog = word(at, 2);
  const y = address(at, 3);
  const x = address(at, 4);
  const outer = word(at, 5);
  const length = word(at, 6);
  const inner = word(at, 7);
  const row = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = <usize>o * <usize>length * row + (<usize>i << 2);
      let highest: f64 = -Infinity;
      for (let r = 0; r < length; r++) highest = max(highest, <f64>load<f32>(x + start + <usize>r * row));
      let sum: f64 = 0;
      for (let r = 0; r < length; r++) sum += exponential(<f64>load<f32>(x + start + <usize>r * row) - highest);
      const lowered = isLog ? logarithm(sum) : 0;
      for (let r = 0; r < length; r++) {
        const place = start + <usize>r * row;
        const v = isLog
          ? <f64>load<f32>(x + place) - highest - lowered
          : exponential(<f64>load<f32>(x + place) - highest) / sum;
        store<f32>(y + place, <f32>v);
      }
    }
  }
}

// ---- moving elements ----

// @ts-ignore: decorator
@inline
function move(to: usize, from: usize, bytes: i32): void {
  if (bytes > 512) {
    memory.copy(to, from, <usize>bytes);
    return;
  }
  let left = bytes;
  while (left >= 16) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
    left -= 16;
  }
  while (left >= 4) {
    store<u32>(to, load<u32>(from));
    to += 4;
    from += 4;
    left -= 4;
  }
  while (left > 0) {
    store<u8>(to, load<u8>(from));
    to++;
    from++;
    left--;
  }
}

/** d2 by d3 elements, where the source lies the other way round: to[i][j] = from[j][i]. */
function flip(to: usize, from: usize, d2: i32, d3: i32, rowTo: usize, rowFrom: usize): void {
  let j = 0;
  for (; j + 4 <= d3; j += 4) {
    const f0 = from + <usize>j * rowFrom;
    const f1 = f0 + rowFrom;
    const f2 = f1 + rowFrom;
    const f3 = f2 + rowFrom;
    let out = to + (<usize>j << 2);
    let i: usize = 0;
    const length = <usize>d2 << 2;
    const whole = length & ~15;
    for (; i < whole; i += 16) {
      const r0 = v128.load(f0 + i);
      const r1 = v128.load(f1 + i);
      const r2 = v128.load(f2 + i);
      const r3 = v128.load(f3 + i);
      const p0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const p1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const q0 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const q1 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f32>(p0, q0, 0, 1, 4, 5));
      out += rowTo;
      v128.store(out, v128.shuffle<f32>(p0, q0, 2, 3, 6, 7));
      out += rowTo;
      v128.store(out, v128.shuffle<f32>(p1, q1, 0, 1, 4, 5));
      out += rowTo;
      v128.store(out, v128.shuffle<f32>(p1, q1, 2, 3, 6, 7));
      out += rowTo;
    }
    for (; i < length; i += 4) {
      store<u32>(out, load<u32>(f0 + i));
      store<u32>(out, load<u32>(f1 + i), 4);
      store<u32>(out, load<u32>(f2 + i), 8);
      store<u32>(out, load<u32>(f3 + i), 12);
      out += rowTo;
    }
  }
  for (; j < d3; j++) {
    const f0 = from + <usize>j * rowFrom;
    let out = to + (<usize>j << 2);
    for (let i = 0; i < d2; i++) {
      store<u32>(out, load<u32>(f0 + (<usize>i << 2)));
      out += rowTo;
    }
  }
}

function copy(at: usize): void {
  const size = word(at, 2);
  const to = address(at, 3);
  const from = address(at, 4);
  const d0 = word(at, 5);
  const d1 = word(at, 6);
  const d2 = word(at, 7);
  const d3 = word(at, 8);
  const f2 = <usize>word(at, 11);
  const f3 = <usize>word(at, 12);
  const t2 = <usize>word(at, 15);
  const t3 = <usize>word(at, 16);
  const together = f3 == <usize>size && t3 == <usize>size;
  const across = size == 4 && t3 == 4 && f2 == 4;
  for (let i = 0; i < d0; i++) {
    for (let j = 0; j < d1; j++) {
      let f = from + <usize>(i * word(at, 9) + j * word(at, 10));
      let t = to + <usize>(i * word(at, 13) + j * word(at, 14));
      if (across) {
        flip(t, f, d2, d3, t2, f3);
        continue;
      }
      for (let k = 0; k < d2; k++) {
        if (together) {
          move(t, f, d3 * size);
        } else if (size == 4) {
          for (let l = 0; l < d3; l++) store<u32>(t + <usize>l * t3, load<u32>(f + <usize>l * f3));
        } else {
          for (let l = 0; l < d3; l++) store<u8>(t + <usize>l * t3, load<u8>(f + <usize>l * f3));
        }
        f += f2;
        t += t2;
      }
    }
  }
}

function gather(at: usize): void {
  let to = address(at, 2);
  let from = address(at, 3);
  const indices = address(at, 4);
  const batch = word(at, 5);
  const rows = word(at, 6);
  const stored = <usize>word(at, 7);
  const bytes = word(at, 8);
  for (let i = 0; i < batch; i++) {
    for (let r = 0; r < rows; r++) {
      move(to, from + <usize>(load<i32>(indices + (<usize>r << 2)) * bytes), bytes);
      to += <usize>bytes;
    }
    from += stored;
  }
}

/** 0: floats, 1: ints, 2: masks. */
function fromBytes(at: usize): void {
  const kind = word(at, 2);
  let y = address(at, 3);
  let x = address(at, 4);
  const n = word(at, 5);
  if (kind == 0) {
    let i = 0;
    for (; i + 16 <= n; i += 16) {
      const bytes = v128.load(x);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      v128.store(y, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low)));
      v128.store(y, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low)), 16);
      v128.store(y, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high)), 32);
      v128.store(y, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high)), 48);
      x += 16;
      y += 64;
    }
    for (; i < n; i++) {
      store<f32>(y, <f32>load<u8>(x));
      x++;
      y += 4;
    }
    return;
  }
  for (let i = 0; i < n; i++) {
    const v = <i32>load<u8>(x);
    store<i32>(y, kind == 1 ? v : v != 0 ? -1 : 0);
    x++;
    y += 4;
  }
}

function toBytes(at: usize): void {
  const kind = word(at, 2);
  let y = address(at, 3);
  let x = address(at, 4);
  const n = word(at, 5);
  for (let i = 0; i < n; i++) {
    let v = load<i32>(x);
    if (kind == 0) v = i32x4.extract_lane(i32x4.trunc_sat_f32x4_s(v128.load32_zero(x)), 0);
    else if (kind == 2) v &= 1;
    store<u8>(y, <u8>v);
    x += 4;
    y++;
  }
}

function zero(at: usize): void {
  memory.fill(address(at, 2), 0, <usize>word(at, 3));
}
