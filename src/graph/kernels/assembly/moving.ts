import { ELEMENTS } from './opcodes';
import { address, word } from './words';

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

export function copy(at: usize): void {
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

export function gather(at: usize): void {
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

export function fromBytes(at: usize): void {
  const kind = word(at, 2);
  let y = address(at, 3);
  let x = address(at, 4);
  const n = word(at, 5);
  if (kind == ELEMENTS.floats) {
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
    store<i32>(y, kind == ELEMENTS.ints ? v : v != 0 ? -1 : 0);
    x++;
    y += 4;
  }
}

export function toBytes(at: usize): void {
  const kind = word(at, 2);
  let y = address(at, 3);
  let x = address(at, 4);
  const n = word(at, 5);
  for (let i = 0; i < n; i++) {
    let v = load<i32>(x);
    if (kind == ELEMENTS.floats) v = i32x4.extract_lane(i32x4.trunc_sat_f32x4_s(v128.load32_zero(x)), 0);
    else if (kind == ELEMENTS.masks) v &= 1;
    store<u8>(y, <u8>v);
    x += 4;
    y++;
  }
}

export function zero(at: usize): void {
  memory.fill(address(at, 2), 0, <usize>word(at, 3));
}
