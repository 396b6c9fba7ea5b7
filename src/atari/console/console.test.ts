import { describe, expect, it } from 'vitest';
import { CartridgeError, ConsoleStateError, createConsole, JOYSTICK, SWITCH } from './index.ts';

/** A cartridge with code at 0xF000 of each of its banks, and vectors to it. */
function cartridge(size: number, ...banks: number[][]): Uint8Array {
  const image = new Uint8Array(size).fill(0xea);
  const length = Math.min(size, 4096);
  for (let bank = 0; bank * 4096 < size; bank++) {
    image.set(banks[Math.min(bank, banks.length - 1)]!, bank * 4096);
    image.set([0x00, 0xf0, 0x00, 0xf0], bank * 4096 + length - 4);
  }
  return image;
}

const LDA = (value: number): number[] => [0xa9, value];
const LDX = (value: number): number[] => [0xa2, value];
const STA = (zeroPage: number): number[] => [0x85, zeroPage];
const WSYNC = STA(0x02);
const wait = (lines: number): number[] => [...LDX(lines), ...WSYNC, 0xca, 0xd0, 0xfb];
/** Vertical sync of three lines. */
const VSYNC = [...LDA(2), ...STA(0), ...wait(3), ...LDA(0), ...STA(0)];
/** Prepares once, then frames of 262 lines with `kernel` at the 40th. */
function program(prepare: number[], kernel: number[] = []): Uint8Array {
  const loop = [...VSYNC, ...wait(36), ...kernel, ...wait(223)];
  const at = 0xf000 + prepare.length;
  return cartridge(4096, [...prepare, ...loop, 0x4c, at & 255, at >> 8]);
}

/** A jump to itself, `offset` bytes into the code. */
const stay = (offset: number, page = 0xf0): number[] => [0x4c, offset, page];

const ntsc = { format: 'NTSC' } as const;

function afterFrames(image: Uint8Array, frames = 3, options: Parameters<typeof createConsole>[1] = ntsc) {
  const console = createConsole(image, options);
  for (let i = 0; i < frames; i++) console.runFrame();
  return console;
}

const row = (console: ReturnType<typeof createConsole>, y: number): number[] => [
  ...console.screen().subarray(y * 160, (y + 1) * 160),
];
const pixels = (console: ReturnType<typeof createConsole>, y: number, colour: number): number[] =>
  row(console, y).flatMap((value, x) => (value === colour ? [x] : []));
const from = (x: number, length: number): number[] => Array.from({ length }, (_, i) => x + i);

describe('processor', () => {
  const run = (code: number[]): Uint8Array => afterFrames(cartridge(4096, [...code, ...stay(code.length)]), 1).ram;

  it.each([
    ['adds with carry', [0x38, ...LDA(0x7f), 0x69, 0x01, 0x08, ...STA(0x80)], 0x81],
    ['adds decimally', [0xf8, 0x18, ...LDA(0x58), 0x69, 0x46, ...STA(0x80)], 0x04],
    ['subtracts decimally', [0xf8, 0x38, ...LDA(0x32), 0xe9, 0x48, ...STA(0x80)], 0x84],
    ['loads A and X (LAX)', [...LDA(0x5a), ...STA(0x90), 0xa7, 0x90, 0x86, 0x80], 0x5a],
    ['stores A and X (SAX)', [...LDA(0xf0), ...LDX(0x3c), 0x87, 0x80], 0x30],
    ['decrements and compares (DCP)', [...LDA(0x10), ...STA(0x80), 0xc7, 0x80], 0x0f],
    ['increments and subtracts (ISB)', [0x38, ...LDA(1), ...STA(0x90), ...LDA(9), 0xe7, 0x90, ...STA(0x80)], 7],
    ['shifts and ors (SLO)', [...LDA(0x41), ...STA(0x80), 0x07, 0x80], 0x82],
    ['rotates through carry', [0x38, ...LDA(0x01), 0x6a, ...STA(0x80)], 0x80],
    ['keeps the flags on the stack with B set', [0x38, 0xf8, 0x08, 0x68, ...STA(0x80)], 0x39],
  ])('%s', (_, code, value) => {
    expect(run(code)[0]).toBe(value);
  });

  it('stops at a jamming opcode until the power switch', () => {
    const console = afterFrames(cartridge(4096, [0x02]), 2);
    expect(console.jammed).toBe(true);
    console.reset();
    expect(console.jammed).toBe(false);
  });
});

describe('frames', () => {
  it('end with vertical sync', () => {
    expect(afterFrames(program([])).scanlines).toBe(262);
  });

  it('are cut when no vertical sync comes, and left when nothing writes to the TIA', () => {
    expect(afterFrames(cartridge(4096, [...WSYNC, 0x4c, 0x00, 0xf0])).scanlines).toBe(292);
    // 25,000 instructions of three cycles.
    expect(afterFrames(cartridge(4096, [0x4c, 0x00, 0xf0]), 1).scanlines).toBe(Math.floor(75000 / 76));
  });

  it('are the same whether pictures are looked at or not', () => {
    const image = program([...LDA(0x40), ...STA(9)], [0xe6, 0x80, 0xa5, 0x80, ...STA(0x1b), ...STA(0x10), ...STA(8)]);
    const [seen, unseen] = [createConsole(image, ntsc), createConsole(image, ntsc)];
    for (let i = 0; i < 40; i++) {
      seen.runFrame();
      unseen.runFrame();
      seen.screen();
    }
    expect(unseen.screen()).toEqual(seen.screen());
  });
});

describe('TIA', () => {
  it('shows the playfield bit by bit: PF0 from bit 4, PF1 from bit 7, PF2 from bit 0', () => {
    const prepare = [...LDA(0x1e), ...STA(8), ...LDA(0x10), ...STA(0x0d), ...LDA(0x80), ...STA(0x0e)];
    const console = afterFrames(program([...prepare, ...LDA(1), ...STA(0x0f)]));
    const half = [...from(0, 4), ...from(16, 4), ...from(48, 4)];
    expect(pixels(console, 100, 0x1e)).toEqual([...half, ...half.map((x) => x + 80)]);
    const mirrored = afterFrames(program([...prepare, ...LDA(1), ...STA(0x0f), ...STA(0x0a)]));
    expect(pixels(mirrored, 100, 0x1e)).toEqual([...half, ...half.map((x) => 159 - x).reverse()]);
  });

  it('places players where the strobe comes, doubles and quadruples them, and repeats them', () => {
    // Strobed in the horizontal blank: pixel 3.
    const player = [...LDA(0x1e), ...STA(6), ...LDA(0xff), ...STA(0x1b), ...WSYNC, ...STA(0x10)];
    const sized = (nusiz: number): number[] =>
      pixels(afterFrames(program([...player, ...LDA(nusiz), ...STA(4)])), 100, 0x1e);
    expect(sized(0)).toEqual(from(3, 8));
    expect(sized(1)).toEqual([...from(3, 8), ...from(19, 8)]);
    expect(sized(6)).toEqual([...from(3, 8), ...from(35, 8), ...from(67, 8)]);
    expect(sized(5)).toEqual(from(4, 16));
    expect(sized(7)).toEqual(from(4, 32));
  });

  it('moves objects by HMOVE: half bytes are signed, to the left', () => {
    const ball = [...LDA(0x1e), ...STA(8), ...LDA(2), ...STA(0x1f), ...WSYNC, ...STA(0x14)];
    const moved = (hm: number): number[] =>
      pixels(afterFrames(program([...ball, ...LDA(hm), ...STA(0x24), ...WSYNC, ...STA(0x2a)])), 100, 0x1e);
    expect(moved(0x00)).toEqual([2]);
    expect(moved(0x70)).toEqual([155]);
    expect(moved(0x80)).toEqual([10]);
  });

  it('latches collisions until CXCLR', () => {
    const objects = [...LDA(0xff), ...STA(0x0d), ...STA(0x0e), ...STA(0x0f), ...STA(0x1b)];
    const read = [0xa5, 0x02, ...STA(0x80)];
    const clear = [...STA(0x2c), 0xa5, 0x02, ...STA(0x81)];
    const console = afterFrames(program(objects, [...wait(20), ...read, ...clear]));
    // Player 0 with the playfield; the rest of the byte is the last one on the bus.
    expect([console.ram[0], console.ram[1]]).toEqual([0x82, 0x02]);
  });
});

describe('RIOT', () => {
  it('counts down at its interval, the timer first after one cycle', () => {
    // 10 intervals of 64 cycles; 8 lines are 608 cycles later.
    const code = [...WSYNC, ...LDA(10), 0x8d, 0x96, 0x02, ...wait(8), 0xad, 0x84, 0x02, ...STA(0x80)];
    expect(afterFrames(cartridge(4096, [...code, ...stay(code.length)]), 1).ram[0]).toBe(0);
  });

  it('waits for the timer as long as the loop would', () => {
    const waiting = (gap: number[]): number => {
      // Times the wait by a second look at the timer, eight cycles a count.
      const loop = [0xad, 0x84, 0x02, ...gap, 0xd0, 0x100 - 5 - gap.length];
      const code = [...WSYNC, ...LDA(30), 0x8d, 0x96, 0x02, ...loop, ...LDA(200), 0x8d, 0x95, 0x02];
      const whole = [...code, ...WSYNC, 0xad, 0x84, 0x02, ...STA(0x80)];
      return afterFrames(cartridge(4096, [...whole, ...stay(whole.length)]), 1).ram[0]!;
    };
    expect(Math.abs(waiting([]) - waiting([0xea, 0xea]))).toBeLessThanOrEqual(1);
  });

  it('reads joysticks, paddles and switches', () => {
    const read = [0xad, 0x80, 0x02, ...STA(0x80), 0xad, 0x82, 0x02, ...STA(0x81), 0xa5, 0x0c, ...STA(0x82)];
    const console = createConsole(program([], read), ntsc);
    console.setJoystick(0, JOYSTICK.right | JOYSTICK.fire);
    console.setJoystick(1, JOYSTICK.up);
    console.setSwitches(SWITCH.reset | SWITCH.rightDifficultyA);
    console.runFrame();
    console.runFrame();
    expect([...console.ram.subarray(0, 3)]).toEqual([0x7e, 0xbe, 0x0c]);
  });
});

describe('cartridges', () => {
  it('of 8 KiB switch banks at 0xFFF8 and 0xFFF9', () => {
    // Starts in bank 1, which goes to bank 0 and on there.
    const bank1 = [...LDA(1), ...STA(0x80), 0x8d, 0xf8, 0xff];
    const bank0 = [0xea, 0xea, 0xea, 0xea, 0xea, 0xea, 0xea, ...LDA(2), ...STA(0x81), ...stay(11)];
    const console = afterFrames(cartridge(8192, bank0, bank1), 1);
    expect([console.ram[0], console.ram[1]]).toEqual([1, 2]);
  });

  it('with a superchip write at 0xF000 and read at 0xF080', () => {
    const image = cartridge(8192, [0]);
    for (const bank of [0, 4096]) {
      image.fill(0, bank, bank + 256);
      image.set([...LDA(0x5a), 0x8d, 0x05, 0xf0, 0xad, 0x85, 0xf0, ...STA(0x80), ...stay(10, 0xf1)], bank + 256);
      image.set([0x00, 0xf1], bank + 4092);
    }
    const console = afterFrames(image, 1);
    expect(console.cartridgeType).toBe('F8SC');
    expect(console.ram[0]).toBe(0x5a);
    expect(console.peek(0x1085)).toBe(0x5a);
  });

  it('of unknown kinds are refused in one line', () => {
    expect(() => createConsole(new Uint8Array(3000))).toThrow(CartridgeError);
    expect(() => createConsole(new Uint8Array(0))).toThrow(CartridgeError);
    expect(() => createConsole(new Uint8Array(8448))).toThrow(/Supercharger/);
    expect(() => createConsole(new Uint8Array(4096), { cartridgeType: 'F8' })).toThrow(/8192 bytes/);
  });
});

describe('saved states', () => {
  const image = program([...LDA(0x40), ...STA(9)], [0xe6, 0x80, 0xa5, 0x80, ...STA(0x1b), ...STA(0x10), ...STA(8)]);

  it('go on byte for byte', () => {
    const console = afterFrames(image, 7);
    const state = console.saveState();
    const play = (): string => {
      for (let i = 0; i < 20; i++) console.runFrame();
      return `${console.screen().join()} ${console.ram.join()}`;
    };
    const once = play();
    console.restoreState(state);
    expect(play()).toBe(once);
    const other = createConsole(image, ntsc);
    other.restoreState(state);
    expect(other.saveState()).toEqual(state);
  });

  it('are refused when they are of another cartridge or cut short', () => {
    const console = afterFrames(image, 1);
    const state = console.saveState();
    expect(() => console.restoreState(state.subarray(0, 999))).toThrow(ConsoleStateError);
    expect(() => afterFrames(program([]), 1).restoreState(state)).toThrow(ConsoleStateError);
  });
});

it('maps a picture through a table', () => {
  const console = afterFrames(program([...LDA(0x40), ...STA(9), ...LDA(0xaa), ...STA(0x0e), ...LDA(0x1e), ...STA(8)]));
  const table = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
  const out = new Uint8Array(210 * 160);
  console.mapScreen(table, out);
  expect(out).toEqual(console.screen().map((value) => 255 - value));
  expect(() => console.mapScreen(table, new Uint8Array(5))).toThrow(RangeError);
});
