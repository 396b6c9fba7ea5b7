/**
 * One block of 6502 instructions as WebAssembly. Registers are locals; operands and addresses that the program has as
 * constants become constants. Whatever is rare (decimal arithmetic, the stack outside of memory, cartridge hot spots,
 * most undocumented opcodes) is left to the interpreter before the instruction has done anything.
 */
import { add, compare, loadRegister, pushStatus, setStatus, shift, stepValue } from './arithmetic.ts';
import { BlockWriter, type Exits, type Target } from './block-writer.ts';
import { type Block, type Instruction, isBranch } from './find-blocks.ts';
import { absoluteJump, branchIf, callSubroutine, returnFromSubroutine } from './jumps.ts';
import { modifyOperand, readOperand, writeOperand } from './operands.ts';
import { pullByte, pushByte } from './stack.ts';
import { LOCAL, STOPPED } from './translated-function.ts';
import { type CodeWriter, OP } from './wasm-code.ts';

const { left, a, x, y, sp, zv, nv, v, c, d, i, value } = LOCAL;

/**
 * @param self depth of a loop around the block.
 * @param following number of the block whose code comes next, which control reaches at the end of this one's.
 */
export function emitBlock(
  w: CodeWriter,
  target: Target,
  exits: Exits,
  block: Block,
  self: number,
  following: number | undefined,
): void {
  const b = new BlockWriter(w, target, exits, block, self);
  // Too few instructions left of the frame's share for the whole block.
  w.get(left).const(block.instructions.length).op(OP.ltS).open('if');
  b.leave(block.pc, exits.interpret, 0);
  w.end();
  for (const instruction of block.instructions) {
    b.instruction = instruction;
    b.mayStop = false;
    if (!emitInstruction(b, instruction)) return;
    b.before++;
    if (b.mayStop) {
      w.global(STOPPED).open('if');
      b.leave(b.after, exits.done, b.pending);
      w.end();
    }
  }
  const [at, next] = block.next as readonly [number, number];
  const number = target.find(at, next);
  if (number !== undefined && number === following) {
    b.flush();
    b.count();
  } else b.jump(at, next, 0);
}

/** False when nothing can follow: a jump, or the interpreter takes over. */
function emitInstruction(b: BlockWriter, instruction: Instruction): boolean {
  const { w } = b;
  const { name, mode } = instruction;
  b.pending += instruction.cycles;
  if (isBranch(name)) return branchIf(b, name);
  const register = { lda: a, ldx: x, ldy: y, sta: a, stx: x, sty: y, cmp: a, cpx: x, cpy: y }[name] ?? a;
  switch (name) {
    case 'lda':
    case 'ldx':
    case 'ldy':
      if (!readOperand(b)) return b.bail();
      loadRegister(w, register);
      return true;
    case 'lax':
      if (!readOperand(b)) return b.bail();
      w.tee(x);
      loadRegister(w, a);
      return true;
    case 'sta':
    case 'stx':
    case 'sty':
      return writeOperand(b, () => w.get(register)) || b.bail();
    case 'sax':
      return writeOperand(b, () => w.get(a).get(x).op(OP.and)) || b.bail();
    case 'ora':
    case 'and':
    case 'eor':
      if (!readOperand(b)) return b.bail();
      w.get(a).op(name === 'ora' ? OP.or : name === 'and' ? OP.and : OP.xor);
      loadRegister(w, a);
      return true;
    case 'adc':
    case 'sbc':
      w.get(d);
      b.bailIf();
      if (!readOperand(b)) return b.bail();
      w.set(value);
      add(w, name);
      return true;
    case 'cmp':
    case 'cpx':
    case 'cpy':
      if (!readOperand(b)) return b.bail();
      w.set(value);
      compare(w, register);
      return true;
    case 'bit':
      if (!readOperand(b)) return b.bail();
      w.tee(nv).get(a).op(OP.and).set(zv).get(nv).const(0x40).op(OP.and).set(v);
      return true;
    case 'inc':
    case 'dec':
      return modifyOperand(b, () => stepValue(w, name === 'inc' ? OP.add : OP.sub)) || b.bail();
    case 'dcp':
      if (!modifyOperand(b, () => stepValue(w, OP.sub))) return b.bail();
      compare(w, a);
      return true;
    case 'asl':
    case 'rol':
    case 'lsr':
    case 'ror':
      return modifyOperand(b, () => shift(w, name, value)) || b.bail();
    case 'asla':
    case 'rola':
    case 'lsra':
    case 'rora':
      shift(w, name.slice(0, 3), a);
      return true;
    case 'inx':
    case 'iny':
    case 'dex':
    case 'dey': {
      const counter = name.endsWith('x') ? x : y;
      w.get(counter)
        .const(1)
        .op(name.startsWith('in') ? OP.add : OP.sub)
        .const(0xff)
        .op(OP.and);
      loadRegister(w, counter);
      return true;
    }
    case 'tax':
    case 'tay':
    case 'txa':
    case 'tya':
    case 'tsx': {
      const registers: Record<string, number> = { a, x, y, s: sp };
      w.get(registers[name.charAt(1)]!);
      loadRegister(w, registers[name.charAt(2)]!);
      return true;
    }
    case 'txs':
      w.get(x).set(sp);
      return true;
    case 'clc':
    case 'sec':
      w.const(name === 'sec' ? 1 : 0).set(c);
      return true;
    case 'cld':
    case 'sed':
      w.const(name === 'sed' ? 1 : 0).set(d);
      return true;
    case 'cli':
    case 'sei':
      w.const(name === 'sei' ? 1 : 0).set(i);
      return true;
    case 'clv':
      w.const(0).set(v);
      return true;
    case 'nop':
      return mode === 'imp' || mode === 'imm' || b.bail();
    case 'pha':
      pushByte(b, () => w.get(a));
      return true;
    case 'php':
      pushByte(b, () => pushStatus(w));
      return true;
    case 'pla':
      pullByte(b, 0x68);
      loadRegister(w, a);
      return true;
    case 'plp':
      pullByte(b, 0x28);
      setStatus(w);
      return true;
    case 'jmp':
      return absoluteJump(b);
    case 'jsr':
      callSubroutine(b);
      return false;
    case 'rts':
      returnFromSubroutine(b);
      return false;
    default:
      return b.bail();
  }
}
