/**
 * Just enough of the WebAssembly binary format (core specification, chapter 5) to write one small SIMD kernel in
 * TypeScript: no build step, no binary file, no external assembler. Instructions are arrays of bytes in stack order;
 * the WAT of a kernel stands next to it as comments.
 */
export type Code = readonly number[];

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

/** An unsigned integer in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const more = rest > 0x7f;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest >>>= 7;
  } while (rest !== 0);
  return bytes;
}

/** A signed 32-bit integer in LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
/** v128 access: natural alignment is promised as a hint only (2^2 bytes), so views may start at any element. */
const access = (opcode: number, offset: number): Code => [...simd(opcode), 2, ...unsigned(offset)];

/** Instructions by their WAT names, dots and slashes replaced. */
export const op = {
  localGet: (index: number): Code => [0x20, ...unsigned(index)],
  localSet: (index: number): Code => [0x21, ...unsigned(index)],
  localTee: (index: number): Code => [0x22, ...unsigned(index)],
  i32Const: (value: number): Code => [0x41, ...signed(value)],
  f32Const: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  i32Add: [0x6a] as Code,
  i32LtU: [0x49] as Code,
  v128Load: (offset = 0): Code => access(0x00, offset),
  v128Store: (offset = 0): Code => access(0x0b, offset),
  v128AndNot: simd(0x4f),
  f32x4Splat: simd(0x13),
  f32x4Lt: simd(0x43),
  f32x4Abs: simd(0xe0),
  f32x4Sqrt: simd(0xe3),
  f32x4Add: simd(0xe4),
  f32x4Sub: simd(0xe5),
  f32x4Mul: simd(0xe6),
  f32x4Div: simd(0xe7),
  f32x4Max: simd(0xe9),
} as const;

/** `if (condition) do body while (condition)`: a loop that may run zero times. */
export function whileLoop(condition: Code, body: Code): Code {
  const EMPTY = 0x40;
  return [...condition, 0x04, EMPTY, 0x03, EMPTY, ...body, ...condition, 0x0d, 0, 0x0b, 0x0b];
}

export interface WasmFunction {
  readonly name: string;
  /** Value types of the parameters, then of the further locals; both are addressed by `localGet` in this order. */
  readonly parameters: readonly number[];
  readonly locals: readonly number[];
  readonly code: Code;
}

/** A module with one exported function without results, over a memory imported as `env.memory`. */
export function wasmModule(fn: WasmFunction): Uint8Array<ArrayBuffer> {
  const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
  const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);
  const section = (id: number, content: readonly number[]): number[] => [id, ...sized([1, ...content])];
  const locals = fn.locals.flatMap((type) => [1, type]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [0x60, ...sized(fn.parameters), 0]),
    // A memory of any size, not shared.
    ...section(2, [...text('env'), ...text('memory'), 0x02, 0x00, 0]),
    ...section(3, [0]),
    ...section(7, [...text(fn.name), 0x00, 0]),
    ...section(10, sized([...unsigned(fn.locals.length), ...locals, ...fn.code, 0x0b])),
  ]);
}
