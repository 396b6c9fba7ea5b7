/** How instructions come by their operands: each addressing mode over what lies at its addresses. */
import type { BlockWriter } from './block-writer.ts';
import { CALL, LOCAL } from './translated-function.ts';
import { OP } from './wasm-code.ts';

const { left, x, y, cycles, value, address, sum } = LOCAL;

/** Whether an address is in the console's memory. */
export const isRam = (ad: number): boolean => (ad & 0x1280) === 0x80;

/** The operand on the stack; false when the interpreter has to do the instruction. */
export function readOperand(b: BlockWriter): boolean {
  const { w, target } = b;
  const { mode, operand, at, name } = b.instruction;
  const bank = target.rom + (at & ~0xfff);
  const { readable, changing, image } = target.program;
  switch (mode) {
    case 'imm':
      w.const(operand);
      return true;
    case 'zp':
      if (operand & 0x80) w.const(0).load8(operand);
      else {
        b.flush();
        w.const(operand).get(cycles).const(operand).call(CALL.tiaRead);
      }
      return true;
    case 'zpx':
    case 'zpy':
      findAddress(b);
      b.flush();
      w.get(address).const(0x80).op(OP.and).open('if', true);
      w.get(address).load8(0).else();
      w.get(address).get(cycles).const(operand).call(CALL.tiaRead).end();
      return true;
    case 'abs': {
      const offset = operand & 0xfff;
      if (operand & 0x1000) {
        if (offset >= readable) return false;
        if (offset < changing) w.const(0).load8(bank + offset);
        else w.const(image[(at & ~0xfff) + offset]!);
      } else if (isRam(operand)) w.const(0).load8(operand & 0xff);
      else {
        b.flush();
        if (operand === 0x284 && (name === 'lda' || name === 'ldx' || name === 'ldy')) waitForTimer(b);
        w.const(operand)
          .get(cycles)
          .const(operand >> 8)
          .call(CALL.ioRead);
      }
      return true;
    }
    case 'abx':
    case 'aby':
      if (indexesRom(b, operand)) {
        crossing(b);
        w.get(indexRegister(mode)).load8(bank + (operand & 0xfff));
        return true;
      }
      return readAnywhere(b, bank);
    case 'izy':
      return readAnywhere(b, bank);
    default:
      return false;
  }
}

/** From LOCAL.address, wherever that is. */
function readAnywhere(b: BlockWriter, bank: number): boolean {
  const { w } = b;
  const { mode, operand } = b.instruction;
  const { readable } = b.target.program;
  if (!findAddress(b)) return false;
  w.get(address).const(0x1000).op(OP.and).open('if', true);
  if (readable < 0x1000) {
    w.get(address).const(0xfff).op(OP.and).const(readable).op(OP.geU);
    b.bailIf();
  }
  w.get(address).const(0xfff).op(OP.and).load8(bank).else();
  notRam(b);
  w.open('if', true);
  w.get(address).get(cycles).const(b.pending).op(OP.add);
  pagesCrossed(b);
  w.op(OP.add);
  if (mode === 'izy') w.get(sum).const(8).op(OP.shrU);
  else w.const(operand >> 8);
  w.call(CALL.ioRead).else();
  w.get(address).const(0xff).op(OP.and).load8(0).end().end();
  crossing(b);
  return true;
}

/** Rounds of a loop that waits for the timer pass at once. */
function waitForTimer(b: BlockWriter): void {
  const { w, target } = b;
  w.const(target.rom + b.instruction.at)
    .get(cycles)
    .get(left)
    .const(b.block.instructions.length)
    .op(OP.sub);
  w.call(CALL.timerRounds);
  w.tee(sum).const(7).op(0x6c).get(cycles).op(OP.add).set(cycles);
  w.get(left).get(sum).const(1).op(OP.shl).op(OP.sub).set(left);
}

/** Stores what `push` puts on the stack; false when the interpreter has to do the instruction. */
export function writeOperand(b: BlockWriter, push: () => void): boolean {
  const { w } = b;
  const { mode, operand } = b.instruction;
  switch (mode) {
    case 'zp':
      if (operand & 0x80) {
        w.const(0);
        push();
        w.store8(operand);
      } else writeTia(b, () => w.const(operand), push);
      return true;
    case 'zpx':
    case 'zpy':
      findAddress(b);
      b.flush();
      w.get(address).const(0x80).op(OP.and).open('if').get(address);
      push();
      w.store8(0).else();
      writeTia(b, () => w.get(address), push);
      w.end();
      return true;
    case 'abs':
      if (operand & 0x1000) {
        if ((operand & 0xfff) >= b.target.program.changing >> 1) return false;
        b.flush();
        w.const(operand);
        push();
        w.get(cycles).call(CALL.cartridgeWrite);
      } else if (isRam(operand)) {
        w.const(0);
        push();
        w.store8(operand & 0xff);
      } else {
        b.flush();
        w.const(operand);
        push();
        w.get(cycles).call(CALL.ioWrite).set(cycles);
        b.mayStop = true;
      }
      return true;
    case 'abx':
    case 'aby':
    case 'izy':
      if (!findAddress(b)) return false;
      notRam(b);
      b.bailIf();
      w.get(address).const(0xff).op(OP.and);
      push();
      w.store8(0);
      return true;
    default:
      return false;
  }
}

/** A write to a register of the TIA, which may end the frame. */
export function writeTia(b: BlockWriter, ad: () => void, push: () => void): void {
  b.flush();
  ad();
  push();
  b.w.get(cycles).const(0).call(CALL.tiaWrite).set(cycles);
  b.mayStop = true;
}

/** Changes a byte of the console's memory: `change` finds it in LOCAL.value and leaves it there. */
export function modifyOperand(b: BlockWriter, change: () => void): boolean {
  const { w } = b;
  const { mode, operand } = b.instruction;
  if (mode === 'zp' || mode === 'abs') {
    if (mode === 'zp' ? operand < 0x80 : !isRam(operand)) return false;
    w.const(0)
      .load8(operand & 0xff)
      .set(value);
    change();
    w.const(0)
      .get(value)
      .store8(operand & 0xff);
    return true;
  }
  if (mode === 'izx' || !findAddress(b)) return false;
  notRam(b);
  b.bailIf();
  w.get(address).const(0xff).op(OP.and).tee(address).load8(0).set(value);
  change();
  w.get(address).get(value).store8(0);
  return true;
}

function indexRegister(mode: string): number {
  return mode === 'zpx' || mode === 'abx' ? x : y;
}

/** Whether every address that the index can make lies in plain read-only memory. */
function indexesRom(b: BlockWriter, base: number): boolean {
  return (base & 0x1000) !== 0 && (base & 0xfff) + 0xff < b.target.program.readable;
}

/** LOCAL.address for an indexed or indirect mode; false when the interpreter has to do it. */
function findAddress(b: BlockWriter): boolean {
  const { w } = b;
  const { mode, operand } = b.instruction;
  if (mode === 'zpx' || mode === 'zpy') {
    w.get(indexRegister(mode)).const(operand).op(OP.add).const(0xff).op(OP.and).set(address);
    return true;
  }
  if (mode === 'abx' || mode === 'aby') {
    w.get(indexRegister(mode)).const(operand).op(OP.add).const(0xffff).op(OP.and).set(address);
    return true;
  }
  if (mode === 'izy') {
    if (operand < 0x80 || operand === 0xff) return false;
    w.const(0).load16(operand).tee(sum).get(y).op(OP.add).const(0xffff).op(OP.and).set(address);
    return true;
  }
  return false;
}

/** Pushes whether LOCAL.address is not in the console's memory. */
function notRam(b: BlockWriter): void {
  b.w.get(address).const(0x1280).op(OP.and).const(0x80).op(OP.ne);
}

/** Pushes the cycle for crossing a page, if it is crossed; an indirect base is in LOCAL.sum. */
function pagesCrossed(b: BlockWriter): void {
  const { w } = b;
  const { mode, operand } = b.instruction;
  if (mode === 'izy') w.get(sum).get(address).op(OP.xor).const(0xff00).op(OP.and).const(0).op(OP.ne);
  else
    w.get(indexRegister(mode))
      .const(operand & 0xff)
      .op(OP.add)
      .const(8)
      .op(OP.shrU);
}

function crossing(b: BlockWriter): void {
  const { mode, operand } = b.instruction;
  if (mode !== 'izy' && (operand & 0xff) === 0) return;
  b.w.get(cycles);
  pagesCrossed(b);
  b.w.op(OP.add).set(cycles);
}
