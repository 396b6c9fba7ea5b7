import { OptionError } from '../core/errors.ts';

/**
 * Compression of frames that differ little from a key frame: a Lempel-Ziv code (Ziv and Lempel 1977) in the manner of
 * LZ4's sequences, whose window begins with the key frame. What stands still is one match with the same place of the key
 * frame, what is plain is one match with itself, and what moved is found by a hash of four bytes.
 *
 *     sequence = token, [more literals], literals, offset, [more match]     token = literals << 4 | match - 4
 *
 * A count of 15 goes on in bytes of up to 255. The code ends where the frame is full, after literals or a match.
 */
const MIN_MATCH = 4;
const HASH_BITS = 12;
/** Frames of a group: the first is the key frame of the others. */
export const GROUP = 16;

/** Largest number of bytes that a frame can take: all literals. */
export function worstBytes(frameLength: number): number {
  return frameLength + Math.ceil(frameLength / 255) + 16;
}

/** Compresses and expands frames of one length; keeps the last key frame of each, so nothing is allocated per frame. */
export class FrameCodec {
  readonly frameLength: number;
  /** Key frame, then frame. */
  readonly #source: Uint8Array;
  readonly #target: Uint8Array;
  /** Last position of each hash: of the key frame alone, and with the frame under way. */
  readonly #keyHashes = new Int32Array(1 << HASH_BITS);
  readonly #hashes = new Int32Array(1 << HASH_BITS);
  readonly #wide: boolean;
  /** Whose key frame stands in `#target`. */
  #owner: object | undefined;
  #ownerGroup = -1;

  constructor(frameLength: number) {
    if (!(Number.isInteger(frameLength) && frameLength >= 1 && frameLength < 2 ** 23)) {
      throw new OptionError('frameLength', frameLength, 'a whole number from 1 to 8388607');
    }
    this.frameLength = frameLength;
    this.#source = new Uint8Array(2 * frameLength);
    this.#target = new Uint8Array(2 * frameLength);
    this.#wide = 2 * frameLength > 65_535;
  }

  /** Takes the key frame for the next frames; undefined for the key frame itself, which follows zeros. */
  setKey(key: Uint8Array | undefined): void {
    const { frameLength } = this;
    const source = this.#source;
    if (key === undefined) source.fill(0, 0, frameLength);
    else source.set(key);
    this.#keyHashes.fill(-1);
    // Of zeros one place says as much as all.
    const until = key === undefined ? Math.min(1, frameLength - MIN_MATCH) : frameLength - MIN_MATCH;
    for (let p = 0; p < until; p++) this.#keyHashes[hash(source, p)] = p;
  }

  /**
   * @param out room for `worstBytes` from `at` on.
   * @returns where the code ends.
   */
  compress(frame: ArrayLike<number>, from: number, out: Uint8Array, at: number): number {
    const { frameLength } = this;
    const source = this.#source;
    const hashes = this.#hashes;
    const end = 2 * frameLength;
    if (ArrayBuffer.isView(frame)) {
      source.set((frame as Uint8Array).subarray(from, from + frameLength), frameLength);
    } else for (let i = 0; i < frameLength; i++) source[frameLength + i] = frame[from + i];
    hashes.set(this.#keyHashes);
    let to = at;
    let anchor = frameLength;
    let p = frameLength;
    while (p + MIN_MATCH <= end) {
      // The same place of the key frame, the pixel before, or wherever these four bytes were last.
      let best = matchLength(source, p - frameLength, p, end);
      let match = p - frameLength;
      const before = matchLength(source, p - 1, p, end);
      if (before > best) [best, match] = [before, p - 1];
      const slot = hash(source, p);
      const found = hashes[slot];
      if (found >= 0 && best < 64) {
        const length = matchLength(source, found, p, end);
        if (length > best) [best, match] = [length, found];
      }
      hashes[slot] = p;
      if (best < MIN_MATCH) {
        p++;
        continue;
      }
      to = this.#write(out, to, anchor, p, p - match, best);
      p += best;
      anchor = p;
    }
    return anchor < end ? this.#write(out, to, anchor, end, 0, 0) : to;
  }

  #write(out: Uint8Array, at: number, anchor: number, p: number, offset: number, match: number): number {
    const source = this.#source;
    const literals = p - anchor;
    const more = match - MIN_MATCH;
    let to = at;
    out[to++] = (Math.min(literals, 15) << 4) | (match === 0 ? 0 : Math.min(more, 15));
    if (literals >= 15) to = count(out, to, literals - 15);
    for (let i = anchor; i < p; i++) out[to++] = source[i];
    if (match === 0) return to;
    out[to++] = offset & 255;
    out[to++] = (offset >> 8) & 255;
    if (this.#wide) out[to++] = offset >> 16;
    return more >= 15 ? count(out, to, more - 15) : to;
  }

  /** Whether the key frame of a group of an owner is at hand for `expand`. */
  hasKey(owner: object, group: number): boolean {
    return this.#owner === owner && this.#ownerGroup === group;
  }

  /** Expands a key frame, for the frames of its group. */
  expandKey(owner: object, group: number, code: Uint8Array, at: number): void {
    this.#target.fill(0, 0, this.frameLength);
    this.expand(code, at);
    this.#target.copyWithin(0, this.frameLength);
    this.#owner = owner;
    this.#ownerGroup = group;
  }

  /** Gives up the key frame at hand: its owner's memory is used anew. */
  forgetKey(): void {
    this.#owner = undefined;
  }

  /** @returns the frame, a view that the next call overwrites. */
  expand(code: Uint8Array, at: number): Uint8Array {
    const target = this.#target;
    const end = target.length;
    let to = this.frameLength;
    let from = at;
    for (;;) {
      const token = code[from++];
      let literals = token >> 4;
      if (literals === 15) for (let more = 255; more === 255; literals += more) more = code[from++];
      for (const stop = to + literals; to < stop; ) target[to++] = code[from++];
      if (!(to < end)) break; // NaN too: the code of a stranger may end anywhere
      let offset = code[from++];
      offset |= code[from++] << 8;
      if (this.#wide) offset |= code[from++] << 16;
      let length = (token & 15) + MIN_MATCH;
      if ((token & 15) === 15) for (let more = 255; more === 255; length += more) more = code[from++];
      if (offset >= length && length > 24) target.copyWithin(to, to - offset, to - offset + length);
      else if (offset === 1 && length > 24) target.fill(target[to - 1], to, to + length);
      else for (let i = 0; i < length; i++) target[to + i] = target[to - offset + i];
      to += length;
      if (!(to < end)) break;
    }
    return target.subarray(this.frameLength);
  }

  /** The key frame at hand. */
  get key(): Uint8Array {
    return this.#target.subarray(0, this.frameLength);
  }
}

function hash(data: Uint8Array, p: number): number {
  const word = data[p] | (data[p + 1] << 8) | (data[p + 2] << 16) | (data[p + 3] << 24);
  return Math.imul(word, 2654435761) >>> (32 - HASH_BITS);
}

function matchLength(data: Uint8Array, a: number, b: number, end: number): number {
  let length = 0;
  while (b + length < end && data[a + length] === data[b + length]) length++;
  return length;
}

/** The rest of a count of 15 or more. */
function count(out: Uint8Array, at: number, rest: number): number {
  let to = at;
  let left = rest;
  for (; left >= 255; left -= 255) out[to++] = 255;
  out[to++] = left;
  return to;
}
