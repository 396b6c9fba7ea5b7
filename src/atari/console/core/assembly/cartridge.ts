// What is plugged in: the 4 KiB that the processor sees of it, and the accesses that change them.
import { clockRandom, dpcRead, dpcWrite, resetDpc } from './dpc';
import { CARTRIDGE_RAM, ROM, WINDOW } from './layout';
import { BANK, get, PC, set } from './state';

// Cartridge kinds.
const PLAIN: i32 = 0;
const BANKED: i32 = 1;
const E0: i32 = 2;
const E7: i32 = 3;
export const FE: i32 = 4;
const TIGERVISION: i32 = 5;
const UA: i32 = 6;
const CV: i32 = 7;
const DPC: i32 = 8;

export let kind: i32 = 0;
let romSize: i32 = 0;
let banks: i32 = 1;
let hotLow: i32 = 0;
let ramSize: i32 = 0; // superchip and the like: written at 0, read behind that, in every bank

/** What the processor sees at 0x1000, and the part of it that can be read without side effects. */
export let win: usize = ROM;
export let romLow: i32 = 0;
export let romLength: i32 = 0x1000;
/** Instructions that begin below this many bytes into it are fetched without asking the cartridge. */
export let fetchLength: i32 = 0x1000;

export function configureCartridge(cartridge: i32, size: i32, bankCount: i32, hot: i32, ram: i32): void {
  kind = cartridge;
  romSize = size;
  banks = bankCount;
  hotLow = hot;
  ramSize = ram;
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

/** After a reset of the console. */
export function resetCartridge(): void {
  memory.fill(BANK, 0, 16);
  if (kind == BANKED) set(BANK, hotLow == 0xff8 ? (ramSize == 0x100 ? 2 : 1) : 0);
  else if (kind == DPC) {
    set(BANK, 1);
    resetDpc();
  } else if (kind == E0) {
    set(BANK, 4);
    set(BANK + 4, 5);
    set(BANK + 8, 6);
    set(BANK + 12, 7);
  }
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

/** A UA board listens to addresses of the other chips. */
@inline export function listenToUA(ad: i32): void {
  if (kind == UA) {
    if ((ad & 0x1fff) == 0x220) switchBank(0);
    else if ((ad & 0x1fff) == 0x240) switchBank(1);
  }
}

/** A Tigervision board takes its bank's number where the TIA's registers are. */
@inline export function listenToTigervision(ad: i32, v: i32): void {
  if (kind == TIGERVISION && (ad & 0x1fff) < 0x40) {
    set(BANK, v % (romSize >> 11));
    memory.copy(WINDOW, ROM + (get(BANK) << 11), 0x800);
  }
}

/** And answers there. */
@inline export function answersAsTigervision(ad: i32): bool {
  return kind == TIGERVISION && (ad & 0x1fff) < 0x40;
}

@inline export function tigervisionRead(ad: i32): i32 {
  return load<u8>(ROM + (ad & 0x3f) + (get(BANK) << 11));
}

/** The program goes on at `pc`, of which an FE board sees bit 13. */
@inline export function jump(pc: i32): i32 {
  if (kind == FE) win = pc & 0x2000 ? ROM : ROM + 0x1000;
  return pc;
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

export function cartridgeRead(ad: i32, cyc: i32): i32 {
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
