import type { TypedArray } from '../../graph/tensor-spec.ts';

/**
 * Where arrays over shared memory lie for ONNX Runtime, which refuses such memory: at the same place of a buffer of its
 * own, one for each shared buffer. Views of one buffer share it, so a few rows of a large array cost no more memory.
 */
export class OwnMemory {
  readonly #buffers = new WeakMap<SharedArrayBuffer, ArrayBuffer>();

  /** The array itself, or its place in own memory. The elements are the caller's to copy. */
  of(array: TypedArray): TypedArray {
    const { buffer, byteOffset, length } = array;
    if (!(buffer instanceof SharedArrayBuffer)) return array;
    let own = this.#buffers.get(buffer);
    if (own === undefined) {
      own = new ArrayBuffer(buffer.byteLength);
      this.#buffers.set(buffer, own);
    }
    return new (array.constructor as Float32ArrayConstructor)(own, byteOffset, length);
  }
}
