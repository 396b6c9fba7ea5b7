import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kernelsText } from './graph-kernels.ts';

it('has the WebAssembly that its sources compile to', async () => {
  const committed = readFileSync(new URL('../../src/graph/kernels/kernels.generated.ts', import.meta.url), 'utf8');
  expect((await kernelsText()) === committed).toBe(true);
});
