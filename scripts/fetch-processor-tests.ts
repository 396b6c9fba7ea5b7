/**
 * Fetches the public tests of the 6502 that are not stored here: `npx tsx scripts/fetch-processor-tests.ts [--from SOURCE]
 * [--to FOLDER]`. SOURCE is a folder or an address under which the files lie as in the repositories named below; left out,
 * they come from GitHub. Each file is checked by its SHA-256 and written whole or not at all; those already there stay.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';

export interface Collection {
  readonly repository: string;
  readonly commit: string;
  /** Path in the repository, path here, SHA-256. */
  readonly files: readonly (readonly [from: string, to: string, sha256: string])[];
}

export const DEFAULT_FOLDER = fileURLToPath(new URL('../.cache/processor-tests', import.meta.url));
const GITHUB = 'https://raw.githubusercontent.com';

/** Klaus Dormann's functional test (GPL-3.0), and the single-step cases of SingleStepTests (MIT) in binary form. */
function collections(): Collection[] {
  const sums = readFileSync(new URL('./processor-tests.sha256', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const files = sums.map((line) => {
    const [sum, name] = line.split(/\s+/);
    return [name, name.split('/').slice(-2).join('/').replace('bin_files/', ''), sum] as const;
  });
  return [
    {
      repository: 'Klaus2m5/6502_65C02_functional_tests',
      commit: '7954e2dbb49c469ea286070bf46cdd71aeb29e4b',
      files: files.filter(([from]) => from.startsWith('bin_files/')),
    },
    {
      repository: 'jepebe/ProcessorTestsBinaries',
      commit: '787e9af32c9f8798b163f0027aa21da90e147228',
      files: files.filter(([from]) => from.startsWith('6502/')),
    },
  ];
}

async function load(source: string, path: string): Promise<Uint8Array> {
  if (!/^https?:/.test(source)) {
    const file = join(source, path);
    if (!existsSync(file)) throw new Error(`${file}: no such file`);
    return readFileSync(file);
  }
  const address = `${source}/${path}`;
  const response = await fetch(address).catch((error: Error) => {
    throw new Error(`${address}: ${error.cause instanceof Error ? error.cause.message : error.message}`);
  });
  if (!response.ok) throw new Error(`${address}: HTTP status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * @param from as SOURCE above.
 * @returns how many files are new.
 * @throws Error of one line for a file that is missing, cannot be reached or has another checksum.
 */
export async function fetchProcessorTests(
  folder: string,
  from?: string,
  all: readonly Collection[] = collections(),
): Promise<number> {
  let count = 0;
  for (const { repository, commit, files } of all) {
    for (const [path, name, sum] of files) {
      const target = join(folder, name);
      if (existsSync(target) && sha256(readFileSync(target)) === sum) continue;
      const bytes = await load(from ?? `${GITHUB}/${repository}/${commit}`, path);
      if (sha256(bytes) !== sum) throw new Error(`${path}: its checksum is not that of ${repository} at ${commit}`);
      mkdirSync(join(target, '..'), { recursive: true });
      writeFileAtomic(target, bytes);
      count++;
    }
  }
  return count;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } });
    const folder = values.to ?? DEFAULT_FOLDER;
    console.log(`${await fetchProcessorTests(folder, values.from)} files fetched into ${folder}.`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
