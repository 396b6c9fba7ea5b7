import type { FloatMemory } from '../../core/float-memory.ts';
import type { Tensor } from '../graph.ts';
import type { DType, TypedArray, Values } from '../tensor-spec.ts';
import { type Instruction, Storage } from './instructions.ts';
import type { Plan, Step, Stored } from './plan.ts';
import { scalarKernels } from './scalar-kernels.ts';
import { type RunProgram, wasmKernels } from './wasm-kernels.ts';

/** Instructions side by side, or an operator that the interpreter computes. */
type Part = { readonly from: number; readonly end: number } | Interpreted;
type Interpreted = Extract<Step, { readonly interpreted: Tensor }>;

/** Where a program is written, and what carries it out. */
export interface Workplace {
  readonly memory: FloatMemory;
  /** Of `Program.floats()` elements of the memory. */
  readonly workspace: Float32Array<ArrayBuffer>;
  /** WebAssembly, where the platform has it. */
  readonly simd: boolean;
}

/** A plan written down in a memory, where every address is known. */
export class Program {
  readonly #memory: ArrayBuffer;
  readonly #carryOut: RunProgram;
  readonly #parts: readonly Part[];
  readonly #addresses = new Map<Storage, number>();
  /** Where inputs are copied to; those that are missing are read where they lie. */
  readonly #slots: Readonly<Record<string, TypedArray>>;
  readonly #copies: readonly { readonly from: TypedArray; readonly to: TypedArray }[];

  /** Elements of a workspace for a plan. @param there feeds, by name, that lie in the same memory. */
  static floats(plan: Plan, there: Readonly<Record<string, TypedArray>>): number {
    let bytes = aligned(plan.bytes);
    for (const [name, { storage }] of Object.entries(plan.inputs))
      if (!(name in there)) bytes += aligned(storage.bytes);
    const words = [...plan.first, ...plan.steps].reduce((sum, step) => sum + wordsOf(step), 0);
    return bytes / 4 + words;
  }

  /** @param fetches where outputs go; into those within the memory the kernels write. */
  constructor(
    plan: Plan,
    { memory: { wasm }, workspace: { buffer, byteOffset }, simd }: Workplace,
    there: Readonly<Record<string, TypedArray>>,
    fetches: Readonly<Record<string, TypedArray>>,
  ) {
    this.#memory = buffer;
    this.#carryOut = (simd && wasm ? wasmKernels(wasm as WebAssembly.Memory) : undefined) ?? scalarKernels(buffer);
    const addresses = this.#addresses;
    for (const [storage, offset] of plan.layout) addresses.set(storage, byteOffset + offset);
    let end = byteOffset + aligned(plan.bytes);
    const slots: Record<string, TypedArray> = {};
    for (const [name, input] of Object.entries(plan.inputs)) {
      const feed = there[name];
      addresses.set(input.storage, feed?.byteOffset ?? end);
      if (feed !== undefined) continue;
      slots[name] = this.#view(input);
      end += aligned(input.storage.bytes);
    }
    this.#slots = slots;
    const copies: { from: TypedArray; to: TypedArray }[] = [];
    for (const [name, output] of Object.entries(plan.outputs)) {
      const to = fetches[name];
      const isApart = !Object.values(there).some((feed) => overlap(feed, to));
      if (plan.ownOutputs.has(name) && to.buffer === buffer && isApart) addresses.set(output.storage, to.byteOffset);
      else copies.push({ from: this.#view(output), to });
    }
    this.#copies = copies;
    for (const { storage, data } of plan.constants) this.#bytes(storage).set(bytesOfArray(data));
    const words = new Int32Array(buffer);
    const first = this.#write(plan.first, words, end / 4);
    const steps = this.#write(plan.steps, words, first.at);
    this.#parts = first.parts;
    this.run();
    this.#parts = steps.parts;
  }

  /** Whether an input is read where it was fed from, so that no other array may be fed. */
  readsInPlace(name: string): boolean {
    return !(name in this.#slots);
  }

  feed(name: string, feed: TypedArray): void {
    this.#slots[name]?.set(feed);
  }

  run(): void {
    for (const part of this.#parts) {
      if ('interpreted' in part) this.#interpret(part);
      else this.#carryOut(part.from, part.end);
    }
  }

  /** Copies the outputs that do not lie where they are wanted. */
  fetch(): void {
    for (const { from, to } of this.#copies) to.set(from);
  }

  /** Writes steps from word `at` on. */
  #write(steps: readonly Step[], words: Int32Array, at: number): { parts: Part[]; at: number } {
    const parts: Part[] = [];
    let from = at;
    let to = at;
    const close = () => {
      if (to > from) parts.push({ from: from * 4, end: to * 4 });
      from = to;
    };
    for (const step of steps) {
      if ('interpreted' in step) {
        close();
        parts.push(step);
        continue;
      }
      for (const instruction of step.instructions) {
        words.set(this.#encode(instruction), to);
        to += instruction.operands.length + 2;
      }
    }
    close();
    return { parts, at: to };
  }

  #encode({ opcode, operands }: Instruction): number[] {
    const word = (operand: Instruction['operands'][number]): number => {
      if (typeof operand === 'number') return operand;
      if (operand instanceof Storage) return this.#addresses.get(operand)!;
      return this.#addresses.get(operand.storage)! + operand.offset;
    };
    return [opcode, operands.length + 2, ...operands.map(word)];
  }

  #bytes(storage: Storage): Uint8Array {
    return new Uint8Array(this.#memory, this.#addresses.get(storage)!, storage.bytes);
  }

  #view({ storage, dtype, count }: Stored): TypedArray {
    const address = this.#addresses.get(storage)!;
    if (dtype === 'float32') return new Float32Array(this.#memory, address, count);
    if (dtype === 'int32') return new Int32Array(this.#memory, address, count);
    return new Uint8Array(this.#memory, address, count);
  }

  #interpret({ interpreted: { node, dtype }, inputs, y }: Interpreted): void {
    const values = node!.inputs.map((tensor, i): Values => {
      const elements = this.#elements(inputs[i], tensor.dtype);
      const data = Float64Array.from(elements);
      return { shape: tensor.shape, data: tensor.dtype === 'bool' ? data.map((mask) => Number(mask !== 0)) : data };
    });
    const result = node!.evaluate(values);
    this.#elements(y, dtype).set(dtype === 'bool' ? result.map((holds) => (holds === 0 ? 0 : -1)) : result);
  }

  /** As kernels have them. */
  #elements(storage: Storage, dtype: DType): TypedArray {
    const isBytes = dtype === 'uint8';
    const count = isBytes ? storage.bytes : storage.bytes / 4;
    return this.#view({ storage, dtype: dtype === 'bool' ? 'int32' : dtype, count });
  }
}

function wordsOf(step: Step): number {
  if ('interpreted' in step) return 0;
  return step.instructions.reduce((sum, { operands }) => sum + operands.length + 2, 0);
}

function bytesOfArray({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function overlap(a: TypedArray, b: TypedArray): boolean {
  return (
    a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
  );
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
