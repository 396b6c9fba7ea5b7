/** The console's processor, as generated, with 64 KiB of plain memory around it: what the public tests run on. */
import { compileFlat } from '../../scripts/webassembly/console-machine.ts';
import type { Dialect } from '../../scripts/webassembly/generate-cpu.ts';

/** Programme counter, stack pointer, registers and flags (bits 4 and 5 of which exist on the stack only). */
export interface Registers {
  readonly pc: number;
  readonly s: number;
  readonly a: number;
  readonly x: number;
  readonly y: number;
  readonly p: number;
}

export interface Access {
  readonly address: number;
  readonly value: number;
  readonly write: boolean;
}

type Field = 'a' | 'x' | 'y' | 'sp' | 'pc' | 'zv' | 'nv' | 'vf' | 'c' | 'd' | 'i' | 'cyc' | 'accesses' | 'jammed';
type FlatExports = { readonly [field in Field]: WebAssembly.Global<'i32'> } & {
  readonly memory: WebAssembly.Memory;
  poke(address: number, value: number): void;
  step(): void;
  runToTrap(most: number): number;
};

const MEMORY = 0x10000;
const ACCESSES = 0x2000;
/** Flags that are really there. */
export const FLAGS = 0xcf;

/** Compiling takes seconds, so once for each dialect. */
const modules: Partial<Record<Dialect, Promise<WebAssembly.Module>>> = {};

export class FlatProcessor {
  readonly #exports: FlatExports;
  readonly #bytes: Uint8Array;
  readonly #accesses: Int32Array;

  private constructor(exports: FlatExports) {
    this.#exports = exports;
    this.#bytes = new Uint8Array(exports.memory.buffer, MEMORY, 0x10000);
    this.#accesses = new Int32Array(exports.memory.buffer, ACCESSES, 16);
  }

  static async compile(dialect: Dialect): Promise<FlatProcessor> {
    modules[dialect] ??= compileFlat(dialect).then((bytes) => new WebAssembly.Module(bytes as BufferSource));
    return new FlatProcessor(new WebAssembly.Instance(await modules[dialect], {}).exports as unknown as FlatExports);
  }

  peek(address: number): number {
    return this.#bytes[address];
  }

  poke(address: number, value: number): void {
    this.#exports.poke(address, value);
  }

  load(image: Uint8Array): void {
    image.forEach((value, address) => {
      this.poke(address, value);
    });
  }

  get registers(): Registers {
    const { pc, sp, a, x, y, nv, vf, d, i, zv, c } = this.#exports;
    const p =
      (nv.value & 0x80) | (vf.value ? 0x40 : 0) | (d.value << 3) | (i.value << 2) | (zv.value ? 0 : 2) | c.value;
    return { pc: pc.value, s: sp.value, a: a.value, x: x.value, y: y.value, p };
  }

  set registers({ pc, s, a, x, y, p }: Registers) {
    const to = this.#exports;
    to.pc.value = pc;
    to.sp.value = s;
    to.a.value = a;
    to.x.value = x;
    to.y.value = y;
    to.nv.value = p & 0x80;
    to.vf.value = p & 0x40;
    to.d.value = (p >> 3) & 1;
    to.i.value = (p >> 2) & 1;
    to.zv.value = ~p & 2;
    to.c.value = p & 1;
  }

  /** One instruction; its cycles. */
  step(): number {
    this.#exports.step();
    return this.#exports.cyc.value;
  }

  /** Whether the last instruction stopped the processor for good. */
  get jammed(): boolean {
    return this.#exports.jammed.value !== 0;
  }

  /** The last instruction's accesses to data, in order; those that fetch the instruction are not among them. */
  accesses(): Access[] {
    return Array.from(this.#accesses.subarray(0, this.#exports.accesses.value), (entry) => ({
      address: entry & 0xffff,
      value: (entry >> 16) & 0xff,
      write: entry >> 24 === 1,
    }));
  }

  /** Runs until an instruction leads to itself; the number of instructions. */
  runToTrap(most: number): number {
    return this.#exports.runToTrap(most);
  }
}
