/**
 * The encoding of protocol buffers, value by value (https://protobuf.dev/programming-guides/encoding/): a key of field number and wire
 * type, then the value. As much of it as ONNX's and TensorBoard's files need; libraries have all, and are 6 to 160 kB in a page.
 */

/** How long a value is: as its bytes say, 8 bytes, as its first bytes say, until its end key, 4 bytes. */
export const WIRE = { varint: 0, eightBytes: 1, length: 2, groupStart: 3, groupEnd: 4, fourBytes: 5 } as const;

/** Groups within groups; deeper files are nobody's. */
const DEEPEST_GROUP = 100;

const encoder = new TextEncoder();
// A byte order mark belongs to the text, and bytes that are no text are shown as �.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class WireWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Where messages begin whose length is not known yet. */
  readonly #open: number[] = [];

  tag(id: number, wire: number): this {
    return this.uint32((id << 3) | wire);
  }

  uint32(value: number): this {
    return this.#varint(value >>> 0, 0);
  }

  /** Negative numbers take ten bytes, as the format wants. */
  int32(value: number): this {
    return this.#varint(value >>> 0, value < 0 ? 0xffffffff : 0);
  }

  /** @param value a safe integer. */
  int64(value: number): this {
    return this.#varint(value >>> 0, Math.floor(value / 2 ** 32) >>> 0);
  }

  bool(value: boolean): this {
    return this.uint32(value ? 1 : 0);
  }

  float(value: number): this {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
    return this;
  }

  double(value: number): this {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
    return this;
  }

  bytes(value: Uint8Array): this {
    return this.uint32(value.length).raw(value);
  }

  string(value: string): this {
    return this.bytes(encoder.encode(value));
  }

  /** Bytes without their length. */
  raw(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** Begins a message, whose length goes before it when `join` ends it. */
  fork(): this {
    this.#open.push(this.#length);
    return this;
  }

  join(): this {
    const start = this.#open.pop() as number;
    const end = this.#length;
    this.uint32(end - start);
    const moved = this.#length - end;
    const prefix = this.#bytes.slice(end, end + moved);
    this.#bytes.copyWithin(start + moved, start, end);
    this.#bytes.set(prefix, start);
    return this;
  }

  /** All that was written, own memory. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #varint(low: number, high: number): this {
    this.#reserve(10);
    let [lo, hi] = [low, high];
    while (hi !== 0 || lo > 0x7f) {
      this.#bytes[this.#length++] = (lo & 0x7f) | 0x80;
      lo = ((lo >>> 7) | (hi << 25)) >>> 0;
      hi >>>= 7;
    }
    this.#bytes[this.#length++] = lo;
    return this;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Reads values one after the other. Whatever the bytes are, it ends: with a value, or an Error of the value that is cut off. */
export class WireReader {
  pos = 0;
  readonly len: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** The upper half of the last varint. */
  #high = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.len = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The field's number and wire type. */
  tag(): readonly [id: number, wire: number] {
    const key = this.uint32();
    const [id, wire] = [key >>> 3, key & 7];
    if (id === 0 || wire > WIRE.fourBytes || this.#high !== 0) throw new Error('no field has such a key');
    return [id, wire];
  }

  uint32(): number {
    let [low, high] = [0, 0];
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= this.len) throw new Error('cut off');
      const byte = this.#bytes[this.pos++];
      const bits = byte & 0x7f;
      if (shift <= 28) low |= bits << shift;
      if (shift === 28) high |= bits >>> 4;
      if (shift > 28) high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.#high = high;
        return low >>> 0;
      }
    }
    throw new Error('a number without end');
  }

  int32(): number {
    return this.uint32() | 0;
  }

  /** Numbers beyond 2^53 lose their last digits. */
  int64(): number {
    const low = this.uint32();
    return this.#high * 2 ** 32 + low;
  }

  float(): number {
    return this.#view.getFloat32(this.#skipped(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#skipped(8), true);
  }

  /** A view of what was given. */
  bytes(): Uint8Array {
    const length = this.length();
    const start = this.#skipped(length);
    return this.#bytes.subarray(start, start + length);
  }

  string(): string {
    return decoder.decode(this.bytes());
  }

  /** The length of what follows, which is there. */
  length(): number {
    const length = this.uint32();
    if (this.#high !== 0 || length > this.len - this.pos) throw new Error('cut off');
    return length;
  }

  /** Passes over the value of a key. */
  skip(wire: number, id: number, depth = DEEPEST_GROUP): void {
    if (wire === WIRE.varint) this.uint32();
    else if (wire === WIRE.eightBytes) this.#skipped(8);
    else if (wire === WIRE.fourBytes) this.#skipped(4);
    else if (wire === WIRE.length) this.#skipped(this.length());
    else if (wire === WIRE.groupEnd) throw new Error('a group ends that has not begun');
    else {
      if (depth === 0) throw new Error('nested too deep');
      let [inner, kind] = this.tag();
      for (; kind !== WIRE.groupEnd; [inner, kind] = this.tag()) this.skip(kind, inner, depth - 1);
      if (inner !== id) throw new Error('another group ends');
    }
  }

  /** @returns where the bytes that are passed over begin. */
  #skipped(length: number): number {
    const start = this.pos;
    if (length > this.len - start) throw new Error('cut off');
    this.pos += length;
    return start;
  }
}
