/**
 * Translates a cartridge's program to WebAssembly: the interpreter spends most of its time on fetching, decoding and
 * keeping addresses, all of which are known beforehand. One function holds all blocks, with the registers in its locals;
 * a jump goes through a `br_table` at its start, and a block that follows in memory follows in the code. What has not
 * been translated runs in the interpreter, which stops at the beginning of a block.
 */
import type { Target } from './block-writer.ts';
import { emitBlock } from './emit-block.ts';
import { type Block, findBlocks, type Program } from './find-blocks.ts';
import { CALL, IMPORTS, LOCAL, LOCALS } from './translated-function.ts';
import { CodeWriter, OP, wasmModule } from './wasm-code.ts';

/** Addresses in the machine's memory. */
export interface MachinePlaces {
  /** Registers, one i32 each: A, X, Y, SP, PC, zero and negative flags as values, V, C, D, I, cycles. */
  readonly registers: number;
  /** Number of the block at which the interpreter has stopped, i32. */
  readonly nextBlock: number;
  readonly rom: number;
  /** Number of the bank in the window, i32. */
  readonly bank: number;
  /** One u32 for each byte of the image: see `tableOf`. */
  readonly table: number;
}

export interface Translation {
  /** Exports `run(left)`; imports `machine`'s memory, functions (IMPORTS) and the global `stopped`. */
  readonly module: WebAssembly.Module;
  /** For each byte of the image, program counter << 16 | number of the block that begins there; all ones for none. */
  readonly table: Uint32Array;
}

/** Registers as the machine's memory has them. */
const REGISTERS = [
  LOCAL.a, LOCAL.x, LOCAL.y, LOCAL.sp, LOCAL.pc, LOCAL.zv, LOCAL.nv, LOCAL.v, LOCAL.c, LOCAL.d, LOCAL.i, LOCAL.cycles,
]; // biome-ignore format: in the order of memory

export const NO_BLOCK = 0xffffffff;
/** More code than this takes longer to compile than it saves. */
const MOST_BLOCKS = 6000;

/** @param roots addresses in the image where the program is known to pass, with program counters. */
export function translate(
  program: Program,
  roots: ReadonlyMap<number, number>,
  places: MachinePlaces,
): Translation | undefined {
  const blocks = findBlocks(program, roots);
  if (blocks.length === 0 || blocks.length > MOST_BLOCKS) return undefined;
  const numbers = new Map(blocks.map(({ at }, number) => [at, number]));
  const find = (at: number, pc: number): number | undefined => {
    const number = numbers.get(at);
    return number !== undefined && blocks[number]!.pc === pc ? number : undefined;
  };
  const code = emitProgram(blocks, { program, rom: places.rom, table: places.table, find }, places);
  const table = new Uint32Array(program.image.length).fill(NO_BLOCK);
  for (const [number, { at, pc }] of blocks.entries()) table[at] = (pc << 16) | number;
  return { module: new WebAssembly.Module(wasmModule(IMPORTS, 'stopped', LOCALS, code)), table };
}

function emitProgram(blocks: readonly Block[], target: Target, places: MachinePlaces): CodeWriter {
  const w = new CodeWriter();
  const loadRegisters = (): void => {
    for (const [n, local] of REGISTERS.entries())
      w.const(0)
        .load32(places.registers + 4 * n)
        .set(local);
  };
  const storeRegisters = (): void => {
    for (const [n, local] of REGISTERS.entries())
      w.const(0)
        .get(local)
        .store32(places.registers + 4 * n);
  };
  loadRegisters();
  w.const(blocks.length).set(LOCAL.block);
  w.open('block');
  const done = w.depth;
  w.open('loop');
  const dispatch = w.depth;
  w.open('block');
  const interpret = w.depth;
  for (const _ of blocks) w.open('block');
  w.get(LOCAL.block).op(OP.brTable).unsigned(blocks.length);
  for (let depth = 0; depth <= blocks.length; depth++) w.unsigned(depth);
  for (const [number, block] of blocks.entries()) {
    w.end().open('loop');
    const following = number + 1 < blocks.length ? number + 1 : undefined;
    emitBlock(w, target, { done, dispatch, interpret }, block, w.depth, following);
    w.end();
  }
  w.end();
  storeRegisters();
  w.get(LOCAL.left).call(CALL.step).set(LOCAL.left);
  loadRegisters();
  w.const(0).load32(places.nextBlock).set(LOCAL.block);
  w.get(LOCAL.left)
    .const(0)
    .op(OP.gtS)
    .global(0)
    .op(OP.eqz)
    .op(OP.and)
    .op(OP.brIf)
    .unsigned(w.depth - dispatch);
  w.end().end();
  storeRegisters();
  return w;
}
