/** What numbers in the kernels' programs mean; the WebAssembly is compiled with the same ones. */

/** What an instruction does. Its first word is the opcode, the second how many words it has. */
export const OPCODE = {
  elementwise: 0,
  product: 1,
  reduce: 2,
  argMax: 3,
  softmax: 4,
  copy: 5,
  gather: 6,
  fromBytes: 7,
  toBytes: 8,
  zero: 9,
} as const;

/** What an elementwise instruction does with elements of 32 bits: floats, ints, or masks of which all bits are 0 or 1. */
export const KIND = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  max: 4,
  min: 5,
  greater: 6,
  greaterOrEqual: 7,
  less: 8,
  equal: 9,
  addInts: 10,
  subInts: 11,
  mulInts: 12,
  maxInts: 13,
  minInts: 14,
  greaterInts: 15,
  greaterOrEqualInts: 16,
  lessInts: 17,
  equalInts: 18,
  and: 19,
  /** a where b > 0, else 0: the gradient of ReLU. */
  wherePositive: 20,
  /** b where the mask a holds, else c. */
  where: 21,
  relu: 22,
  abs: 23,
  neg: 24,
  sqrt: 25,
  sign: 26,
  not: 27,
  maskToFloats: 28,
  floatsToMask: 29,
  intsToFloats: 30,
  floatsToInts: 31,
  maskToInts: 32,
  intsToMask: 33,
  clip: 34,
  exp: 35,
  log: 36,
  tanh: 37,
  sigmoid: 38,
} as const;

export const REDUCTION = { sum: 0, sumInts: 1, max: 2 } as const;

/** How elements of four bytes are meant where bytes become elements or elements bytes. */
export const ELEMENTS = { floats: 0, ints: 1, masks: 2 } as const;

/** Rows of the second matrix that are multiplied at a time: with eight columns they fill a fraction of the first cache. */
export const DEPTH = 256;
/** Columns of a packed panel of it. */
export const PANEL = 8;
