import { storeFirst, total } from './lanes';
import { DEPTH } from './opcodes';
import { address, word } from './words';

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

export function product(at: usize): void {
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
