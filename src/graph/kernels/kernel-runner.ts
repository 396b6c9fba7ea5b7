import { FloatMemory } from '../../core/float-memory.ts';
import type { CreateRunner, RunnerOptions } from '../create-runner.ts';
import { modelSpec } from '../emit-onnx.ts';
import type { Tensor } from '../graph.ts';
import { lower } from '../lowering/lower.ts';
import { RunTurn } from '../run-turn.ts';
import type { Feeds, Fetches, GraphRunner } from '../runner.ts';
import { allocateOutputs, checkFeed } from '../runner.ts';
import type { TensorSpec, TypedArray } from '../tensor-spec.ts';
import { convolution, kernelRules } from './lowering.ts';
import { type Plan, planGraph } from './plan.ts';
import { Program } from './program.ts';

/**
 * Runs graphs on kernels of our own in WebAssembly SIMD, without ONNX Runtime: for small networks, whose runs are too short
 * to be handed to a larger engine. Everything is in single precision; the same feeds give the same bits on every platform,
 * with or without WebAssembly.
 */
export const compileGraphs: CreateRunner = async (_graph, outputs, options) => createKernelRunner(outputs, options);

export interface KernelRunnerOptions extends Pick<RunnerOptions, 'constants' | 'outputArrays'> {
  /** `reference` keeps to plain TypeScript: the same bits, twenty times slower. Default `simd` where the platform has it. */
  readonly kernel?: 'simd' | 'reference';
}

/**
 * A runner that works where the weights lie: feeds and `outputArrays` within one `FloatMemory` that has room for the rest are
 * neither copied nor moved, others are copied. A run is done when the call returns.
 */
export function createKernelRunner(
  outputs: Readonly<Record<string, Tensor>>,
  { constants = {}, outputArrays = {}, kernel = 'simd' }: KernelRunnerOptions = {},
): GraphRunner {
  const spec = modelSpec(outputs, constants);
  for (const name in outputArrays) checkFeed(name, spec.outputs[name], outputArrays[name]);
  const stored = Object.fromEntries(Object.entries(constants).map(([name, data]) => [name, data.slice()]));
  const lowered = lower(lower(outputs, [convolution]), kernelRules);
  const fetches = { ...allocateOutputs(spec.outputs), ...outputArrays };
  return new KernelRunner(spec, planGraph(lowered, stored), fetches, kernel === 'simd');
}

class KernelRunner implements GraphRunner {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  readonly #plan: Plan;
  readonly #fetches: Readonly<Record<string, TypedArray>>;
  readonly #names: readonly string[];
  readonly #simd: boolean;
  readonly #turn = new RunTurn();
  /** What each input was fed with last. */
  readonly #fed: TypedArray[] = [];
  #program: Program | undefined;

  constructor(
    { inputs, outputs }: Pick<GraphRunner, 'inputs' | 'outputs'>,
    plan: Plan,
    fetches: Readonly<Record<string, TypedArray>>,
    simd: boolean,
  ) {
    this.#simd = simd;
    this.inputs = inputs;
    this.outputs = outputs;
    this.#plan = plan;
    this.#fetches = fetches;
    this.#names = Object.keys(inputs);
  }

  async run(feeds: Feeds): Promise<Fetches> {
    this.#turn.check();
    const names = this.#names;
    const fed = this.#fed;
    let moved = false;
    for (let i = 0; i < names.length; i++) {
      const feed = feeds[names[i]];
      if (feed === fed[i] && feed !== undefined) continue;
      checkFeed(names[i], this.inputs[names[i]], feed);
      moved ||= this.#program?.readsInPlace(names[i]) ?? false;
    }
    for (let i = 0; i < names.length; i++) fed[i] = feeds[names[i]]!;
    if (this.#program === undefined) this.#program = this.#link();
    // Another array than the one that is read where it lies: from now on all are copied.
    else if (moved) this.#program = this.#linkApart();
    const program = this.#program;
    for (let i = 0; i < names.length; i++) program.feed(names[i], fed[i]);
    program.run();
    program.fetch();
    return this.#fetches;
  }

  /** Into the memory that most of the arrays lie in, if it has room. */
  #link(): Program {
    const shares = new Map<FloatMemory, number>();
    const fed = Object.fromEntries(this.#names.map((name, i) => [name, this.#fed[i]]));
    for (const array of [...Object.values(fed), ...Object.values(this.#fetches)]) {
      const memory = FloatMemory.of(array);
      if (memory !== undefined) shares.set(memory, (shares.get(memory) ?? 0) + array.length);
    }
    const [best] = [...shares].sort(([, a], [, b]) => b - a);
    if (best === undefined) return this.#linkApart();
    const [memory] = best;
    const there = Object.fromEntries(Object.entries(fed).filter(([, array]) => FloatMemory.of(array) === memory));
    const floats = Program.floats(this.#plan, there);
    if (floats > memory.room) return this.#linkApart();
    return new Program(
      this.#plan,
      { memory, workspace: memory.allocate(floats), simd: this.#simd },
      there,
      this.#fetches,
    );
  }

  #linkApart(): Program {
    const floats = Program.floats(this.#plan, {});
    const memory = new FloatMemory([floats]);
    return new Program(this.#plan, { memory, workspace: memory.allocate(floats), simd: this.#simd }, {}, this.#fetches);
  }

  async release(): Promise<void> {
    this.#turn.release();
    this.#program = undefined;
  }
}
