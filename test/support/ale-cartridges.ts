import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setCartridgeProvider } from '../../src/atari/cartridge-provider.ts';
import { pythonPath } from '../platform/programs.ts';

let folder: string | undefined;

/** The folder of the cartridges in the tests' ale-py. A test without it fails: it is never skipped. */
export function aleCartridgeFolder(): string {
  folder ??= execFileSync(
    pythonPath(),
    ['-c', 'import importlib.util, os; print(os.path.dirname(importlib.util.find_spec("ale_py").origin))'],
    { encoding: 'utf8' },
  ).trim();
  return join(folder, 'roms');
}

/** The bytes of a cartridge, by ALE's name of the game. */
export function aleCartridge(game: string): Uint8Array {
  return readFileSync(join(aleCartridgeFolder(), `${game}.bin`));
}

/** Lets environments find the cartridges of ale-py. */
export function useAleCartridges(): void {
  setCartridgeProvider(aleCartridge);
}
