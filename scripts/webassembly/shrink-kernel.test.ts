import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kernelText } from './shrink-kernel.ts';

it('has the WebAssembly that its sources compile to', async () => {
  const committed = readFileSync(
    new URL('../../src/wrappers/shrink-kernel/kernel.generated.ts', import.meta.url),
    'utf8',
  );
  expect((await kernelText()) === committed).toBe(true);
});
