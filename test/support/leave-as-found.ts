/** For files that share a process: none finds in it what another one has left. */
import { afterAll, expect } from 'vitest';
import { environmentIds } from '../../src/envs/registry.ts';

// Before the file is loaded, which may set some at once.
const ids = environmentIds();
const variables = { ...process.env };

afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
  Object.assign(process.env, variables);
  // There is no way to take one back: a file that registers has a process of its own (REGISTRIES in vitest.config.ts).
  expect(environmentIds()).toEqual(ids);
});
