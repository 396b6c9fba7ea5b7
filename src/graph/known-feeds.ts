import type { ModelSpec } from './emit-onnx.ts';
import { checkFeed } from './runner.ts';
import type { TensorSpec, TypedArray } from './tensor-spec.ts';

/** What a runner made of each array that was ever fed: callers feed the same few arrays, refilled. */
export class KnownFeeds<Made> {
  readonly #inputs: ModelSpec['inputs'];
  readonly #make: (spec: TensorSpec, feed: TypedArray) => Made;
  readonly #known: Record<string, WeakMap<TypedArray, Made>> = {};

  /** @param make called once for each array. */
  constructor(inputs: ModelSpec['inputs'], make: (spec: TensorSpec, feed: TypedArray) => Made) {
    this.#inputs = inputs;
    this.#make = make;
    for (const name in inputs) this.#known[name] = new WeakMap();
  }

  /** @throws OptionError unless the array fits the input. */
  of(name: string, given: TypedArray | undefined): Made {
    const known = given === undefined ? undefined : this.#known[name].get(given);
    if (known !== undefined) return known;
    const feed = checkFeed(name, this.#inputs[name], given);
    const made = this.#make(this.#inputs[name], feed);
    this.#known[name].set(feed, made);
    return made;
  }
}
