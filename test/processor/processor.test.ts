/** The processor in both dialects; the public tests, with which the digests were made, run by scripts/processor-tests.ts. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../scripts/webassembly/generate-cpu.ts';
import { digestOpcodes } from './digest.ts';
import { FlatProcessor } from './flat-processor.ts';
import { judgeCase } from './judge-case.ts';
import { type Case, casesFromBinary, casesFromJson } from './single-step.ts';

const digests: Record<Dialect, string[]> = JSON.parse(readFileSync(new URL('./digests.json', import.meta.url), 'utf8'));

/** A case of LDA with a page crossing, by hand. */
const crossing: Case = {
  name: 'bd ff 10',
  initial: { pc: 0x200, s: 0xfd, a: 0, x: 1, y: 0, p: 0, ram: [[0x200, 0xbd], [0x201, 0xff], [0x202, 0x10], [0x1000, 7], [0x1100, 0x80]] },
  final: { pc: 0x203, s: 0xfd, a: 0x80, x: 1, y: 0, p: 0x80, ram: [[0x200, 0xbd], [0x1100, 0x80]] },
  cycles: [
    { address: 0x200, value: 0xbd, write: false },
    { address: 0x201, value: 0xff, write: false },
    { address: 0x202, value: 0x10, write: false },
    { address: 0x1000, value: 7, write: false },
    { address: 0x1100, value: 0x80, write: false },
  ],
}; // biome-ignore format: bytes

describe.each<Dialect>(['nmos', 'ale'])('the processor, dialect %s', (dialect) => {
  const compiling = FlatProcessor.compile(dialect);

  it('does with random states what it did when it passed the public tests', async () => {
    const found = digestOpcodes(await compiling);
    const changed = found.flatMap((digest, opcode) =>
      digest === digests[dialect][opcode] ? [] : [opcode.toString(16)],
    );
    expect(changed).toEqual([]);
  });

  it('is judged case by case', async () => {
    const cpu = await compiling;
    cpu.load(new Uint8Array(0x10000));
    const { final, cycles } = crossing;
    expect(judgeCase(cpu, dialect, crossing)).toBe('equal');
    expect(judgeCase(cpu, dialect, { ...crossing, final: { ...final, a: 0x81 } })).toBe('different');
    expect(judgeCase(cpu, dialect, { ...crossing, final: { ...final, p: 0 } })).toBe('different');
    expect(judgeCase(cpu, dialect, { ...crossing, cycles: cycles.slice(0, 4) })).toBe('different');
    const elsewhere = cycles.with(4, { address: 0x1200, value: 0x80, write: false });
    expect(judgeCase(cpu, dialect, { ...crossing, cycles: elsewhere })).toBe('different');
  });
});

describe('dialects', () => {
  it('both fetch the second byte of a call’s address after the pushes', async () => {
    const target = async (dialect: Dialect): Promise<number> => {
      const cpu = await FlatProcessor.compile(dialect);
      cpu.registers = { pc: 0x17b, s: 0x7d, a: 0, x: 0, y: 0, p: 0 };
      [0x20, 0x55, 0x13].forEach((value, i) => {
        cpu.poke(0x17b + i, value);
      });
      expect(cpu.step()).toBe(6);
      return cpu.registers.pc;
    };
    expect(await target('nmos')).toBe(0x0155);
    expect(await target('ale')).toBe(0x0155);
  });

  const run = async (dialect: Dialect, code: readonly number[], state: { a?: number; x?: number; p?: number }) => {
    const cpu = await FlatProcessor.compile(dialect);
    cpu.load(new Uint8Array(0x10000));
    cpu.poke(0xff, 0x34);
    cpu.poke(0x00, 0x12);
    cpu.poke(0x100, 0x56);
    cpu.registers = { pc: 0x400, s: 0xff, a: 0, x: 0, y: 0, p: 0, ...state };
    code.forEach((value, i) => {
      cpu.poke(0x400 + i, value);
    });
    cpu.step();
    return cpu;
  };

  it('differ where ALE’s processor is not the chip', async () => {
    // A pointer at 0xFF: its second byte is at 0x00, in ALE at 0x100.
    const reads = async (dialect: Dialect) => (await run(dialect, [0xa1, 0xff], {})).accesses().at(-1)?.address;
    expect(await reads('nmos')).toBe(0x1234);
    expect(await reads('ale')).toBe(0x5634);
    // Decimal mode: 0x0A + 0x01 is the same, 0x0F + 0x0F is not.
    const sum = async (dialect: Dialect) => (await run(dialect, [0x69, 0x01], { a: 0x0a, p: 8 })).registers.a;
    expect(await sum('nmos')).toBe(0x11);
    expect(await sum('ale')).toBe(0x11);
    const invalid = async (dialect: Dialect) => (await run(dialect, [0x69, 0x0f], { a: 0x0f, p: 8 })).registers.a;
    expect(await invalid('nmos')).toBe(0x14);
    expect(await invalid('ale')).toBe(0x30);
  });
});

describe('cases', () => {
  it('are read from JSON and from the binary form', () => {
    const json = JSON.stringify([
      {
        name: '85 10 00',
        initial: { pc: 512, s: 1, a: 2, x: 3, y: 4, p: 5, ram: [[512, 133]] },
        final: { pc: 514, s: 1, a: 2, x: 3, y: 4, p: 5, ram: [[16, 2]] },
        cycles: [
          [512, 133, 'read'],
          [16, 2, 'write'],
        ],
      },
    ]);
    const name = [...new TextEncoder().encode('85 10 00'), 0, 0];
    const before = [2, 0, 1, 2, 3, 4, 5, 1, 2, 0, 133];
    const later = [2, 2, 1, 2, 3, 4, 5, 1, 0, 16, 2];
    const bus = [2, 2, 0, 133, 0x72, 0, 16, 2, 0x77];
    const binary = Uint8Array.of(...name, ...before, ...later, ...bus);
    expect([...casesFromBinary(binary)]).toEqual(casesFromJson(json));
    expect(() => [...casesFromBinary(binary.subarray(0, 30))]).toThrow(RangeError);
  });
});
