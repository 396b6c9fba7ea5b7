// The beam goes on with the registers as they are: pixels and collisions of the time that passes.
import { collide } from './collisions';
import { PAIRS, PICTURE } from './layout';
import { copyLine, draw, ink, span, useInks } from './pixels';
import {
  COLLISION, COSMIC, COSMIC_COUNT, CTRLPF, DIRTY, ENABLED, get, HMOVE_BLANK, LAST, M0, M0_VARIANT, P0, P1, PFB, POS,
  REFLECTED, ROW, set, SKIP_FIRST, TO_END, VBLANK,
} from './tia-state';

/** Limits of the picture in colour clocks, and where pixels go; set once and per drawing. */
let displayStart: i32 = 0;
export let displayStop: i32 = 0;
export let blanksAllowed: bool = true;
let picture: usize = PICTURE;

export function configure(yStart: i32, height: i32, hmoveBlanks: bool): void {
  displayStart = yStart * 228;
  displayStop = displayStart + height * 228;
  blanksAllowed = hmoveBlanks;
}

/** What passing time does: pixels and collisions are each found only while somebody can ask for them. */
export let drawing: bool = false;
export let colliding: bool = false;

/** @param into where pixels are drawn, through `table`. */
export function watch(pixels: bool, collisions: bool, into: usize, table: usize): void {
  drawing = pixels;
  colliding = collisions;
  picture = into;
  useInks(table);
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
    const from = max(x, 0);
    // Not before the visible part of the line, and not after its end, where the frame may have been brought up to.
    if (end > from) {
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
