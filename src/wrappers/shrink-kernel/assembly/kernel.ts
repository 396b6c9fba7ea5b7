// Two frames of palette numbers to one small picture: the brightness of each pair of numbers from a table, then the area
// under each output pixel. The same sums in single precision and in the same order as area-resize.ts. Rows that are as
// they were the time before are not computed again, nor are those that repeat the row above them; the others are
// shrunk four at a time, a row in each lane.

/** Frames of two calls, which take turns: up to 256 lines of 160, or as many pixels. */
const FIRST: usize = 0x2000;
const SECOND: usize = 0xc000;
/** From a frame of one turn to that of the other. */
const TURN: usize = 0x14000;
/** Brightness of a pair, f32: [256, 256], and of pairs of one and the same number: [256]. */
const PAIRS: usize = 0x2a000;
const SAME: usize = 0x6a000;
/** For each row 0 as it was, 1 computed, 2 as the row above. */
const CHANGED: usize = 0x6b000;
/** Four numbers of rows. */
const WAITING: usize = 0x6bf00;
/** Weights across and down: starts (i32), cells (i32), shares (f32). */
const ACROSS: usize = 0x6c000;
const DOWN: usize = 0x6f000;
const CELLS: usize = 0x1000;
const SHARES: usize = 0x2000;
const OUT: usize = 0x72000;
/** Each input row at the output's width, f32; rows begin at multiples of four. */
const NARROW: usize = 0x84000;
/** Brightness of four rows, f32: [width, 4]. */
const LINES: usize = 0x80000;

/**
 * @param width a multiple of 16, up to 256.
 * @param rows of the output that are wanted, from `cropTop` on.
 * @param turn 0 or 1: which frames are those of this call.
 * @param rounding 0 down, 1 nearest, ties to even, 2 nearest, ties up.
 * @param scale factor of each sum.
 */
export function shrink(
  width: i32, height: i32, outWidth: i32, rows: i32, cropTop: i32, turn: i32, known: bool, rounding: i32,
  scale: f32,
): void {
  const now: usize = turn ? TURN : 0;
  const before: usize = TURN - now;
  const stride = (outWidth + 3) & ~3;
  // Input rows that the wanted ones lie over.
  const top = load<i32>(DOWN + CELLS + (load<i32>(DOWN + (cropTop << 2)) << 2));
  const bottom = load<i32>(DOWN + CELLS + ((load<i32>(DOWN + ((cropTop + rows) << 2)) - 1) << 2));
  let waiting = 0;
  for (let y = top; y <= bottom; y++) {
    const from = (y * width) as usize;
    let kind = 0;
    if (!known || !sameRows(now + from, before + from, width)) {
      kind = y > top && sameRows(now + from, now + from - width, width) ? 2 : 1;
      if (kind == 1) {
        store<i32>(WAITING + (waiting << 2), y);
        if (++waiting == 4) {
          narrow(now, width, outWidth, stride);
          waiting = 0;
        }
      }
    }
    store<u8>(CHANGED + y, kind);
  }
  if (waiting > 0) {
    for (let n = waiting; n < 4; n++) store<i32>(WAITING + (n << 2), load<i32>(WAITING));
    narrow(now, width, outWidth, stride);
  }
  for (let y = top; y <= bottom; y++) {
    if (load<u8>(CHANGED + y) != 2) continue;
    const row = NARROW + ((y * stride) << 2);
    for (let p = row; p < row + (stride << 2); p += 16) v128.store(p, v128.load(p - (stride << 2)));
  }
  for (let row = 0; row < rows; row++) {
    const first = load<i32>(DOWN + ((row + cropTop) << 2));
    const end = load<i32>(DOWN + ((row + cropTop + 1) << 2));
    let changed = 0;
    for (let n = first; n < end; n++) changed |= load<u8>(CHANGED + load<i32>(DOWN + CELLS + (n << 2)));
    if (changed) average(first, end, OUT + row * outWidth, outWidth, stride, rounding, scale);
  }
}

/** Whether the rows of both frames at p and at q are the same. */
@inline function sameRows(p: usize, q: usize, width: i32): bool {
  let all = i64x2.splat(0);
  for (let x = 0; x < width; x += 16) {
    const first = v128.xor(v128.load(p + x, FIRST), v128.load(q + x, FIRST));
    const second = v128.xor(v128.load(p + x, SECOND), v128.load(q + x, SECOND));
    all = v128.or(all, v128.or(first, second));
  }
  return !v128.any_true(all);
}

/** The four rows that wait. */
function narrow(frames: usize, width: i32, outWidth: i32, stride: i32): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    lookUp(frames + load<i32>(WAITING + (lane << 2)) * width, width, LINES + (lane << 2));
  }
  const row0 = NARROW + ((load<i32>(WAITING) * stride) << 2);
  const row1 = NARROW + ((load<i32>(WAITING, 4) * stride) << 2);
  const row2 = NARROW + ((load<i32>(WAITING, 8) * stride) << 2);
  const row3 = NARROW + ((load<i32>(WAITING, 12) * stride) << 2);
  for (let x = 0; x < stride; x += 4) {
    const s0 = across(x);
    const s1 = across(x + 1);
    const s2 = across(x + 2);
    const s3 = across(x + 3);
    // From a row in each lane to an output in each lane.
    const t0 = v128.shuffle<f32>(s0, s1, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(s0, s1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(s2, s3, 0, 4, 1, 5);
    const t3 = v128.shuffle<f32>(s2, s3, 2, 6, 3, 7);
    const o = (x << 2) as usize;
    v128.store(row0 + o, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
    v128.store(row1 + o, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
    v128.store(row2 + o, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
    v128.store(row3 + o, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
  }
}

/** Brightness of a row, an element in each sixteen bytes from `to` on. */
function lookUp(from: usize, width: i32, to: usize): void {
  for (const end = from + width; from < end; from += 16, to += 256) {
    const first = v128.load(from, FIRST);
    const number = load<u8>(from, FIRST);
    if (i8x16.all_true(i8x16.eq(first, v128.load(from, SECOND)))) {
      if (i8x16.all_true(i8x16.eq(first, i8x16.splat(number)))) {
        const value = load<f32>(SAME + ((number as usize) << 2));
        for (let o: usize = 0; o < 256; o += 16) store<f32>(to + o, value);
      } else {
        for (let x: usize = 0; x < 16; x++) {
          store<f32>(to + (x << 4), load<f32>(SAME + ((load<u8>(from + x, FIRST) as usize) << 2)));
        }
      }
    } else {
      for (let x: usize = 0; x < 16; x++) {
        const pair = ((load<u8>(from + x, FIRST) as usize) << 8) | (load<u8>(from + x, SECOND) as usize);
        store<f32>(to + (x << 4), load<f32>(PAIRS + (pair << 2)));
      }
    }
  }
}

/** Output x of each of the four rows; past the output's width there is nothing to add up. */
@inline function across(x: i32): v128 {
  const end = load<i32>(ACROSS + (x << 2), 4);
  let sum = f32x4.splat(0);
  for (let n = load<i32>(ACROSS + (x << 2)); n < end; n++) {
    const cell = load<i32>(ACROSS + CELLS + (n << 2));
    sum = f32x4.add(sum, f32x4.mul(v128.load(LINES + (cell << 4)), v128.load32_splat(ACROSS + SHARES + (n << 2))));
  }
  return sum;
}

function average(
  first: i32, end: i32, out: usize, outWidth: i32, stride: i32, rounding: i32, scale: f32,
): void {
  const factor = f32x4.splat(scale);
  for (let x = 0; x < outWidth; x += 4) {
    let sum = f32x4.splat(0);
    for (let n = first; n < end; n++) {
      const at = load<i32>(DOWN + CELLS + (n << 2)) * stride + x;
      sum = f32x4.add(sum, f32x4.mul(v128.load(NARROW + (at << 2)), v128.load32_splat(DOWN + SHARES + (n << 2))));
    }
    sum = f32x4.mul(sum, factor);
    let whole = i32x4.trunc_sat_f32x4_s(rounding == 1 ? f32x4.nearest(sum) : sum);
    if (rounding == 2) whole = i32x4.sub(whole, f32x4.ge(f32x4.sub(sum, f32x4.trunc(sum)), f32x4.splat(0.5)));
    const words = i16x8.narrow_i32x4_u(whole, whole);
    let bytes = i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
    if (x + 4 <= outWidth) store<u32>(out + x, bytes);
    else for (let o = x; o < outWidth; o++, bytes >>= 8) store<u8>(out + o, bytes);
  }
}
