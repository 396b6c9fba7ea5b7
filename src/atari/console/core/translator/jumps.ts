/** Branches, jumps, calls and returns: where a block is left. */
import type { BlockWriter } from './block-writer.ts';
import { branchTarget } from './find-blocks.ts';
import { isRam } from './operands.ts';
import { LOCAL } from './translated-function.ts';
import { OP } from './wasm-code.ts';

const { sp, pc, zv, nv, v, c } = LOCAL;

/** Leaves the block if the flag says so; it goes on after it otherwise. */
export function branchIf(b: BlockWriter, name: string): true {
  const { w, instruction } = b;
  b.flush();
  const flag = { bpl: nv, bmi: nv, bvc: v, bvs: v, bcc: c, bcs: c, bne: zv, beq: zv }[name] as number;
  w.get(flag);
  if (flag === nv) w.const(0x80).op(OP.and);
  if (name === 'bpl' || name === 'bvc' || name === 'bcc' || name === 'beq') w.op(OP.eqz);
  w.open('if');
  const to = branchTarget(instruction);
  b.before++;
  b.jump(b.inBank(to), to, 1 + ((to ^ b.after) & 0xff00 ? 1 : 0));
  b.before--;
  w.end();
  return true;
}

export function absoluteJump(b: BlockWriter): false {
  const { w, instruction, target } = b;
  const { mode, operand, at } = instruction;
  if (mode === 'abs') {
    b.before++;
    b.jump(b.inBank(operand), operand, 0);
    return false;
  }
  const high = (operand & 0xff00) | ((operand + 1) & 0xff);
  const byte = (ad: number): boolean => {
    const offset = ad & 0xfff;
    if (ad & 0x1000) {
      if (offset >= target.program.readable) return false;
      w.const(0).load8(target.rom + (at & ~0xfff) + offset);
    } else w.const(0).load8(ad & 0xff);
    return true;
  };
  const plain = (ad: number): boolean => (ad & 0x1000 ? (ad & 0xfff) < target.program.readable : isRam(ad));
  if (!plain(operand) || !plain(high)) return b.bail();
  byte(operand);
  byte(high);
  w.const(8).op(OP.shl).op(OP.or).set(pc);
  b.before++;
  b.jumpToCounter();
  return false;
}

export function callSubroutine(b: BlockWriter): void {
  const { w, instruction } = b;
  // Both bytes must lie in memory.
  w.get(sp).const(0x81).op(OP.ltU);
  b.bailIf();
  const back = (instruction.pc + 2) & 0xffff;
  w.get(sp)
    .const(back >> 8)
    .store8(0);
  w.get(sp)
    .const(1)
    .op(OP.sub)
    .const(back & 0xff)
    .store8(0);
  w.get(sp).const(2).op(OP.sub).set(sp);
  b.before++;
  b.jump(b.inBank(instruction.operand), instruction.operand, 0);
}

export function returnFromSubroutine(b: BlockWriter): void {
  const { w } = b;
  w.get(sp).const(0x7f).op(OP.sub).const(0x7e).op(OP.gtU);
  b.bailIf();
  w.get(sp)
    .load8(1)
    .get(sp)
    .load8(2)
    .const(8)
    .op(OP.shl)
    .op(OP.or)
    .const(1)
    .op(OP.add)
    .const(0xffff)
    .op(OP.and)
    .set(pc);
  w.get(sp).const(2).op(OP.add).set(sp);
  b.before++;
  b.jumpToCounter();
}
