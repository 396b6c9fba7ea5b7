import type { FloatMemory } from '../../core/float-memory.ts';
import { type Code, F32, I32, op, V128, wasmModule, whileLoop } from './wasm-module.ts';

/** An optimizer's formula for one element, written for four at once. */
export interface StepFormula {
  /** Arrays of state, such as Adam's m and v. */
  readonly states: number;
  /** Numbers that are the same for all elements and given with each step. */
  readonly scalars: number;
  /** Numbers that never change. */
  readonly constants: readonly number[];
  /** Local variables that the formula uses. */
  readonly variables: number;
  /** The instructions: leave nothing on the stack. */
  write(names: FormulaNames): Code;
}

export interface FormulaNames {
  /** Pushes four elements of an array: 0 parameters, 1 gradients, 2 and up the states. */
  load(array: number): Code;
  /** Stores what `value` pushes to four elements of an array. */
  store(array: number, value: Code): Code;
  /** Pushes a scalar, a constant, a variable. */
  scalar(index: number): Code;
  constant(index: number): Code;
  get(variable: number): Code;
  /** Assigns what `value` pushes to a variable. */
  set(variable: number, value: Code): Code;
}

/** Elements copied at a time when parameters lie outside the kernel's memory: both buffers stay in the first cache. */
const STAGE = 2048;
const EXPORT = 'step';

/**
 * The module of a formula: `step(end, arrays..., scalars...)`, addresses in bytes; runs from the start of the parameters
 * until `end`, a multiple of 16 bytes away.
 */
export function stepModule(formula: StepFormula): Uint8Array<ArrayBuffer> {
  const { scalars, constants, variables } = formula;
  const arrays = 2 + formula.states;
  const END = 0;
  const pointer = (array: number): number => 1 + array;
  const scalarParameter = pointer(arrays);
  const lanes = scalarParameter + scalars;
  const constantLanes = lanes + scalars;
  const variable = (index: number): number => constantLanes + constants.length + index;
  const names: FormulaNames = {
    load: (array) => [...op.localGet(pointer(array)), ...op.v128Load()],
    store: (array, value) => [...op.localGet(pointer(array)), ...value, ...op.v128Store()],
    scalar: (index) => op.localGet(lanes + index),
    constant: (index) => op.localGet(constantLanes + index),
    get: (index) => op.localGet(variable(index)),
    set: (index, value) => [...value, ...op.localSet(variable(index))],
  };
  const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  return wasmModule({
    name: EXPORT,
    parameters: [I32, ...range(arrays).map(() => I32), ...range(scalars).map(() => F32)],
    locals: range(scalars + constants.length + variables).map(() => V128),
    code: [
      ...range(scalars).flatMap((i) => [
        ...op.localGet(scalarParameter + i),
        ...op.f32x4Splat,
        ...op.localSet(lanes + i),
      ]),
      ...constants.flatMap((value, i) => [...op.f32Const(value), ...op.f32x4Splat, ...op.localSet(constantLanes + i)]),
      ...whileLoop(
        [...op.localGet(pointer(0)), ...op.localGet(END), ...op.i32LtU],
        [
          ...formula.write(names),
          ...range(arrays).flatMap((i) => [
            ...op.localGet(pointer(i)),
            ...op.i32Const(16),
            ...op.i32Add,
            ...op.localSet(pointer(i)),
          ]),
        ],
      ),
    ],
  });
}

/** Lengths of the arrays that `SimdStep` allocates for itself. */
export const STAGE_LENGTHS: readonly number[] = [STAGE, STAGE];

const compiled = new WeakMap<Uint8Array, WebAssembly.Module>();

/** A formula's kernel over one optimizer's states. */
export class SimdStep {
  private readonly kernel: (...parameters: number[]) => void;
  private readonly memory: FloatMemory;
  private readonly states: readonly Float32Array[];
  private readonly stagedParams: Float32Array;
  private readonly stagedGrads: Float32Array;

  private constructor(instance: WebAssembly.Instance, memory: FloatMemory, states: readonly Float32Array[]) {
    this.kernel = instance.exports[EXPORT] as (...parameters: number[]) => void;
    this.memory = memory;
    this.states = states;
    this.stagedParams = memory.allocate(STAGE);
    this.stagedGrads = memory.allocate(STAGE);
  }

  /**
   * @param module from `stepModule`.
   * @param states arrays of the memory, of equal length; changed by each run.
   * @returns undefined where WebAssembly or its SIMD is missing or not allowed.
   */
  static create(
    module: Uint8Array<ArrayBuffer>,
    memory: FloatMemory,
    states: readonly Float32Array[],
  ): SimdStep | undefined {
    if (memory.wasm === undefined || !WebAssembly.validate(module)) return undefined;
    let code = compiled.get(module);
    if (code === undefined) {
      try {
        code = new WebAssembly.Module(module);
      } catch {
        // Pages whose Content-Security-Policy is without 'wasm-unsafe-eval' compile nothing.
        return undefined;
      }
      compiled.set(module, code);
    }
    return new SimdStep(
      new WebAssembly.Instance(code, { env: { memory: memory.wasm as WebAssembly.Memory } }),
      memory,
      states,
    );
  }

  /** One step over all elements: in place within the kernel's memory, else block by block through a copy. */
  run(params: Float32Array, grads: Float32Array, scalars: readonly number[]): void {
    const size = params.length;
    if (this.memory.holds(params) && this.memory.holds(grads)) {
      this.runBlock(params, grads, 0, size, scalars);
      return;
    }
    const stagedParams = this.stagedParams;
    const stagedGrads = this.stagedGrads;
    for (let from = 0; from < size; from += STAGE) {
      const count = Math.min(STAGE, size - from);
      const block = params.subarray(from, from + count);
      stagedParams.set(block);
      stagedGrads.set(grads.subarray(from, from + count));
      // The last block's padding must not carry anything but zero into the states' padding.
      stagedParams.fill(0, count);
      stagedGrads.fill(0, count);
      this.runBlock(stagedParams, stagedGrads, from, count, scalars);
      block.set(count === STAGE ? stagedParams : stagedParams.subarray(0, count));
    }
  }

  private runBlock(
    params: Float32Array,
    grads: Float32Array,
    offset: number,
    count: number,
    scalars: readonly number[],
  ): void {
    const start = params.byteOffset;
    const end = start + Math.ceil(count / 4) * 16;
    const states = this.states.map((state) => state.byteOffset + offset * 4);
    this.kernel(end, start, grads.byteOffset, ...states, ...scalars);
  }
}
