import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';

const CPUINFO = '/proc/cpuinfo';

/** The middle value; of an even number of values the upper of the two. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

/** One line for a page of results: what it was measured on. */
export function machine(): string {
  return `Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}${family()}.`;
}

/** " (family 26)": under the same name families differ, such as in the width of their AVX-512. Only Linux tells. */
function family(): string {
  const [, number] = (existsSync(CPUINFO) && /^cpu family\s*:\s*(\d+)$/m.exec(readFileSync(CPUINFO, 'utf8'))) || [];
  return number === undefined ? '' : ` (family ${number})`;
}

/** Environment variable that names another folder than docs/ for the pages. */
export const DOCS_FOLDER = 'BELLMAN_BENCH_DOCS';

/** Path of a page under docs/. */
export function page(name: string): string {
  return join(process.env[DOCS_FOLDER] ?? fileURLToPath(new URL('../docs', import.meta.url)), name);
}

/** Replaces what stands between `<!-- begin: NAME -->` and the next `<!-- end -->` of a page. @throws Error without them. */
export function writeSection(path: string, name: string, lines: readonly string[]): void {
  const [begin, end] = [`<!-- begin: ${name} -->`, '<!-- end -->'];
  const text = readFileSync(path, 'utf8');
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end, from);
  if (from < begin.length || to < 0) throw new Error(`${path} has no section "${begin} ... ${end}".`);
  writeFileAtomic(path, `${text.slice(0, from)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`);
}
