import type { Console, ConsoleOptions } from './console.ts';
import { CartridgeError } from './errors.ts';

/**
 * A console with a cartridge in it, powered on.
 * @throws CartridgeError for an image of no known size or scheme.
 */
export function createConsole(_rom: Uint8Array, _options: ConsoleOptions = {}): Console {
  throw new CartridgeError('the console is not built in yet');
}
