/**
 * The kernels of graphs, in AssemblyScript: they carry out a program, instruction after instruction, in the memory where the
 * numbers lie. An instruction is a row of 32-bit words: its opcode, how many words it has, its operands (addresses, lengths,
 * steps in bytes); src/graph/kernels/opcodes.ts names them all. Sums have a fixed order, products are rounded before they
 * are added, nothing is relaxed: src/graph/kernels/scalar-kernels.ts does the same in TypeScript, to the bit.
 *
 * Loads may reach up to 28 bytes beyond an array, stores never do.
 */

import { elementwise } from './elementwise';
import { copy, fromBytes, gather, toBytes, zero } from './moving';
import { OPCODE } from './opcodes';
import { product } from './product';
import { argMax, reduce, softmax } from './reductions';

export function run(program: usize, end: usize): void {
  let at = program;
  while (at < end) {
    switch (load<i32>(at)) {
      case OPCODE.elementwise: elementwise(at); break;
      case OPCODE.product: product(at); break;
      case OPCODE.reduce: reduce(at); break;
      case OPCODE.argMax: argMax(at); break;
      case OPCODE.softmax: softmax(at); break;
      case OPCODE.copy: copy(at); break;
      case OPCODE.gather: gather(at); break;
      case OPCODE.fromBytes: fromBytes(at); break;
      case OPCODE.toBytes: toBytes(at); break;
      case OPCODE.zero: zero(at); break;
      default: unreachable();
    }
    at += <usize>load<u32>(at, 4) << 2;
  }
}
