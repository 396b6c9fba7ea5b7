// A TIA's state is a block of memory at `s`: LIVE follows the processor, for collisions and in frames that somebody will
// want to see also for pixels; the copy at the head of a log replays a frame's writes when its picture is wanted after all.

// Offsets of its fields, i32 each.
export const LAST: usize = 0; // colour clock up to which the frame is done
export const TO_END: usize = 4; // clocks left in the line at LAST
export const ROW: usize = 8; // line of the picture at LAST
export const ENABLED: usize = 12; // bits of the objects that can show
export const VBLANK: usize = 16;
export const NUSIZ: usize = 20; // two
export const COLOR: usize = 28; // P0, P1, PF, BK
export const CTRLPF: usize = 44;
export const REFLECTED: usize = 48; // playfield reflection in effect on this line
export const REFP: usize = 52; // two
export const PF: usize = 60; // 20 bits
export const GRP: usize = 64; // two
export const OLD_GRP: usize = 72; // two
export const ENAM: usize = 80; // two
export const ENABL: usize = 88;
export const OLD_ENABL: usize = 92;
export const HM: usize = 96; // P0, P1, M0, M1, BL
export const VDELP: usize = 116; // two
export const VDELBL: usize = 124;
export const RESMP: usize = 128; // two
export const COLLISION: usize = 136;
export const POS: usize = 140; // P0, P1, M0, M1, BL
export const SHOWN: usize = 160; // two: graphics of the players now, reflected
export const SKIP_FIRST: usize = 168; // two: the first copy of the player does not show on this line
export const LAST_HMOVE: usize = 176;
export const HMOVE_BLANK: usize = 180;
export const COSMIC: usize = 184; // missile 0 drifts (Cosmic Ark's stars)
export const COSMIC_COUNT: usize = 188;
export const M0_VARIANT: usize = 192; // 0 as set, 1 stretched, 2 hidden
export const DIRTY: usize = 196; // bits of the objects whose mask is out of date
export const MASK: usize = 200; // six objects of three u64
export const TIA_SIZE: usize = 344;

// Objects, as bits of ENABLED and DIRTY and as places of their masks.
export const P0: i32 = 1;
export const M0: i32 = 2;
export const P1: i32 = 4;
export const M1: i32 = 8;
export const BL: i32 = 16;
export const PFB: i32 = 32;

@inline export function get(s: usize, field: usize): i32 {
  return load<i32>(s + field);
}
@inline export function set(s: usize, field: usize, value: i32): void {
  store<i32>(s + field, value);
}

/** The masks of these objects are out of date. */
@inline export function dirty(s: usize, objects: i32): void {
  set(s, DIRTY, get(s, DIRTY) | objects);
}

export function resetTia(s: usize): void {
  memory.fill(s, 0, TIA_SIZE);
  set(s, TO_END, 228);
  set(s, DIRTY, 63);
}
