/** The console stands alone, so its errors do too: plain classes with a `code`, one clear line each. */
export class CartridgeError extends Error {
  readonly code = 'ATARI_CARTRIDGE';
  override readonly name = 'CartridgeError';
}

export class ConsoleStateError extends Error {
  readonly code = 'ATARI_STATE';
  override readonly name = 'ConsoleStateError';
}

/** An option of a console out of range. */
export class ConsoleOptionError extends Error {
  readonly code = 'ATARI_OPTION';
  override readonly name = 'ConsoleOptionError';
}
