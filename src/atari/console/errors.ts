import { BellmanError, MismatchError } from '../../core/errors.ts';

/** Bytes that are not the cartridge of a game we know, not that of the game asked for, or nothing that a console can run. */
export class CartridgeError extends BellmanError {
  override name = 'CartridgeError';
  constructor(message: string) {
    super('BAD_CARTRIDGE', message);
  }
}

/** Bytes that are not a saved state of the same cartridge with the same options. */
export class ConsoleStateError extends MismatchError {
  override name = 'ConsoleStateError';
}
