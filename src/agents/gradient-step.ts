import { FloatMemory } from '../core/float-memory.ts';
import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { CreateRunner, GraphModel, GraphRunner, TypedArray } from '../graph/index.ts';
import { Adam } from '../nn/adam.ts';
import { clipGradientNorm } from '../nn/clip-gradient.ts';
import { initializeAsPytorch } from '../nn/init.ts';
import type { Network } from '../nn/networks/network.ts';
import type { Optimizer } from '../nn/optimizer.ts';
import { Parameters, parameterCount } from '../nn/parameters.ts';
import { FIRST_POWER_ITERATIONS } from '../nn/spectral-norm.ts';

/** Makes an optimizer of so many weights; its arrays go to `memory`, next to weights and gradient. */
export type CreateOptimizer = (size: number, memory: FloatMemory) => Optimizer;

export interface GradientStepOptions {
  readonly network: Network;
  readonly createOptimizer: CreateOptimizer;
  /** Largest L2 norm of the gradient; 0 for no clipping. */
  readonly clipNorm: number;
  /** Fills the weights; default PyTorch's way. */
  readonly initialize?: ((weights: Parameters, random: Generator) => void) | undefined;
  /** Draws the initial weights. */
  readonly random: Generator;
}

/** Elements of memory for what works where the weights lie: a target network, the runners of small networks. */
const SPARE = 2 ** 20;

/** What an update takes: arrays by the names of its graph's inputs. More than those is allowed. */
export type UpdateFeeds = object;

/**
 * One network's weights and how they move: a graph of gradients, clipping, an optimizer. Weights, gradient and moments lie
 * in one memory, where the graph writes and the optimizer works in place.
 */
export class GradientStep implements Restorable {
  readonly weights: Parameters;
  readonly optimizer: Optimizer;
  readonly #clipNorm: number;
  readonly #network: Network;
  readonly #gradient: Float32Array;
  /** Its parts, by the names of the graph's outputs. */
  readonly #gradients: readonly (readonly [string, Float32Array])[];
  readonly #feeds: Record<string, TypedArray>;
  /** Inputs of the graph that are not weights. */
  #inputs: readonly string[] = [];
  #runner: GraphRunner | undefined;

  constructor(options: GradientStepOptions) {
    const { network, createOptimizer, clipNorm, initialize = initializeAsPytorch, random } = options;
    const size = parameterCount(network.parameters);
    const memory = new FloatMemory([size, size, ...Adam.lengths(size)], SPARE);
    this.weights = new Parameters(network.parameters, memory.allocate(size));
    this.#gradient = memory.allocate(size);
    const gradients = this.weights.views(this.#gradient);
    this.#gradients = [...this.weights].map(({ name }, i) => [`gradient.${name}`, gradients[i]] as const);
    this.optimizer = createOptimizer(size, memory);
    this.#clipNorm = clipNorm;
    this.#feeds = this.weights.byPrefix();
    initialize(this.weights, random);
    this.#network = network;
    network.beforeUpdate?.(this.weights, FIRST_POWER_ITERATIONS);
  }

  /**
   * Builds the graph of the update.
   * @param build the graph for so many rows, with an output `gradient.<parameter>` for every parameter.
   */
  async compile(build: (rows: number) => GraphModel, batchSize: number, createRunner: CreateRunner): Promise<void> {
    const { graph, outputs } = build(batchSize);
    const outputArrays = Object.fromEntries(this.#gradients);
    this.#runner = await createRunner(graph, outputs, { outputArrays, rows: { count: batchSize, build } });
    this.#inputs = Object.keys(this.#runner.inputs).filter((name) => !(name in this.#feeds));
  }

  /** Whether the graph has an input of this name. */
  takes(name: string): boolean {
    return this.#inputs.includes(name);
  }

  /**
   * One descent step.
   * @param feeds arrays by input name, the same objects every time; the first that has an input gives it.
   * @param beforeOptimizer called once the graph has run, with its outputs: what follows keeps one thread busy.
   * @returns the graph's outputs, overwritten by the next step.
   */
  async run(
    feeds: readonly UpdateFeeds[],
    beforeOptimizer?: (outputs: Readonly<Record<string, TypedArray>>) => void,
  ): Promise<Readonly<Record<string, TypedArray>>> {
    this.#network.beforeUpdate?.(this.weights);
    for (const name of this.#inputs) {
      for (const source of feeds as readonly Readonly<Record<string, TypedArray | undefined>>[]) {
        const array = source[name];
        if (array === undefined) continue;
        this.#feeds[name] = array;
        break;
      }
    }
    const outputs = await this.#runner!.run(this.#feeds);
    for (const [name, array] of this.#gradients) {
      // Most runners have written it there already.
      if (outputs[name] !== array) array.set(outputs[name] as Float32Array);
    }
    beforeOptimizer?.(outputs);
    if (this.#clipNorm > 0) clipGradientNorm(this.#gradient, this.#clipNorm);
    this.optimizer.step(this.weights.buffer, this.#gradient);
    return outputs;
  }

  saveState(): { readonly [key: string]: Snapshot } {
    return { online: this.weights.saveState(), optimizer: this.optimizer.saveState() };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'learner');
    this.weights.restoreState(saved.part('online'));
    this.optimizer.restoreState(saved.part('optimizer'));
  }

  async close(): Promise<void> {
    await this.#runner?.release();
  }
}
