// The RIOT's timer and ports.
import { WINDOW } from './layout';
import { DDRA, get, PORT_A, PORT_B, set, TIMER, TIMER_READ, TIMER_READ_AT, TIMER_SET, TIMER_SHIFT } from './state';

export function riotRead(ad: i32, cyc: i32): i32 {
  if (ad & 4) {
    const elapsed = (cyc - 1 - get(TIMER_SET)) as u32;
    const shift = get(TIMER_SHIFT);
    const timer = get(TIMER);
    let left = timer - ((elapsed >> shift) as i32) - 1;
    if (ad & 1) return left >= 0 || get(TIMER_READ) ? 0 : 0x80;
    if (left >= 0) return left & 0xff;
    // Expired: it counts every cycle, until it has been read once; then at its interval again.
    left = (timer << shift) - (elapsed as i32) - 1;
    if (left <= -2 && !get(TIMER_READ)) {
      set(TIMER_READ, 1);
      set(TIMER_READ_AT, cyc);
    }
    if (get(TIMER_READ)) {
      left = timer - ((elapsed >> shift) as i32) - (get(TIMER_READ_AT) - (get(TIMER_SET) + (timer << shift)));
    }
    return left & 0xff;
  }
  if ((ad & 3) == 0) return get(PORT_A);
  if ((ad & 3) == 1) return get(DDRA);
  if ((ad & 3) == 2) return get(PORT_B);
  return 0;
}

export function riotWrite(ad: i32, v: i32, cyc: i32): void {
  if ((ad & 7) == 1) set(DDRA, v);
  else if ((ad & 0x14) == 0x14) {
    set(TIMER, v);
    const n = ad & 3;
    set(TIMER_SHIFT, n == 0 ? 0 : n == 1 ? 3 : n == 2 ? 6 : 10);
    set(TIMER_SET, cyc);
    set(TIMER_READ, 0);
  }
}

/** @param timer what it happens to be at. */
export function resetRiot(timer: i32): void {
  set(TIMER, timer);
  set(TIMER_SHIFT, 6);
  set(TIMER_SET, 0);
  set(TIMER_READ, 0);
  set(TIMER_READ_AT, 0);
  set(DDRA, 0);
}

/**
 * How often a loop of a load of the timer and a branch back (at `ip`, in the cartridge) goes round before the timer lets
 * it out. Seven cycles and two instructions each; nothing else can happen meanwhile.
 */
export function timerRounds(ip: usize, cyc: i32, budget: i32): i32 {
  const branch = load<u8>(ip + 3);
  if ((branch != 0xd0 && branch != 0x10) || load<u8>(ip + 4) != 0xfb || (ip & 0xff) > 0xfa || ip < WINDOW) return 0;
  const shift = get(TIMER_SHIFT);
  const timer = get(TIMER);
  const elapsed = cyc - 1 - get(TIMER_SET);
  const left = timer - (elapsed >> shift) - 1;
  if (elapsed < 0 || left <= 0) return 0;
  let cycles: i32;
  if (branch == 0xd0) {
    // Out when it reads zero, which a timer faster than the loop can step over.
    if (shift == 0) return 0;
    cycles = ((timer - 1) << shift) - elapsed;
  } else {
    if (left >= 0x80) return 0;
    cycles = (timer << shift) - elapsed;
  }
  return max(0, min((cycles + 6) / 7, (budget - 1) >> 1));
}
