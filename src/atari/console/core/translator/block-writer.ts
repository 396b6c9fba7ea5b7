import type { Block, Instruction, Program } from './find-blocks.ts';
import { LOCAL } from './translated-function.ts';
import { type CodeWriter, OP } from './wasm-code.ts';

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

const { left, pc, cycles, block: blockLocal, value } = LOCAL;

/** The block that is being written, and where it is in time: for the parts that write its instructions. */
export class BlockWriter {
  readonly w: CodeWriter;
  readonly target: Target;
  readonly exits: Exits;
  readonly block: Block;
  /** Depth of a loop around the block. */
  readonly self: number;
  /** Cycles that have passed and are not in LOCAL.cycles yet. */
  pending = 0;
  /** Instructions of the block before this one. */
  before = 0;
  instruction!: Instruction;
  /** The instruction may have ended the frame. */
  mayStop = false;

  constructor(w: CodeWriter, target: Target, exits: Exits, block: Block, self: number) {
    this.w = w;
    this.target = target;
    this.exits = exits;
    this.block = block;
    this.self = self;
  }

  /** Program counter after this instruction. */
  get after(): number {
    return (this.instruction.pc + this.instruction.length) & 0xffff;
  }

  /** LOCAL.cycles is right from here on. */
  flush(): void {
    if (this.pending > 0) this.w.get(cycles).const(this.pending).op(OP.add).set(cycles);
    this.pending = 0;
  }

  /** The instructions before this one are done. */
  count(): void {
    if (this.before > 0) this.w.get(left).const(this.before).op(OP.sub).set(left);
  }

  /** To the end of the frame or to the interpreter, at a program counter; `extra` cycles are not counted yet. */
  leave(to: number, exit: number, extra: number): void {
    const { w } = this;
    if (extra > 0) w.get(cycles).const(extra).op(OP.add).set(cycles);
    this.count();
    w.const(to).set(pc).branch(exit);
  }

  /** Lets the interpreter do this instruction if the condition on the stack holds. */
  bailIf(): void {
    this.w.open('if');
    this.leave(this.instruction.pc, this.exits.interpret, this.pending - this.instruction.cycles);
    this.w.end();
  }

  /** Lets the interpreter do this instruction. */
  bail(): false {
    this.leave(this.instruction.pc, this.exits.interpret, this.pending - this.instruction.cycles);
    return false;
  }

  /** Ends the block. */
  jump(at: number, to: number, extra: number): void {
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

  /** Address in the image of a program counter in the same bank. */
  inBank(to: number): number {
    return (this.instruction.at & ~0xfff) | (to & 0xfff);
  }

  /** Ends the block at the program counter in its local. */
  jumpToCounter(): void {
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
}
