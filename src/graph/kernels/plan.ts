import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import { ancestors } from '../graph.ts';
import type { DType, TensorSpec, TypedArray } from '../tensor-spec.ts';
import {
  bytesOf,
  bytesOfMask,
  type Instruction,
  instructionsOf,
  maskOfBytes,
  type Operands,
  product,
  Storage,
} from './instructions.ts';

/** One operator: as instructions, or by the interpreter where the kernels do not have it. */
export type Step =
  | { readonly instructions: readonly Instruction[] }
  | { readonly interpreted: Tensor; readonly inputs: readonly Storage[]; readonly y: Storage };

export interface Stored {
  readonly storage: Storage;
  readonly dtype: DType;
  /** Elements. */
  readonly count: number;
}

/** What a runner does, and in how much memory. */
export interface Plan {
  /** What depends on no feed: done once. */
  readonly first: readonly Step[];
  /** What every run does. */
  readonly steps: readonly Step[];
  /** Where the elements of an input are read, bytes of 0 and 1 for bools. */
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly outputs: Readonly<Record<string, Stored>>;
  /** Outputs that may be written where the caller wants them: no other value lies there. */
  readonly ownOutputs: ReadonlySet<string>;
  readonly constants: readonly { readonly storage: Storage; readonly data: TypedArray }[];
  /** All storages but those of inputs, with their places from 0 on. */
  readonly layout: ReadonlyMap<Storage, number>;
  /** Bytes of the layout. */
  readonly bytes: number;
}

const SCRATCH = 64;
const ALIGNMENT = 16;

/**
 * @param outputs of a lowered graph: no transparent operators.
 * @param constants elements, by name, of inputs that never change.
 */
export function planGraph(
  outputs: Readonly<Record<string, Tensor>>,
  constants: Readonly<Record<string, Float32Array>>,
): Plan {
  return new Planner(outputs, constants).plan();
}

class Planner {
  readonly #outputs: Readonly<Record<string, Tensor>>;
  readonly #constants: Readonly<Record<string, Float32Array>>;
  readonly #tensors: readonly Tensor[];
  readonly #scratch = new Storage(SCRATCH);
  readonly #storage = new Map<Tensor, Storage>();
  /** Tensors that are the same in every run. */
  readonly #fixed = new Set<Tensor>();
  readonly #users = new Map<Tensor, number>();
  /** Storages that only some steps of a run need: the first and last of them. */
  readonly #lives = new Map<Storage, [first: number, last: number]>();
  readonly #persistent = new Set<Storage>([this.#scratch]);

  constructor(outputs: Readonly<Record<string, Tensor>>, constants: Readonly<Record<string, Float32Array>>) {
    this.#outputs = outputs;
    this.#constants = constants;
    this.#tensors = ancestors(Object.values(outputs));
    const users = this.#users;
    for (const tensor of Object.values(outputs)) users.set(tensor, (users.get(tensor) ?? 0) + 1);
    for (const { node } of this.#tensors) {
      for (const input of node?.inputs ?? []) users.set(input, (users.get(input) ?? 0) + 1);
    }
  }

  plan(): Plan {
    const first: Step[] = [];
    const steps: Step[] = [];
    const inputs: Record<string, Stored> = {};
    const elements: { storage: Storage; data: TypedArray }[] = [];
    for (const tensor of this.#tensors) {
      const { name, node } = tensor;
      const data = tensor.data ?? (name === undefined ? undefined : this.#constants[name]);
      if (data !== undefined) {
        this.#fixed.add(tensor);
        const storage = this.#persist(tensor);
        elements.push({ storage, data: tensor.dtype === 'bool' ? masks(data) : data });
      } else if (name !== undefined) {
        inputs[name] = stored(tensor, this.#input(tensor, steps));
      } else if (node !== undefined) {
        this.#compute(tensor, first, steps);
      }
    }
    const outputs = Object.fromEntries(
      Object.entries(this.#outputs).map(([name, tensor]) => [name, this.#output(tensor, steps)]),
    );
    const inputStorages = new Set(Object.values(inputs).map(({ storage }) => storage));
    const own = new Set<Storage>();
    const ownOutputs = new Set<string>();
    for (const [name, { storage }] of Object.entries(outputs)) {
      this.#extend(storage, steps.length);
      if (own.has(storage) || this.#persistent.has(storage) || inputStorages.has(storage)) continue;
      own.add(storage);
      ownOutputs.add(name);
    }
    return { first, steps, inputs, outputs, ownOutputs, constants: elements, ...this.#layOut(steps.length) };
  }

  #persist(tensor: Tensor): Storage {
    const storage = new Storage(bytesIn(tensor));
    this.#persistent.add(storage);
    this.#storage.set(tensor, storage);
    return storage;
  }

  /** @returns where the elements are fed to. */
  #input(tensor: Tensor, steps: Step[]): Storage {
    if (tensor.dtype !== 'bool') {
      const storage = new Storage(bytesIn(tensor));
      this.#storage.set(tensor, storage);
      return storage;
    }
    const count = sizeOf(tensor.shape);
    const bytes = new Storage(count);
    steps.push({ instructions: [maskOfBytes(this.#persist(tensor), bytes, count)] });
    return bytes;
  }

  /** @returns where the elements are fetched from: bytes of 0 and 1 for bools. */
  #output(tensor: Tensor, steps: Step[]): Stored {
    const storage = this.#storageOf(tensor, steps.length);
    if (tensor.dtype !== 'bool') return stored(tensor, storage);
    const bytes = new Storage(sizeOf(tensor.shape));
    this.#persistent.add(bytes);
    steps.push({ instructions: [bytesOfMask(bytes, storage, bytes.bytes)] });
    return stored(tensor, bytes);
  }

  #compute(tensor: Tensor, first: Step[], steps: Step[]): void {
    const node = tensor.node!;
    const fixed = node.inputs.every((input) => this.#fixed.has(input));
    if (fixed) this.#fixed.add(tensor);
    if (node.op === 'Reshape') {
      this.#storage.set(tensor, this.#storageOf(node.inputs[0], steps.length));
      return;
    }
    // A product whose only user is a ReLU is computed by it.
    if (node.op === 'Gemm' && this.#isForRelu(tensor)) return;
    const step = fixed ? first : steps;
    const at = steps.length;
    const y = new Storage(bytesIn(tensor));
    this.#storage.set(tensor, y);
    if (fixed) this.#persistent.add(y);
    else this.#lives.set(y, [at, at]);
    const source = this.#productOf(tensor) ?? tensor;
    const operands: Operands = {
      y,
      inputs: source.node!.inputs.map((input) => this.#storageOf(input, at)),
      scratch: this.#scratch,
      temporary: (bytes) => {
        const storage = new Storage(bytes);
        if (fixed) this.#persistent.add(storage);
        else this.#lives.set(storage, [at, at]);
        return storage;
      },
    };
    const instructions = source === tensor ? instructionsOf(tensor, operands) : [product(source, operands, true)];
    step.push(instructions === undefined ? { interpreted: tensor, inputs: operands.inputs, y } : { instructions });
  }

  /** The product that a ReLU computes with itself. */
  #productOf({ node }: Tensor): Tensor | undefined {
    if (node!.op !== 'Relu') return undefined;
    const [x] = node!.inputs;
    return x.node?.op === 'Gemm' && this.#isForRelu(x) ? x : undefined;
  }

  #isForRelu(tensor: Tensor): boolean {
    if (this.#users.get(tensor) !== 1) return false;
    return this.#tensors.some(({ node }) => node?.op === 'Relu' && node.inputs[0] === tensor);
  }

  /** A tensor's storage, which step `at` reads. */
  #storageOf(tensor: Tensor, at: number): Storage {
    const storage = this.#storage.get(tensor)!;
    this.#extend(storage, at);
    return storage;
  }

  #extend(storage: Storage, at: number): void {
    const life = this.#lives.get(storage);
    if (life !== undefined) life[1] = Math.max(life[1], at);
  }

  /** Storages that are never needed at the same time share memory. */
  #layOut(steps: number): Pick<Plan, 'layout' | 'bytes'> {
    const layout = new Map<Storage, number>();
    let end = 0;
    for (const storage of this.#persistent) {
      layout.set(storage, end);
      end += aligned(storage.bytes);
    }
    const born = Array.from({ length: steps + 1 }, (): Storage[] => []);
    const dying = Array.from({ length: steps + 1 }, (): Storage[] => []);
    for (const [storage, [from, to]] of this.#lives) {
      born[from].push(storage);
      dying[to].push(storage);
    }
    const free = new FreeRanges(end);
    for (let at = 0; at <= steps; at++) {
      for (const storage of born[at]) layout.set(storage, free.take(aligned(storage.bytes)));
      for (const storage of dying[at]) free.give(layout.get(storage)!, aligned(storage.bytes));
    }
    return { layout, bytes: free.end };
  }
}

/** Ranges of memory that nothing needs any more, by their beginning, and what lies behind all. */
class FreeRanges {
  end: number;
  readonly #ranges: { from: number; bytes: number }[] = [];

  constructor(end: number) {
    this.end = end;
  }

  /** The smallest range that is large enough, or more memory. */
  take(bytes: number): number {
    let best: { from: number; bytes: number } | undefined;
    for (const range of this.#ranges) {
      if (range.bytes >= bytes && (best === undefined || range.bytes < best.bytes)) best = range;
    }
    if (best === undefined) {
      const last = this.#ranges.at(-1);
      // A range at the end grows.
      const from = last !== undefined && last.from + last.bytes === this.end ? this.#ranges.pop()!.from : this.end;
      this.end = from + bytes;
      return from;
    }
    const { from } = best;
    best.from += bytes;
    best.bytes -= bytes;
    if (best.bytes === 0) this.#ranges.splice(this.#ranges.indexOf(best), 1);
    return from;
  }

  give(from: number, bytes: number): void {
    const at = this.#ranges.findIndex((range) => range.from > from);
    const place = at === -1 ? this.#ranges.length : at;
    this.#ranges.splice(place, 0, { from, bytes });
    const [range, next] = [this.#ranges[place], this.#ranges[place + 1]];
    if (next !== undefined && range.from + range.bytes === next.from) {
      range.bytes += next.bytes;
      this.#ranges.splice(place + 1, 1);
    }
    const before = this.#ranges[place - 1];
    if (before !== undefined && before.from + before.bytes === range.from) {
      before.bytes += range.bytes;
      this.#ranges.splice(place, 1);
    }
  }
}

function stored({ dtype, shape }: TensorSpec, storage: Storage): Stored {
  return { storage, dtype, count: sizeOf(shape) };
}

function bytesIn({ dtype, shape }: TensorSpec): number {
  return sizeOf(shape) * bytesOf(dtype);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function masks(bytes: TypedArray): Int32Array {
  return Int32Array.from(bytes, (byte) => (byte === 0 ? 0 : -1));
}
