// Pixels of a line from the objects' masks and colours.
import { IDENTITY } from './layout';
import { range, refresh } from './object-masks';
import { BL, COLOR, CTRLPF, DIRTY, ENABLED, get, M0, M1, MASK, P0, P1, PFB, VBLANK } from './tia-state';

/** What a pixel of each palette number is drawn as: 256 bytes. */
let inks: usize = IDENTITY;

export function useInks(table: usize): void {
  inks = table;
}

/** `length` pixels of one colour, at least one. */
@inline export function span(p: usize, length: i32, color: i32): void {
  const end = p + length;
  if (length >= 16) {
    const sixteen = i8x16.splat(color as i8);
    const last = end - 16;
    while (p < last) {
      v128.store(p, sixteen);
      p += 16;
    }
    v128.store(last, sixteen);
    return;
  }
  const eight = (color as u64) * 0x0101010101010101;
  if (length >= 8) {
    store<u64>(p, eight);
    store<u64>(end - 8, eight);
  } else if (length >= 4) {
    store<u32>(p, eight as u32);
    store<u32>(end - 4, eight as u32);
  } else {
    store<u8>(p, color as u8);
    if (length > 1) {
      store<u8>(p + 1, color as u8);
      store<u8>(end - 1, color as u8);
    }
  }
}

@inline export function copyLine(to: usize, from: usize): void {
  for (let o: usize = 0; o < 160; o += 16) v128.store(to + o, v128.load(from + o));
}

/** The pixels of a word's set bits, sixteen at a time. */
@inline function paintWord(p: usize, word: u64, color: i32): void {
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const pixels = i8x16.splat(color as i8);
  while (word) {
    if (word & 0xffff) {
      const two = i16x8.splat(word as i16);
      const eachBit = v128.and(v128.shuffle<i8>(two, two, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1), bits);
      v128.store(p, v128.bitselect(pixels, v128.load(p), i8x16.eq(eachBit, bits)));
    }
    word >>= 16;
    p += 16;
  }
}

@inline export function ink(color: i32): i32 {
  return load<u8>(inks + color);
}

export function draw(s: usize, row: usize, x0: i32, x1: i32): void {
  if (get(s, VBLANK) & 2) {
    span(row + x0, x1 - x0, ink(0));
    return;
  }
  const enabled = get(s, ENABLED);
  span(row + x0, x1 - x0, ink(get(s, COLOR + 12)));
  if (!enabled) return;
  const stale = get(s, DIRTY) & enabled;
  if (stale) refresh(s, stale);
  const c0 = ink(get(s, COLOR));
  const c1 = ink(get(s, COLOR + 4));
  const cf = ink(get(s, COLOR + 8));
  const control = get(s, CTRLPF);
  const priority = control & 4;
  // With nothing but the playfield on the line its score colours show even where it has priority.
  const score = control & 2 && (!priority || enabled == PFB);
  for (let w = x0 >> 6; w <= (x1 - 1) >> 6; w++) {
    const r = range(w, x0, x1);
    const m = s + MASK + (w << 3);
    const p = row + (w << 6);
    const pf = enabled & PFB ? load<u64>(m + 120) & r : 0;
    const bl = enabled & BL ? load<u64>(m + 96) & r : 0;
    const o0 = ((enabled & P0 ? load<u64>(m) : 0) | (enabled & M0 ? load<u64>(m + 24) : 0)) & r;
    let o1 = ((enabled & P1 ? load<u64>(m + 48) : 0) | (enabled & M1 ? load<u64>(m + 72) : 0)) & r;
    if (priority) {
      if (o1) paintWord(p, o1, c1);
      if (o0) paintWord(p, o0, c0);
      if (score) {
        const left = range(w, 0, 80);
        paintWord(p, pf & left, c0);
        paintWord(p, pf & ~left, c1);
      } else if (pf | bl) paintWord(p, pf | bl, cf);
    } else {
      if (score) {
        const left = range(w, 0, 80);
        if (bl) paintWord(p, bl, cf);
        paintWord(p, pf & left, c0);
        paintWord(p, pf & ~left, c1);
        // On the left the playfield is player 0's and hides player 1.
        o1 &= ~(pf & left);
      } else if (pf | bl) paintWord(p, pf | bl, cf);
      if (o1) paintWord(p, o1, c1);
      if (o0) paintWord(p, o0, c0);
    }
  }
}
