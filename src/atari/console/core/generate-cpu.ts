/**
 * Writes the processor's interpreter as AssemblyScript: one `switch` with a case an opcode, each made of an addressing
 * mode and an operation, so that all of it lives in one function's local variables.
 *
 * Two dialects. `ale` is what the Arcade Learning Environment's processor does: all of an instruction's cycles pass
 * before its memory accesses, there are no dummy accesses, decimal arithmetic goes through decimal values, an indexed
 * pointer does not wrap at 0xFF. `nmos` is the silicon in every register, flag and byte written (again without dummy
 * accesses), for the public processor tests.
 */
export type Dialect = 'ale' | 'nmos';

type Mode = 'imp' | 'imm' | 'zp' | 'zpx' | 'zpy' | 'abs' | 'abx' | 'aby' | 'izx' | 'izy' | 'rel' | 'ind';

/** Opcode, operation, mode, cycles without page crossing. */
type Row = readonly [number, string, Mode, number];

const LENGTHS: Record<Mode, number> = {
  imp: 1, imm: 2, zp: 2, zpx: 2, zpy: 2, izx: 2, izy: 2, rel: 2, abs: 3, abx: 3, aby: 3, ind: 3,
}; // biome-ignore format: a table

/** The columns of the opcode map that follow a pattern: eight operations of the ALU group in their modes. */
function rows(): Row[] {
  const list: Row[] = [];
  const add = (opcode: number, operation: string, mode: Mode, cycles: number): void => {
    list.push([opcode, operation, mode, cycles]);
  };
  const alu = ['ora', 'and', 'eor', 'adc', 'sta', 'lda', 'cmp', 'sbc'];
  alu.forEach((operation, index) => {
    const base = index << 5;
    const store = operation === 'sta';
    add(base | 0x01, operation, 'izx', 6);
    add(base | 0x05, operation, 'zp', 3);
    if (!store) add(base | 0x09, operation, 'imm', 2);
    add(base | 0x0d, operation, 'abs', 4);
    add(base | 0x11, operation, 'izy', store ? 6 : 5);
    add(base | 0x15, operation, 'zpx', 4);
    add(base | 0x19, operation, 'aby', store ? 5 : 4);
    add(base | 0x1d, operation, 'abx', store ? 5 : 4);
  });
  ['asl', 'rol', 'lsr', 'ror', '', '', 'dec', 'inc'].forEach((operation, index) => {
    if (operation === '') return;
    const base = index << 5;
    add(base | 0x06, operation, 'zp', 5);
    if (index < 4) add(base | 0x0a, `${operation}a`, 'imp', 2);
    add(base | 0x0e, operation, 'abs', 6);
    add(base | 0x16, operation, 'zpx', 6);
    add(base | 0x1e, operation, 'abx', 7);
  });
  // Undocumented: a shift or count and an ALU operation in one.
  ['slo', 'rla', 'sre', 'rra', '', '', 'dcp', 'isb'].forEach((operation, index) => {
    if (operation === '') return;
    const base = index << 5;
    add(base | 0x03, operation, 'izx', 8);
    add(base | 0x07, operation, 'zp', 5);
    add(base | 0x0f, operation, 'abs', 6);
    add(base | 0x13, operation, 'izy', 8);
    add(base | 0x17, operation, 'zpx', 6);
    add(base | 0x1b, operation, 'aby', 7);
    add(base | 0x1f, operation, 'abx', 7);
  });
  ['bpl', 'bmi', 'bvc', 'bvs', 'bcc', 'bcs', 'bne', 'beq'].forEach((operation, index) => {
    add((index << 5) | 0x10, operation, 'rel', 2);
  });
  const single: Row[] = [
    [0x00, 'brk', 'imp', 7], [0x20, 'jsr', 'abs', 6], [0x40, 'rti', 'imp', 6], [0x60, 'rts', 'imp', 6],
    [0x4c, 'jmp', 'abs', 3], [0x6c, 'jmp', 'ind', 5],
    [0x08, 'php', 'imp', 3], [0x28, 'plp', 'imp', 4], [0x48, 'pha', 'imp', 3], [0x68, 'pla', 'imp', 4],
    [0x18, 'clc', 'imp', 2], [0x38, 'sec', 'imp', 2], [0x58, 'cli', 'imp', 2], [0x78, 'sei', 'imp', 2],
    [0xb8, 'clv', 'imp', 2], [0xd8, 'cld', 'imp', 2], [0xf8, 'sed', 'imp', 2],
    [0x88, 'dey', 'imp', 2], [0xc8, 'iny', 'imp', 2], [0xca, 'dex', 'imp', 2], [0xe8, 'inx', 'imp', 2],
    [0x8a, 'txa', 'imp', 2], [0x98, 'tya', 'imp', 2], [0x9a, 'txs', 'imp', 2], [0xa8, 'tay', 'imp', 2],
    [0xaa, 'tax', 'imp', 2], [0xba, 'tsx', 'imp', 2],
    [0x24, 'bit', 'zp', 3], [0x2c, 'bit', 'abs', 4],
    [0x84, 'sty', 'zp', 3], [0x8c, 'sty', 'abs', 4], [0x94, 'sty', 'zpx', 4],
    [0x86, 'stx', 'zp', 3], [0x8e, 'stx', 'abs', 4], [0x96, 'stx', 'zpy', 4],
    [0xa0, 'ldy', 'imm', 2], [0xa4, 'ldy', 'zp', 3], [0xac, 'ldy', 'abs', 4], [0xb4, 'ldy', 'zpx', 4], [0xbc, 'ldy', 'abx', 4],
    [0xa2, 'ldx', 'imm', 2], [0xa6, 'ldx', 'zp', 3], [0xae, 'ldx', 'abs', 4], [0xb6, 'ldx', 'zpy', 4], [0xbe, 'ldx', 'aby', 4],
    [0xc0, 'cpy', 'imm', 2], [0xc4, 'cpy', 'zp', 3], [0xcc, 'cpy', 'abs', 4],
    [0xe0, 'cpx', 'imm', 2], [0xe4, 'cpx', 'zp', 3], [0xec, 'cpx', 'abs', 4],
    // Undocumented.
    [0xa3, 'lax', 'izx', 6], [0xa7, 'lax', 'zp', 3], [0xaf, 'lax', 'abs', 4], [0xb3, 'lax', 'izy', 5], [0xb7, 'lax', 'zpy', 4], [0xbf, 'lax', 'aby', 4],
    [0x83, 'sax', 'izx', 6], [0x87, 'sax', 'zp', 3], [0x8f, 'sax', 'abs', 4], [0x97, 'sax', 'zpy', 4],
    [0x0b, 'anc', 'imm', 2], [0x2b, 'anc', 'imm', 2], [0x4b, 'asr', 'imm', 2], [0x6b, 'arr', 'imm', 2], [0x8b, 'ane', 'imm', 2],
    [0xab, 'lxa', 'imm', 2], [0xcb, 'sbx', 'imm', 2], [0xeb, 'sbc', 'imm', 2], [0xbb, 'las', 'aby', 4],
    [0x93, 'sha', 'izy', 6], [0x9f, 'sha', 'aby', 5], [0x9b, 'shs', 'aby', 5], [0x9c, 'shy', 'abx', 5], [0x9e, 'shx', 'aby', 5],
  ]; // biome-ignore format: a table
  list.push(...single);
  for (const opcode of [0x1a, 0x3a, 0x5a, 0x7a, 0xda, 0xea, 0xfa]) add(opcode, 'nop', 'imp', 2);
  for (const opcode of [0x80, 0x82, 0x89, 0xc2, 0xe2]) add(opcode, 'nop', 'imm', 2);
  for (const opcode of [0x04, 0x44, 0x64]) add(opcode, 'nop', 'zp', 3);
  for (const opcode of [0x14, 0x34, 0x54, 0x74, 0xd4, 0xf4]) add(opcode, 'nop', 'zpx', 4);
  add(0x0c, 'nop', 'abs', 4);
  for (const opcode of [0x1c, 0x3c, 0x5c, 0x7c, 0xdc, 0xfc]) add(opcode, 'nop', 'abx', 4);
  return list;
}

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
      return `pc = (pc - 1) & 0xffff; ${push('pc >> 8')} ${push('pc & 0xff', true)} pc = jump(ad);`;
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
  const byOpcode = new Map<number, Row>();
  for (const row of rows()) {
    if (byOpcode.has(row[0])) throw new Error(`opcode ${row[0].toString(16)} twice`);
    byOpcode.set(row[0], row);
  }
  const lines: string[] = [];
  for (const [opcode, name, mode, cycles] of [...byOpcode.values()].sort((p, q) => p[0] - q[0])) {
    // Loads that may be waiting for the timer.
    const waits = dialect === 'ale' && (opcode === 0xad || opcode === 0xae || opcode === 0xac);
    const body = `${addressing(mode, name, dialect)} pc = (pc + ${LENGTHS[mode]}) & 0xffff; cyc += ${cycles}; ${operation(name, dialect)}`;
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

/** Bytes of each opcode's instruction, 1 for those that jam. */
export function instructionLengths(): Uint8Array {
  const lengths = new Uint8Array(256).fill(1);
  for (const [opcode, , mode] of rows()) lengths[opcode] = LENGTHS[mode];
  return lengths;
}
