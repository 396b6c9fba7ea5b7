import type { Graph, Tensor } from './graph.ts';
import type { GraphRunner } from './runner.ts';
import type { TypedArray } from './tensor-spec.ts';

/** A graph with its outputs by name. */
export interface GraphModel {
  readonly graph: Graph;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

export interface RunnerOptions {
  /** Arrays of the caller that outputs of these names are written to. */
  readonly outputArrays?: Readonly<Record<string, TypedArray>>;
  /** The work is too little to be shared among threads. */
  readonly small?: boolean;
  /**
   * Elements (copied), by name, of inputs that are the same in every run: the runner takes no feeds for them, and may lay
   * them out once and for all.
   */
  readonly constants?: Readonly<Record<string, Float32Array>>;
  /**
   * The same graph can be built for fewer rows of the batch, so threads may share them: losses and gradients are means
   * over the rows.
   */
  readonly rows?: { readonly count: number; readonly build: (count: number) => GraphModel };
}

/** Makes something runnable of a part of a graph; each platform and device has its own. */
export type CreateRunner = (
  graph: Graph,
  outputs: Readonly<Record<string, Tensor>>,
  options?: RunnerOptions,
) => Promise<GraphRunner>;
