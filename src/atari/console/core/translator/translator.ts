import type { Program } from './find-blocks.ts';
import { type MachinePlaces, NO_BLOCK, type Translation, translate } from './translate.ts';

/** What the WebAssembly machine offers (assembly/machine.ts). */
export interface MachineExports {
  readonly memory: WebAssembly.Memory;
  /** Instructions that were interpreted although a program is translated, since `useBlocks`. */
  readonly interpreted: WebAssembly.Global<'i32'>;
  init(): void;
  setup(
    kind: number,
    size: number,
    banks: number,
    hot: number,
    ram: number,
    pal: number,
    yStart: number,
    height: number,
    blanks: number,
  ): void;
  remap(): void;
  reset(timer: number): void;
  runFrame(): void;
  beginFrame(): number;
  endFrame(): void;
  useBlocks(table: number): void;
  draw(): void;
  settle(): void;
  peek(address: number): number;
  drawMapped(): void;
}

/** Frames in the interpreter before a program is worth translating. */
const FIRST_FRAMES = 400;
/** A program that goes on where nothing was translated is translated again: first after so many frames, then after four
 * times as many each time. */
const FRAMES_BETWEEN = 25;
const MOST_TRANSLATIONS = 6;
/** Instructions a frame that may stay with the interpreter, of some 5,000: new code is slow until the engine has improved it. */
const FEW_INSTRUCTIONS = 50;

/** What consoles with the same cartridge have found out, and made of it. */
interface Shared {
  readonly roots: Map<number, number>;
  translations: number;
  latest: Translation | undefined;
}

const shared = new Map<string, Shared>();
const MOST_SHARED = 256;

/**
 * Runs a machine's frames: interpreted at first, then translated. The two are equal in everything that can be seen, so
 * none of this is part of a console's state.
 */
export class Translator {
  readonly #machine: MachineExports;
  readonly #places: MachinePlaces;
  #program: Program | undefined;
  #shared: Shared | undefined;
  #current: Translation | undefined;
  #run: ((left: number) => void) | undefined;
  #frames = 0;
  #nextAt = FIRST_FRAMES;
  /** Frame since which the translation has been in use. */
  #since = 0;

  constructor(machine: MachineExports, places: MachinePlaces) {
    this.#machine = machine;
    this.#places = places;
  }

  /** Says that the program can be translated. @param key identifies the cartridge. */
  enable(key: string, program: Program): void {
    this.#program = program;
    if (shared.size >= MOST_SHARED) shared.clear();
    const entry = shared.get(key) ?? { roots: new Map<number, number>(), translations: 0, latest: undefined };
    shared.set(key, entry);
    this.#shared = entry;
  }

  runFrame(): void {
    const machine = this.#machine;
    if (this.#program !== undefined && ++this.#frames >= FIRST_FRAMES) this.#prepare(this.#program);
    if (this.#run === undefined) {
      machine.runFrame();
      return;
    }
    this.#run(machine.beginFrame());
    machine.endFrame();
  }

  #prepare(program: Program): void {
    const state = this.#shared as Shared;
    const known = state.latest;
    if (known !== undefined && known !== this.#current) this.#use(known);
    if (this.#frames < this.#nextAt || state.translations >= MOST_TRANSLATIONS) return;
    this.#nextAt = this.#frames + FRAMES_BETWEEN * 4 ** state.translations;
    const found = known === undefined ? this.#findPlace(state.roots) : this.#findMissed(state.roots);
    if (!found) return;
    state.translations++;
    state.latest = translate(program, state.roots, this.#places) ?? state.latest;
    if (state.latest !== undefined && state.latest !== this.#current) this.#use(state.latest);
  }

  /** Adds where the program is now. Its vectors can mislead: banks may be meant for different mirrors of the window. */
  #findPlace(roots: Map<number, number>): boolean {
    const words = new Int32Array(this.#machine.memory.buffer);
    const pc = words[(this.#places.registers >> 2) + 4]!;
    const bank = words[this.#places.bank >> 2]!;
    if (pc & 0x1000) roots.set((bank << 12) | (pc & 0xfff), pc);
    return roots.size > 0;
  }

  /** Adds the instructions at which the interpreter had to take over; whether there are any. */
  #findMissed(roots: Map<number, number>): boolean {
    if (this.#machine.interpreted.value < FEW_INSTRUCTIONS * (this.#frames - this.#since)) return false;
    const { length } = (this.#program as Program).image;
    const table = new Uint32Array(this.#machine.memory.buffer, this.#places.table, length);
    const before = roots.size;
    for (let at = 0; at < length; at++) {
      const entry = table[at]!;
      if (entry !== NO_BLOCK && (entry & 0xffff) === 0xfffe) roots.set(at, entry >>> 16);
    }
    return roots.size > before;
  }

  #use(translation: Translation): void {
    const machine = this.#machine;
    const { table, module } = translation;
    new Uint32Array(machine.memory.buffer, this.#places.table, table.length).set(table);
    machine.useBlocks(this.#places.table);
    const instance = new WebAssembly.Instance(module, { machine: machine as unknown as WebAssembly.ModuleImports });
    this.#run = instance.exports['run'] as (left: number) => void;
    this.#current = translation;
    this.#since = this.#frames;
  }
}
