/** What the compiler of a user knows of `make`, with an import of bellman-rl/atari and without. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { subpathSources } from '../support/bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bellman-types-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler complains of; empty when all is well. */
function compile(name: string, program: string): string {
  const paths = Object.entries(subpathSources).map(([subpath, file]) => [
    subpath.replace(/^\./, 'bellman-rl'),
    [join(root, file)],
  ]);
  writeFileSync(join(folder, `${name}.mts`), program);
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { paths: Object.fromEntries(paths), typeRoots: [join(root, 'node_modules/@types')] },
    files: [`${name}.mts`],
    include: [],
  };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(config));
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(folder, `${name}.json`)]);
    return '';
  } catch (error) {
    return String((error as { stdout: Buffer }).stdout);
  }
}

it('ids of this package are typed; others, those of games too, give an Env of anything', () => {
  const program = `
    import { type Env, make } from 'bellman-rl';
    export const lake: number = make('FrozenLake-v1', { isSlippery: false }).reset().observation;
    export const pong: Env = make('ALE/Pong-v5', { anything: 1 });
    // @ts-expect-error nothing is known of its observations
    export const pixels: Uint8Array = make('ALE/Pong-v5').reset().observation;
  `;
  expect(compile('without', program)).toBe('');
});

it('an import of bellman-rl/atari types its ids', () => {
  const program = `
    import 'bellman-rl/atari';
    import { make } from 'bellman-rl';
    export const lake: number = make('FrozenLake-v1').reset().observation;
    export const pixels: Uint8Array = make('ALE/Pong-v5', { obsType: 'ram' }).reset().observation;
    // @ts-expect-error not a type of observations
    make('PongNoFrameskip-v4', { obsType: 'sound' });
  `;
  expect(compile('with', program)).toBe('');
});
