/** What the processor does with random states, opcode by opcode, as one checksum each. */
import { crc32 } from 'node:zlib';
import { MersenneTwister } from '../../src/atari/console/index.ts';
import type { FlatProcessor } from './flat-processor.ts';

const STATES = 1000;

/** Checksums of the 256 opcodes, eight hexadecimal digits each, of registers, cycles and accesses after one instruction
 * from each of 1,000 random states in random memory. */
export function digestOpcodes(cpu: FlatProcessor): string[] {
  const random = new MersenneTwister(6502);
  const byte = (): number => random.next() >>> 24;
  cpu.load(Uint8Array.from({ length: 0x10000 }, byte));
  return Array.from({ length: 256 }, (_, opcode) => {
    let sum = 0;
    for (let n = 0; n < STATES; n++) {
      const pc = random.next() >>> 16;
      cpu.registers = { pc, s: byte(), a: byte(), x: byte(), y: byte(), p: byte() };
      cpu.poke(pc, opcode);
      const cycles = cpu.step();
      const { registers } = cpu;
      const accesses = cpu.accesses().flatMap(({ address, value, write }) => [address, value, Number(write)]);
      sum = crc32(Int32Array.of(...Object.values(registers), cycles, Number(cpu.jammed), ...accesses), sum);
    }
    return sum.toString(16).padStart(8, '0');
  });
}
