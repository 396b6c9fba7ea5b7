import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where this user's programs keep data: `bellman` in the folder that the system has for it (`XDG_DATA_HOME`, `~/.local/share`;
 * `LOCALAPPDATA` on Windows; `~/Library/Application Support` on macOS).
 */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['XDG_DATA_HOME'] || (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined);
  if (named) return join(named, 'bellman');
  return process.platform === 'darwin'
    ? join(homedir(), 'Library', 'Application Support', 'bellman')
    : join(homedir(), '.local', 'share', 'bellman');
}
