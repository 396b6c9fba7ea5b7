/**
 * The 128-bit arithmetic of PCG64, a block of outputs at a time.
 *
 * JavaScript has no fast 64-bit integers, WebAssembly has: a module of some 260 bytes, assembled below, makes a block
 * four times as fast as `stepState` and `writeOutput`, which say the same in 32-bit limbs. They serve to move single
 * steps, where WebAssembly is not allowed (a strict content security policy), and as the reference in tests.
 *
 * State: eight 32-bit words, the least significant first: 0-3 the state, 4-7 the increment (odd).
 */

/** 64-bit outputs in a block. */
export const BLOCK_SIZE = 32;

export type BlockFiller = (state: Int32Array, out: Int32Array) => void;

/** Writes the next BLOCK_SIZE outputs as pairs (lower, upper half) to `out` and moves the state past them. */
export const fillBlock: BlockFiller = (state, out) => {
  filler ??= wasmFiller() ?? fillBlockInJavaScript;
  filler(state, out);
};

let filler: BlockFiller | undefined;

export const fillBlockInJavaScript: BlockFiller = (state, out) => {
  for (let i = 0; i < 2 * BLOCK_SIZE; i += 2) {
    stepState(state);
    writeOutput(state, out, i);
  }
};

/** state = state * multiplier + increment (mod 2^128): schoolbook, column by column, carries by 16-bit halves. */
export function stepState(state: Int32Array): void {
  const s0 = state[0];
  const s1 = state[1];
  const s2 = state[2];
  const s3 = state[3];
  const i0 = state[4];
  const i1 = state[5];
  const i2 = state[6];

  let p = Math.imul(s0, M0);
  let lower = (p & 0xffff) + (i0 & 0xffff);
  let upper = (p >>> 16) + (i0 >>> 16) + (lower >>> 16);
  state[0] = (upper << 16) | (lower & 0xffff);

  p = upperHalf(s0, M0);
  let q = Math.imul(s0, M1);
  let r = Math.imul(s1, M0);
  lower = (p & 0xffff) + (q & 0xffff) + (r & 0xffff) + (i1 & 0xffff) + (upper >>> 16);
  upper = (p >>> 16) + (q >>> 16) + (r >>> 16) + (i1 >>> 16) + (lower >>> 16);
  state[1] = (upper << 16) | (lower & 0xffff);

  p = upperHalf(s0, M1);
  q = upperHalf(s1, M0);
  r = Math.imul(s0, M2);
  const t = Math.imul(s1, M1);
  const u = Math.imul(s2, M0);
  lower = (p & 0xffff) + (q & 0xffff) + (r & 0xffff) + (t & 0xffff) + (u & 0xffff) + (i2 & 0xffff) + (upper >>> 16);
  upper = (p >>> 16) + (q >>> 16) + (r >>> 16) + (t >>> 16) + (u >>> 16) + (i2 >>> 16) + (lower >>> 16);
  state[2] = (upper << 16) | (lower & 0xffff);

  state[3] =
    upperHalf(s0, M2) +
    upperHalf(s1, M1) +
    upperHalf(s2, M0) +
    Math.imul(s0, M3) +
    Math.imul(s1, M2) +
    Math.imul(s2, M1) +
    Math.imul(s3, M0) +
    state[7] +
    (upper >>> 16);
}

/** XSL-RR: the halves of the state xored, rotated right by the state's upper six bits. */
function writeOutput(state: Int32Array, out: Int32Array, at: number): void {
  const x = state[1] ^ state[3];
  const y = state[0] ^ state[2];
  const rotation = state[3] >>> 26;
  // A rotation by 32 or more exchanges the halves first.
  const exchange = (x ^ y) & -(rotation >>> 5);
  const a = x ^ exchange;
  const b = y ^ exchange;
  // Shift counts are taken modulo 32; shifting left in two steps makes a rotation of 0 right too.
  const left = 31 - (rotation & 31);
  out[at] = (b >>> rotation) | ((a << 1) << left);
  out[at + 1] = (a >>> rotation) | ((b << 1) << left);
}

// The multiplier 0x2360ed051fc65da44385df649fccf645, least significant word first.
const M0 = 0x9fccf645;
const M1 = 0x4385df64;
const M2 = 0x1fc65da4;
const M3 = 0x2360ed05;

/** Bits 32 to 63 of the product of two 32-bit integers, all unsigned but returned as a signed one. */
export function upperHalf(a: number, b: number): number {
  const aLower = a & 0xffff;
  const aUpper = a >>> 16;
  const bLower = b & 0xffff;
  const bUpper = b >>> 16;
  const middle = (Math.imul(aUpper, bLower) + (Math.imul(aLower, bLower) >>> 16)) | 0;
  const cross = (Math.imul(aLower, bUpper) + (middle & 0xffff)) | 0;
  return (Math.imul(aUpper, bUpper) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** The WebAssembly filler; undefined where the platform forbids it. All generators share one scratch memory. */
export function wasmFiller(): BlockFiller | undefined {
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(assemble()));
    const { memory, fill } = instance.exports as { memory: WebAssembly.Memory; fill: () => void };
    const stateView = new Int32Array(memory.buffer, 0, 8);
    const outputView = new Int32Array(memory.buffer, OUTPUT_AT, 2 * BLOCK_SIZE);
    return (state, out) => {
      stateView.set(state);
      fill();
      state.set(stateView);
      out.set(outputView);
    };
  } catch {
    return undefined;
  }
}

/** Byte offset of the outputs in the module's memory; the state lies at 0. */
const OUTPUT_AT = 64;

// Opcodes of WebAssembly (core specification, section 5.4) that the module uses.
const I64 = 0x7e;
const I32 = 0x7f;
const END = 0x0b;
const LOOP = 0x03;
const BR_IF = 0x0d;
const I32_LT_U = 0x49;
const I32_ADD = 0x6a;
const LT_U = 0x54;
const ADD = 0x7c;
const MUL = 0x7e;
const AND = 0x83;
const XOR = 0x85;
const SHR_U = 0x88;
const ROTR = 0x8a;
const EXTEND_U = 0xad;
const NO_RESULT = 0x40;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const i32 = (value: number) => [0x41, ...signedLeb(BigInt(value))];
const i64 = (value: bigint) => [0x42, ...signedLeb(BigInt.asIntN(64, value))];
const load = (address: number) => [...i32(0), 0x29, 3, address];
const store = (offset: number) => [0x37, 3, offset];

/** A module with one memory page and a function `fill` without arguments. */
function assemble(): Uint8Array<ArrayBuffer> {
  // Locals: a byte offset, then 64-bit words.
  const [at, low, high, incrementLow, incrementHigh, a0, a1, t] = [0, 1, 2, 3, 4, 5, 6, 7];
  const [multiplierLow, multiplierHigh] = [0x4385df649fccf645n, 0x2360ed051fc65da4n];
  const [b0, b1, mask] = [0x9fccf645n, 0x4385df64n, 0xffffffffn];
  const body = [
    ...[...load(0), ...set(low), ...load(8), ...set(high)],
    ...[...load(16), ...set(incrementLow), ...load(24), ...set(incrementHigh)],
    ...[LOOP, NO_RESULT],
    // low = a1 * 2^32 + a0, its multiplier b1 * 2^32 + b0; t = a1 * b0 + (a0 * b0 >> 32)
    ...[...get(low), ...i64(mask), AND, ...set(a0), ...get(low), ...i64(32n), SHR_U, ...set(a1)],
    ...[...get(a1), ...i64(b0), MUL, ...get(a0), ...i64(b0), MUL, ...i64(32n), SHR_U, ADD, ...set(t)],
    // On the stack, the new high: a1 * b1 + (t >> 32) + (((t & mask) + a0 * b1) >> 32) ...
    ...[...get(a1), ...i64(b1), MUL, ...get(t), ...i64(32n), SHR_U, ADD],
    ...[...get(t), ...i64(mask), AND, ...get(a0), ...i64(b1), MUL, ADD, ...i64(32n), SHR_U, ADD],
    // ... + high * multiplierLow + low * multiplierHigh + incrementHigh + carry of the new low
    ...[...get(high), ...i64(multiplierLow), MUL, ADD, ...get(low), ...i64(multiplierHigh), MUL, ADD],
    ...[...get(incrementHigh), ADD],
    ...[...get(low), ...i64(multiplierLow), MUL, ...get(incrementLow), ADD, ...tee(low)],
    ...[...get(incrementLow), LT_U, EXTEND_U, ADD, ...set(high)],
    // Output: (low ^ high) rotated right by high >> 58
    ...[...get(at), ...get(low), ...get(high), XOR, ...get(high), ...i64(58n), SHR_U, ROTR, ...store(OUTPUT_AT)],
    ...[...get(at), ...i32(8), I32_ADD, ...tee(at), ...i32(8 * BLOCK_SIZE), I32_LT_U, BR_IF, 0],
    END,
    ...[...i32(0), ...get(low), ...store(0), ...i32(0), ...get(high), ...store(8)],
    END,
  ];
  const code = [2, 1, I32, 7, I64, ...body];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('fill'), 0, 0]),
    ...section(10, [1, ...signedLeb(BigInt(code.length)), ...code]),
  ]);
}

const name = (text: string) => [text.length, ...Array.from(text, (c) => c.charCodeAt(0))];

function section(id: number, content: number[]): number[] {
  return [id, ...signedLeb(BigInt(content.length)), ...content];
}

/** Signed LEB128. Sizes are unsigned in the format, but read the same: a leading zero group is allowed there. */
function signedLeb(value: bigint): number[] {
  const out: number[] = [];
  for (let rest = value; ; ) {
    const group = Number(rest & 0x7fn);
    rest >>= 7n;
    const last = (rest === 0n && group < 0x40) || (rest === -1n && group >= 0x40);
    out.push(last ? group : group | 0x80);
    if (last) return out;
  }
}
