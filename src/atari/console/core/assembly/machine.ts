// Processor, RIOT, cartridge and frames around the TIA. Times are processor cycles from the start of the frame's first
// line (a frame can start within a line), three colour clocks each. Accesses come at the end of their instruction.
import {
  CARTRIDGE_RAM, IDENTITY, LENGTHS, LIVE, LOG, LOG_ENTRIES, LOG_HEADER, LOG_SIZE, PICTURE, PICTURE_SIZE, ROM, SCRATCH, STATE, TABLE,
  TRANSLATED, WANTED_TABLE, WINDOW,
} from './layout';
import {
  advance, applyLate, applyWrites, buildTables, COLLISION, COLOR, configure, displayStop, entry, LAST, LAST_HMOVE, refreshAll,
  resetTia, ROW, TIA_SIZE, TO_END, watch,
} from './tia';

// Registers that outlive a frame, in STATE.
const A: usize = STATE;
const X: usize = STATE + 4;
const Y: usize = STATE + 8;
const SP: usize = STATE + 12;
const PC: usize = STATE + 16;
const ZV: usize = STATE + 20;
const NV: usize = STATE + 24;
const V: usize = STATE + 28;
const C: usize = STATE + 32;
const D: usize = STATE + 36;
const I: usize = STATE + 40;
const CYCLES: usize = STATE + 44;
const JAMMED: usize = STATE + 48;
/** The frame has begun and not ended. */
const PARTIAL: usize = STATE + 52;
const GREYED: usize = STATE + 56;
const FRAME_OFFSET: usize = STATE + 60; // cycles of the first line that had passed when the frame began
const VSYNC: usize = STATE + 64;
const VSYNC_DONE: usize = STATE + 68; // clock from which clearing VSYNC ends the frame
const DUMPING: usize = STATE + 72;
const DUMP_END: usize = STATE + 76;
const LAST_ACCESS: usize = STATE + 80; // clock of the last access to the TIA
const SCANLINES: usize = STATE + 84; // of the last whole frame
const PICTURE_INDEX: usize = STATE + 88;
const LOG_INDEX: usize = STATE + 92;
// RIOT
const TIMER: usize = STATE + 96;
const TIMER_SHIFT: usize = STATE + 100;
const TIMER_SET: usize = STATE + 104;
const TIMER_READ: usize = STATE + 108;
const TIMER_READ_AT: usize = STATE + 112;
const DDRA: usize = STATE + 116;
// Cartridge
const BANK: usize = STATE + 120; // or four slices
const DPC_RANDOM: usize = STATE + 136;
const DPC_CYCLES: usize = STATE + 140;
const DPC_FRACTION: usize = STATE + 144; // f64
const DPC_TOP: usize = STATE + 152; // eight bytes
const DPC_BOTTOM: usize = STATE + 160;
const DPC_FLAG: usize = STATE + 168;
const DPC_MUSIC: usize = STATE + 176; // three bytes
const DPC_COUNTER: usize = STATE + 184; // eight u16
// Controllers, written by the host.
const PORT_A: usize = STATE + 200;
const PORT_B: usize = STATE + 204;
const INPUT: usize = STATE + 208; // six: cycles a paddle takes to charge, -1 never; INPT4 and 5: 0x80 or 0

/** How many writes of this frame's log LIVE has had. */
const APPLIED: usize = STATE + 232;
/** The last value of VBLANK, which holds the paddles' capacitors too. */
const VBLANK_PORT: usize = STATE + 236;

/** Number of the block where the interpreter has stopped. */
const NEXT_BLOCK: usize = STATE + 240;

// Fields of a log behind the TIA's state.
const CURSOR: usize = 0x1e0;
const COUNT: usize = 0x1e4;
const END: usize = 0x1e8; // last access of the frame
const INTO: usize = 0x1ec; // picture
const ODD: usize = 0x1f0; // PAL's colour loss

// Cartridge kinds.
const PLAIN: i32 = 0;
const BANKED: i32 = 1;
const E0: i32 = 2;
const E7: i32 = 3;
const FE: i32 = 4;
const TIGERVISION: i32 = 5;
const UA: i32 = 6;
const CV: i32 = 7;
const DPC: i32 = 8;

let kind: i32 = 0;
let romSize: i32 = 0;
let banks: i32 = 1;
let hotLow: i32 = 0;
let ramSize: i32 = 0; // superchip and the like: written at 0, read behind that, in every bank
let pal: bool = false;
let maxCycles: i32 = 291 * 76;
let top: i32 = 34;
let lines: i32 = 210;

/** What the processor sees at 0x1000, and the part of it that can be read without side effects. */
let win: usize = ROM;
let romLow: i32 = 0;
let romLength: i32 = 0x1000;
/** Instructions that begin below this many bytes into it are fetched without asking the cartridge. */
let fetchLength: i32 = 0x1000;
export let stopped: bool = false;

/** This frame's log, and where its next entry goes. */
let log: usize = LOG;
let next: usize = LOG + LOG_HEADER;
/** Pixels of this frame are drawn as LIVE goes along: of its picture, or of that through TABLE instead. */
let eager: bool = false;
let mapping: bool = false;
/** For each frame, the last one in bit 0, whether its picture was asked for, and that through a table. */
let asked: i32 = 0;
let askedMapped: i32 = 0;
/** TRANSLATED is the last frame's picture through TABLE. */
let mapped: bool = false;

/** Where the translated program's blocks are known by address, if there is one: see translator/. */
let blocks: usize = 0;
/** Instructions interpreted since then. */
export let interpreted: i32 = 0;

@inline function get(p: usize): i32 {
  return load<i32>(p);
}
@inline function set(p: usize, value: i32): void {
  store<i32>(p, value);
}

// ---- cartridge ---------------------------------------------------------------------------------------------------

export function setup(cartridge: i32, size: i32, bankCount: i32, hot: i32, ram: i32, isPal: bool, yStart: i32, height: i32, hmoveBlanks: bool): void {
  kind = cartridge;
  romSize = size;
  banks = bankCount;
  hotLow = hot;
  ramSize = ram;
  pal = isPal;
  maxCycles = (isPal ? 343 : 291) * 76;
  top = yStart;
  lines = height;
  configure(yStart, height, hmoveBlanks);
  romLow = 0;
  romLength = 0x1000;
  fetchLength = 0x1000;
  if (kind == BANKED) {
    romLength = hotLow;
    fetchLength = hotLow - 2;
  }
  else if (kind == E0 || kind == E7) {
    romLength = 0xfe0;
    fetchLength = 0xfde;
  }
  else if (kind == FE) romLength = 0;
  else if (kind == DPC) {
    romLow = 0x80;
    romLength = 0xfc0 - 0x80;
    fetchLength = 0xfbe;
  }
  remap();
}

/** Makes the window from the bank registers: after a switch, a reset and a restored state. */
export function remap(): void {
  switch (kind) {
    case BANKED:
    case UA:
    case DPC:
      win = ROM + (get(BANK) << 12);
      break;
    case FE:
      win = get(PC) & 0x2000 ? ROM : ROM + 0x1000;
      break;
    case E0:
      win = WINDOW;
      for (let n = 0; n < 4; n++) memory.copy(WINDOW + (n << 10), ROM + (get(BANK + (n << 2)) << 10), 0x400);
      break;
    case TIGERVISION:
      win = WINDOW;
      memory.copy(WINDOW, ROM + (get(BANK) << 11), 0x800);
      memory.copy(WINDOW + 0x800, ROM + romSize - 0x800, 0x800);
      break;
    case E7: {
      win = WINDOW;
      const slice = get(BANK);
      memory.copy(WINDOW, ROM + (slice << 11), 0x800);
      if (slice == 7) memory.copy(WINDOW + 0x400, CARTRIDGE_RAM, 0x400);
      memory.copy(WINDOW + 0x800, ROM + 0x3800, 0x800);
      memory.copy(WINDOW + 0x900, CARTRIDGE_RAM + 0x400 + (get(BANK + 4) << 8), 0x100);
      break;
    }
    case CV:
      win = WINDOW;
      memory.copy(WINDOW, CARTRIDGE_RAM, 0x400);
      memory.copy(WINDOW + 0x400, ROM + 0x400, 0x400);
      memory.copy(WINDOW + 0x800, ROM, 0x800);
      break;
    default:
      win = ROM;
  }
  // A restored superchip's memory shows in every bank.
  if (ramSize) for (let b = 0; b < banks; b++) memory.copy(ROM + (b << 12) + ramSize, CARTRIDGE_RAM, ramSize);
}

@inline function switchBank(bank: i32): void {
  set(BANK, bank);
  win = ROM + (bank << 12);
}

function slice(n: i32, bank: i32): void {
  set(BANK + (n << 2), bank);
  memory.copy(WINDOW + (n << 10), ROM + (bank << 10), 0x400);
}

function hotspot(off: i32): void {
  if (kind == BANKED) {
    if (off >= hotLow && off < hotLow + banks) switchBank(off - hotLow);
  } else if (kind == DPC) {
    if (off == 0xff8 || off == 0xff9) switchBank(off - 0xff8);
  } else if (kind == E0) {
    if (off >= 0xfe0 && off < 0xff8) slice((off - 0xfe0) >> 3, off & 7);
  } else if (kind == E7) {
    if (off >= 0xfe0 && off < 0xfe8) {
      set(BANK, off & 7);
      remap();
    } else if (off >= 0xfe8 && off < 0xfec) {
      set(BANK + 4, off & 3);
      remap();
    }
  }
}

function cartridgeRead(ad: i32, cyc: i32): i32 {
  const off = ad & 0xfff;
  if (kind == FE) return load<u8>(ROM + off + (ad & 0x2000 ? 0 : 0x1000));
  if (kind == DPC) {
    clockRandom();
    if (off < 0x40) return dpcRead(off, cyc);
  }
  hotspot(off);
  return load<u8>(win + off);
}

export function cartridgeWrite(ad: i32, v: i32, cyc: i32): void {
  const off = ad & 0xfff;
  if (ramSize) {
    if (off < ramSize) {
      store<u8>(CARTRIDGE_RAM + off, v);
      for (let b = 0; b < banks; b++) store<u8>(ROM + (b << 12) + ramSize + off, v);
      return;
    }
    // Writing to where the memory is read does nothing.
  } else if (kind == CV) {
    if (off >= 0x400 && off < 0x800) {
      store<u8>(CARTRIDGE_RAM + off - 0x400, v);
      store<u8>(WINDOW + off - 0x400, v);
    }
    return;
  } else if (kind == E7) {
    if (off < 0x400 && get(BANK) == 7) {
      store<u8>(CARTRIDGE_RAM + off, v);
      store<u8>(WINDOW + 0x400 + off, v);
      return;
    }
    if (off >= 0x800 && off < 0x900) {
      const at = off - 0x800;
      store<u8>(CARTRIDGE_RAM + 0x400 + (get(BANK + 4) << 8) + at, v);
      store<u8>(WINDOW + 0x900 + at, v);
      return;
    }
  } else if (kind == DPC) {
    if (off < 0x80 || off >= 0xfc0) clockRandom();
    if (off >= 0x40 && off < 0x80) {
      dpcWrite(off, v);
      return;
    }
  }
  hotspot(off);
}

// The display processor chip of Pitfall II: eight data fetchers, three of which can play music, and a random number.

function clockRandom(): void {
  const r = get(DPC_RANDOM);
  // Feedback is the complement of the parity of bits 3, 4, 5 and 7.
  const tap = ((r >> 3) & 7) | ((r >> 4) & 8);
  set(DPC_RANDOM, ((r << 1) | (~popcnt(tap) & 1)) & 0xff);
}

function playMusic(cyc: i32): void {
  const passed = cyc - get(DPC_CYCLES);
  set(DPC_CYCLES, cyc);
  const clocks = (15750.0 * (passed as f64)) / 1193191.66666667 + load<f64>(DPC_FRACTION);
  const whole = clocks as i32;
  store<f64>(DPC_FRACTION, clocks - (whole as f64));
  if (whole <= 0) return;
  for (let x = 5; x <= 7; x++) {
    if (!load<u8>(DPC_MUSIC + x - 5)) continue;
    const topValue = load<u8>(DPC_TOP + x) as i32;
    const counter = load<u16>(DPC_COUNTER + (x << 1)) as i32;
    let low = 0;
    if (topValue) {
      low = (counter & 0xff) - (whole % (topValue + 1));
      if (low < 0) low += topValue + 1;
    }
    if (low <= (load<u8>(DPC_BOTTOM + x) as i32)) store<u8>(DPC_FLAG + x, 0);
    else if (low <= topValue) store<u8>(DPC_FLAG + x, 0xff);
    store<u16>(DPC_COUNTER + (x << 1), (counter & 0x700) | low);
  }
}

function dpcRead(off: i32, cyc: i32): i32 {
  const n = off & 7;
  const counter = load<u16>(DPC_COUNTER + (n << 1)) as i32;
  if ((counter & 0xff) == (load<u8>(DPC_TOP + n) as i32)) store<u8>(DPC_FLAG + n, 0xff);
  else if ((counter & 0xff) == (load<u8>(DPC_BOTTOM + n) as i32)) store<u8>(DPC_FLAG + n, 0);
  let result = 0;
  const data = load<u8>(ROM + 0x2000 + 2047 - counter) as i32;
  const flag = load<u8>(DPC_FLAG + n) as i32;
  switch (off >> 3) {
    case 0:
      if (n < 4) result = get(DPC_RANDOM);
      else {
        playMusic(cyc);
        let on = 0;
        for (let m = 0; m < 3; m++) if (load<u8>(DPC_MUSIC + m) && load<u8>(DPC_FLAG + 5 + m)) on |= 1 << m;
        // Amplitudes of the mixed channels.
        result = on == 0 ? 0 : on == 1 ? 4 : on == 2 ? 5 : on == 3 ? 9 : on == 4 ? 6 : on == 5 ? 10 : on == 6 ? 11 : 15;
      }
      break;
    case 1:
      result = data;
      break;
    case 2:
      result = data & flag;
      break;
    case 7:
      result = flag;
      break;
  }
  if (n < 5 || !load<u8>(DPC_MUSIC + n - 5)) {
    store<u16>(DPC_COUNTER + (n << 1), ((load<u16>(DPC_COUNTER + (n << 1)) as i32) - 1) & 0x7ff);
  }
  return result;
}

function dpcWrite(off: i32, v: i32): void {
  const n = off & 7;
  const counter = load<u16>(DPC_COUNTER + (n << 1)) as i32;
  switch ((off >> 3) & 7) {
    case 0:
      store<u8>(DPC_TOP + n, v);
      store<u8>(DPC_FLAG + n, 0);
      break;
    case 1:
      store<u8>(DPC_BOTTOM + n, v);
      break;
    case 2: {
      const music = n >= 5 && load<u8>(DPC_MUSIC + n - 5);
      store<u16>(DPC_COUNTER + (n << 1), (counter & 0x700) | (music ? (load<u8>(DPC_TOP + n) as i32) : v));
      break;
    }
    case 3:
      store<u16>(DPC_COUNTER + (n << 1), ((v & 7) << 8) | (counter & 0xff));
      if (n >= 5) store<u8>(DPC_MUSIC + n - 5, v & 0x10);
      break;
    case 6:
      set(DPC_RANDOM, 1);
      break;
  }
}

// ---- bus ---------------------------------------------------------------------------------------------------------

@inline function rd(ad: i32, cyc: i32, bus: i32): i32 {
  if (ad & 0x1000) {
    const off = ad & 0xfff;
    if (((off - romLow) as u32) < (romLength as u32)) return load<u8>(win + off);
    return cartridgeRead(ad, cyc);
  }
  if ((ad & 0x280) == 0x80) return load<u8>(ad & 0xff);
  return ioRead(ad, cyc, bus);
}

@inline function rdZero(ad: i32, cyc: i32, bus: i32): i32 {
  return ad & 0x80 ? (load<u8>(ad) as i32) : tiaRead(ad, cyc, bus);
}

/** The stack's page is page zero again. */
@inline function rdStack(sp: i32, cyc: i32, bus: i32): i32 {
  return sp & 0x80 ? (load<u8>(sp) as i32) : tiaRead(sp | 0x100, cyc, bus);
}

@inline function pullByte(sp: i32, cyc: i32, opcode: i32): i32 {
  const next = (sp + 1) & 0xff;
  return next & 0x80 ? (load<u8>(next) as i32) : tiaRead(next | 0x100, cyc, rdStack(sp, cyc, opcode));
}

export function pull(sp: i32, cyc: i32, opcode: i32): i32 {
  return pullByte(sp, cyc, opcode);
}

@inline function wr(ad: i32, v: i32, cyc: i32): i32 {
  if (ad & 0x1000) {
    cartridgeWrite(ad, v, cyc);
    return cyc;
  }
  if ((ad & 0x280) == 0x80) {
    store<u8>(ad & 0xff, v);
    return cyc;
  }
  return ioWrite(ad, v, cyc);
}

@inline function wrZero(ad: i32, v: i32, cyc: i32): i32 {
  if (ad & 0x80) {
    store<u8>(ad, v);
    return cyc;
  }
  return tiaWrite(ad, v, cyc, false);
}

@inline function wrStack(sp: i32, v: i32, cyc: i32, afterWrite: bool): i32 {
  if (sp & 0x80) {
    store<u8>(sp, v);
    return cyc;
  }
  return tiaWrite(sp | 0x100, v, cyc, afterWrite);
}

@inline function pointer(p: i32, cyc: i32, bus: i32): i32 {
  if (p & 0x80 && p != 0xff) return load<u16>(p);
  return slowPointer(p, cyc, bus);
}

/** The pointer's second byte is at p + 1 even when that is 0x100. */
function slowPointer(p: i32, cyc: i32, bus: i32): i32 {
  const low = rd(p, cyc, bus);
  return low | (rd(p + 1, cyc, low) << 8);
}

export function ioRead(ad: i32, cyc: i32, bus: i32): i32 {
  if (kind == UA) {
    if ((ad & 0x1fff) == 0x220) switchBank(0);
    else if ((ad & 0x1fff) == 0x240) switchBank(1);
  }
  return ad & 0x80 ? riotRead(ad, cyc) : tiaRead(ad, cyc, bus);
}

export function ioWrite(ad: i32, v: i32, cyc: i32): i32 {
  if (kind == UA) {
    if ((ad & 0x1fff) == 0x220) switchBank(0);
    else if ((ad & 0x1fff) == 0x240) switchBank(1);
  }
  if (ad & 0x80) {
    riotWrite(ad, v, cyc);
    return cyc;
  }
  return tiaWrite(ad, v, cyc, false);
}

function riotRead(ad: i32, cyc: i32): i32 {
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

function riotWrite(ad: i32, v: i32, cyc: i32): void {
  if ((ad & 7) == 1) set(DDRA, v);
  else if ((ad & 0x14) == 0x14) {
    set(TIMER, v);
    const n = ad & 3;
    set(TIMER_SHIFT, n == 0 ? 0 : n == 1 ? 3 : n == 2 ? 6 : 10);
    set(TIMER_SET, cyc);
    set(TIMER_READ, 0);
  }
}

/** Six bits of a read are whatever was on the bus. */
export function tiaRead(ad: i32, cyc: i32, bus: i32): i32 {
  // A Tigervision cartridge answers where it listens for its bank number.
  if (kind == TIGERVISION && (ad & 0x1fff) < 0x40) return load<u8>(ROM + (ad & 0x3f) + (get(BANK) << 11));
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
  if (kind == TIGERVISION && (ad & 0x1fff) < 0x40) {
    set(BANK, v % (romSize >> 11));
    memory.copy(WINDOW, ROM + (get(BANK) << 11), 0x800);
  }
  const register = ad & 0x3f;
  const clock = cyc * 3;
  set(LAST_ACCESS, clock);
  if (cyc >= maxCycles) {
    // No vertical sync in time.
    stopped = true;
    set(PARTIAL, 0);
    catchUp();
    advance(LIVE, clock);
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
      stopped = true;
      set(PARTIAL, 0);
      catchUp();
      advance(LIVE, clock);
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
  if (next == log + LOG_HEADER + (LOG_ENTRIES << 2)) {
    catchUp();
    eager = false;
    replay(get(LOG_INDEX));
    emptyLog();
  }
  // Past any picture a write's time only matters within its line, but for the time since HMOVE.
  const late = clock >= 129960;
  if (late) catchUp();
  store<u32>(next, entry(late ? 129960 + (clock % 228) : clock, register, v));
  next += 4;
  if (late) {
    applyLate(LIVE, clock, register, v, get(log + ODD));
    set(APPLIED, get(APPLIED) + 1);
  }
  return cyc;
}

// ---- processor ---------------------------------------------------------------------------------------------------

@inline function jump(pc: i32): i32 {
  if (kind == FE) win = pc & 0x2000 ? ROM : ROM + 0x1000;
  return pc;
}

/** Binary to decimal as a table of 256 that is read up to 66 entries before its start, where another table ends. */
function bcdBelow(value: i32): i32 {
  if (value < 0) return ((256 + value) >> 4) * 10 + ((256 + value) & 15);
  const t = value % 100;
  return ((t / 10) << 4) | (t % 10);
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

/** Where the bytes of an instruction outside the cartridge are. */
function stage(pc: i32, cyc: i32): usize {
  if ((pc & 0x280) == 0x80 && (pc & 0x7f) < 0x7e) return pc & 0xff;
  const opcode = rd(pc, cyc, 0);
  store<u8>(SCRATCH, opcode);
  const length = load<u8>(LENGTHS + opcode) as i32;
  let bus = opcode;
  for (let n = 1; n < length; n++) {
    bus = rd((pc + n) & 0xffff, cyc, bus);
    store<u8>(SCRATCH + n, bus);
  }
  return SCRATCH;
}

export function useBlocks(table: usize): void {
  blocks = table;
  interpreted = 0;
}

/** Where the table tells about `pc` in the window as it is. */
@inline function blockAt(pc: i32): usize {
  return blocks + ((win - ROM + (pc & 0xfff)) << 2);
}

/** Interprets up to `budget` instructions, or until a translated block can go on. Says how many are left of them. */
export function step(budget: i32): i32 {
  const pc = get(PC);
  if (pc & 0x1000) {
    const at = blockAt(pc);
    if (load<u32>(at) == 0xffffffff) store<u32>(at, (pc << 16) | 0xfffe);
  }
  const left = run(budget, true);
  interpreted += budget - left;
  return left;
}

function run(budget: i32, untilBlock: bool): i32 {
  let a = get(A);
  let x = get(X);
  let y = get(Y);
  let sp = get(SP);
  let pc = get(PC);
  let zv = get(ZV);
  let nv = get(NV);
  let vf = get(V);
  let c = get(C);
  let d = get(D);
  let i = get(I);
  let cyc = get(CYCLES);
  let n = budget;
  let ad = 0;
  let base = 0;
  let bus = 0;
  let v = 0;
  let v2 = 0;
  let a2 = 0;
  const window = win;
  while (n > 0 && !stopped) {
    n--;
    const into = (pc & 0x1fff) - 0x1000;
    const ip: usize = (into as u32) < (fetchLength as u32) ? win + into : stage(pc, cyc);
    switch (load<u8>(ip) as i32) {
      //CASES
      default:
        // An opcode that jams the processor: nothing more until a reset.
        pc = (pc + 1) & 0xffff;
        cyc += 2;
        set(JAMMED, 1);
        n = 0;
    }
    if (untilBlock && pc & 0x1000) {
      const block = load<u32>(blockAt(pc));
      const begins = (block >> 16) == pc && (block & 0xffff) < 0xfffe;
      // Another bank's code has to be noticed as missing where it is entered.
      if (begins || win != window) {
        set(NEXT_BLOCK, begins ? block & 0xffff : 0xffff);
        break;
      }
    }
  }
  set(A, a);
  set(X, x);
  set(Y, y);
  set(SP, sp);
  set(PC, pc);
  set(ZV, zv);
  set(NV, nv);
  set(V, vf);
  set(C, c);
  set(D, d);
  set(I, i);
  set(CYCLES, cyc);
  return n;
}

// ---- frames ------------------------------------------------------------------------------------------------------

@inline function pictureAt(index: i32): usize {
  return PICTURE + index * PICTURE_SIZE;
}

/** LIVE takes the writes that it has not had: before its collisions are read, and at the end of the frame. */
function catchUp(): void {
  const first = log + LOG_HEADER;
  if (mapping) watch(eager, true, TRANSLATED, TABLE);
  else watch(eager, true, pictureAt(get(PICTURE_INDEX)), IDENTITY);
  applyWrites(LIVE, first + (get(APPLIED) << 2), next, get(log + ODD));
  set(APPLIED, (next - first) >> 2);
}

/** Draws what a log holds and has not been drawn. */
function replay(index: i32): void {
  const past = LOG + index * LOG_SIZE;
  const isThis = index == get(LOG_INDEX);
  if (isThis) set(past + COUNT, (next - past - LOG_HEADER) >> 2);
  const first = past + LOG_HEADER;
  const count = get(past + COUNT);
  watch(true, false, pictureAt(get(past + INTO)), IDENTITY);
  applyWrites(past, first + (get(past + CURSOR) << 2), first + (count << 2), get(past + ODD));
  set(past + CURSOR, count);
  advance(past, isThis ? get(LAST_ACCESS) : get(past + END));
}

@inline function previousLog(back: i32): i32 {
  return (get(LOG_INDEX) + 3 - back) % 3;
}

/** This frame's log has no writes left that its head has not had. */
function emptyLog(): void {
  log = LOG + get(LOG_INDEX) * LOG_SIZE;
  next = log + LOG_HEADER;
  set(APPLIED, 0);
  set(log + CURSOR, 0);
  set(log + COUNT, 0);
}

/** A log that has nothing left to draw. */
function closeLog(past: usize): void {
  set(past + CURSOR, get(past + COUNT));
  set(past + LAST, 0x7fffffff);
}

function openLog(): void {
  emptyLog();
  memory.copy(log, LIVE, TIA_SIZE);
  set(log + INTO, get(PICTURE_INDEX));
  set(log + ODD, pal ? get(SCANLINES) & 1 : 0);
}

function startFrame(): void {
  set(log + END, get(LAST_ACCESS));
  set(PICTURE_INDEX, get(PICTURE_INDEX) ^ 1);
  set(LOG_INDEX, (get(LOG_INDEX) + 1) % 3);
  const cycles = get(CYCLES);
  const offset = cycles % 76;
  // Clocks are counted from this frame's first line now.
  const gone = cycles - offset;
  set(CYCLES, offset);
  set(FRAME_OFFSET, offset);
  set(DUMP_END, get(DUMP_END) - gone);
  set(TIMER_SET, get(TIMER_SET) - gone);
  set(TIMER_READ_AT, get(TIMER_READ_AT) - gone);
  set(DPC_CYCLES, get(DPC_CYCLES) - gone);
  set(VSYNC_DONE, get(VSYNC_DONE) - gone * 3);
  set(LIVE + LAST_HMOVE, get(LIVE + LAST_HMOVE) - gone * 3);
  set(LAST_ACCESS, 0);
  set(LIVE + LAST, top * 228);
  set(LIVE + TO_END, 228);
  set(LIVE + ROW, 0);
  if (pal) {
    for (let o: usize = 0; o < 16; o += 4) {
      const p = LIVE + COLOR + o;
      set(p, get(SCANLINES) & 1 ? get(p) | 1 : get(p) & 0xfe);
    }
  }
  set(GREYED, 0);
  openLog();
  // Most hosts look at every frame, at none, or at some of every second or fourth.
  asked <<= 1;
  askedMapped <<= 1;
  eager = ((asked | askedMapped) & 16) != 0;
  mapping = (asked & 16) == 0;
}

/** One frame, or what 25,000 instructions do of it. */
export function runFrame(): void {
  run(beginFrame(), false);
  endFrame();
}

/** Says how many instructions may follow. */
export function beginFrame(): i32 {
  if (!get(PARTIAL)) startFrame();
  set(PARTIAL, 1);
  mapped = false;
  stopped = false;
  return get(JAMMED) ? 0 : 25000;
}

export function endFrame(): void {
  catchUp();
  set(log + COUNT, (next - log - LOG_HEADER) >> 2);
  if (get(PARTIAL)) {
    eager = false;
    bringUp();
    if (!get(GREYED)) greyOut();
    set(GREYED, 1);
  } else {
    set(SCANLINES, get(CYCLES) / 76);
    set(GREYED, 0);
    // Lines that this frame did not reach keep what was there two frames ago.
    if (get(LAST_ACCESS) < displayStop) replay(previousLog(2));
    else if (eager && get(LIVE + LAST) >= displayStop) {
      // A log whose picture was only drawn through the table is kept, as an unseen one's.
      if (mapping) mapped = true;
      else closeLog(log);
    }
    eager = false;
  }
}

/** The picture's rest is dimmed when a frame does not end. */
function greyOut(): void {
  const from = max(get(CYCLES) / 76, top);
  const picture = PICTURE + get(PICTURE_INDEX) * PICTURE_SIZE;
  for (let p = picture + (from - top) * 160; p < picture + lines * 160; p++) store<u8>(p, (load<u8>(p) & 15) >> 1);
}

function bringUp(): void {
  if (get(PARTIAL)) replay(previousLog(2));
  replay(get(LOG_INDEX));
}

/** Brings the picture of the last frame up to date and says where it is. */
function picture(): usize {
  bringUp();
  return pictureAt(get(PICTURE_INDEX));
}

/** Brings the picture of the last frame up to date. */
export function draw(): void {
  asked |= 1;
  bringUp();
}

/** Brings TRANSLATED up to date: the picture through WANTED_TABLE. */
export function drawMapped(): void {
  askedMapped |= 1;
  let same = mapped;
  for (let o: usize = 0; o < 256; o += 16) {
    const wanted = v128.load(WANTED_TABLE + o);
    if (v128.any_true(v128.xor(wanted, v128.load(TABLE + o)))) same = false;
    v128.store(TABLE + o, wanted);
  }
  if (!same) translate();
  mapped = true;
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

/** The picture, drawn already, through TABLE. Much of it is runs of one colour or like the line above; nearly all numbers are even. */
function translate(): void {
  let from = picture();
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
}

/** Both pictures up to date and no writes left to replay, but for the frame that is under way. */
export function settle(): void {
  const current = LOG + get(LOG_INDEX) * LOG_SIZE;
  if (log != current) {
    // A restored state goes on in a log that was emptied before it was saved.
    log = current;
    next = log + LOG_HEADER;
  }
  eager = false;
  mapped = false;
  replay(previousLog(1));
  bringUp();
  emptyLog();
  // Equal machines have equal states, whoever looked at their pictures: what is only kept for speed is made anew.
  refreshAll(LIVE);
  set(NEXT_BLOCK, 0);
  if (get(PARTIAL)) refreshAll(log);
  else memory.copy(log, LIVE, TIA_SIZE);
  for (let k = 0; k < 3; k++) {
    const past = LOG + k * LOG_SIZE;
    set(past + COUNT, 0);
    // The logs of past frames have nothing left to draw.
    if (past != log || !get(PARTIAL)) closeLog(past);
  }
}

/** The power switch. `timer`: what the RIOT's timer happens to be at; the cartridge's memory comes from the host. */
export function reset(timer: i32): void {
  memory.fill(LIVE, 0, TIA_SIZE);
  set(CYCLES, 0);
  set(FRAME_OFFSET, 0);
  set(TIMER, timer);
  set(TIMER_SHIFT, 6);
  set(TIMER_SET, 0);
  set(TIMER_READ, 0);
  set(TIMER_READ_AT, 0);
  set(DDRA, 0);
  resetTia(LIVE);
  set(VSYNC, 0);
  set(VSYNC_DONE, 0x7fffffff);
  set(DUMPING, 0);
  set(DUMP_END, 0);
  set(LAST_ACCESS, 0);
  set(SCANLINES, 0);
  memory.fill(PICTURE, 0, PICTURE_SIZE << 1);
  for (let k = 0; k < 3; k++) {
    const past = LOG + k * LOG_SIZE;
    set(past + COUNT, 0);
    set(past + END, 0);
    closeLog(past);
  }
  eager = false;
  mapped = false;
  set(VBLANK_PORT, 0);
  openLog();
  memory.fill(BANK, 0, 16);
  if (kind == BANKED) set(BANK, hotLow == 0xff8 ? (ramSize == 0x100 ? 2 : 1) : 0);
  else if (kind == DPC) {
    set(BANK, 1);
    set(DPC_CYCLES, 0);
    store<f64>(DPC_FRACTION, 0);
  } else if (kind == E0) {
    set(BANK, 4);
    set(BANK + 4, 5);
    set(BANK + 8, 6);
    set(BANK + 12, 7);
  }
  set(JAMMED, 0);
  set(A, 0);
  set(X, 0);
  set(Y, 0);
  set(SP, 0xff);
  set(ZV, 1);
  set(NV, 0);
  set(V, 0);
  set(C, 0);
  set(D, 0);
  set(I, 0);
  set(PC, 0x1000);
  remap();
  const low = rd(0xfffc, 0, 0);
  set(PC, low | (rd(0xfffd, 0, low) << 8));
  if (kind == FE) remap();
}

/** A byte as the processor would read it now, side effects and all. */
export function peek(address: i32): i32 {
  return rd(address & 0xffff, get(CYCLES), 0);
}

/** Once in the memory's life. */
export function init(): void {
  buildTables();
  set(DPC_RANDOM, 1);
}
