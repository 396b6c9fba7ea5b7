/**
 * Runs the public tests of the 6502 on the console's processor: `npx tsx scripts/processor-tests.ts [FOLDER] [--write]`,
 * after
 * `npx tsx scripts/fetch-processor-tests.ts`. FOLDER has `6502_functional_test.bin` and, in `6502/`, the single-step
 * cases of each opcode as xx.bin or xx.json. `--write` writes docs/results/processor.md and the
 * digests that test/processor/processor.test.ts compares, when all is well.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { digestOpcodes } from '../test/processor/digest.ts';
import { FlatProcessor } from '../test/processor/flat-processor.ts';
import { judgeCase, REASONS, type Verdict } from '../test/processor/judge-case.ts';
import { type Case, casesFromBinary, casesFromJson } from '../test/processor/single-step.ts';
import { DEFAULT_FOLDER } from './fetch-processor-tests.ts';
import type { Dialect } from './webassembly/generate-cpu.ts';

/** Where the functional test starts, and where it stays when all is well. */
const START = 0x400;
const SUCCESS = 0x3469;

interface Counts {
  readonly dialect: Dialect;
  readonly instructions: number;
  readonly stopped: number;
  readonly verdicts: Map<Verdict, number>;
  /** Names of cases, a few of each kind. */
  readonly different: string[];
  readonly digests: readonly string[];
}

function casesOf(folder: string, opcode: number): Iterable<Case> {
  const path = join(folder, '6502', opcode.toString(16).padStart(2, '0'));
  if (existsSync(`${path}.bin`)) return casesFromBinary(readFileSync(`${path}.bin`));
  if (existsSync(`${path}.json`)) return casesFromJson(readFileSync(`${path}.json`, 'utf8'));
  return [];
}

async function runAll(folder: string, dialect: Dialect): Promise<Counts> {
  const cpu = await FlatProcessor.compile(dialect);
  cpu.load(readFileSync(join(folder, '6502_functional_test.bin')));
  cpu.registers = { pc: START, s: 0xff, a: 0, x: 0, y: 0, p: 0 };
  const instructions = cpu.runToTrap(100_000_000);
  const stopped = cpu.registers.pc;
  const digests = digestOpcodes(cpu);
  const counts: Counts = { dialect, instructions, stopped, verdicts: new Map(), different: [], digests };
  cpu.load(new Uint8Array(0x10000));
  for (let opcode = 0; opcode < 256; opcode++) {
    for (const test of casesOf(folder, opcode)) {
      const verdict = judgeCase(cpu, dialect, test);
      counts.verdicts.set(verdict, (counts.verdicts.get(verdict) ?? 0) + 1);
      if (verdict === 'different' && counts.different.length < 20) counts.different.push(test.name);
    }
  }
  return counts;
}

const total = ({ verdicts }: Counts): number => [...verdicts.values()].reduce((sum, count) => sum + count, 0);
const number = (value: number | undefined): string => (value ?? 0).toLocaleString('en-US');

function page(all: readonly Counts[]): string {
  const row = (title: string, cell: (counts: Counts) => string): string =>
    `| ${[title, ...all.map(cell)].join(' | ')} |`;
  return [
    '# The processor against the public 6502 tests',
    '',
    row('', ({ dialect }) => `\`${dialect}\``),
    '|---|---:|---:|',
    row('functional test: instructions until it stays', ({ instructions }) => number(instructions)),
    row('stays at', ({ stopped }) => `0x${stopped.toString(16)}`),
    row('single-step cases', (counts) => number(total(counts))),
    row('equal', ({ verdicts }) => number(verdicts.get('equal'))),
    ...Object.keys(REASONS).map((reason, i) =>
      row(`different for reason ${i + 1}`, ({ verdicts }) => number(verdicts.get(reason as Verdict))),
    ),
    row('different otherwise', ({ verdicts }) => number(verdicts.get('different'))),
    '',
    'Reasons:',
    '',
    ...Object.values(REASONS).map((reason, i) => `${i + 1}. ${reason[0].toUpperCase()}${reason.slice(1)}.`),
    '',
    'The console’s processor does what ALE’s processor does (`ale`), which the equal frames of [the table of games](atari.md) need; the same',
    'generator, `scripts/webassembly/generate-cpu.ts`, makes the chip itself (`nmos`). Every difference from the public tests has one of the five',
    'reasons above; there is no other. Both ran with 64 KiB of memory around them:',
    '',
    '- Klaus Dormann’s `6502_functional_test` (decimal mode included), which stays at 0x3469 when all is well;',
    '- the single-step cases of SingleStepTests, 10,000 for each of the 256 opcodes, undocumented ones too, in the edition of',
    '  October 2022. Compared are registers, flags, memory and the number of cycles, and that each of the processor’s accesses to',
    '  data is one of the case’s bus, in its order. Other accesses of the bus (an instruction’s fetches, and those that the chip',
    '  makes and does not use) are not compared: ALE’s processor makes none, and it lets all cycles of an instruction pass before',
    '  its accesses, so ours has no cycle by cycle bus.',
    '',
    '`npx tsx scripts/fetch-processor-tests.ts` fetches them (176 MB; GPL and without a licence of its own, so not included here),',
    '`npx tsx scripts/processor-tests.ts --write` runs them and writes this page. In each test run',
    '`test/processor/processor.test.ts` compares a digest of what either dialect does with 256,000 random states.',
    '',
  ].join('\n');
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean' } } });
const folder = positionals[0] ?? DEFAULT_FOLDER;
if (!existsSync(join(folder, '6502_functional_test.bin'))) {
  console.error(
    `${folder} has no 6502_functional_test.bin. "npx tsx scripts/fetch-processor-tests.ts" fetches the tests.`,
  );
  process.exit(1);
}
const all = [await runAll(folder, 'nmos'), await runAll(folder, 'ale')];
const text = page(all);
console.log(text);
for (const { dialect, different } of all) if (different.length > 0) console.log(`${dialect}: ${different.join(', ')}`);
const failed = all.some(
  (counts) => counts.stopped !== SUCCESS || counts.verdicts.has('different') || total(counts) === 0,
);
if (failed) process.exitCode = 1;
else if (values.write) {
  const write = (path: string, content: string): void =>
    writeFileAtomic(fileURLToPath(new URL(path, import.meta.url)), content);
  write('../docs/results/processor.md', text);
  const digests = Object.fromEntries(all.map(({ dialect, digests }) => [dialect, digests]));
  write('../test/processor/digests.json', `${JSON.stringify(digests, null, 2)}\n`);
}
