// Who answers at an address. Accesses come at the end of their instruction, at cycle `cyc`; a write says at which cycle the
// processor goes on. `bus` is the byte that was on the bus before.
import { cartridgeRead, cartridgeWrite, listenToUA, romLength, romLow, win } from './cartridge';
import { riotRead, riotWrite } from './riot';
import { tiaRead, tiaWrite } from './tia-port';

@inline export function rd(ad: i32, cyc: i32, bus: i32): i32 {
  if (ad & 0x1000) {
    const off = ad & 0xfff;
    if (((off - romLow) as u32) < (romLength as u32)) return load<u8>(win + off);
    return cartridgeRead(ad, cyc);
  }
  if ((ad & 0x280) == 0x80) return load<u8>(ad & 0xff);
  return ioRead(ad, cyc, bus);
}

@inline export function rdZero(ad: i32, cyc: i32, bus: i32): i32 {
  return ad & 0x80 ? (load<u8>(ad) as i32) : tiaRead(ad, cyc, bus);
}

/** The stack's page is page zero again. */
@inline export function rdStack(sp: i32, cyc: i32, bus: i32): i32 {
  return sp & 0x80 ? (load<u8>(sp) as i32) : tiaRead(sp | 0x100, cyc, bus);
}

@inline export function pullByte(sp: i32, cyc: i32, opcode: i32): i32 {
  const next = (sp + 1) & 0xff;
  return next & 0x80 ? (load<u8>(next) as i32) : tiaRead(next | 0x100, cyc, rdStack(sp, cyc, opcode));
}

export function pull(sp: i32, cyc: i32, opcode: i32): i32 {
  return pullByte(sp, cyc, opcode);
}

@inline export function wr(ad: i32, v: i32, cyc: i32): i32 {
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

@inline export function wrZero(ad: i32, v: i32, cyc: i32): i32 {
  if (ad & 0x80) {
    store<u8>(ad, v);
    return cyc;
  }
  return tiaWrite(ad, v, cyc, false);
}

@inline export function wrStack(sp: i32, v: i32, cyc: i32, afterWrite: bool): i32 {
  if (sp & 0x80) {
    store<u8>(sp, v);
    return cyc;
  }
  return tiaWrite(sp | 0x100, v, cyc, afterWrite);
}

@inline export function pointer(p: i32, cyc: i32, bus: i32): i32 {
  if (p & 0x80 && p != 0xff) return load<u16>(p);
  return slowPointer(p, cyc, bus);
}

/** The pointer's second byte is at p + 1 even when that is 0x100. */
function slowPointer(p: i32, cyc: i32, bus: i32): i32 {
  const low = rd(p, cyc, bus);
  return low | (rd(p + 1, cyc, low) << 8);
}

export function ioRead(ad: i32, cyc: i32, bus: i32): i32 {
  listenToUA(ad);
  return ad & 0x80 ? riotRead(ad, cyc) : tiaRead(ad, cyc, bus);
}

export function ioWrite(ad: i32, v: i32, cyc: i32): i32 {
  listenToUA(ad);
  if (ad & 0x80) {
    riotWrite(ad, v, cyc);
    return cyc;
  }
  return tiaWrite(ad, v, cyc, false);
}
