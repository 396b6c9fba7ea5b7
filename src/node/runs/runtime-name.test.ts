import { expect, it } from 'vitest';
import { runtimeName } from './runtime-name.ts';

it.each([
  [{ node: '20.20.2' }, 'Node 20.20.2'],
  [{ node: '26.3.0', bun: '1.4.5' }, 'Bun 1.4.5'],
  [{ node: '26.3.0', deno: '2.9.6' }, 'Deno 2.9.6'],
])('%j is %s', (versions, name) => {
  expect(runtimeName({ versions })).toBe(name);
});
