/** The processor's stack, which some programs have in the TIA. */
import type { BlockWriter } from './block-writer.ts';
import { writeTia } from './operands.ts';
import { CALL, LOCAL } from './translated-function.ts';
import { OP } from './wasm-code.ts';

const { sp, cycles, address } = LOCAL;

/** A byte to the stack. */
export function pushByte(b: BlockWriter, what: () => void): void {
  const { w } = b;
  b.flush();
  w.get(sp).const(0x80).op(OP.and).open('if').get(sp);
  what();
  w.store8(0).else();
  writeTia(b, () => w.get(sp).const(0x100).op(OP.or), what);
  w.end();
  w.get(sp).const(1).op(OP.sub).const(0xff).op(OP.and).set(sp);
}

/** A byte from the stack, which some programs have in the TIA. */
export function pullByte(b: BlockWriter, opcode: number): void {
  const { w } = b;
  b.flush();
  w.get(sp).const(1).op(OP.add).const(0xff).op(OP.and).tee(address).const(0x80).op(OP.and).open('if', true);
  w.get(address).load8(0).else();
  w.get(sp).get(cycles).const(opcode).call(CALL.pull).end();
  w.get(address).set(sp);
}
