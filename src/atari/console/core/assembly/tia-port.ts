// The processor's side of the TIA: collisions and controllers are read at once, vertical sync and WSYNC act at once, all
// other writes are logged.
import { advance } from './beam';
import { answersAsTigervision, listenToTigervision, tigervisionRead } from './cartridge';
import { LIVE } from './layout';
import {
  DUMP_END, DUMPING, FRAME_OFFSET, get, INPUT, LAST_ACCESS, PARTIAL, set, VBLANK_PORT, VSYNC, VSYNC_DONE,
} from './state';
import { COLLISION } from './tia-state';
import { catchUp, logWrite } from './write-log';

/** The frame has ended: the processor waits for the next one. */
export let stopped: bool = false;
/** When a frame ends for want of vertical sync. */
let maxCycles: i32 = 291 * 76;

export function limitFrames(cycles: i32): void {
  maxCycles = cycles;
}

@inline export function goOn(): void {
  stopped = false;
}

function frameEnds(clock: i32): void {
  stopped = true;
  set(PARTIAL, 0);
  catchUp();
  advance(LIVE, clock);
}

/** Six bits of a read are whatever was on the bus. */
export function tiaRead(ad: i32, cyc: i32, bus: i32): i32 {
  if (answersAsTigervision(ad)) return tigervisionRead(ad);
  set(LAST_ACCESS, cyc * 3);
  bus &= 0x3f;
  const register = ad & 15;
  if (register < 8) {
    catchUp();
    advance(LIVE, cyc * 3);
    const latches = get(LIVE + COLLISION);
    // Two latches a register, but one only in CXBLPF.
    const first = register == 7 ? 13 : register << 1;
    let value = (latches >> first) & 1 ? 0x80 : 0;
    if (register != 6 && (latches >> (first + 1)) & 1) value |= 0x40;
    return value | bus;
  }
  if (register < 12) {
    const needed = get(INPUT + ((register - 8) << 2));
    if (needed == 0) return 0x80 | bus;
    if (needed < 0 || get(DUMPING)) return bus;
    const offset = get(FRAME_OFFSET);
    const charged = ((cyc - offset) as u32) > ((get(DUMP_END) - offset + needed) as u32);
    return charged ? 0x80 | bus : bus;
  }
  if (register < 14) return get(INPUT + ((register - 8) << 2)) | bus;
  return bus;
}

export function tiaWrite(ad: i32, v: i32, cyc: i32, afterWrite: bool): i32 {
  listenToTigervision(ad, v);
  const register = ad & 0x3f;
  const clock = cyc * 3;
  set(LAST_ACCESS, clock);
  if (cyc >= maxCycles) {
    // No vertical sync in time.
    frameEnds(clock);
  }
  if (register == 2) {
    // The line's rest passes at once. (The second write in a row of one instruction does not wait.)
    if (!afterWrite) {
      const rest = cyc % 76;
      if (rest) return cyc + 76 - rest;
    }
    return cyc;
  }
  if (register > 0x2c || (register >= 0x15 && register <= 0x1a) || register == 3) return cyc;
  if (register == 0) {
    if (v & 2) set(VSYNC_DONE, clock + 228);
    else if (clock >= get(VSYNC_DONE)) {
      set(VSYNC_DONE, 0x7fffffff);
      frameEnds(clock);
    }
    set(VSYNC, v);
    return cyc;
  }
  if (register == 1) {
    const before = get(VBLANK_PORT);
    set(VBLANK_PORT, v);
    if (~before & v & 0x80) set(DUMPING, 1);
    else if (before & ~v & 0x80) {
      set(DUMPING, 0);
      set(DUMP_END, cyc);
    }
  }
  logWrite(clock, register, v);
  return cyc;
}
