// Writes to the registers, as ALE's TIA (an old Stella's) takes them. Each first brings the frame up to the clock at which
// it shows.
import { advance, blanksAllowed, colliding, drawing } from './beam';
import { MOTION, REVERSED } from './layout';
import {
  BL, COLLISION, COLOR, COSMIC, COSMIC_COUNT, CTRLPF, dirty, ENABL, ENABLED, ENAM, get, GRP, HM, HMOVE_BLANK, LAST_HMOVE, M0,
  M0_VARIANT, M1, NUSIZ, OLD_ENABL, OLD_GRP, P0, P1, PF, PFB, POS, REFLECTED, REFP, RESMP, set, SHOWN, SKIP_FIRST, VBLANK,
  VDELBL, VDELP,
} from './tia-state';

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

/** A write later than an entry can say. */
export function applyLate(s: usize, clock: i32, register: i32, value: i32, oddColors: i32): void {
  applyWrite(s, clock, register, value, oddColors);
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
    dirty(s, object);
  }
  enable(s, object, graphics != 0);
}

@inline function showBall(s: usize): void {
  enable(s, BL, (get(s, VDELBL) ? get(s, OLD_ENABL) : get(s, ENABL)) != 0);
}

/** Colour clocks after a write to the playfield at which it shows. */
@inline function playfieldDelay(clock: i32): i32 {
  const phase = ((clock % 228) / 3) & 3;
  return phase == 0 ? 4 : phase == 1 ? 5 : phase;
}

function playfield(s: usize, clock: i32, blocks: i32): void {
  if (blocks == get(s, PF)) return;
  advance(s, clock + playfieldDelay(clock));
  set(s, PF, blocks);
  enable(s, PFB, blocks != 0);
  dirty(s, PFB);
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

/** Moves an object; its bit if it is elsewhere now. */
@inline function move(s: usize, o: usize, motion: usize, object: i32): i32 {
  const by = load<i8>(motion + get(s, HM + o)) as i32;
  if (!by) return 0;
  let x = get(s, POS + o) + by;
  if (x >= 160) x -= 160;
  else if (x < 0) x += 160;
  set(s, POS + o, x);
  return object;
}

function hmove(s: usize, clock: i32): void {
  const cycle = (clock % 228) / 3;
  if (blanksAllowed && (cycle <= 20 || cycle == 75)) set(s, HMOVE_BLANK, 1);
  const motion = MOTION + (cycle << 4);
  // Many a kernel strobes on every line, with nothing to move: masks that stay as they are need no refreshing.
  let stale = move(s, 0, motion, P0) | move(s, 4, motion, P1) | move(s, 8, motion, M0) | move(s, 12, motion, M1) | move(s, 16, motion, BL);
  if (get(s, SKIP_FIRST)) stale |= P0;
  if (get(s, SKIP_FIRST + 4)) stale |= P1;
  if (get(s, M0_VARIANT)) stale |= M0;
  set(s, SKIP_FIRST, 0);
  set(s, SKIP_FIRST + 4, 0);
  set(s, M0_VARIANT, 0);
  set(s, COSMIC, 0);
  set(s, LAST_HMOVE, clock);
  if (stale) dirty(s, stale);
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
