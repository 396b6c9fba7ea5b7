import { ShapeError } from '../core/errors.ts';
import { restoreArray } from '../core/saved-state.ts';
import { sizeOf } from '../core/shape.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { Shape } from '../graph/tensor-spec.ts';

/** One array of weights of a network. */
export interface ParameterSpec {
  /** PyTorch's name of it, such as `conv.0.weight`. Unique in the network. */
  readonly name: string;
  readonly shape: Shape;
  /** Inputs that feed one output of its layer: what the initialisation of weight and bias is scaled by. */
  readonly fanIn: number;
  /** First value of all elements, for weights that do not start at random. */
  readonly initial?: number;
  /** Whether gradients move it; default true. What they do not move, `Network.beforeUpdate` does. */
  readonly learned?: boolean;
}

/** A named view of the common buffer. */
export interface Parameter extends ParameterSpec {
  /** Row-major; shares memory with `Parameters.buffer`. */
  readonly data: Float32Array;
  /** First element in the buffer. */
  readonly offset: number;
}

/** Total number of elements, to size a buffer. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}

/**
 * All weights of a network in one buffer, in order and without gaps, so that a copy to the target network, a save or an
 * optimizer's step is one call, and gradients can lie the same way in a buffer of their own.
 */
export class Parameters implements Iterable<Parameter>, Restorable {
  readonly buffer: Float32Array<ArrayBuffer>;
  private readonly list: readonly Parameter[];
  private readonly byName: ReadonlyMap<string, Parameter>;

  /**
   * @param specs names must differ.
   * @param buffer memory to use instead of a new zero-filled array; `parameterCount(specs)` elements, not copied.
   * @throws ShapeError for a repeated name, a bad shape or a buffer of another length.
   */
  constructor(specs: readonly ParameterSpec[], buffer?: Float32Array<ArrayBuffer>) {
    for (const { name, shape } of specs) {
      if (!shape.every((length) => Number.isInteger(length) && length > 0)) {
        throw new ShapeError(`Parameter ${name}: shape [${shape.join(', ')}] must hold positive integers.`);
      }
    }
    const size = parameterCount(specs);
    this.buffer = buffer ?? new Float32Array(size);
    if (this.buffer.length !== size) {
      throw new ShapeError(`Parameters of ${size} elements do not fit a buffer of ${this.buffer.length}.`);
    }
    const views = splitViews(specs, this.buffer);
    let offset = 0;
    this.list = specs.map((spec, i) => {
      const parameter = { ...spec, data: views[i], offset };
      offset += views[i].length;
      return parameter;
    });
    this.byName = new Map(this.list.map((parameter) => [parameter.name, parameter]));
    if (this.byName.size !== specs.length) throw new ShapeError('Two parameters have the same name.');
  }

  /** Number of elements of all parameters together. */
  get size(): number {
    return this.buffer.length;
  }

  /** Parameters in the order of the specs. */
  [Symbol.iterator](): Iterator<Parameter> {
    return this.list[Symbol.iterator]();
  }

  /** @throws ShapeError when there is none of this name. */
  get(name: string): Parameter {
    const parameter = this.byName.get(name);
    if (parameter === undefined) throw new ShapeError(`No parameter "${name}" among ${[...this.byName.keys()]}.`);
    return parameter;
  }

  /** Views of another buffer of `size` elements (gradients, moments) in the order and lengths of the parameters. */
  views(buffer: Float32Array): Float32Array[] {
    if (buffer.length !== this.size) {
      throw new ShapeError(`Parameters of ${this.size} elements do not fit a buffer of ${buffer.length}.`);
    }
    return splitViews(this.list, buffer);
  }

  /** Data by name, for feeds and exports, under a common beginning of the names. Views, not copies. */
  byPrefix(prefix = ''): Record<string, Float32Array> {
    return Object.fromEntries(this.list.map(({ name, data }) => [`${prefix}${name}`, data]));
  }

  /**
   * Moves towards parameters of the same shapes: rate * other + (1 - rate) * this, rounded once (Lillicrap et al. 2016,
   * Algorithm 1). A rate of 1, the default, copies.
   */
  copyFrom(other: Parameters, rate = 1): void {
    if (other.size !== this.size) throw new ShapeError(`Cannot copy ${other.size} parameters to ${this.size}.`);
    if (rate === 1) {
      this.buffer.set(other.buffer);
      return;
    }
    const [to, from] = [this.buffer, other.buffer];
    for (let i = 0; i < to.length; i++) to[i] = rate * from[i] + (1 - rate) * to[i];
  }

  /** 16 hexadecimal digits that depend on every bit: equal for equal weights. Not cryptographic. */
  checksum(): string {
    const words = new Uint32Array(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length);
    // Two lanes of FNV-1a over 32-bit words, with a rotation so that high bits reach low ones.
    let a = 0x811c9dc5;
    let b = 0x9e3779b9;
    for (let i = 0; i < words.length; i++) {
      a = Math.imul(a ^ words[i], 0x01000193);
      a ^= a >>> 15;
      b = Math.imul(b ^ words[i], 0x85ebca6b);
      b ^= b >>> 13;
    }
    return [a, b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }

  saveState(): Snapshot {
    return this.buffer.slice();
  }

  /** @throws MismatchError when the saved state has another number of elements. */
  restoreState(state: Snapshot): void {
    restoreArray(state, 'network', this.buffer);
  }
}

function splitViews(specs: readonly ParameterSpec[], buffer: Float32Array): Float32Array[] {
  let offset = 0;
  return specs.map(({ shape }) => {
    const from = offset;
    offset += sizeOf(shape);
    return buffer.subarray(from, offset);
  });
}
