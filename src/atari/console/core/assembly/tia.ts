// The TIA as ALE's (an old Stella's) behaves. A TIA's state is a block of memory at `s`: LIVE follows the processor,
// for collisions and in frames that somebody will want to see also for pixels; the copy at the head of a log replays a
// frame's writes when its picture is wanted after all. Objects of a line are masks of 160 bits (three words), so
// collisions are ANDs.
import { IDENTITY, LIVE, MOTION, PAIRS, PICTURE, QUADRUPLED, REVERSED } from './layout';

// Offsets of the state's fields, i32 each.
export const LAST: usize = 0; // colour clock up to which the frame is done
export const TO_END: usize = 4; // clocks left in the line at LAST
export const ROW: usize = 8; // line of the picture at LAST
export const ENABLED: usize = 12; // bits of the objects that can show
export const VBLANK: usize = 16;
export const NUSIZ: usize = 20; // two
export const COLOR: usize = 28; // P0, P1, PF, BK
export const CTRLPF: usize = 44;
const REFLECTED: usize = 48; // playfield reflection in effect on this line
const REFP: usize = 52; // two
const PF: usize = 60; // 20 bits
const GRP: usize = 64; // two
const OLD_GRP: usize = 72; // two
const ENAM: usize = 80; // two
const ENABL: usize = 88;
const OLD_ENABL: usize = 92;
const HM: usize = 96; // P0, P1, M0, M1, BL
const VDELP: usize = 116; // two
const VDELBL: usize = 124;
const RESMP: usize = 128; // two
export const COLLISION: usize = 136;
const POS: usize = 140; // P0, P1, M0, M1, BL
const SHOWN: usize = 160; // two: graphics of the players now, reflected
const SKIP_FIRST: usize = 168; // two: the first copy of the player does not show on this line
export const LAST_HMOVE: usize = 176;
const HMOVE_BLANK: usize = 180;
const COSMIC: usize = 184; // missile 0 drifts (Cosmic Ark's stars)
const COSMIC_COUNT: usize = 188;
const M0_VARIANT: usize = 192; // 0 as set, 1 stretched, 2 hidden
const DIRTY: usize = 196; // bits of the objects whose mask is out of date
const MASK: usize = 200; // six objects of three u64
export const TIA_SIZE: usize = 344;

// Objects, as bits of ENABLED and DIRTY and as places of their masks.
const P0: i32 = 1;
const M0: i32 = 2;
const P1: i32 = 4;
const M1: i32 = 8;
const BL: i32 = 16;
const PFB: i32 = 32;

/** Limits of the picture in colour clocks, and where pixels go; set once and per drawing. */
export let displayStart: i32 = 0;
export let displayStop: i32 = 0;
let blanksAllowed: bool = true;
let picture: usize = PICTURE;
/** What a pixel of each palette number is drawn as: 256 bytes. */
let inks: usize = IDENTITY;

export function configure(yStart: i32, height: i32, hmoveBlanks: bool): void {
  displayStart = yStart * 228;
  displayStop = displayStart + height * 228;
  blanksAllowed = hmoveBlanks;
}

@inline function get(s: usize, field: usize): i32 {
  return load<i32>(s + field);
}
@inline function set(s: usize, field: usize, value: i32): void {
  store<i32>(s + field, value);
}

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

export function resetTia(s: usize): void {
  memory.fill(s, 0, TIA_SIZE);
  set(s, TO_END, 228);
  set(s, DIRTY, 63);
}

// ---- masks -------------------------------------------------------------------------------------------------------

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

function refresh(s: usize, objects: i32): void {
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
@inline function range(w: i32, x0: i32, x1: i32): u64 {
  const from = max(x0 - (w << 6), 0);
  const to = min(x1 - (w << 6), 64);
  if (to <= from) return 0;
  return ((0xffffffffffffffff as u64) >> (64 - (to - from))) << from;
}

function collide(s: usize, x0: i32, x1: i32): void {
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

// ---- pixels ------------------------------------------------------------------------------------------------------

/** `length` pixels of one colour, at least one. */
@inline function span(p: usize, length: i32, color: i32): void {
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

@inline function copyLine(to: usize, from: usize): void {
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

@inline function ink(color: i32): i32 {
  return load<u8>(inks + color);
}

function draw(s: usize, row: usize, x0: i32, x1: i32): void {
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

// ---- time --------------------------------------------------------------------------------------------------------

/** Whether the next line's objects are not where this one's were. */
function endOfLine(s: usize): bool {
  set(s, ROW, get(s, ROW) + 1);
  let stale = 0;
  const reflected = get(s, CTRLPF) & 1;
  if (reflected != get(s, REFLECTED)) {
    set(s, REFLECTED, reflected);
    stale = PFB;
  }
  if (get(s, SKIP_FIRST)) {
    set(s, SKIP_FIRST, 0);
    stale |= P0;
  }
  if (get(s, SKIP_FIRST + 4)) {
    set(s, SKIP_FIRST + 4, 0);
    stale |= P1;
  }
  if (get(s, COSMIC)) {
    const count = (get(s, COSMIC_COUNT) + 1) & 3;
    set(s, COSMIC_COUNT, count);
    let x = get(s, POS + 8) - (count == 0 ? 18 : count == 1 ? 33 : count == 3 ? 17 : 0);
    if (x < 0) x += 160;
    set(s, POS + 8, x);
    set(s, M0_VARIANT, count == 1 ? 1 : count == 2 ? 2 : 0);
    stale |= M0;
  }
  if (stale) set(s, DIRTY, get(s, DIRTY) | stale);
  return stale != 0;
}

/** What passing time does: pixels and collisions are each found only while somebody can ask for them. */
let drawing: bool = false;
let colliding: bool = false;

/** @param into where pixels are drawn, through `table`. */
export function watch(pixels: bool, collisions: bool, into: usize, table: usize): void {
  drawing = pixels;
  colliding = collisions;
  picture = into;
  inks = table;
}

/** Brings the frame up to colour clock `target` with the registers as they are. */
@inline export function advance(s: usize, target: i32): void {
  const last = get(s, LAST);
  if (target > last && target >= displayStart && last < displayStop) pass(s, last, min(target, displayStop));
}

function pass(s: usize, last: i32, target: i32): void {
  let toEnd = get(s, TO_END);
  let row = picture + get(s, ROW) * 160;
  const pairs: i32 = !colliding || get(s, VBLANK) & 2 ? 0 : (load<u16>(PAIRS + (get(s, ENABLED) << 1)) as i32);
  let wanted = pairs & ~get(s, COLLISION);
  // The line before was whole, and this one is like it.
  let same = false;
  do {
    const x = 160 - toEnd;
    const ended = target > last + toEnd;
    const count = ended ? toEnd : target - last;
    last += count;
    toEnd = ended ? 228 : toEnd - count;
    const end = x + count;
    if (end > 0) {
      const from = max(x, 0);
      const whole = from == 0 && end == 160;
      const blank = from < 8 && get(s, HMOVE_BLANK);
      if (wanted && !(same && whole)) {
        collide(s, from, end);
        wanted = pairs & ~get(s, COLLISION);
      }
      if (drawing) {
        if (same && whole && !blank) copyLine(row, row - 160);
        else draw(s, row, from, end);
        if (blank) span(row + from, 8 - from, ink(0));
      }
      if (blank && end >= 8) set(s, HMOVE_BLANK, 0);
      same = whole && !blank;
    }
    if (ended) {
      if (endOfLine(s)) same = false;
      row += 160;
    }
  } while (last < target);
  set(s, LAST, last);
  set(s, TO_END, toEnd);
}

// ---- registers ---------------------------------------------------------------------------------------------------

@inline function enable(s: usize, object: i32, on: bool): void {
  const enabled = get(s, ENABLED);
  set(s, ENABLED, on ? enabled | object : enabled & ~object);
}

function showPlayer(s: usize, p: i32): void {
  const o = (p as usize) << 2;
  let graphics = get(s, VDELP + o) ? get(s, OLD_GRP + o) : get(s, GRP + o);
  if (get(s, REFP + o)) graphics = load<u8>(REVERSED + graphics);
  const object = p ? P1 : P0;
  if (graphics != get(s, SHOWN + o)) {
    set(s, SHOWN + o, graphics);
    set(s, DIRTY, get(s, DIRTY) | object);
  }
  enable(s, object, graphics != 0);
}

@inline function showBall(s: usize): void {
  enable(s, BL, (get(s, VDELBL) ? get(s, OLD_ENABL) : get(s, ENABL)) != 0);
}

@inline function dirty(s: usize, objects: i32): void {
  set(s, DIRTY, get(s, DIRTY) | objects);
}

/** Colour clocks after a write to the playfield at which it shows. */
@inline function playfieldDelay(clock: i32): i32 {
  const phase = ((clock % 228) / 3) & 3;
  return phase == 0 ? 4 : phase == 1 ? 5 : phase;
}

/** Whether a player reset to newX meets one of its copies: -1 in the clocks before it shows, 1 while it shows. */
function resetWhen(mode: i32, oldX: i32, newX: i32): i32 {
  let d = newX - oldX;
  if (d < 0) d += 160;
  const width = mode == 5 ? 16 : mode == 7 ? 32 : 8;
  let r = within(d, width);
  if (!r && (mode == 1 || mode == 3)) r = within(d - 16, width);
  if (!r && (mode == 2 || mode == 3 || mode == 6)) r = within(d - 32, width);
  if (!r && (mode == 4 || mode == 6)) r = within(d - 64, width);
  return r;
}

@inline function within(d: i32, width: i32): i32 {
  return d < 0 ? 0 : d < 4 ? -1 : d < 4 + width ? 1 : 0;
}

function resetPlayer(s: usize, p: i32, clock: i32): void {
  const o = (p as usize) << 2;
  const hpos = clock % 228;
  const x = hpos < 68 ? 3 : (hpos - 68 + 5) % 160;
  const when = resetWhen(get(s, NUSIZ + o) & 7, get(s, POS + o), x);
  if (when == 1) advance(s, clock + 11);
  set(s, POS + o, x);
  set(s, SKIP_FIRST + o, when >= 0 ? 1 : 0);
  dirty(s, p ? P1 : P0);
}

/** Missiles and ball: RESMx and RESBL, with the positions that a few cartridges get by strobing soon after HMOVE. */
function resetSmall(s: usize, register: i32, clock: i32): void {
  const hpos = clock % 228;
  let x = hpos < 68 ? 2 : (hpos - 68 + 4) % 160;
  const since = clock - get(s, LAST_HMOVE);
  if (register == 0x12) {
    if (since == 60 && hpos == 69) x = 8;
    set(s, POS + 8, x);
    set(s, M0_VARIANT, 0);
    dirty(s, M0);
  } else if (register == 0x13) {
    if (since == 9 && hpos == 18) x = 3;
    set(s, POS + 12, x);
    dirty(s, M1);
  } else {
    if (since == 54 && (hpos == 60 || hpos == 69)) x = 10;
    else if (since == 9 && hpos == 18) x = 3;
    else if (since == 21 && hpos == 30) x = 6;
    else if (since == 18 && hpos == 27) x = 5;
    set(s, POS + 16, x);
    dirty(s, BL);
  }
}

function hmove(s: usize, clock: i32): void {
  const cycle = (clock % 228) / 3;
  if (blanksAllowed && (cycle <= 20 || cycle == 75)) set(s, HMOVE_BLANK, 1);
  const motion = MOTION + (cycle << 4);
  for (let o: usize = 0; o < 20; o += 4) {
    let x = get(s, POS + o) + (load<i8>(motion + get(s, HM + o)) as i32);
    if (x >= 160) x -= 160;
    else if (x < 0) x += 160;
    set(s, POS + o, x);
  }
  set(s, SKIP_FIRST, 0);
  set(s, SKIP_FIRST + 4, 0);
  set(s, M0_VARIANT, 0);
  set(s, COSMIC, 0);
  set(s, LAST_HMOVE, clock);
  dirty(s, P0 | P1 | M0 | M1 | BL);
}

function lockMissile(s: usize, p: i32, value: i32): void {
  const o = (p as usize) << 2;
  if (get(s, RESMP + o) && !(value & 2)) {
    const mode = get(s, NUSIZ + o) & 7;
    set(s, POS + 8 + o, (get(s, POS + o) + (mode == 5 ? 8 : mode == 7 ? 16 : 4)) % 160);
    if (p == 0) set(s, M0_VARIANT, 0);
    dirty(s, p ? M1 : M0);
  }
  set(s, RESMP + o, value & 2);
  enable(s, p ? M1 : M0, get(s, ENAM + o) != 0 && !(value & 2));
}

function playfield(s: usize, clock: i32, blocks: i32): void {
  if (blocks == get(s, PF)) return;
  advance(s, clock + playfieldDelay(clock));
  set(s, PF, blocks);
  enable(s, PFB, blocks != 0);
  dirty(s, PFB);
}

/** A write later than an entry can say. */
export function applyLate(s: usize, clock: i32, register: i32, value: i32, oddColors: i32): void {
  applyWrite(s, clock, register, value, oddColors);
}

/** A logged write: colour clock, register and value. */
@inline export function entry(clock: i32, register: i32, value: i32): u32 {
  return (clock << 14) | (register << 8) | value;
}

/** The logged writes from `at` to `end`. `oddColors`: PAL's colour loss in this frame. */
export function applyWrites(s: usize, at: usize, end: usize, oddColors: i32): void {
  while (at < end) {
    const write = load<u32>(at);
    applyWrite(s, write >> 14, (write >> 8) & 0x3f, write & 0xff, oddColors);
    at += 4;
  }
}

/**
 * A write that the picture or the collisions can depend on. Kernels rewrite many a register on every line, so one that
 * leaves everything as it is does not even bring the frame up to date.
 */
@inline function applyWrite(s: usize, clock: i32, register: i32, value: i32, oddColors: i32): void {
  switch (register) {
    case 0x01:
      if (value == get(s, VBLANK)) break;
      advance(s, clock + 1);
      set(s, VBLANK, value);
      break;
    case 0x04:
    case 0x05: {
      advance(s, clock + 8);
      const p = register - 0x04;
      set(s, NUSIZ + (p << 2), value);
      set(s, SKIP_FIRST + (p << 2), 0);
      if (!p) set(s, M0_VARIANT, 0);
      dirty(s, p ? P1 | M1 : P0 | M0);
      break;
    }
    case 0x06:
    case 0x07:
    case 0x08:
    case 0x09: {
      const color = s + COLOR + ((register - 0x06) << 2);
      const seen = (value & 0xfe) | oddColors;
      if (seen == load<i32>(color)) break;
      // Colours do not collide.
      if (drawing) advance(s, clock);
      store<i32>(color, seen);
      break;
    }
    case 0x0a:
      if (value == get(s, CTRLPF) && (value & 1) == get(s, REFLECTED)) break;
      advance(s, clock);
      set(s, CTRLPF, value);
      if (clock % 228 < 68 + 79 && get(s, REFLECTED) != (value & 1)) {
        set(s, REFLECTED, value & 1);
        dirty(s, PFB);
      }
      dirty(s, BL);
      break;
    case 0x0b:
    case 0x0c: {
      const o = ((register - 0x0b) << 2) as usize;
      if (get(s, REFP + o) == (value & 8)) break;
      advance(s, clock + 1);
      set(s, REFP + o, value & 8);
      set(s, SHOWN + o, load<u8>(REVERSED + get(s, SHOWN + o)));
      dirty(s, register == 0x0b ? P0 : P1);
      break;
    }
    case 0x0d:
      playfield(s, clock, (get(s, PF) & 0xffff0) | (value >> 4));
      break;
    case 0x0e:
      playfield(s, clock, (get(s, PF) & 0xff00f) | (value << 4));
      break;
    case 0x0f:
      playfield(s, clock, (get(s, PF) & 0x00fff) | (value << 12));
      break;
    case 0x10:
    case 0x11:
      advance(s, clock);
      resetPlayer(s, register - 0x10, clock);
      break;
    case 0x12:
    case 0x13:
      advance(s, clock + 8);
      resetSmall(s, register, clock);
      break;
    case 0x14:
      advance(s, clock);
      resetSmall(s, register, clock);
      break;
    case 0x1b:
      if (value == get(s, GRP) && get(s, OLD_GRP + 4) == get(s, GRP + 4)) break;
      advance(s, clock + 1);
      set(s, GRP, value);
      set(s, OLD_GRP + 4, get(s, GRP + 4));
      if (!get(s, VDELP)) showPlayer(s, 0);
      if (get(s, VDELP + 4)) showPlayer(s, 1);
      break;
    case 0x1c:
      if (value == get(s, GRP + 4) && get(s, OLD_GRP) == get(s, GRP) && get(s, OLD_ENABL) == get(s, ENABL)) break;
      advance(s, clock + 1);
      set(s, GRP + 4, value);
      set(s, OLD_GRP, get(s, GRP));
      set(s, OLD_ENABL, get(s, ENABL));
      if (get(s, VDELP)) showPlayer(s, 0);
      if (!get(s, VDELP + 4)) showPlayer(s, 1);
      if (get(s, VDELBL)) showBall(s);
      break;
    case 0x1d:
    case 0x1e: {
      const o = ((register - 0x1d) << 2) as usize;
      if ((value & 2) == get(s, ENAM + o)) break;
      advance(s, clock);
      set(s, ENAM + o, value & 2);
      enable(s, o ? M1 : M0, (value & 2) != 0 && !get(s, RESMP + o));
      break;
    }
    case 0x1f:
      if ((value & 2) == get(s, ENABL)) break;
      advance(s, clock);
      set(s, ENABL, value & 2);
      showBall(s);
      break;
    // Motion registers wait for HMOVE.
    case 0x22:
      if (clock == get(s, LAST_HMOVE) + 63 && get(s, HM + 8) == 7 && value >> 4 == 6) {
        advance(s, clock);
        set(s, COSMIC, 1);
        set(s, COSMIC_COUNT, 0);
      }
      set(s, HM + 8, value >> 4);
      break;
    case 0x20:
    case 0x21:
    case 0x23:
    case 0x24:
      set(s, HM + ((register - 0x20) << 2), value >> 4);
      break;
    case 0x25:
    case 0x26: {
      const p = register - 0x25;
      if ((value & 1) == get(s, VDELP + (p << 2))) break;
      advance(s, clock);
      set(s, VDELP + (p << 2), value & 1);
      showPlayer(s, p);
      break;
    }
    case 0x27:
      if ((value & 1) == get(s, VDELBL)) break;
      advance(s, clock);
      set(s, VDELBL, value & 1);
      showBall(s);
      break;
    case 0x28:
    case 0x29: {
      const p = register - 0x28;
      if ((value & 2) == get(s, RESMP + (p << 2))) break;
      advance(s, clock);
      lockMissile(s, p, value);
      break;
    }
    case 0x2a:
      advance(s, clock);
      hmove(s, clock);
      break;
    case 0x2b:
      memory.fill(s + HM, 0, 20);
      break;
    case 0x2c:
      // Pixels do not depend on the latches.
      if (colliding) advance(s, clock);
      set(s, COLLISION, 0);
      break;
  }
}
