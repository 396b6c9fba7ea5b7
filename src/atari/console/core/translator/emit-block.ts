/**
 * One block of 6502 instructions as WebAssembly. Registers are locals; operands and addresses that the program has as
 * constants become constants. Whatever is rare (decimal arithmetic, the stack outside of memory, cartridge hot spots,
 * most undocumented opcodes) is left to the interpreter before the instruction has done anything.
 */
import { type Block, branchTarget, type Instruction, isBranch, type Program } from './find-blocks.ts';
import { type CodeWriter, OP } from './wasm-code.ts';

/** Locals of the translated function; the first is its parameter, how many instructions may follow. */
export const LOCAL = {
  left: 0, a: 1, x: 2, y: 3, sp: 4, pc: 5, zv: 6, nv: 7, v: 8, c: 9, d: 10, i: 11, cycles: 12,
  block: 13, value: 14, address: 15, sum: 16,
} as const; // biome-ignore format: a table
export const LOCALS = 16;

/** Functions of the machine, in the order of their import. */
export const IMPORTS = [
  { name: 'step', parameters: 1, results: 1 },
  { name: 'tiaRead', parameters: 3, results: 1 },
  { name: 'tiaWrite', parameters: 4, results: 1 },
  { name: 'ioRead', parameters: 3, results: 1 },
  { name: 'ioWrite', parameters: 3, results: 1 },
  { name: 'cartridgeWrite', parameters: 3, results: 0 },
  { name: 'timerRounds', parameters: 3, results: 1 },
  { name: 'pull', parameters: 3, results: 1 },
] as const;
export const CALL = {
  step: 0,
  tiaRead: 1,
  tiaWrite: 2,
  ioRead: 3,
  ioWrite: 4,
  cartridgeWrite: 5,
  timerRounds: 6,
  pull: 7,
};
const STOPPED = 0;

/** Where a block can go, as depths of the writer. */
export interface Exits {
  /** The frame is over: program counter and cycles are in their locals. */
  readonly done: number;
  /** The block in LOCAL.block comes next. */
  readonly dispatch: number;
  /** The interpreter goes on at LOCAL.pc. */
  readonly interpret: number;
}

export interface Target {
  readonly program: Program;
  /** Address of the image in the machine's memory, and of the table of blocks. */
  readonly rom: number;
  readonly table: number;
  /** Number of the block that begins at an address of the image with this program counter. */
  find(at: number, pc: number): number | undefined;
}

const { left, a, x, y, sp, pc, zv, nv, v, c, d, i, cycles, block: blockLocal, value, address, sum } = LOCAL;

/** Whether an address is in the console's memory. */
const isRam = (ad: number): boolean => (ad & 0x1280) === 0x80;

class Emitter {
  private readonly w: CodeWriter;
  private readonly target: Target;
  private readonly exits: Exits;
  private readonly block: Block;
  private readonly self: number;
  /** Cycles that have passed and are not in LOCAL.cycles yet. */
  private pending = 0;
  /** Instructions of the block before this one. */
  private before = 0;
  private instruction!: Instruction;
  private mayStop = false;

  constructor(w: CodeWriter, target: Target, exits: Exits, block: Block, self: number) {
    this.w = w;
    this.target = target;
    this.exits = exits;
    this.block = block;
    this.self = self;
  }

  /** Whether control can come to the end of the code, where the block after this one must follow. */
  emit(following: number | undefined): void {
    const { w, block } = this;
    // Too few instructions left of the frame's share for the whole block.
    w.get(left).const(block.instructions.length).op(OP.ltS).open('if');
    this.leave(block.pc, this.exits.interpret, 0);
    w.end();
    for (const instruction of block.instructions) {
      this.instruction = instruction;
      this.mayStop = false;
      if (!this.one(instruction)) return;
      this.before++;
      if (this.mayStop) {
        w.global(STOPPED).open('if');
        this.leave(this.after, this.exits.done, this.pending);
        w.end();
      }
    }
    const [at, next] = block.next as readonly [number, number];
    const number = this.target.find(at, next);
    if (number !== undefined && number === following) {
      this.flush();
      this.count();
    } else this.jump(at, next, 0);
  }

  private get after(): number {
    return (this.instruction.pc + this.instruction.length) & 0xffff;
  }

  private flush(): void {
    if (this.pending > 0) this.w.get(cycles).const(this.pending).op(OP.add).set(cycles);
    this.pending = 0;
  }

  /** The instructions before this one are done. */
  private count(): void {
    if (this.before > 0) this.w.get(left).const(this.before).op(OP.sub).set(left);
  }

  /** To the end of the frame or to the interpreter, at a program counter; `extra` cycles are not counted yet. */
  private leave(to: number, exit: number, extra: number): void {
    const { w } = this;
    if (extra > 0) w.get(cycles).const(extra).op(OP.add).set(cycles);
    this.count();
    w.const(to).set(pc).branch(exit);
  }

  /** Lets the interpreter do this instruction if the condition on the stack holds. */
  private bailIf(): void {
    this.w.open('if');
    this.leave(this.instruction.pc, this.exits.interpret, this.pending - this.instruction.cycles);
    this.w.end();
  }

  private bail(): false {
    this.leave(this.instruction.pc, this.exits.interpret, this.pending - this.instruction.cycles);
    return false;
  }

  /** Ends the block. */
  private jump(at: number, to: number, extra: number): void {
    const { w } = this;
    const number = to & 0x1000 ? this.target.find(at, to) : undefined;
    if (number === undefined) {
      this.leave(to, this.exits.interpret, this.pending + extra);
      return;
    }
    if (this.pending + extra > 0)
      w.get(cycles)
        .const(this.pending + extra)
        .op(OP.add)
        .set(cycles);
    this.count();
    if (at === this.block.at) w.branch(this.self);
    else w.const(number).set(blockLocal).branch(this.exits.dispatch);
  }

  private inBank(to: number): number {
    return (this.instruction.at & ~0xfff) | (to & 0xfff);
  }

  /** Ends the block at the program counter in its local. */
  private jumpToCounter(): void {
    const { w, target } = this;
    this.flush();
    this.count();
    const bank = this.instruction.at & ~0xfff;
    // The table has the program counter and the block's number.
    w.get(pc)
      .const(0xfff)
      .op(OP.and)
      .const(2)
      .op(OP.shl)
      .load32(target.table + (bank << 2))
      .tee(value);
    w.const(16).op(OP.shrU).get(pc).op(OP.eq).open('if');
    w.get(value).const(0xffff).op(OP.and).set(blockLocal).branch(this.exits.dispatch);
    w.end().branch(this.exits.interpret);
  }

  /** Both flags from the value on the stack. */
  private flags(): void {
    this.w.tee(zv).set(nv);
  }

  /** A register and its flags from the value on the stack. */
  private load(register: number): void {
    this.w.tee(register).tee(zv).set(nv);
  }

  // ---- operands ----

  private index(mode: string): number {
    return mode === 'zpx' || mode === 'abx' ? x : y;
  }

  /** Whether every address that the index can make lies in plain read-only memory. */
  private indexesRom(base: number): boolean {
    return (base & 0x1000) !== 0 && (base & 0xfff) + 0xff < this.target.program.readable;
  }

  /** LOCAL.address for an indexed or indirect mode; false when the interpreter has to do it. */
  private findAddress(): boolean {
    const { w } = this;
    const { mode, operand } = this.instruction;
    if (mode === 'zpx' || mode === 'zpy') {
      w.get(this.index(mode)).const(operand).op(OP.add).const(0xff).op(OP.and).set(address);
      return true;
    }
    if (mode === 'abx' || mode === 'aby') {
      w.get(this.index(mode)).const(operand).op(OP.add).const(0xffff).op(OP.and).set(address);
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
  private notRam(): void {
    this.w.get(address).const(0x1280).op(OP.and).const(0x80).op(OP.ne);
  }

  /** Pushes the cycle for crossing a page, if it is crossed; an indirect base is in LOCAL.sum. */
  private pagesCrossed(): void {
    const { w } = this;
    const { mode, operand } = this.instruction;
    if (mode === 'izy') w.get(sum).get(address).op(OP.xor).const(0xff00).op(OP.and).const(0).op(OP.ne);
    else
      w.get(this.index(mode))
        .const(operand & 0xff)
        .op(OP.add)
        .const(8)
        .op(OP.shrU);
  }

  private crossing(): void {
    const { mode, operand } = this.instruction;
    if (mode !== 'izy' && (operand & 0xff) === 0) return;
    this.w.get(cycles);
    this.pagesCrossed();
    this.w.op(OP.add).set(cycles);
  }

  /** The operand on the stack; false when the interpreter has to do the instruction. */
  private read(): boolean {
    const { w, target } = this;
    const { mode, operand, at, name } = this.instruction;
    const bank = target.rom + (at & ~0xfff);
    const { readable, changing, image } = target.program;
    switch (mode) {
      case 'imm':
        w.const(operand);
        return true;
      case 'zp':
        if (operand & 0x80) w.const(0).load8(operand);
        else {
          this.flush();
          w.const(operand).get(cycles).const(operand).call(CALL.tiaRead);
        }
        return true;
      case 'zpx':
      case 'zpy':
        this.findAddress();
        this.flush();
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
          this.flush();
          if (operand === 0x284 && (name === 'lda' || name === 'ldx' || name === 'ldy')) this.waitForTimer();
          w.const(operand)
            .get(cycles)
            .const(operand >> 8)
            .call(CALL.ioRead);
        }
        return true;
      }
      case 'abx':
      case 'aby':
        if (this.indexesRom(operand)) {
          this.crossing();
          w.get(this.index(mode)).load8(bank + (operand & 0xfff));
          return true;
        }
        return this.readAnywhere(bank);
      case 'izy':
        return this.readAnywhere(bank);
      default:
        return false;
    }
  }

  /** From LOCAL.address, wherever that is. */
  private readAnywhere(bank: number): boolean {
    const { w } = this;
    const { mode, operand } = this.instruction;
    const { readable } = this.target.program;
    if (!this.findAddress()) return false;
    w.get(address).const(0x1000).op(OP.and).open('if', true);
    if (readable < 0x1000) {
      w.get(address).const(0xfff).op(OP.and).const(readable).op(OP.geU);
      this.bailIf();
    }
    w.get(address).const(0xfff).op(OP.and).load8(bank).else();
    this.notRam();
    w.open('if', true);
    w.get(address).get(cycles).const(this.pending).op(OP.add);
    this.pagesCrossed();
    w.op(OP.add);
    if (mode === 'izy') w.get(sum).const(8).op(OP.shrU);
    else w.const(operand >> 8);
    w.call(CALL.ioRead).else();
    w.get(address).const(0xff).op(OP.and).load8(0).end().end();
    this.crossing();
    return true;
  }

  /** Rounds of a loop that waits for the timer pass at once. */
  private waitForTimer(): void {
    const { w, target } = this;
    w.const(target.rom + this.instruction.at)
      .get(cycles)
      .get(left)
      .const(this.block.instructions.length)
      .op(OP.sub);
    w.call(CALL.timerRounds);
    w.tee(sum).const(7).op(0x6c).get(cycles).op(OP.add).set(cycles);
    w.get(left).get(sum).const(1).op(OP.shl).op(OP.sub).set(left);
  }

  /** Stores what `push` puts on the stack; false when the interpreter has to do the instruction. */
  private write(push: () => void): boolean {
    const { w } = this;
    const { mode, operand } = this.instruction;
    switch (mode) {
      case 'zp':
        if (operand & 0x80) {
          w.const(0);
          push();
          w.store8(operand);
        } else this.writeTia(() => w.const(operand), push);
        return true;
      case 'zpx':
      case 'zpy':
        this.findAddress();
        this.flush();
        w.get(address).const(0x80).op(OP.and).open('if').get(address);
        push();
        w.store8(0).else();
        this.writeTia(() => w.get(address), push);
        w.end();
        return true;
      case 'abs':
        if (operand & 0x1000) {
          if ((operand & 0xfff) >= this.target.program.changing >> 1) return false;
          this.flush();
          w.const(operand);
          push();
          w.get(cycles).call(CALL.cartridgeWrite);
        } else if (isRam(operand)) {
          w.const(0);
          push();
          w.store8(operand & 0xff);
        } else {
          this.flush();
          w.const(operand);
          push();
          w.get(cycles).call(CALL.ioWrite).set(cycles);
          this.mayStop = true;
        }
        return true;
      case 'abx':
      case 'aby':
      case 'izy':
        if (!this.findAddress()) return false;
        this.notRam();
        this.bailIf();
        w.get(address).const(0xff).op(OP.and);
        push();
        w.store8(0);
        return true;
      default:
        return false;
    }
  }

  private writeTia(ad: () => void, push: () => void): void {
    this.flush();
    ad();
    push();
    this.w.get(cycles).const(0).call(CALL.tiaWrite).set(cycles);
    this.mayStop = true;
  }

  /** Changes a byte of the console's memory: `change` finds it in LOCAL.value and leaves it there. */
  private modify(change: () => void): boolean {
    const { w } = this;
    const { mode, operand } = this.instruction;
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
    if (mode === 'izx' || !this.findAddress()) return false;
    this.notRam();
    this.bailIf();
    w.get(address).const(0xff).op(OP.and).tee(address).load8(0).set(value);
    change();
    w.get(address).get(value).store8(0);
    return true;
  }

  // ---- instructions ----

  /** False when nothing can follow: a jump, or the interpreter takes over. */
  private one(instruction: Instruction): boolean {
    const { w } = this;
    const { name, mode } = instruction;
    this.pending += instruction.cycles;
    if (isBranch(name)) return this.branch(name);
    const register = { lda: a, ldx: x, ldy: y, sta: a, stx: x, sty: y, cmp: a, cpx: x, cpy: y }[name] ?? a;
    switch (name) {
      case 'lda':
      case 'ldx':
      case 'ldy':
        if (!this.read()) return this.bail();
        this.load(register);
        return true;
      case 'lax':
        if (!this.read()) return this.bail();
        w.tee(x);
        this.load(a);
        return true;
      case 'sta':
      case 'stx':
      case 'sty':
        return this.write(() => w.get(register)) || this.bail();
      case 'sax':
        return this.write(() => w.get(a).get(x).op(OP.and)) || this.bail();
      case 'ora':
      case 'and':
      case 'eor':
        if (!this.read()) return this.bail();
        w.get(a).op(name === 'ora' ? OP.or : name === 'and' ? OP.and : OP.xor);
        this.load(a);
        return true;
      case 'adc':
      case 'sbc':
        w.get(d);
        this.bailIf();
        if (!this.read()) return this.bail();
        w.set(value);
        this.addition(name);
        return true;
      case 'cmp':
      case 'cpx':
      case 'cpy':
        if (!this.read()) return this.bail();
        w.set(value);
        this.compare(register);
        return true;
      case 'bit':
        if (!this.read()) return this.bail();
        w.tee(nv).get(a).op(OP.and).set(zv).get(nv).const(0x40).op(OP.and).set(v);
        return true;
      case 'inc':
      case 'dec':
        return this.modify(() => this.stepValue(name === 'inc' ? OP.add : OP.sub)) || this.bail();
      case 'dcp':
        if (!this.modify(() => this.stepValue(OP.sub))) return this.bail();
        this.compare(a);
        return true;
      case 'asl':
      case 'rol':
      case 'lsr':
      case 'ror':
        return this.modify(() => this.shift(name, value)) || this.bail();
      case 'asla':
      case 'rola':
      case 'lsra':
      case 'rora':
        this.shift(name.slice(0, 3), a);
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
        this.load(counter);
        return true;
      }
      case 'tax':
      case 'tay':
      case 'txa':
      case 'tya':
      case 'tsx': {
        const registers: Record<string, number> = { a, x, y, s: sp };
        w.get(registers[name.charAt(1)]!);
        this.load(registers[name.charAt(2)]!);
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
        return mode === 'imp' || mode === 'imm' || this.bail();
      case 'pha':
        this.push(() => w.get(a));
        return true;
      case 'php':
        this.push(() => this.status());
        return true;
      case 'pla':
        this.pull(0x68);
        this.load(a);
        return true;
      case 'plp':
        this.pull(0x28);
        w.tee(nv).tee(value).const(0x40).op(OP.and).set(v);
        w.get(value).const(3).op(OP.shrU).const(1).op(OP.and).set(d);
        w.get(value).const(2).op(OP.shrU).const(1).op(OP.and).set(i);
        w.get(value).const(-1).op(OP.xor).const(2).op(OP.and).set(zv);
        w.get(value).const(1).op(OP.and).set(c);
        return true;
      case 'jmp':
        return this.absoluteJump();
      case 'jsr':
        this.call();
        return false;
      case 'rts':
        this.return();
        return false;
      default:
        return this.bail();
    }
  }

  private branch(name: string): true {
    const { w, instruction } = this;
    this.flush();
    const flag = { bpl: nv, bmi: nv, bvc: v, bvs: v, bcc: c, bcs: c, bne: zv, beq: zv }[name] as number;
    w.get(flag);
    if (flag === nv) w.const(0x80).op(OP.and);
    if (name === 'bpl' || name === 'bvc' || name === 'bcc' || name === 'beq') w.op(OP.eqz);
    w.open('if');
    const to = branchTarget(instruction);
    this.before++;
    this.jump(this.inBank(to), to, 1 + ((to ^ this.after) & 0xff00 ? 1 : 0));
    this.before--;
    w.end();
    return true;
  }

  private absoluteJump(): false {
    const { w, instruction, target } = this;
    const { mode, operand, at } = instruction;
    if (mode === 'abs') {
      this.before++;
      this.jump(this.inBank(operand), operand, 0);
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
    if (!plain(operand) || !plain(high)) return this.bail();
    byte(operand);
    byte(high);
    w.const(8).op(OP.shl).op(OP.or).set(pc);
    this.before++;
    this.jumpToCounter();
    return false;
  }

  private call(): void {
    const { w, instruction } = this;
    // Both bytes must lie in memory.
    w.get(sp).const(0x81).op(OP.ltU);
    this.bailIf();
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
    this.before++;
    this.jump(this.inBank(instruction.operand), instruction.operand, 0);
  }

  private return(): void {
    const { w } = this;
    w.get(sp).const(0x7f).op(OP.sub).const(0x7e).op(OP.gtU);
    this.bailIf();
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
    this.before++;
    this.jumpToCounter();
  }

  private push(what: () => void): void {
    const { w } = this;
    this.flush();
    w.get(sp).const(0x80).op(OP.and).open('if').get(sp);
    what();
    w.store8(0).else();
    this.writeTia(() => w.get(sp).const(0x100).op(OP.or), what);
    w.end();
    w.get(sp).const(1).op(OP.sub).const(0xff).op(OP.and).set(sp);
  }

  /** A byte from the stack, which some programs have in the TIA. */
  private pull(opcode: number): void {
    const { w } = this;
    this.flush();
    w.get(sp).const(1).op(OP.add).const(0xff).op(OP.and).tee(address).const(0x80).op(OP.and).open('if', true);
    w.get(address).load8(0).else();
    w.get(sp).get(cycles).const(opcode).call(CALL.pull).end();
    w.get(address).set(sp);
  }

  /** The processor's flags as a byte on the stack. */
  private status(): void {
    const { w } = this;
    w.get(nv).const(0x80).op(OP.and).const(0x30).op(OP.or);
    w.const(0x40).const(0).get(v).op(OP.select).op(OP.or);
    w.get(d).const(3).op(OP.shl).op(OP.or).get(i).const(2).op(OP.shl).op(OP.or);
    w.const(0).const(2).get(zv).op(OP.select).op(OP.or).get(c).op(OP.or);
  }

  /** LOCAL.value up or down by one, with flags. */
  private stepValue(by: number): void {
    this.w.get(value).const(1).op(by).const(0xff).op(OP.and).tee(value);
    this.flags();
  }

  private shift(name: string, register: number): void {
    const { w } = this;
    const leftwards = name === 'asl' || name === 'rol';
    const bitIn = name === 'rol' ? 0 : name === 'ror' ? 7 : -1;
    if (bitIn >= 0) w.get(c).const(bitIn).op(OP.shl).set(sum);
    w.get(register);
    if (leftwards) w.const(7).op(OP.shrU).set(c);
    else w.const(1).op(OP.and).set(c);
    w.get(register)
      .const(1)
      .op(leftwards ? OP.shl : OP.shrU)
      .const(0xff)
      .op(OP.and);
    if (bitIn >= 0) w.get(sum).op(OP.or);
    w.tee(register);
    this.flags();
  }

  /** A register with LOCAL.value. */
  private compare(register: number): void {
    const { w } = this;
    w.get(register).get(value).op(OP.sub).const(0xff).op(OP.and);
    this.flags();
    w.get(register).get(value).op(OP.geU).set(c);
  }

  /** LOCAL.value to A or from it, in binary. */
  private addition(name: 'adc' | 'sbc'): void {
    const { w } = this;
    w.get(a).get(value);
    if (name === 'adc') w.op(OP.add).get(c).op(OP.add).set(sum);
    else w.op(OP.sub).const(1).op(OP.sub).get(c).op(OP.add).set(sum);
    // Overflow: both inputs' signs differ from the result's.
    w.get(a).get(value).op(OP.xor);
    if (name === 'adc') w.const(-1).op(OP.xor);
    w.get(a).get(sum).op(OP.xor).op(OP.and).const(0x80).op(OP.and).set(v);
    if (name === 'adc') w.get(sum).const(8).op(OP.shrU).set(c);
    else w.get(sum).const(0).op(OP.geS).set(c);
    w.get(sum).const(0xff).op(OP.and);
    this.load(a);
  }
}

/**
 * @param self depth of a loop around the block.
 * @param following number of the block whose code comes next.
 */
export function emitBlock(
  w: CodeWriter,
  target: Target,
  exits: Exits,
  block: Block,
  self: number,
  following: number | undefined,
): void {
  new Emitter(w, target, exits, block, self).emit(following);
}
