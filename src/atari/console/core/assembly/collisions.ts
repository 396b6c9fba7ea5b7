// Collisions are ANDs of the objects' masks.
import { range, refresh } from './object-masks';
import { BL, COLLISION, DIRTY, ENABLED, get, M0, M1, MASK, P0, P1, PFB, set } from './tia-state';

export function collide(s: usize, x0: i32, x1: i32): void {
  const enabled = get(s, ENABLED);
  const stale = get(s, DIRTY) & enabled;
  if (stale) refresh(s, stale);
  let found = 0;
  for (let w = x0 >> 6; w <= (x1 - 1) >> 6; w++) {
    const r = range(w, x0, x1);
    const m = s + MASK + (w << 3);
    const p0 = enabled & P0 ? load<u64>(m) & r : 0;
    const m0 = enabled & M0 ? load<u64>(m + 24) & r : 0;
    const p1 = enabled & P1 ? load<u64>(m + 48) & r : 0;
    const m1 = enabled & M1 ? load<u64>(m + 72) & r : 0;
    const bl = enabled & BL ? load<u64>(m + 96) & r : 0;
    const pf = enabled & PFB ? load<u64>(m + 120) & r : 0;
    if (p0) {
      if (p0 & m0) found |= 1 << 1;
      if (p0 & m1) found |= 1 << 2;
      if (p0 & pf) found |= 1 << 4;
      if (p0 & bl) found |= 1 << 5;
      if (p0 & p1) found |= 1 << 13;
    }
    if (p1) {
      if (p1 & m0) found |= 1;
      if (p1 & m1) found |= 1 << 3;
      if (p1 & pf) found |= 1 << 6;
      if (p1 & bl) found |= 1 << 7;
    }
    if (m0) {
      if (m0 & pf) found |= 1 << 8;
      if (m0 & bl) found |= 1 << 9;
      if (m0 & m1) found |= 1 << 14;
    }
    if (m1) {
      if (m1 & pf) found |= 1 << 10;
      if (m1 & bl) found |= 1 << 11;
    }
    if (bl & pf) found |= 1 << 12;
  }
  set(s, COLLISION, get(s, COLLISION) | found);
}
