import { expect, it } from 'vitest';
import { availableMemory } from './available-memory.ts';

it.each([
  ['a container with less than the machine', { total: 25e9, constrained: 0.9e9 }, 0.9e9],
  ['no limit, as Node 22 says it', { total: 25e9, constrained: 0 }, 25e9],
  ['no limit, as Node 20 says it', { total: 25e9, constrained: undefined }, 25e9],
  ['no limit, as Linux says it: a number beyond any machine', { total: 25e9, constrained: 2 ** 64 }, 25e9],
])('%s', (_name, facts, bytes) => {
  expect(availableMemory(facts)).toBe(bytes);
});

it('is some of this machine', () => {
  expect(availableMemory()).toBeGreaterThan(1e8);
});
