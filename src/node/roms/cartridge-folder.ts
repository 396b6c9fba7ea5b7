import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cartridgeProvider, setCartridgeProvider } from '../../atari/cartridge-provider.ts';
import { errorCode, toReadError } from '../files/atomic-file.ts';

/**
 * Where this user's cartridges are: `BELLMAN_ROMS`, else `bellman/roms` in the folder that the system has for data of
 * programs (`XDG_DATA_HOME`, `~/.local/share`; `LOCALAPPDATA` on Windows; `~/Library/Application Support` on macOS).
 */
export function cartridgeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['BELLMAN_ROMS'];
  return own !== undefined && own !== '' ? own : join(dataFolder(env), 'bellman', 'roms');
}

function dataFolder(env: NodeJS.ProcessEnv): string {
  const named = env['XDG_DATA_HOME'] || (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined);
  if (named) return named;
  return process.platform === 'darwin'
    ? join(homedir(), 'Library', 'Application Support')
    : join(homedir(), '.local', 'share');
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
