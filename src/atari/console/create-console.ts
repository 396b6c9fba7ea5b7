import { OptionError } from '../../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../../core/options.ts';
import { CARTRIDGE_TYPES, type CartridgeType } from './cartridge-type.ts';
import type { Console, ConsoleOptions, VideoFormat } from './console.ts';
import { Machine } from './core/machine.ts';
import { detectCartridgeType } from './detect-cartridge.ts';
import { CartridgeError } from './errors.ts';

/**
 * A console with a cartridge in it, powered on.
 * @param rom the image; it is copied.
 * @throws CartridgeError for an image of no known size or scheme, one too short for `cartridgeType`, and, unless `format`
 * is given, one whose program jams the processor in its first second; UnknownNameError for an option of another name, OptionError
 * for one out of range.
 */
export function createConsole(rom: Uint8Array, options: ConsoleOptions = {}): Console {
  checkOptionNames(options, OPTIONS);
  checkOptions(options);
  const type: CartridgeType = options.cartridgeType ?? detectCartridgeType(rom);
  const machine = new Machine(rom, type, options, options.format ?? 'NTSC');
  if (options.format !== undefined) {
    machine.reset();
    return machine;
  }
  const format = detectFormat(machine);
  if (machine.jammed) {
    throw new CartridgeError(
      'The cartridge’s program stops at an opcode that jams the processor: it is damaged or no cartridge.',
    );
  }
  machine.useFormat(format);
  machine.reset();
  return machine;
}

const OPTIONS: OptionNames<ConsoleOptions> = {
  ...{ cartridgeType: true, format: true, yStart: true, height: true },
  ...{ left: true, right: true, swapPorts: true, swapPaddles: true },
  ...{ hmoveBlanks: true, switches: true },
};

/** Of 60 frames from power-on the second half counts: half of those with more than 285 lines make it PAL. */
function detectFormat(machine: Machine): VideoFormat {
  machine.reset();
  let long = 0;
  for (let frame = 0; frame < 60; frame++) {
    machine.runFrame();
    if (frame >= 30 && machine.scanlines > 285) long++;
  }
  return long >= 15 ? 'PAL' : 'NTSC';
}

function checkOptions({ cartridgeType, format, yStart = 34, height = 210 }: ConsoleOptions): void {
  if (cartridgeType !== undefined && !CARTRIDGE_TYPES.includes(cartridgeType)) {
    throw new OptionError('cartridgeType', cartridgeType, `one of ${CARTRIDGE_TYPES.join(', ')}`);
  }
  if (format !== undefined && format !== 'NTSC' && format !== 'PAL') {
    throw new OptionError('format', format, 'NTSC or PAL');
  }
  if (!(Number.isInteger(yStart) && yStart >= 0 && yStart <= 255)) {
    throw new OptionError('yStart', yStart, 'a whole number from 0 to 255');
  }
  if (!(Number.isInteger(height) && height >= 1 && height <= 300)) {
    throw new OptionError('height', height, 'a whole number from 1 to 300');
  }
}
