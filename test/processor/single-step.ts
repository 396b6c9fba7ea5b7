/**
 * Cases of the single-step processor tests (SingleStepTests/65x02, MIT): a processor and memory before and after one
 * instruction, and the bus of each of its cycles. As JSON, and in the binary form of jepebe/ProcessorTestsBinaries.
 */
import { type Access, FLAGS, type FlatProcessor, type Registers } from './flat-processor.ts';

export interface State extends Registers {
  /** Address and value. */
  readonly ram: readonly (readonly [number, number])[];
}

export interface Case {
  readonly name: string;
  readonly initial: State;
  readonly final: State;
  /** What the bus does in each cycle. */
  readonly cycles: readonly Access[];
}

interface JsonCase extends Omit<Case, 'cycles'> {
  readonly cycles: readonly (readonly [number, number, 'read' | 'write'])[];
}

export function casesFromJson(text: string): Case[] {
  return (JSON.parse(text) as JsonCase[]).map(({ cycles, ...rest }) => ({
    ...rest,
    cycles: cycles.map(([address, value, kind]) => ({ address, value, write: kind === 'write' })),
  }));
}

/** @throws RangeError when the bytes end within a case. */
export function* casesFromBinary(bytes: Uint8Array): IterableIterator<Case> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const state = (): State => {
    const [pc, s, a, x, y, p, count] = [view.getUint16(at), ...bytes.subarray(at + 2, at + 8)];
    at += 8;
    const ram: [number, number][] = [];
    for (let n = 0; n < count; n++, at += 3) ram.push([view.getUint16(at), view.getUint8(at + 2)]);
    return { pc, s, a, x, y, p, ram };
  };
  while (at < bytes.length) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 8));
    at += 10;
    const initial = state();
    const final = state();
    const cycles: Access[] = [];
    const count = view.getUint8(at++);
    for (let n = 0; n < count; n++, at += 4) {
      const [address, value, kind] = [view.getUint16(at), view.getUint8(at + 2), view.getUint8(at + 3)];
      cycles.push({ address, value, write: kind === 0x77 });
    }
    yield { name, initial, final, cycles };
  }
}

/** Where a processor leaves what a case says. */
export interface Outcome {
  /** Registers, flags and memory are equal. */
  readonly state: boolean;
  /** The same without PC. */
  readonly stateButPc: boolean;
  readonly cycles: boolean;
  /** Every access to data is one of the case's, in the case's order. (Our processor leaves out those of hardware that
   * have no effect on memory.) */
  readonly accesses: boolean;
  readonly jammed: boolean;
}

export function runCase(cpu: FlatProcessor, { initial, final, cycles }: Case): Outcome {
  for (const [address, value] of initial.ram) cpu.poke(address, value);
  cpu.registers = initial;
  const taken = cpu.step();
  const after = cpu.registers;
  const equal =
    after.s === final.s &&
    after.a === final.a &&
    after.x === final.x &&
    after.y === final.y &&
    (after.p & FLAGS) === (final.p & FLAGS) &&
    final.ram.every(([address, value]) => cpu.peek(address) === value);
  let next = 0;
  const accesses = cpu.accesses();
  for (const { address, value, write } of cycles) {
    const own = accesses[next];
    if (own?.address === address && own.value === value && own.write === write) next++;
  }
  // Nothing else may have been written, and the next case starts from zeros.
  const elsewhere = accesses.some(
    ({ address, write }) => write && !final.ram.some(([known]) => known === address) && cpu.peek(address) !== 0,
  );
  for (const [address] of initial.ram) cpu.poke(address, 0);
  for (const { address, write } of accesses) if (write) cpu.poke(address, 0);
  const stateButPc = equal && !elsewhere;
  return {
    state: stateButPc && after.pc === final.pc,
    stateButPc,
    cycles: taken === cycles.length,
    accesses: next === accesses.length,
    jammed: cpu.jammed,
  };
}
