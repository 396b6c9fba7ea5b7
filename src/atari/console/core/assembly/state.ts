// What outlives a frame, besides the TIA: one i32 each in STATE unless said otherwise. Times are processor cycles from the
// start of the frame's first line (a frame can start within a line), three colour clocks each.
import { STATE } from './layout';

// Processor and frame
export const A: usize = STATE;
export const X: usize = STATE + 4;
export const Y: usize = STATE + 8;
export const SP: usize = STATE + 12;
export const PC: usize = STATE + 16;
export const ZV: usize = STATE + 20;
export const NV: usize = STATE + 24;
export const V: usize = STATE + 28;
export const C: usize = STATE + 32;
export const D: usize = STATE + 36;
export const I: usize = STATE + 40;
export const CYCLES: usize = STATE + 44;
export const JAMMED: usize = STATE + 48;
/** The frame has begun and not ended. */
export const PARTIAL: usize = STATE + 52;
export const GREYED: usize = STATE + 56;
export const FRAME_OFFSET: usize = STATE + 60; // cycles of the first line that had passed when the frame began
export const VSYNC: usize = STATE + 64;
export const VSYNC_DONE: usize = STATE + 68; // clock from which clearing VSYNC ends the frame
export const DUMPING: usize = STATE + 72;
export const DUMP_END: usize = STATE + 76;
export const LAST_ACCESS: usize = STATE + 80; // clock of the last access to the TIA
export const SCANLINES: usize = STATE + 84; // of the last whole frame
export const PICTURE_INDEX: usize = STATE + 88;
export const LOG_INDEX: usize = STATE + 92;
// RIOT
export const TIMER: usize = STATE + 96;
export const TIMER_SHIFT: usize = STATE + 100;
export const TIMER_SET: usize = STATE + 104;
export const TIMER_READ: usize = STATE + 108;
export const TIMER_READ_AT: usize = STATE + 112;
export const DDRA: usize = STATE + 116;
// Cartridge
export const BANK: usize = STATE + 120; // or four slices
export const DPC_RANDOM: usize = STATE + 136;
export const DPC_CYCLES: usize = STATE + 140;
export const DPC_FRACTION: usize = STATE + 144; // f64
export const DPC_TOP: usize = STATE + 152; // eight bytes
export const DPC_BOTTOM: usize = STATE + 160;
export const DPC_FLAG: usize = STATE + 168;
export const DPC_MUSIC: usize = STATE + 176; // three bytes
export const DPC_COUNTER: usize = STATE + 184; // eight u16
// Controllers, written by the host.
export const PORT_A: usize = STATE + 200;
export const PORT_B: usize = STATE + 204;
export const INPUT: usize = STATE + 208; // six: cycles a paddle takes to charge, -1 never; INPT4 and 5: 0x80 or 0

/** How many writes of this frame's log LIVE has had. */
export const APPLIED: usize = STATE + 232;
/** The last value of VBLANK, which holds the paddles' capacitors too. */
export const VBLANK_PORT: usize = STATE + 236;

/** Number of the block where the interpreter has stopped. */
export const NEXT_BLOCK: usize = STATE + 240;

@inline export function get(p: usize): i32 {
  return load<i32>(p);
}
@inline export function set(p: usize, value: i32): void {
  store<i32>(p, value);
}
