import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aleCartridgeFolder } from '../support/ale-cartridges.ts';

/** The cartridges in the tests' ale-py, in the order of their names. */
export function gamesToMutate(): Uint8Array[] {
  const folder = aleCartridgeFolder();
  const names = readdirSync(folder).filter((name) => name.endsWith('.bin'));
  return names.sort().map((name) => readFileSync(join(folder, name)));
}
