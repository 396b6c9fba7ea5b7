import { INSTRUCTION_BYTES, type Mode, opcodeRows } from '../opcodes.ts';

/** A cartridge whose whole window is one of its banks. */
export interface Program {
  /** The image as the machine has it: whole banks of 4096 bytes. */
  readonly image: Uint8Array;
  /** Bytes of a bank below which reads have no side effects. */
  readonly readable: number;
  /** Bytes at the start of each bank that can change: memory of the cartridge. */
  readonly changing: number;
}

export interface Instruction {
  /** Where it is in the image. */
  readonly at: number;
  readonly pc: number;
  readonly name: string;
  readonly mode: Mode;
  readonly cycles: number;
  readonly length: number;
  /** The byte or word after the opcode. */
  readonly operand: number;
}

/** Instructions that follow one another; branches may leave before the end. */
export interface Block {
  readonly at: number;
  readonly pc: number;
  readonly instructions: readonly Instruction[];
  /** Where it goes on after its last instruction, if that is no jump: address in the image and program counter. */
  readonly next: readonly [at: number, pc: number] | undefined;
}

const LONGEST = 48;
const OPCODES = new Map(opcodeRows().map((row) => [row[0], row]));
const BRANCHES = new Set(['bpl', 'bmi', 'bvc', 'bvs', 'bcc', 'bcs', 'bne', 'beq']);
/** After these the program goes on somewhere else, or nobody knows where. */
const ENDS = new Set(['jmp', 'jsr', 'rts', 'rti', 'brk']);

export const isBranch = (name: string): boolean => BRANCHES.has(name);

/** The instruction in the image at `at`, undefined where it is not plain read-only memory. */
function decode(program: Program, at: number, pc: number): Instruction | undefined {
  const { image, readable, changing } = program;
  const offset = at & 0xfff;
  const row = OPCODES.get(image[at]!);
  if (row === undefined || offset < changing) return undefined;
  const [, name, mode, cycles] = row;
  const length = INSTRUCTION_BYTES[mode];
  if (offset + length > readable) return undefined;
  const operand = length === 1 ? 0 : image[at + 1]! | (length === 3 ? image[at + 2]! << 8 : 0);
  return { at, pc, name, mode, cycles, length, operand };
}

export const branchTarget = ({ pc, operand }: Instruction): number =>
  (pc + 2 + (operand < 0x80 ? operand : operand - 0x100)) & 0xffff;

/**
 * The blocks that can be reached from the roots, by address.
 * @param roots addresses in the image with their program counters.
 */
export function findBlocks(program: Program, roots: ReadonlyMap<number, number>): Block[] {
  const leaders = new Map(roots);
  const work = [...roots];
  const lead = (from: number, pc: number): number => {
    const at = (from & ~0xfff) | (pc & 0xfff);
    if (pc & 0x1000 && !leaders.has(at)) {
      leaders.set(at, pc);
      work.push([at, pc]);
    }
    return at;
  };
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    let [at, pc] = item;
    for (let count = 0; ; count++) {
      const instruction = decode(program, at, pc);
      if (instruction === undefined) break;
      const { name, length, mode, operand } = instruction;
      const after = (pc + length) & 0xffff;
      if (isBranch(name)) lead(at, branchTarget(instruction));
      if (mode === 'abs' && (name === 'jmp' || name === 'jsr')) lead(at, operand);
      if (name === 'jsr') lead(at, after);
      if (ENDS.has(name)) break;
      at += length;
      pc = after;
      if (count % LONGEST === LONGEST - 1) lead(at, pc);
      if (leaders.has(at)) break;
    }
  }
  return [...leaders]
    .sort(([p], [q]) => p - q)
    .map(([at, pc]) => blockAt(program, leaders, at, pc))
    .filter(({ instructions }) => instructions.length > 0);
}

function blockAt(program: Program, leaders: ReadonlyMap<number, number>, start: number, startPc: number): Block {
  const instructions: Instruction[] = [];
  let at = start;
  let pc = startPc;
  for (;;) {
    const instruction = decode(program, at, pc);
    if (instruction === undefined) break;
    instructions.push(instruction);
    at += instruction.length;
    pc = (pc + instruction.length) & 0xffff;
    if (ENDS.has(instruction.name)) return { at: start, pc: startPc, instructions, next: undefined };
    if (leaders.has(at) || instructions.length === 2 * LONGEST) break;
  }
  return { at: start, pc: startPc, instructions, next: [at, pc] };
}
