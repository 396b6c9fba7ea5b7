// The processor of generate-cpu.ts with 64 KiB of plain memory around it, for the public processor tests. No part of the
// console.
import { bcdBelow } from './bcd';

/** The memory, and its first bytes once more behind it for instructions that wrap. */
const MEMORY: usize = 0x10000;
/** Accesses to data of the last instruction: address, value << 16, 1 << 24 for a write. */
const ACCESSES: usize = 0x2000;

export let a: i32 = 0;
export let x: i32 = 0;
export let y: i32 = 0;
export let sp: i32 = 0;
export let pc: i32 = 0;
/** Z is set when this is 0. */
export let zv: i32 = 1;
/** N is its bit 7. */
export let nv: i32 = 0;
export let vf: i32 = 0;
export let c: i32 = 0;
export let d: i32 = 0;
export let i: i32 = 0;
export let cyc: i32 = 0;
export let accesses: i32 = 0;
export let jammed: bool = false;

let n: i32 = 0;
let ad: i32 = 0;
let base: i32 = 0;
let bus: i32 = 0;
let v: i32 = 0;
let v2: i32 = 0;
let a2: i32 = 0;

export function poke(ad: i32, v: i32): void {
  store<u8>(MEMORY + ad, v);
  if (ad < 2) store<u8>(MEMORY + 0x10000 + ad, v);
}

function note(entry: i32): void {
  store<i32>(ACCESSES + (accesses << 2), entry);
  accesses++;
}

function rd(ad: i32, cyc: i32, bus: i32): i32 {
  const v = load<u8>(MEMORY + ad) as i32;
  note(ad | (v << 16));
  return v;
}

@inline function rdZero(ad: i32, cyc: i32, bus: i32): i32 {
  return rd(ad, cyc, bus);
}

@inline function rdStack(sp: i32, cyc: i32, bus: i32): i32 {
  return rd(sp | 0x100, cyc, bus);
}

@inline function pullByte(sp: i32, cyc: i32, opcode: i32): i32 {
  return rd(((sp + 1) & 0xff) | 0x100, cyc, opcode);
}

function wr(ad: i32, v: i32, cyc: i32): i32 {
  poke(ad, v);
  note(ad | (v << 16) | (1 << 24));
  return cyc;
}

@inline function wrZero(ad: i32, v: i32, cyc: i32): i32 {
  return wr(ad, v, cyc);
}

@inline function wrStack(sp: i32, v: i32, cyc: i32, afterWrite: bool): i32 {
  return wr(sp | 0x100, v, cyc);
}

/** ALE's: the second byte is at p + 1 even when that is 0x100. */
function pointer(p: i32, cyc: i32, bus: i32): i32 {
  const low = rd(p, cyc, bus);
  return low | (rd(p + 1, cyc, low) << 8);
}

function pointerWrapped(p: i32, cyc: i32, bus: i32): i32 {
  const low = rd(p, cyc, bus);
  return low | (rd((p + 1) & 0xff, cyc, low) << 8);
}

@inline function jump(pc: i32): i32 {
  return pc;
}

@inline function timerRounds(ip: usize, cyc: i32, budget: i32): i32 {
  return 0;
}

function one(): void {
  accesses = 0;
  const ip: usize = MEMORY + pc;
  switch (load<u8>(ip) as i32) {
    //CASES
    default:
      pc = (pc + 1) & 0xffff;
      cyc += 2;
      jammed = true;
  }
}

/** One instruction. */
export function step(): void {
  cyc = 0;
  jammed = false;
  one();
}

/** Instructions until one leads to itself or jams, at most `most`; how many there were. */
export function runToTrap(most: i32): i32 {
  jammed = false;
  for (let count = 1; count <= most; count++) {
    const before = pc;
    one();
    if (pc == before || jammed) return count;
  }
  return most;
}
