// Tables that are the same in every console.
import { IDENTITY, MOTION, PAIRS, QUADRUPLED, REVERSED } from './layout';
import { BL, M0, M1, P0, P1, PFB } from './tia-state';

export function buildTables(): void {
  for (let t = 0; t < 256; t++) {
    let r = 0;
    let q: u32 = 0;
    for (let b = 0; b < 8; b++) {
      if (t & (1 << b)) {
        r |= 0x80 >> b;
        q |= 0xf << (b * 4);
      }
    }
    store<u8>(IDENTITY + t, t);
    store<u8>(REVERSED + t, r);
    store<u32>(QUADRUPLED + (t << 2), q);
  }
  // Which of the 15 pairs a set of objects can form, in the order of the latches.
  for (let t = 0; t < 64; t++) {
    let pairs = 0;
    for (let n = 0; n < 15; n++) if ((t & pairObjects(n)) == pairObjects(n)) pairs |= 1 << n;
    store<u16>(PAIRS + (t << 1), pairs);
  }
  // HMOVE: a counter runs from the strobe, one extra clock every four colour clocks. Strobed early in the line's blank
  // the first ones fall away; strobed late in the line before, some come before the blank and move nothing.
  for (let x = 0; x < 76; x++) {
    for (let h = 0; h < 16; h++) {
      const full = h < 8 ? -h : 16 - h;
      let motion = 0;
      if (x <= 20 || x == 75) {
        const lost = x == 75 || x < 4 ? 0 : (3 * x - 7) / 4;
        motion = max(full, lost - 7);
      } else if (x >= 54) {
        motion = min(0, full - 8 + (222 - 3 * x) / 4);
      }
      store<i8>(MOTION + (x << 4) + h, motion);
    }
  }
}

/** The two objects of a collision latch; bit n of the latches is bit 7 (even n) or 6 of register n / 2, one gap aside. */
function pairObjects(n: i32): i32 {
  switch (n) {
    case 0: return M0 | P1;
    case 1: return M0 | P0;
    case 2: return M1 | P0;
    case 3: return M1 | P1;
    case 4: return P0 | PFB;
    case 5: return P0 | BL;
    case 6: return P1 | PFB;
    case 7: return P1 | BL;
    case 8: return M0 | PFB;
    case 9: return M0 | BL;
    case 10: return M1 | PFB;
    case 11: return M1 | BL;
    case 12: return BL | PFB;
    case 13: return P0 | P1;
    default: return M0 | M1;
  }
}
