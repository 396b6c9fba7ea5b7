/**
 * Just enough of WebAssembly's binary format (core specification, chapter 5) for the translator: instructions are bytes
 * in stack order, appended to one growing list.
 */
export const OP = {
  block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, brIf: 0x0d, brTable: 0x0e, call: 0x10,
  eqz: 0x45, eq: 0x46, ne: 0x47, ltS: 0x48, ltU: 0x49, gtS: 0x4a, gtU: 0x4b, geS: 0x4e, geU: 0x4f,
  add: 0x6a, sub: 0x6b, and: 0x71, or: 0x72, xor: 0x73, shl: 0x74, shrU: 0x76, select: 0x1b,
} as const; // biome-ignore format: a table

const EMPTY = 0x40;
const I32 = 0x7f;

export class CodeWriter {
  readonly bytes: number[] = [];
  /** Blocks, loops and ifs that are open here. */
  depth = 0;

  op(...codes: number[]): this {
    this.bytes.push(...codes);
    return this;
  }

  unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.bytes.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.bytes.push(rest);
    return this;
  }

  const(value: number): this {
    this.bytes.push(0x41);
    let rest = value | 0;
    for (;;) {
      const byte = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) {
        this.bytes.push(byte);
        return this;
      }
      this.bytes.push(byte | 0x80);
    }
  }

  get(local: number): this {
    return this.op(0x20).unsigned(local);
  }

  set(local: number): this {
    return this.op(0x21).unsigned(local);
  }

  tee(local: number): this {
    return this.op(0x22).unsigned(local);
  }

  global(index: number): this {
    return this.op(0x23).unsigned(index);
  }

  call(fn: number): this {
    return this.op(OP.call).unsigned(fn);
  }

  load8(offset: number): this {
    return this.op(0x2d, 0).unsigned(offset);
  }

  load16(offset: number): this {
    return this.op(0x2f, 0).unsigned(offset);
  }

  load32(offset: number): this {
    return this.op(0x28, 2).unsigned(offset);
  }

  store8(offset: number): this {
    return this.op(0x3a, 0).unsigned(offset);
  }

  store32(offset: number): this {
    return this.op(0x36, 2).unsigned(offset);
  }

  open(kind: 'block' | 'loop' | 'if', result = false): this {
    this.depth++;
    return this.op(OP[kind], result ? I32 : EMPTY);
  }

  else(): this {
    return this.op(OP.else);
  }

  end(): this {
    this.depth--;
    return this.op(OP.end);
  }

  /** Jumps out of everything that was opened since there were `depth` of them. */
  branch(depth: number): this {
    return this.op(OP.br).unsigned(this.depth - depth);
  }
}

export interface ImportedFunction {
  readonly name: string;
  readonly parameters: number;
  readonly results: 0 | 1;
}

/**
 * A module with one function `run(i32)` over an imported memory, functions and one global of 32 bits. Imports have the
 * indices of their order.
 * @param locals besides the parameter, all i32.
 */
export function wasmModule(
  imports: readonly ImportedFunction[],
  global: string,
  locals: number,
  code: CodeWriter,
): Uint8Array<ArrayBuffer> {
  const out = new CodeWriter();
  const sized = (bytes: readonly number[]): number[] => [...new CodeWriter().unsigned(bytes.length).bytes, ...bytes];
  const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);
  const section = (id: number, count: number, content: readonly number[]): void => {
    const body = [...new CodeWriter().unsigned(count).bytes, ...content];
    out.op(id).unsigned(body.length);
    for (const byte of body) out.bytes.push(byte);
  };
  out.op(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const types = imports.map(({ parameters, results }) => [
    0x60, ...sized(new Array(parameters).fill(I32)), ...sized(new Array(results).fill(I32)),
  ]); // biome-ignore format: a function type
  types.push([0x60, ...sized([I32]), 0]);
  section(1, types.length, types.flat());
  const list = imports.map(({ name }, index) => [...text('machine'), ...text(name), 0x00, index]);
  list.push([...text('machine'), ...text('memory'), 0x02, 0x00, 0]);
  list.push([...text('machine'), ...text(global), 0x03, I32, 1]);
  section(2, list.length, list.flat());
  section(3, 1, [imports.length]);
  section(7, 1, [...text('run'), 0x00, imports.length]);
  const body = [1, ...new CodeWriter().unsigned(locals).bytes, I32];
  for (const byte of code.bytes) body.push(byte);
  body.push(OP.end);
  section(10, 1, sized(body));
  return Uint8Array.from(out.bytes);
}
