/**
 * Writes the processor's interpreter as AssemblyScript: one `switch` with a case an opcode, each made of an addressing
 * mode and an operation, so that all of it lives in one function's local variables.
 *
 * Two dialects. `ale` is what the Arcade Learning Environment's processor does: all of an instruction's cycles pass
 * before its memory accesses, there are no dummy accesses, decimal arithmetic goes through decimal values, an indexed
 * pointer does not wrap at 0xFF. `nmos` is the silicon in every register, flag and byte written (again without dummy
 * accesses), for the public processor tests.
 */
import { INSTRUCTION_BYTES, type Mode, type OpcodeRow, opcodeRows } from '../../src/atari/console/core/opcodes.ts';

export type Dialect = 'ale' | 'nmos';

const WRITES = new Set(['sta', 'stx', 'sty', 'sax', 'sha', 'shs', 'shx', 'shy']);
const MODIFIES = new Set(['asl', 'rol', 'lsr', 'ror', 'dec', 'inc', 'slo', 'rla', 'sre', 'rra', 'dcp', 'isb']);
const NO_OPERAND_ACCESS = new Set(['jmp', 'jsr']);

const nz = (value: string): string => `zv = ${value}; nv = zv;`;

/** Decimal or binary addition of `v` into A; subtraction is addition of the complement. */
function adc(dialect: Dialect): string {
  const decimal =
    dialect === 'ale'
      ? 'a2 = ((a >> 4) * 10 + (a & 15)) + ((v >> 4) * 10 + (v & 15)) + c; c = i32(a2 > 99); a2 &= 0xff; a2 = a2 % 100; a2 = (a2 / 10) << 4 | a2 % 10; vf = (a ^ a2) & (a2 ^ v) & 0x80; a = a2; zv = a; nv = a;'
      : 'a2 = (a & 15) + (v & 15) + c; zv = (a + v + c) & 0xff; if (a2 > 9) a2 = ((a2 + 6) & 15) + 16; a2 += (a & 0xf0) + (v & 0xf0); nv = a2; vf = (a ^ a2) & ~(a ^ v) & 0x80; if (a2 >= 0xa0) a2 += 0x60; c = i32(a2 > 0xff); a = a2 & 0xff;';
  return `if (d) { ${decimal} } else { a2 = a + v + c; vf = ~(a ^ v) & (a ^ a2) & 0x80; c = a2 >> 8; a = a2 & 0xff; ${nz('a')} }`;
}

function sbc(dialect: Dialect): string {
  const decimal =
    dialect === 'ale'
      ? 'a2 = ((a >> 4) * 10 + (a & 15)) - ((v >> 4) * 10 + (v & 15)) - 1 + c; if (a2 < 0) a2 += 100; a2 = bcdBelow(a2); c = i32(a >= v + 1 - c); vf = (a ^ a2) & (a2 ^ v) & 0x80; a = a2; zv = a; nv = a;'
      : 'a2 = a - v - 1 + c; zv = a2 & 0xff; nv = zv; vf = (a ^ v) & (a ^ a2) & 0x80; v2 = (a & 15) - (v & 15) - 1 + c; if (v2 < 0) v2 = ((v2 - 6) & 15) - 16; v2 += (a & 0xf0) - (v & 0xf0); if (v2 < 0) v2 -= 0x60; c = i32(a2 >= 0); a = v2 & 0xff;';
  return `if (d) { ${decimal} } else { a2 = a - v - 1 + c; vf = (a ^ v) & (a ^ a2) & 0x80; c = i32(a2 >= 0); a = a2 & 0xff; ${nz('a')} }`;
}

const compare = (register: string): string => `a2 = ${register} - v; c = i32(a2 >= 0); ${nz('a2 & 0xff')}`;

/** Pushes; the second push of an instruction says so, because WSYNC does not halt on it. */
const push = (value: string, afterWrite = false): string =>
  `cyc = wrStack(sp, ${value}, cyc, ${afterWrite}); sp = (sp - 1) & 0xff;`;
const pull = (target: string, bus: string): string => `sp = (sp + 1) & 0xff; ${target} = rdStack(sp, cyc, ${bus});`;

/** The first pull of an instruction: the byte under the old stack pointer is read before, and stays on the bus. */
const pullFirst = (target: string, opcode: string): string =>
  `${target} = pullByte(sp, cyc, ${opcode}); sp = (sp + 1) & 0xff;`;

function operation(name: string, dialect: Dialect): string {
  const status = '((nv & 0x80) | (vf ? 0x40 : 0) | 0x30 | (d << 3) | (i << 2) | (zv ? 0 : 2) | c)';
  const setStatus = 'nv = v; vf = v & 0x40; d = (v >> 3) & 1; i = (v >> 2) & 1; zv = ~v & 2; c = v & 1;';
  const unstable = (value: string, extra = ''): string => {
    // The high byte of the unindexed address, plus one, gates what is stored.
    if (dialect === 'ale') return `${extra} v = ${value} & ((ad >> 8) + 1); STORE`;
    return `${extra} v = ${value} & ((base >> 8) + 1); if ((base ^ ad) >> 8) ad = (ad & 0xff) | (v << 8); v &= 0xff; STORE`;
  };
  switch (name) {
    case 'ora':
      return `a |= v; ${nz('a')}`;
    case 'and':
      return `a &= v; ${nz('a')}`;
    case 'eor':
      return `a ^= v; ${nz('a')}`;
    case 'adc':
      return adc(dialect);
    case 'sbc':
      return sbc(dialect);
    case 'cmp':
      return compare('a');
    case 'cpx':
      return compare('x');
    case 'cpy':
      return compare('y');
    case 'lda':
      return `a = v; ${nz('a')}`;
    case 'ldx':
      return `x = v; ${nz('x')}`;
    case 'ldy':
      return `y = v; ${nz('y')}`;
    case 'lax':
      return `a = v; x = v; ${nz('a')}`;
    case 'sta':
      return 'v = a; STORE';
    case 'stx':
      return 'v = x; STORE';
    case 'sty':
      return 'v = y; STORE';
    case 'sax':
      return 'v = a & x; STORE';
    case 'bit':
      return 'zv = a & v; nv = v; vf = v & 0x40;';
    case 'asl':
      return `c = v >> 7; v = (v << 1) & 0xff; ${nz('v')} STORE`;
    case 'rol':
      return `a2 = c; c = v >> 7; v = ((v << 1) & 0xff) | a2; ${nz('v')} STORE`;
    case 'lsr':
      return `c = v & 1; v >>= 1; ${nz('v')} STORE`;
    case 'ror':
      return `a2 = c << 7; c = v & 1; v = (v >> 1) | a2; ${nz('v')} STORE`;
    case 'asla':
      return `c = a >> 7; a = (a << 1) & 0xff; ${nz('a')}`;
    case 'rola':
      return `a2 = c; c = a >> 7; a = ((a << 1) & 0xff) | a2; ${nz('a')}`;
    case 'lsra':
      return `c = a & 1; a >>= 1; ${nz('a')}`;
    case 'rora':
      return `a2 = c << 7; c = a & 1; a = (a >> 1) | a2; ${nz('a')}`;
    case 'dec':
      return `v = (v - 1) & 0xff; ${nz('v')} STORE`;
    case 'inc':
      return `v = (v + 1) & 0xff; ${nz('v')} STORE`;
    case 'slo':
      return `c = v >> 7; v = (v << 1) & 0xff; STORE a |= v; ${nz('a')}`;
    case 'rla':
      return `a2 = c; c = v >> 7; v = ((v << 1) & 0xff) | a2; STORE a &= v; ${nz('a')}`;
    case 'sre':
      return `c = v & 1; v >>= 1; STORE a ^= v; ${nz('a')}`;
    case 'rra':
      return `a2 = c << 7; c = v & 1; v = (v >> 1) | a2; STORE ${adc(dialect)}`;
    case 'dcp':
      return `v = (v - 1) & 0xff; STORE ${compare('a')}`;
    case 'isb':
      return `v = (v + 1) & 0xff; STORE ${sbc(dialect)}`;
    case 'anc':
      return `a &= v; ${nz('a')} c = a >> 7;`;
    case 'asr':
      return `a &= v; c = a & 1; a >>= 1; ${nz('a')}`;
    case 'arr':
      // In decimal mode the digits are corrected after the rotation (64doc).
      return `v &= a; a = (v >> 1) | (c << 7); if (d) { nv = c << 7; zv = a; vf = (v ^ a) & 0x40; if ((v & 15) + (v & 1) > 5) a = (a & 0xf0) | ((a + 6) & 15); if ((v & 0xf0) + (v & 0x10) > 0x50) { a = (a + 0x60) & 0xff; c = 1; } else c = 0; } else { ${nz('a')} c = (a >> 6) & 1; vf = (a ^ (a << 1)) & 0x40; }`;
    case 'ane':
      return `a = (a | 0xee) & x & v; ${nz('a')}`;
    case 'lxa':
      return `a = (a | 0xee) & v; x = a; ${nz('a')}`;
    case 'sbx':
      return `a2 = (a & x) - v; c = i32(a2 >= 0); x = a2 & 0xff; ${nz('x')}`;
    case 'las':
      return `sp &= v; a = sp; x = sp; ${nz('a')}`;
    case 'sha':
      return unstable('a & x');
    case 'shx':
      return unstable('x');
    case 'shy':
      return unstable('y');
    case 'shs':
      return unstable('a & x', 'sp = a & x;');
    case 'clc':
      return 'c = 0;';
    case 'sec':
      return 'c = 1;';
    case 'cli':
      return 'i = 0;';
    case 'sei':
      return 'i = 1;';
    case 'clv':
      return 'vf = 0;';
    case 'cld':
      return 'd = 0;';
    case 'sed':
      return 'd = 1;';
    case 'dex':
      return `x = (x - 1) & 0xff; ${nz('x')}`;
    case 'dey':
      return `y = (y - 1) & 0xff; ${nz('y')}`;
    case 'inx':
      return `x = (x + 1) & 0xff; ${nz('x')}`;
    case 'iny':
      return `y = (y + 1) & 0xff; ${nz('y')}`;
    case 'tax':
      return `x = a; ${nz('x')}`;
    case 'tay':
      return `y = a; ${nz('y')}`;
    case 'txa':
      return `a = x; ${nz('a')}`;
    case 'tya':
      return `a = y; ${nz('a')}`;
    case 'tsx':
      return `x = sp; ${nz('x')}`;
    case 'txs':
      return 'sp = x;';
    case 'pha':
      return push('a');
    case 'php':
      return push(status);
    case 'pla':
      return `${pullFirst('a', '0x68')} ${nz('a')}`;
    case 'plp':
      return `${pullFirst('v', '0x28')} ${setStatus}`;
    case 'jmp':
      return 'pc = jump(ad);';
    case 'jsr':
      // The address's second byte is fetched after the pushes, which may have been to it.
      return `pc = (pc - 1) & 0xffff; ${push('pc >> 8')} ${push('pc & 0xff', true)} pc = jump((ad & 0xff) | (i32(load<u8>(ip + 2)) << 8));`;
    case 'rts':
      return `${pullFirst('v', '0x60')} ${pull('v2', 'v')} pc = jump(((v2 << 8 | v) + 1) & 0xffff);`;
    case 'rti':
      return `${pullFirst('v', '0x40')} ${setStatus} ${pull('ad', 'v')} ${pull('v2', 'ad')} pc = jump(v2 << 8 | ad);`;
    case 'brk':
      return `pc = (pc + 1) & 0xffff; ${push('pc >> 8')} ${push('pc & 0xff', true)} ${push(status, true)} i = 1; v = rd(0xfffe, cyc, 0); pc = jump(v | rd(0xffff, cyc, v) << 8);`;
    case 'nop':
      return '';
    default: {
      const conditions: Record<string, string> = {
        bpl: '!(nv & 0x80)', bmi: 'nv & 0x80', bvc: '!vf', bvs: 'vf', bcc: '!c', bcs: 'c', bne: 'zv', beq: '!zv',
      }; // biome-ignore format: a table
      const condition = conditions[name];
      if (condition === undefined) throw new Error(`no operation ${name}`);
      return `if (${condition}) { ad = (pc + i32(load<i8>(ip + 1))) & 0xffff; cyc += 1 + i32(((ad ^ pc) & 0xff00) != 0); BRANCH }`;
    }
  }
}

/** Address (`ad`), and the operand in `v` for operations that read. */
function addressing(mode: Mode, name: string, dialect: Dialect): string {
  const reads = !WRITES.has(name) && !NO_OPERAND_ACCESS.has(name);
  const crossing = reads && !MODIFIES.has(name) ? 'cyc += i32(((base ^ ad) & 0xff00) != 0);' : '';
  const zeroPage = reads ? 'v = rdZero(ad, cyc, bus);' : '';
  const anywhere = (bus: string): string => (reads ? `v = rd(ad, cyc, ${bus});` : '');
  const pointer = dialect === 'ale' ? 'pointer' : 'pointerWrapped';
  switch (mode) {
    case 'imp':
    case 'rel':
      return '';
    case 'imm':
      return 'v = load<u8>(ip + 1);';
    case 'zp':
      return reads ? 'ad = load<u8>(ip + 1); v = rdZero(ad, cyc, ad);' : 'ad = load<u8>(ip + 1);';
    case 'zpx':
    case 'zpy':
      return `bus = load<u8>(ip + 1); ad = (bus + ${mode === 'zpx' ? 'x' : 'y'}) & 0xff; ${zeroPage}`;
    case 'abs':
      return `ad = load<u16>(ip + 1); ${anywhere('ad >> 8')}`;
    case 'abx':
    case 'aby':
      return `base = load<u16>(ip + 1); ad = (base + ${mode === 'abx' ? 'x' : 'y'}) & 0xffff; ${crossing} ${anywhere('base >> 8')}`;
    case 'izx':
      return `bus = load<u8>(ip + 1); ad = ${pointer}((bus + x) & 0xff, cyc, bus); ${anywhere('ad >> 8')}`;
    case 'izy':
      return `bus = load<u8>(ip + 1); base = ${pointer}(bus, cyc, bus); ad = (base + y) & 0xffff; ${crossing} ${anywhere('base >> 8')}`;
    case 'ind':
      return 'base = load<u16>(ip + 1); v = rd(base, cyc, base >> 8); ad = v | rd((base & 0xff00) | ((base + 1) & 0xff), cyc, v) << 8;';
  }
}

function store(mode: Mode): string {
  return mode === 'zp' || mode === 'zpx' || mode === 'zpy' ? 'cyc = wrZero(ad, v, cyc);' : 'cyc = wr(ad, v, cyc);';
}

/** The cases of the switch, as AssemblyScript. `BRANCH` in a branch is what jumping to `ad` takes. */
export function generateCases(dialect: Dialect, branch: string): string {
  const byOpcode = new Map<number, OpcodeRow>();
  for (const row of opcodeRows()) {
    if (byOpcode.has(row[0])) throw new Error(`opcode ${row[0].toString(16)} twice`);
    byOpcode.set(row[0], row);
  }
  const lines: string[] = [];
  for (const [opcode, name, mode, cycles] of [...byOpcode.values()].sort((p, q) => p[0] - q[0])) {
    // Loads that may be waiting for the timer.
    const waits = dialect === 'ale' && (opcode === 0xad || opcode === 0xae || opcode === 0xac);
    const body = `${addressing(mode, name, dialect)} pc = (pc + ${INSTRUCTION_BYTES[mode]}) & 0xffff; cyc += ${cycles}; ${operation(name, dialect)}`;
    // Cycles pass before the accesses, so their sum comes first.
    let ordered = `cyc += ${cycles}; ${body.replace(`cyc += ${cycles}; `, '')}`;
    if (waits) {
      const skip = 'if (ad == 0x284) { v2 = timerRounds(ip, cyc, n); cyc += v2 * 7; n -= v2 << 1; }';
      ordered = ordered.replace('v = rd(', `${skip} v = rd(`);
    }
    lines.push(
      `case 0x${opcode.toString(16).padStart(2, '0')}: { // ${name} ${mode}\n${ordered.replaceAll('STORE', store(mode)).replaceAll('BRANCH', branch)} break; }`,
    );
  }
  return lines.join('\n');
}
