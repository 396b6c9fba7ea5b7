import { describe, expect, it } from 'vitest';
import { type Console, createConsole } from '../../index.ts';
import { MersenneTwister } from '../../mersenne-twister.ts';
import { opcodeRows } from '../opcodes.ts';

/** More frames than the interpreter has to itself. */
const UNTIL_TRANSLATED = 900;
const LINES = 40;

const JUMPS = new Set(['jmp', 'jsr', 'rts', 'rti', 'brk', 'txs']);
const MOVES_STACK = new Set(['shs', 'las']);
const OPERATIONS = opcodeRows().filter(([, name]) => !JUMPS.has(name));
const QUIET_OPERATIONS = OPERATIONS.filter(([, name]) => !MOVES_STACK.has(name));

/**
 * A cartridge whose every frame runs random instructions, undocumented and decimal ones too, among them branches over
 * one instruction and calls of a subroutine, on addresses of every kind.
 */
function randomCartridge(seed: number, size: 4096 | 8192): Uint8Array {
  const random = new MersenneTwister(seed);
  const below = (n: number): number => random.next() % n;
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const zeroPage = (): number => (below(3) === 0 ? 0x04 + below(0x29) : 0x80 + below(0x60));
  const word = (): number[] => {
    const address = pick([
      zeroPage(),
      0x1000 + below(0xf00),
      0xf000 + below(0xff0),
      0x280 + below(8),
      0x284,
      0x180 + below(0x60),
    ]);
    return [address & 0xff, address >> 8];
  };
  const image = new Uint8Array(size);
  for (let i = 0; i < size; i++) image[i] = random.next();
  for (let bank = 0; bank < size; bank += 4096) {
    const code: number[] = [0xd8, 0xa2, 0xff, 0x9a];
    const again = code.length;
    // Vertical sync ends the frame.
    code.push(0xa9, 2, 0x85, 0, 0x85, 2, 0x85, 2, 0xa9, 0, 0x85, 0, 0x85, 1);
    for (let line = 0; line < LINES; line++) {
      for (let n = 0; n < 12; n++) {
        const [opcode, , mode] = pick(seed % 2 === 0 ? QUIET_OPERATIONS : OPERATIONS);
        if (mode === 'rel') code.push(opcode, 2, 0xe6, 0x80 + below(0x40));
        else if (mode === 'imp') code.push(opcode);
        else if (mode === 'imm') code.push(opcode, below(2) === 0 ? below(3) : below(256));
        else if (mode === 'abs' || mode === 'abx' || mode === 'aby') code.push(opcode, ...word());
        else code.push(opcode, mode === 'izx' || mode === 'izy' ? 0x80 + below(0x60) : zeroPage());
      }
      // The flags, for all to see.
      code.push(0x08, 0x68, 0x85, 0xc0 + line);
      // The stack may have gone anywhere; the subroutine is at 0xfe00.
      code.push(0xa2, 0xff, 0x9a, 0xd8, 0x20, 0x00, 0xfe, 0x85, 2);
      // In a bigger cartridge, the other bank now and then.
      if (size > 4096 && below(4) === 0) code.push(0xad, 0xf8 + below(2), 0xff);
    }
    code.push(0x4c, again, 0xf0);
    image.set(code, bank);
    image.set([0x48, 0xe6, 0x90, 0xa5, 0x90, 0x68, 0x60], bank + 0xe00);
    image.set([0x00, 0xf0, 0x00, 0xf0], bank + 0xffc);
  }
  return image;
}

function play(console: Console, frame: number): void {
  console.setJoystick(0, (frame >> 3) & 31);
  console.runFrame();
}

describe('a translated program', () => {
  it.each(Array.from({ length: 8 }, (_, seed) => seed))('does what the interpreter does: random program %i', (seed) => {
    const rom = randomCartridge(seed, seed % 3 === 2 ? 8192 : 4096);
    const options = { format: 'NTSC', cartridgeType: rom.length === 4096 ? '4K' : 'F8' } as const;
    const translated = createConsole(rom, options);
    for (let frame = 0; frame < UNTIL_TRANSLATED; frame++) play(translated, frame);
    const interpreted = createConsole(rom, options);
    interpreted.restoreState(translated.saveState());
    for (let frame = 0; frame < 120; frame++) {
      play(translated, frame);
      play(interpreted, frame);
      expect(translated.ram).toEqual(interpreted.ram);
      if (frame % 40 === 39) expect(translated.saveState()).toEqual(interpreted.saveState());
    }
  });
});
