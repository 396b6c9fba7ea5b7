import type { CartridgeType } from './cartridge-type.ts';
import type { Console, ConsoleOptions, VideoFormat } from './console.ts';
import { Machine } from './core/machine.ts';
import { detectCartridgeType } from './detect-cartridge.ts';

/**
 * A console with a cartridge in it, powered on.
 * @param rom the image; it is copied.
 * @throws CartridgeError for an image of no known size or scheme, or one too short for `cartridgeType`.
 */
export function createConsole(rom: Uint8Array, options: ConsoleOptions = {}): Console {
  const type: CartridgeType = options.cartridgeType ?? detectCartridgeType(rom);
  const machine = new Machine(rom, type, options, options.format ?? 'NTSC');
  if (options.format !== undefined) {
    machine.reset();
    return machine;
  }
  const format = detectFormat(machine);
  machine.useFormat(format);
  machine.reset();
  return machine;
}

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
