// The interpreter: its switch is written by generate-cpu.ts, which calls what is imported here. It also stands in where
// translated programs have no block.
import { bcdBelow } from './bcd';
import { pointer, pullByte, rd, rdStack, rdZero, wr, wrStack, wrZero } from './bus';
import { fetchLength, jump, win } from './cartridge';
import { LENGTHS, ROM, SCRATCH } from './layout';
import { timerRounds } from './riot';
import { A, C, CYCLES, D, get, I, JAMMED, NEXT_BLOCK, NV, PC, set, SP, V, X, Y, ZV } from './state';
import { stopped } from './tia-port';

/** Where the translated program's blocks are known by address, if there is one: see translator/. */
let blocks: usize = 0;
/** Instructions interpreted since then. */
export let interpreted: i32 = 0;

export function useBlocks(table: usize): void {
  blocks = table;
  interpreted = 0;
}

/** Where the table tells about `pc` in the window as it is. */
@inline function blockAt(pc: i32): usize {
  return blocks + ((win - ROM + (pc & 0xfff)) << 2);
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

export function run(budget: i32, untilBlock: bool): i32 {
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

export function resetProcessor(): void {
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
}
