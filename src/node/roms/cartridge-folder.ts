import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cartridgeProvider, setCartridgeProvider } from '../../atari/cartridge-provider.ts';
import { errorCode, toReadError } from '../files/atomic-file.ts';
import { dataFolder } from '../files/data-folder.ts';

/** Where this user's cartridges are: `BELLMAN_ROMS`, else `roms` in the `dataFolder`. */
export function cartridgeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['BELLMAN_ROMS'];
  return own !== undefined && own !== '' ? own : join(dataFolder(env), 'roms');
}

/** The file of a game's cartridge. */
export function cartridgePath(game: string): string {
  return join(cartridgeFolder(), `${game}.bin`);
}

/** Reads a cartridge; undefined when the folder has none.
 * @throws FileFormatError when it cannot be read. */
export function readCartridge(game: string): Uint8Array | undefined {
  const path = cartridgePath(game);
  try {
    return readFileSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined;
    throw toReadError(path, error, 'Remove it and import the cartridge again.');
  }
}

/** Lets environments of this process find the user's cartridges, unless another provider is set already. The command
 * line, `createTraining` and `loadAgent` do this by themselves. */
export function useCartridgeFolder(): void {
  if (cartridgeProvider() === undefined) setCartridgeProvider(readCartridge);
}
