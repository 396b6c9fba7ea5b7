/** Whether a processor does what a single-step case says, and the reasons for which it may not. */
import type { Dialect } from '../../scripts/webassembly/generate-cpu.ts';
import type { FlatProcessor } from './flat-processor.ts';
import { type Case, runCase } from './single-step.ts';

/** A case is equal, differs for a known reason, or differs. */
export type Verdict = 'equal' | Reason | 'different';

export const REASONS = {
  jam: 'a jamming opcode: the processor stops and changes no register or memory, but where PC stands and how many cycles are shown is a matter of taste',
  nop: 'an undocumented NOP that reads memory: this edition leaves its read out, and with it a cycle, later ones do not; registers and memory are equal',
  store:
    'SHA, SHX, SHY, SHS across a page: unstable on the chip; `nmos` puts what it stores into the address, as later editions of the cases do, this edition and ALE do not',
  decimal:
    'decimal ADC, SBC, RRA, ISB: ALE computes through decimal values, which differ for digits above 9 and in N, V, Z',
  pointer: 'an indirect pointer at 0xFF: in ALE its second byte is at 0x100',
} as const;
export type Reason = keyof typeof REASONS;

/** Opcodes after which the processor does nothing more. */
export const JAMS: readonly number[] = [0x02, 0x12, 0x22, 0x32, 0x42, 0x52, 0x62, 0x72, 0x92, 0xb2, 0xd2, 0xf2];
const READING_NOPS = new Set([0x0c, 0x1c, 0x3c, 0x5c, 0x7c, 0xdc, 0xfc]);
const STORES = new Set([0x93, 0x9b, 0x9c, 0x9e, 0x9f]);
/** Low five bits of the opcodes in columns of ADC and SBC, RRA and ISB. */
const ARITHMETIC = new Set([0x01, 0x03, 0x05, 0x07, 0x09, 0x0d, 0x0f, 0x11, 0x13, 0x15, 0x17, 0x19, 0x1b, 0x1d, 0x1f]);

function isArithmetic(opcode: number): boolean {
  return opcode === 0xeb || ((opcode & 0x60) === 0x60 && ARITHMETIC.has(opcode & 0x1f));
}

export function judgeCase(cpu: FlatProcessor, dialect: Dialect, test: Case): Verdict {
  const { state, stateButPc, cycles, accesses, jammed } = runCase(cpu, test);
  const [opcode, operand] = [test.cycles[0].value, test.cycles[1].value];
  if (JAMS.includes(opcode)) return jammed && stateButPc ? 'jam' : 'different';
  if (jammed) return 'different';
  if (state && cycles && accesses) return 'equal';
  if (READING_NOPS.has(opcode) && state) return 'nop';
  if (dialect === 'nmos') {
    const [dummy, last] = test.cycles.slice(-2);
    return STORES.has(opcode) && cycles && last.address !== dummy.address ? 'store' : 'different';
  }
  const p = (opcode & 0x1d) === 1 ? (operand + test.initial.x) & 0xff : operand;
  if ((opcode & 0x0d) === 1 && p === 0xff) return 'pointer';
  if (isArithmetic(opcode) && (test.initial.p & 8) !== 0 && cycles && accesses) return 'decimal';
  return 'different';
}
