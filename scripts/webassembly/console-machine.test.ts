import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileMachine, moduleText } from './console-machine.ts';

it('has the WebAssembly that its sources compile to', async () => {
  const committed = readFileSync(new URL('../../src/atari/console/core/machine.generated.ts', import.meta.url), 'utf8');
  expect(moduleText(await compileMachine()) === committed).toBe(true);
});
