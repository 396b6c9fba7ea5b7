/** The 6507's instructions, undocumented ones too. */
export type Mode = 'imp' | 'imm' | 'zp' | 'zpx' | 'zpy' | 'abs' | 'abx' | 'aby' | 'izx' | 'izy' | 'rel' | 'ind';

/** Opcode, operation, mode, cycles without page crossing. */
export type OpcodeRow = readonly [number, string, Mode, number];

export const INSTRUCTION_BYTES: Record<Mode, number> = {
  imp: 1, imm: 2, zp: 2, zpx: 2, zpy: 2, izx: 2, izy: 2, rel: 2, abs: 3, abx: 3, aby: 3, ind: 3,
}; // biome-ignore format: a table

/** The columns of the opcode map that follow a pattern: eight operations of the ALU group in their modes. */
export function opcodeRows(): OpcodeRow[] {
  const list: OpcodeRow[] = [];
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
  const single: OpcodeRow[] = [
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

/** Bytes of each opcode's instruction, 1 for those that jam. */
export function instructionLengths(): Uint8Array {
  const lengths = new Uint8Array(256).fill(1);
  for (const [opcode, , mode] of opcodeRows()) lengths[opcode] = INSTRUCTION_BYTES[mode];
  return lengths;
}
