/**
 * Writes docs/guide/gymnasium.md: every environment, wrapper and vector class of Gymnasium, here or not and why.
 *
 *   npx tsx scripts/gymnasium-table.ts
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { coveragePage } from './gymnasium-coverage.ts';

const names = new URL('../test/oracle/fixtures/gymnasium-names.json', import.meta.url);
const page = fileURLToPath(new URL('../docs/guide/gymnasium.md', import.meta.url));
writeFileAtomic(page, coveragePage(JSON.parse(readFileSync(names, 'utf8'))));
