// Where the objects show on a line: a mask of 160 bits (three words) each, bit 0 at the left.
import { QUADRUPLED, REVERSED } from './layout';
import {
  BL, CTRLPF, DIRTY, get, M0, M0_VARIANT, M1, MASK, NUSIZ, P0, P1, PF, PFB, POS, REFLECTED, set, SHOWN, SKIP_FIRST,
} from './tia-state';

/** Sets up to 32 pixels from x on, around the line's end. */
@inline function put(m: usize, bits: u64, x: i32): void {
  if (x >= 160) x -= 160;
  const shift = x & 63;
  const w = m + ((x >> 6) << 3);
  store<u64>(w, load<u64>(w) | (bits << shift));
  if (x < 128) {
    if (shift > 32) store<u64>(w + 8, load<u64>(w + 8) | (bits >> (64 - shift)));
  }
  const last = load<u64>(m + 16);
  if (last >> 32) {
    store<u64>(m, load<u64>(m) | (last >> 32));
    store<u64>(m + 16, last & 0xffffffff);
  }
}

@inline function putCopies(m: usize, bits: u64, x: i32, mode: i32, skipFirst: i32): void {
  if (!skipFirst) put(m, bits, x);
  if (mode == 1 || mode == 3) put(m, bits, x + 16);
  if (mode == 2 || mode == 3 || mode == 6) put(m, bits, x + 32);
  if (mode == 4 || mode == 6) put(m, bits, x + 64);
}

@inline function clear(m: usize): void {
  store<u64>(m, 0);
  store<u64>(m + 8, 0);
  store<u64>(m + 16, 0);
}

function playerMask(s: usize, p: i32, m: usize): void {
  clear(m);
  const graphics = load<u8>(REVERSED + get(s, SHOWN + (p << 2)));
  const mode = get(s, NUSIZ + (p << 2)) & 7;
  const x = get(s, POS + (p << 2));
  const skip = get(s, SKIP_FIRST + (p << 2));
  if (mode == 5 || mode == 7) {
    if (skip) return;
    let bits: u32 = load<u32>(QUADRUPLED + ((graphics as i32) << 2));
    if (mode == 5) {
      // Two of each four.
      bits &= 0x33333333;
      bits = (bits | (bits >> 2)) & 0x0f0f0f0f;
      bits = (bits | (bits >> 4)) & 0x00ff00ff;
      bits = (bits | (bits >> 8)) & 0xffff;
    }
    put(m, bits, x + 1);
    return;
  }
  putCopies(m, graphics, x, mode, skip);
}

function missileMask(s: usize, p: i32, m: usize): void {
  clear(m);
  const nusiz = get(s, NUSIZ + (p << 2));
  let size = (nusiz & 0x30) >> 4;
  if (p == 0) {
    const variant = get(s, M0_VARIANT);
    if (variant == 2) return;
    if (variant == 1) size |= 1;
  }
  putCopies(m, ((1 as u64) << (1 << size)) - 1, get(s, POS + 8 + (p << 2)), nusiz & 7, 0);
}

function ballMask(s: usize, m: usize): void {
  clear(m);
  put(m, ((1 as u64) << (1 << ((get(s, CTRLPF) & 0x30) >> 4))) - 1, get(s, POS + 16));
}

@inline function quadruple(b: i32): u64 {
  return load<u32>(QUADRUPLED + (b << 2));
}

function playfieldMask(s: usize, m: usize): void {
  const pf = get(s, PF);
  // Blocks in the order of the screen: PF0 from its low bit, PF1 from its high one, PF2 from its low one.
  const one = load<u8>(REVERSED + ((pf >> 4) & 0xff)) as i32;
  const low = quadruple((pf & 15) | ((one << 4) & 0xf0)) | (quadruple((one >> 4) | ((pf >> 8) & 0xf0)) << 32);
  const high = quadruple(pf >> 16);
  let rightLow = low;
  let rightHigh = high;
  if (get(s, REFLECTED)) {
    const two = load<u8>(REVERSED + (pf >> 12)) as i32;
    const back = (pf >> 4) & 0xff;
    rightLow = quadruple(two) | (quadruple(back) << 32);
    rightHigh = quadruple(load<u8>(REVERSED + ((pf & 15) << 4)) as i32);
  }
  store<u64>(m, low);
  store<u64>(m + 8, high | (rightLow << 16));
  store<u64>(m + 16, (rightLow >> 48) | (rightHigh << 16));
}

@inline function maskOf(s: usize, object: i32): usize {
  return s + MASK + ctz(object) * 24;
}

export function refresh(s: usize, objects: i32): void {
  set(s, DIRTY, get(s, DIRTY) & ~objects);
  if (objects & P0) playerMask(s, 0, maskOf(s, P0));
  if (objects & P1) playerMask(s, 1, maskOf(s, P1));
  if (objects & M0) missileMask(s, 0, maskOf(s, M0));
  if (objects & M1) missileMask(s, 1, maskOf(s, M1));
  if (objects & BL) ballMask(s, maskOf(s, BL));
  if (objects & PFB) playfieldMask(s, maskOf(s, PFB));
}

/** Every mask up to date. */
export function refreshAll(s: usize): void {
  refresh(s, get(s, DIRTY));
}

/** Bits x0 to x1 - 1 of word w. */
@inline export function range(w: i32, x0: i32, x1: i32): u64 {
  const from = max(x0 - (w << 6), 0);
  const to = min(x1 - (w << 6), 64);
  if (to <= from) return 0;
  return ((0xffffffffffffffff as u64) >> (64 - (to - from))) << from;
}
