import { expect, it } from 'vitest';
import { Generator } from './random/index.ts';
import { restorableParts } from './restorable-parts.ts';
import type { Restorable, Snapshot } from './snapshot.ts';

it('restorableParts saves and restores several things as one, in their order', () => {
  const order: string[] = [];
  const counter = (name: string): Restorable & { count: number } => ({
    count: 0,
    saveState() {
      return this.count;
    },
    restoreState(state: Snapshot) {
      order.push(name);
      this.count = state as number;
    },
  });
  const [first, second, random] = [counter('first'), counter('second'), new Generator(7)];
  const parts = restorableParts({ first, random, second });
  Object.assign(first, { count: 3 });
  Object.assign(second, { count: 4 });
  random.random();
  const saved = parts.saveState();
  expect(saved).toMatchObject({ first: 3, second: 4 });
  const next = random.random();
  Object.assign(first, { count: 9 });
  parts.restoreState(saved);
  expect([first.count, second.count, random.random()]).toEqual([3, 4, next]);
  expect(order).toEqual(['first', 'second']);
});
