/** Before the tests: each file of tests belongs to one project, or it would run twice, or never. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

const root = fileURLToPath(new URL('../../', import.meta.url));

export default async function eachFileOnce({ name, vitest }: TestProject): Promise<void> {
  // Once is enough: vitest asks for each project. One that was left out by --project is not there.
  if (name !== vitest.projects[0].name || vitest.config.project?.length) return;
  const projects = await Promise.all(vitest.projects.map((project) => project.globTestFiles()));
  const taken = projects.flatMap(({ testFiles }) => testFiles);
  const there = ['src', 'test', 'examples', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
      .map((file) => join(root, folder, file)),
  );
  const odd = there.filter((file) => taken.filter((one) => one === file).length !== 1);
  if (odd.length > 0) throw new Error(`In no project of vitest.config.ts, or in two: ${odd.join(', ')}`);
}
