/** Which bank-switching scheme an image uses, guessed as Stella does: by size, then by code that switches banks. */
import type { CartridgeType } from './cartridge-type.ts';
import { CartridgeError } from './errors.ts';

/** Whether `code` occurs `times` times; the last place where it would fit is not looked at. */
function has(image: Uint8Array, code: readonly number[], times = 1): boolean {
  let found = 0;
  for (let i = 0; i < image.length - code.length; i++) {
    if (!code.every((byte, j) => image[i + j] === byte)) continue;
    if (++found === times) return true;
    i += code.length;
  }
  return false;
}

const hasAny = (image: Uint8Array, codes: readonly (readonly number[])[]): boolean =>
  codes.some((code) => has(image, code));

const sameBytes = (image: Uint8Array, from: number, to: number): boolean =>
  image.subarray(from, to).every((byte) => byte === image[from]);

const repeats = (image: Uint8Array, half: number): boolean =>
  image.subarray(0, half).every((byte, i) => byte === image[half + i]);

/** A superchip's 256 addresses of memory are filled with one byte in each bank of the image. */
function isSuperchip(image: Uint8Array): boolean {
  for (let bank = 0; bank < image.length; bank += 4096) if (!sameBytes(image, bank, bank + 256)) return false;
  return true;
}

const STA_3F = [0x85, 0x3f];
const STA_3E_LDA_0 = [0x85, 0x3e, 0xa9, 0x00];
const E0_SWITCHES = [
  [0x8d, 0xe0, 0x1f],
  [0x8d, 0xe0, 0x5f],
  [0x8d, 0xe9, 0xff],
  [0xad, 0xe9, 0xff],
  [0xad, 0xed, 0xff],
  [0xad, 0xf3, 0xbf],
];
const CV_WRITES = [
  [0x9d, 0xff, 0xf3],
  [0x99, 0x00, 0xf4],
];
const FE_CALLS = [
  [0x20, 0x00, 0xd0, 0xc6, 0xc5],
  [0x20, 0xc3, 0xf8, 0xa5, 0x82],
  [0xd0, 0xfb, 0x20, 0x73, 0xfe],
  [0x20, 0x00, 0xf0, 0x84, 0xd6],
];
const STA_240 = [0x8d, 0x40, 0x02];

/** M-Network's second kilobyte of memory shows as one byte repeated at 0x3800, with something else around it. */
function isE7(image: Uint8Array): boolean {
  if (!sameBytes(image, 0x3800, 0x3a00)) return false;
  const around = [...image.subarray(0x37e0, 0x3800), ...image.subarray(0x3a00, 0x3a20)];
  return around.some((byte) => byte !== image[0x3800]);
}

function tigervision(image: Uint8Array): CartridgeType | undefined {
  if (has(image, STA_3E_LDA_0)) throw unsupported('3E');
  return has(image, STA_3F, 2) ? '3F' : undefined;
}

const unsupported = (scheme: string): CartridgeError =>
  new CartridgeError(`The cartridge uses the bank switching ${scheme}, which this console does not have.`);

/** @throws CartridgeError for sizes and schemes that this console does not have. */
export function detectCartridgeType(image: Uint8Array): CartridgeType {
  const size = image.length;
  if (size !== 0 && size % 8448 === 0) throw unsupported('AR (Supercharger)');
  switch (size) {
    case 2048:
      return hasAny(image, CV_WRITES) ? 'CV' : '2K';
    case 4096:
      if (hasAny(image, CV_WRITES)) return 'CV';
      return repeats(image, 2048) ? '2K' : '4K';
    case 8192: {
      if (isSuperchip(image)) return 'F8SC';
      if (repeats(image, 4096)) return '4K';
      if (hasAny(image, E0_SWITCHES)) return 'E0';
      return tigervision(image) ?? (has(image, STA_240) ? 'UA' : hasAny(image, FE_CALLS) ? 'FE' : 'F8');
    }
    case 10240:
    case 10495:
    case 10496:
      return 'DPC';
    case 12288:
      return 'FASC';
    case 16384:
      if (isSuperchip(image)) return 'F6SC';
      return isE7(image) ? 'E7' : (tigervision(image) ?? 'F6');
    case 32768:
      return isSuperchip(image) ? 'F4SC' : (tigervision(image) ?? 'F4');
    default: {
      const type = size % 2048 === 0 && size > 0 && size <= 524288 ? tigervision(image) : undefined;
      if (type !== undefined) return type;
      throw new CartridgeError(
        `A cartridge image of ${size} bytes is of no known kind; known are 2, 4, 8, 10, 12, 16 and 32 KiB.`,
      );
    }
  }
}
