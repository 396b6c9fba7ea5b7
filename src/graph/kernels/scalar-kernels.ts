/**
 * The kernels in TypeScript, an element after the other: for platforms on which WebAssembly is missing or not allowed, and
 * the reference that assembly/kernels.ts equals to the bit.
 */
import { OPCODE } from './opcodes.ts';

const fround = Math.fround;

/** @param memory where programs, their operands and results lie. @returns carries out the program between two addresses. */
export function scalarKernels(memory: ArrayBuffer): (from: number, end: number) => void {
  const f = new Float32Array(memory);
  const w = new Int32Array(memory);
  const u = new Uint8Array(memory);
  const kernels: Record<number, (at: number) => void> = {
    [OPCODE.elementwise]: (at) => elementwise(w, f, at),
    [OPCODE.product]: (at) => product(w, f, at),
    [OPCODE.reduce]: (at) => reduce(w, f, at),
    [OPCODE.argMax]: (at) => argMax(w, f, at),
    [OPCODE.softmax]: (at) => softmax(w, f, at),
    [OPCODE.copy]: (at) => copy(w, u, at),
    [OPCODE.gather]: (at) => gather(w, u, at),
    [OPCODE.fromBytes]: (at) => fromBytes(w, f, u, at),
    [OPCODE.toBytes]: (at) => toBytes(w, f, u, at),
    [OPCODE.zero]: (at) => void u.fill(0, w[at + 2], w[at + 2] + w[at + 3]),
  };
  return (from, end) => {
    for (let at = from >> 2; at < end >> 2; at += w[at + 1]) kernels[w[at]](at);
  };
}

type Lane = (w: Int32Array, f: Float32Array, a: number, b: number, c: number, at: number) => number;

const NO_BIT = 0;
const ALL_BITS = -1;
const mask = (holds: boolean): number => (holds ? ALL_BITS : NO_BIT);
const maximum = (a: number, b: number): number => Math.max(a, b);
const minimum = (a: number, b: number): number => Math.min(a, b);

/** By kind: those that give floats. Operands are places of elements. */
const FLOATS: Readonly<Record<number, Lane>> = {
  0: (_, f, a, b) => f[a] + f[b],
  1: (_, f, a, b) => f[a] - f[b],
  2: (_, f, a, b) => f[a] * f[b],
  3: (_, f, a, b) => f[a] / f[b],
  4: (_, f, a, b) => maximum(f[a], f[b]),
  5: (_, f, a, b) => minimum(f[a], f[b]),
  20: (_, f, a, b) => (f[b] > 0 ? f[a] : 0),
  22: (_, f, a) => maximum(f[a], 0),
  23: (_, f, a) => Math.abs(f[a]),
  24: (_, f, a) => -f[a],
  25: (_, f, a) => Math.sqrt(f[a]),
  26: (_, f, a) => Math.sign(f[a]),
  28: (w, _, a) => w[a] & 1,
  30: (w, _, a) => w[a],
  34: (_, f, a, _b, _c, at) => minimum(maximum(f[a], f[at + 23]), f[at + 24]),
  35: (_, f, a) => exponential(f[a]),
  36: (_, f, a) => logarithm(f[a]),
  37: (_, f, a) => hyperbolicTangent(f[a]),
  38: (_, f, a) => 1 / (1 + exponential(-f[a])),
};

/** Those that give ints or masks. */
const WORDS: Readonly<Record<number, Lane>> = {
  6: (_, f, a, b) => mask(f[a] > f[b]),
  7: (_, f, a, b) => mask(f[a] >= f[b]),
  8: (_, f, a, b) => mask(f[a] < f[b]),
  9: (_, f, a, b) => mask(f[a] === f[b]),
  10: (w, _, a, b) => w[a] + w[b],
  11: (w, _, a, b) => w[a] - w[b],
  12: (w, _, a, b) => Math.imul(w[a], w[b]),
  13: (w, _, a, b) => maximum(w[a], w[b]),
  14: (w, _, a, b) => minimum(w[a], w[b]),
  15: (w, _, a, b) => mask(w[a] > w[b]),
  16: (w, _, a, b) => mask(w[a] >= w[b]),
  17: (w, _, a, b) => mask(w[a] < w[b]),
  18: (w, _, a, b) => mask(w[a] === w[b]),
  19: (w, _, a, b) => w[a] & w[b],
  // As bits, so that floats keep theirs.
  21: (w, _, a, b, c) => (w[a] & w[b]) | (~w[a] & w[c]),
  27: (w, _, a) => ~w[a],
  29: (_, f, a) => mask(f[a] !== 0),
  31: (_, f, a) => saturated(f[a]),
  32: (w, _, a) => w[a] & 1,
  33: (w, _, a) => mask(w[a] !== 0),
};

/** The nearest whole number towards zero that has 32 bits; 0 for NaN. */
function saturated(x: number): number {
  return Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)));
}

function elementwise(w: Int32Array, f: Float32Array, at: number): void {
  const kind = w[at + 2];
  const [y0, a0, b0, c0] = [3, 4, 5, 6].map((word) => w[at + word] >> 2);
  const [d0, d1, d2, n] = [7, 8, 9, 10].map((word) => w[at + word]);
  const step = (operand: number, axis: number): number => w[at + 11 + 4 * operand + axis] >> 2;
  const lane = FLOATS[kind] ?? WORDS[kind];
  const out = kind in FLOATS ? f : w;
  let y = y0;
  for (let i = 0; i < d0; i++) {
    for (let j = 0; j < d1; j++) {
      for (let k = 0; k < d2; k++) {
        let a = a0 + i * step(0, 0) + j * step(0, 1) + k * step(0, 2);
        let b = b0 + i * step(1, 0) + j * step(1, 1) + k * step(1, 2);
        let c = c0 + i * step(2, 0) + j * step(2, 1) + k * step(2, 2);
        for (let l = 0; l < n; l++) {
          out[y++] = lane(w, f, a, b, c, at);
          a += step(0, 3);
          b += step(1, 3);
          c += step(2, 3);
        }
      }
    }
  }
}

// ---- functions of one variable ----

const bits = new DataView(new ArrayBuffer(8));

/** e^x in doubles, for results in singles: beyond ±104 those are 0 and infinity. */
function exponential(given: number): number {
  if (Number.isNaN(given)) return given;
  const x = Math.max(-104, Math.min(104, given));
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  let sum = 1 / 39916800;
  for (const factorial of [3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1]) sum = sum * r + 1 / factorial;
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return sum * bits.getFloat64(0);
}

/** The natural logarithm in doubles: 2 artanh((m - 1) / (m + 1)) of the significand. */
function logarithm(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let e = (high >> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m *= 0.5;
    e++;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let sum = 1 / 19;
  for (const odd of [17, 15, 13, 11, 9, 7, 5, 3, 1]) sum = sum * q + 1 / odd;
  return e * Math.LN2 + 2 * s * sum;
}

function hyperbolicTangent(x: number): number {
  if (x > 20) return 1;
  if (x < -20) return -1;
  if (x < 0.005 && x > -0.005) {
    const q = x * x;
    return x * (1 + q * (-1 / 3 + q * (2 / 15)));
  }
  const e = exponential(2 * x);
  return (e - 1) / (e + 1);
}

// ---- product of matrices ----

function product(w: Int32Array, f: Float32Array, at: number): void {
  const [y, a, b, bias] = [2, 3, 4, 5].map((word) => w[at + word] >> 2);
  const [m, n, k] = [6, 7, 8].map((word) => w[at + word]);
  const [rowA, stepA, rowB, columnB, biasRow, biasColumn] = [9, 10, 11, 12, 13, 14].map((word) => w[at + word] >> 2);
  const relu = w[at + 15] !== 0;
  const inLanes = w[at + 17] !== 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const start = bias === 0 ? 0 : f[bias + i * biasRow + j * biasColumn];
      let sum: number;
      if (inLanes) {
        sum = dot(f, a + i * rowA, b + j * columnB, k);
        if (bias !== 0) sum = fround(sum + start);
      } else {
        sum = start;
        for (let x = 0, ax = a + i * rowA, bx = b + j * columnB; x < k; x++, ax += stepA, bx += rowB) {
          sum = fround(sum + fround(f[ax] * f[bx]));
        }
      }
      f[y + i * n + j] = relu ? maximum(sum, 0) : sum;
    }
  }
}

/** The sums of every fourth product, then their sum, then what is left. */
function dot(f: Float32Array, a: number, b: number, k: number): number {
  const whole = k & ~3;
  const lane = (from: number): number => {
    let sum = 0;
    for (let x = from; x < whole; x += 4) sum = fround(sum + fround(f[a + x] * f[b + x]));
    return sum;
  };
  let sum = fround(fround(lane(0) + lane(1)) + fround(lane(2) + lane(3)));
  for (let x = whole; x < k; x++) sum = fround(sum + fround(f[a + x] * f[b + x]));
  return sum;
}

// ---- reductions ----

function reduce(w: Int32Array, f: Float32Array, at: number): void {
  const kind = w[at + 2];
  const [y0, x0] = [3, 4].map((word) => w[at + word] >> 2);
  const [outer, length, inner] = [5, 6, 7].map((word) => w[at + word]);
  for (let o = 0, y = y0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const first = x0 + o * length * inner + i;
      if (kind === 1) {
        let sum = 0;
        for (let r = 0; r < length; r++) sum = (sum + w[first + r * inner]) | 0;
        w[y++] = sum;
      } else if (kind === 2) {
        let highest = -Infinity;
        for (let r = 0; r < length; r++) highest = maximum(highest, f[first + r * inner]);
        f[y++] = highest;
      } else if (inner === 1) {
        f[y++] = rowSum(f, first, length);
      } else {
        let sum = 0;
        for (let r = 0; r < length; r++) sum = fround(sum + f[first + r * inner]);
        f[y++] = sum;
      }
    }
  }
}

function rowSum(f: Float32Array, first: number, length: number): number {
  const whole = length & ~3;
  const lane = (from: number): number => {
    let sum = 0;
    for (let r = from; r < whole; r += 4) sum = fround(sum + f[first + r]);
    return sum;
  };
  let sum = fround(fround(lane(0) + lane(1)) + fround(lane(2) + lane(3)));
  for (let r = whole; r < length; r++) sum = fround(sum + f[first + r]);
  return sum;
}

function argMax(w: Int32Array, f: Float32Array, at: number): void {
  const [y0, x0] = [2, 3].map((word) => w[at + word] >> 2);
  const [outer, length, inner] = [4, 5, 6].map((word) => w[at + word]);
  for (let o = 0, y = y0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const first = x0 + o * length * inner + i;
      let best = 0;
      for (let r = 1; r < length; r++) if (f[first + r * inner] > f[first + best * inner]) best = r;
      w[y++] = best;
    }
  }
}

function softmax(w: Int32Array, f: Float32Array, at: number): void {
  const isLog = w[at + 2] !== 0;
  const [y, x] = [3, 4].map((word) => w[at + word] >> 2);
  const [outer, length, inner] = [5, 6, 7].map((word) => w[at + word]);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const first = o * length * inner + i;
      let highest = -Infinity;
      for (let r = 0; r < length; r++) highest = maximum(highest, f[x + first + r * inner]);
      let sum = 0;
      for (let r = 0; r < length; r++) sum += exponential(f[x + first + r * inner] - highest);
      const lowered = isLog ? logarithm(sum) : 0;
      for (let r = 0; r < length; r++) {
        const place = first + r * inner;
        f[y + place] = isLog ? f[x + place] - highest - lowered : exponential(f[x + place] - highest) / sum;
      }
    }
  }
}

// ---- moving elements ----

function copy(w: Int32Array, u: Uint8Array, at: number): void {
  const [size, to, from, d0, d1, d2, d3] = [2, 3, 4, 5, 6, 7, 8].map((word) => w[at + word]);
  const [f0, f1, f2, f3, t0, t1, t2, t3] = [9, 10, 11, 12, 13, 14, 15, 16].map((word) => w[at + word]);
  for (let i = 0; i < d0; i++) {
    for (let j = 0; j < d1; j++) {
      for (let k = 0; k < d2; k++) {
        for (let l = 0; l < d3; l++) {
          const source = from + i * f0 + j * f1 + k * f2 + l * f3;
          const target = to + i * t0 + j * t1 + k * t2 + l * t3;
          for (let byte = 0; byte < size; byte++) u[target + byte] = u[source + byte];
        }
      }
    }
  }
}

function gather(w: Int32Array, u: Uint8Array, at: number): void {
  const [to, from, indices, batch, rows, stored, bytes] = [2, 3, 4, 5, 6, 7, 8].map((word) => w[at + word]);
  for (let i = 0; i < batch; i++) {
    for (let r = 0; r < rows; r++) {
      const source = from + i * stored + w[(indices >> 2) + r] * bytes;
      u.copyWithin(to + (i * rows + r) * bytes, source, source + bytes);
    }
  }
}

function fromBytes(w: Int32Array, f: Float32Array, u: Uint8Array, at: number): void {
  const [kind, to, from, n] = [2, 3, 4, 5].map((word) => w[at + word]);
  for (let i = 0; i < n; i++) {
    const value = u[from + i];
    if (kind === 0) f[(to >> 2) + i] = value;
    else w[(to >> 2) + i] = kind === 1 ? value : mask(value !== 0);
  }
}

function toBytes(w: Int32Array, f: Float32Array, u: Uint8Array, at: number): void {
  const [kind, to, from, n] = [2, 3, 4, 5].map((word) => w[at + word]);
  for (let i = 0; i < n; i++) {
    const place = (from >> 2) + i;
    u[to + i] = kind === 0 ? saturated(f[place]) : kind === 2 ? w[place] & 1 : w[place];
  }
}
