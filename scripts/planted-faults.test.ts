import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAULTS, plant } from './planted-faults.ts';

it.each(FAULTS)('"$name" applies', (fault) => {
  const text = readFileSync(new URL(`../${fault.file}`, import.meta.url), 'utf8');
  expect(plant(fault, text)).not.toBe(text);
});

it('says which fault no longer applies', () => {
  const fault = { name: 'no sync', file: 'loop.ts', find: 'sync();', replace: '' };
  expect(() => plant(fault, 'learn();')).toThrow('"no sync" no longer applies: its text stands 0 times in loop.ts');
  expect(() => plant(fault, 'sync(); sync();')).toThrow('stands 2 times');
});
