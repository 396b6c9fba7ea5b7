/** Before the tests, and again before each round of `vitest` that watches: whether program.ts may start what is built. */
import type { TestProject } from 'vitest/node';
import { hashSources, isBuiltFrom } from '../../scripts/source-hash.ts';

declare module 'vitest' {
  interface ProvidedContext {
    isBuilt: boolean;
  }
}

export default function findBuild(project: TestProject): void {
  const look = () => project.provide('isBuilt', isBuiltFrom(hashSources()));
  look();
  project.onTestsRerun(look);
}
