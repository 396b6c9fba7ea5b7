// The picture through a table of 256 bytes, such as the one of gray values.
import { TABLE, TRANSLATED, WANTED_TABLE } from './layout';

/** TRANSLATED is the last frame's picture through TABLE. */
let mapped: bool = false;

/** The picture has changed. */
@inline export function forgetMapped(): void {
  mapped = false;
}

/** The frame was drawn into TRANSLATED, all of it. */
@inline export function mappingDone(): void {
  mapped = true;
}

/** Whether TRANSLATED is the last frame's picture through the table that is wanted; that is TABLE from now on. */
export function isMapped(): bool {
  let same = mapped;
  for (let o: usize = 0; o < 256; o += 16) {
    const wanted = v128.load(WANTED_TABLE + o);
    if (v128.any_true(v128.xor(wanted, v128.load(TABLE + o)))) same = false;
    v128.store(TABLE + o, wanted);
  }
  return same;
}

/** The table's entries for the sixteen even numbers from 32 * n on. */
@inline function evenEntries(n: usize): v128 {
  const at = TABLE + (n << 5);
  const low = v128.and(v128.load(at), i16x8.splat(0xff));
  return i8x16.narrow_i16x8_u(low, v128.and(v128.load(at + 16), i16x8.splat(0xff)));
}

/** Entries for halved numbers, as far as those are 16 * n to 16 * n + 15; zeros for others. */
@inline function lookUp(entries: v128, halves: v128, n: i8): v128 {
  return i8x16.swizzle(entries, i8x16.sub(halves, i8x16.splat(n << 4)));
}

/** A picture through TABLE. Much of it is runs of one colour or like the line above; nearly all numbers are even. */
export function translate(from: usize, lines: i32): void {
  let to = TRANSLATED;
  const second = to + 160;
  const end = to + lines * 160;
  const t0 = evenEntries(0);
  const t1 = evenEntries(1);
  const t2 = evenEntries(2);
  const t3 = evenEntries(3);
  const t4 = evenEntries(4);
  const t5 = evenEntries(5);
  const t6 = evenEntries(6);
  const t7 = evenEntries(7);
  let pixels = v128.not(v128.load(from));
  let result = pixels;
  while (to < end) {
    const here = v128.load(from);
    if (v128.any_true(v128.xor(here, pixels))) {
      pixels = here;
      if (to >= second && !v128.any_true(v128.xor(here, v128.load(from - 160)))) {
        result = v128.load(to - 160);
      } else if (v128.any_true(v128.and(here, i8x16.splat(1)))) {
        for (let o: usize = 0; o < 16; o++) store<u8>(to + o, load<u8>(TABLE + (load<u8>(from + o) as usize)));
        result = v128.load(to);
      } else {
        const halves = i8x16.shr_u(here, 1);
        const a = v128.or(lookUp(t0, halves, 0), lookUp(t1, halves, 1));
        const b = v128.or(lookUp(t2, halves, 2), lookUp(t3, halves, 3));
        const c = v128.or(lookUp(t4, halves, 4), lookUp(t5, halves, 5));
        const d = v128.or(lookUp(t6, halves, 6), lookUp(t7, halves, 7));
        result = v128.or(v128.or(a, b), v128.or(c, d));
      }
    }
    v128.store(to, result);
    from += 16;
    to += 16;
  }
  mapped = true;
}
