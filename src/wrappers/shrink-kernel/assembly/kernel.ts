// Two frames of palette numbers to one small picture: the brightness of each pair of numbers from a table, then the area
// under each output pixel. The same sums in single precision and in the same order as area-resize.ts. Rows that are as
// they were the time before are not computed again.

/** Frames of the last call, and what they are compared with: up to 256 lines of 160, or as many pixels. */
const FIRST: usize = 0x2000;
const SECOND: usize = 0xc000;
const FIRST_BEFORE: usize = 0x16000;
const SECOND_BEFORE: usize = 0x20000;
/** Brightness of a pair, f32: [256, 256]. */
const BRIGHTNESS: usize = 0x2a000;
const LINE: usize = 0x6a000;
const CHANGED: usize = 0x6b000;
/** Weights across and down: starts (i32), cells (i32), shares (f32). */
const ACROSS: usize = 0x6c000;
const DOWN: usize = 0x6f000;
const CELLS: usize = 0x1000;
const SHARES: usize = 0x2000;
const OUT: usize = 0x72000;
/** Each input row at the output's width, f32. */
const NARROW: usize = 0x80000;

/** @param width a multiple of 16. @param outWidth a multiple of 4. @param rows of the output that are wanted, from `cropTop` on. */
export function shrink(width: i32, height: i32, outWidth: i32, rows: i32, cropTop: i32, known: bool, nearest: bool): void {
  for (let y = 0; y < height; y++) {
    const from = (y * width) as usize;
    const changed = differs(from, width) || !known;
    store<u8>(CHANGED + y, changed as u8);
    if (changed) narrow(from, width, NARROW + ((y * outWidth) << 2), outWidth);
  }
  for (let row = 0; row < rows; row++) {
    const first = load<i32>(DOWN + ((row + cropTop) << 2));
    const end = load<i32>(DOWN + ((row + cropTop + 1) << 2));
    let changed = 0;
    for (let n = first; n < end; n++) changed |= load<u8>(CHANGED + load<i32>(DOWN + CELLS + (n << 2)));
    if (changed) average(first, end, OUT + row * outWidth, outWidth, nearest);
  }
}

/** Whether a row of either frame has changed; it is remembered. */
function differs(from: usize, width: i32): bool {
  let all = i64x2.splat(0);
  for (let p = from; p < from + width; p += 16) {
    const a = v128.load(p, FIRST);
    const b = v128.load(p, SECOND);
    all = v128.or(all, v128.or(v128.xor(a, v128.load(p, FIRST_BEFORE)), v128.xor(b, v128.load(p, SECOND_BEFORE))));
    v128.store(p, a, FIRST_BEFORE);
    v128.store(p, b, SECOND_BEFORE);
  }
  return v128.any_true(all);
}

function narrow(from: usize, width: i32, to: usize, outWidth: i32): void {
  for (let x = 0; x < width; x++) {
    const pair = ((load<u8>(from + x, FIRST) as u32) << 8) | (load<u8>(from + x, SECOND) as u32);
    store<f32>(LINE + (x << 2), load<f32>(BRIGHTNESS + (pair << 2)));
  }
  let n = 0;
  for (let x = 0; x < outWidth; x++) {
    const end = load<i32>(ACROSS + ((x + 1) << 2));
    let sum: f32 = 0;
    for (; n < end; n++) {
      sum += load<f32>(LINE + (load<i32>(ACROSS + CELLS + (n << 2)) << 2)) * load<f32>(ACROSS + SHARES + (n << 2));
    }
    store<f32>(to + (x << 2), sum);
  }
}

function average(first: i32, end: i32, out: usize, outWidth: i32, nearest: bool): void {
  for (let x = 0; x < outWidth; x += 4) {
    let sum = f32x4.splat(0);
    for (let n = first; n < end; n++) {
      const row = load<i32>(DOWN + CELLS + (n << 2)) * outWidth + x;
      sum = f32x4.add(sum, f32x4.mul(v128.load(NARROW + (row << 2)), f32x4.splat(load<f32>(DOWN + SHARES + (n << 2)))));
    }
    const whole = i32x4.trunc_sat_f32x4_s(nearest ? f32x4.nearest(sum) : sum);
    const words = i16x8.narrow_i32x4_u(whole, whole);
    store<u32>(out + x, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
  }
}
