import { describe, expect, it } from 'vitest';
import { OptionError } from '../../core/errors.ts';
import { CartridgeError, ConsoleStateError, createConsole, JOYSTICK, SWITCH } from './index.ts';
import { MersenneTwister } from './mersenne-twister.ts';

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

  it('fetches the last byte of a call in RAM after the pushes, which may have been to it', () => {
    const call = [...LDA(0x20), ...STA(0xfb), ...LDA(0x10), ...STA(0xfc), ...LDA(0xf2), ...STA(0xfd)];
    const image = cartridge(4096, [...LDX(0xfe), 0x9a, ...call, 0x4c, 0xfb, 0x00]);
    image.set([...LDA(9), ...STA(0x80), ...stay(0x14, 0xf2)], 0x210);
    image.set([...LDA(7), ...STA(0x80), ...stay(0x14, 0xfd)], 0xd10);
    // The low byte of the address pushed, 0x00FD, has become the high one of the call's.
    expect(afterFrames(image, 1).ram[0]).toBe(7);
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

describe('a frame that ends early', () => {
  it('shows nothing beyond its end, also when collisions were cleared at the very end of its last line', () => {
    // 73 cycles into a line CXCLR is written, which takes three; then the frame ends.
    const lastLine = [...WSYNC, ...LDX(14), 0xca, 0xd0, 0xfd, 0xea, ...STA(0x2c), ...LDA(0), ...STA(0)];
    const frame = [...wait(100), ...LDA(2), ...STA(0), ...WSYNC, ...lastLine];
    const image = cartridge(4096, [...LDA(0x0e), ...STA(9), ...frame, 0x4c, 0x04, 0xf0]);
    const [seen, unseen] = [createConsole(image, ntsc), createConsole(image, ntsc)];
    for (let i = 0; i < 10; i++) {
      seen.runFrame();
      unseen.runFrame();
      seen.screen();
    }
    expect(seen.scanlines).toBeLessThan(110);
    expect(row(seen, seen.scanlines - 34)).toEqual(row(unseen, seen.scanlines - 34));
    expect(row(unseen, seen.scanlines - 34)).not.toContain(0x0e);
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

  it('scores: the halves of the playfield in the players’ colours', () => {
    const colours = [...LDA(0x1e), ...STA(6), ...LDA(0x3e), ...STA(7), ...LDA(0x5e), ...STA(8)];
    const console = afterFrames(program([...colours, ...LDA(0xff), ...STA(0x0e), ...LDA(2), ...STA(0x0a)]));
    expect(pixels(console, 100, 0x1e)).toEqual(from(16, 32));
    expect(pixels(console, 100, 0x3e)).toEqual(from(96, 32));
    expect(pixels(console, 100, 0x5e)).toEqual([]);
  });

  it('puts player 0 over player 1 over the playfield, and the playfield first when told so', () => {
    const colours = [...LDA(0x1e), ...STA(6), ...LDA(0x3e), ...STA(7), ...LDA(0x5e), ...STA(8)];
    // Player 0 at pixels 3 to 10 with four of them, player 1 with all eight, playfield at 0 to 15.
    const objects = [
      ...LDA(0xf0),
      ...STA(0x1b),
      ...STA(0x0d),
      ...LDA(0xff),
      ...STA(0x1c),
      ...WSYNC,
      ...STA(0x10),
      ...STA(0x11),
    ];
    const shown = (control: number): number[][] => {
      const console = afterFrames(program([...colours, ...objects, ...LDA(control), ...STA(0x0a)]));
      return [0x1e, 0x3e, 0x5e].map((colour) => pixels(console, 100, colour).filter((x) => x < 16));
    };
    expect(shown(0)).toEqual([from(3, 4), from(7, 4), [...from(0, 3), ...from(11, 5)]]);
    expect(shown(4)).toEqual([[], [], from(0, 16)]);
  });

  it('mirrors a player, and makes missiles and the ball 1, 2, 4 or 8 wide', () => {
    const player = [...LDA(0x1e), ...STA(6), ...LDA(0xc0), ...STA(0x1b), ...WSYNC, ...STA(0x10)];
    expect(pixels(afterFrames(program([...player, ...LDA(0), ...STA(0x0b)])), 100, 0x1e)).toEqual([3, 4]);
    expect(pixels(afterFrames(program([...player, ...LDA(8), ...STA(0x0b)])), 100, 0x1e)).toEqual([9, 10]);
    const missile = [...LDA(0x3e), ...STA(7), ...LDA(2), ...STA(0x1e), ...WSYNC, ...STA(0x13)];
    const ball = [...LDA(0x5e), ...STA(8), ...LDA(2), ...STA(0x1f), ...WSYNC, ...STA(0x14)];
    for (const [size, width] of [
      [0x00, 1],
      [0x10, 2],
      [0x20, 4],
      [0x30, 8],
    ] as const) {
      const sized = (object: number[], register: number, colour: number): number[] =>
        pixels(afterFrames(program([...object, ...LDA(size), ...STA(register)])), 100, colour);
      expect(sized(missile, 0x05, 0x3e)).toEqual(from(2, width));
      expect(sized(ball, 0x0a, 0x5e)).toEqual(from(2, width));
    }
    // Missiles are repeated as their players are.
    const twice = program([...missile, ...LDA(0x12), ...STA(5)]);
    expect(pixels(afterFrames(twice), 100, 0x3e)).toEqual([...from(2, 2), ...from(34, 2)]);
  });

  it('hides a missile that is locked to its player, and lets it go at the player’s middle', () => {
    const player = [...LDA(0x1e), ...STA(6), ...WSYNC, ...STA(0x10), ...LDA(2), ...STA(0x1d), ...STA(0x28)];
    expect(pixels(afterFrames(program(player)), 100, 0x1e)).toEqual([]);
    expect(pixels(afterFrames(program([...player, ...LDA(0), ...STA(0x28)])), 100, 0x1e)).toEqual([7]);
  });

  it('delays players until the other one is written, and the ball until player 1 is', () => {
    const delayed = [
      ...LDA(0x1e),
      ...STA(6),
      ...WSYNC,
      ...STA(0x10),
      ...LDA(1),
      ...STA(0x25),
      ...LDA(0xff),
      ...STA(0x1b),
    ];
    expect(pixels(afterFrames(program(delayed)), 100, 0x1e)).toEqual([]);
    expect(pixels(afterFrames(program([...delayed, ...STA(0x1c)])), 100, 0x1e)).toEqual(from(3, 8));
    const ball = [...LDA(0x5e), ...STA(8), ...WSYNC, ...STA(0x14), ...LDA(1), ...STA(0x27), ...LDA(2), ...STA(0x1f)];
    expect(pixels(afterFrames(program(ball)), 100, 0x5e)).toEqual([]);
    expect(pixels(afterFrames(program([...ball, ...STA(0x1c)])), 100, 0x5e)).toEqual([2]);
  });

  it('forgets motion at HMCLR, and leaves eight dark pixels where HMOVE comes early', () => {
    const ball = [...LDA(0x1e), ...STA(8), ...LDA(2), ...STA(0x1f), ...WSYNC, ...STA(0x14), ...LDA(0x70), ...STA(0x24)];
    const still = afterFrames(program([...ball, ...STA(0x2b), ...WSYNC, ...STA(0x2a)]));
    expect(pixels(still, 100, 0x1e)).toEqual([2]);
    const moving = program([...LDA(0x40), ...STA(9)], [...WSYNC, ...STA(0x2a)]);
    const dark = (hmoveBlanks: boolean): number[][] => {
      const console = afterFrames(moving, 3, { ...ntsc, hmoveBlanks });
      // Lines of sync show no background either.
      return from(0, 210).flatMap((y) => {
        const at = pixels(console, y, 0);
        return at.length > 0 && at.length < 160 ? [at] : [];
      });
    };
    expect(dark(true)).toEqual([from(0, 8)]);
    expect(dark(false)).toEqual([]);
  });

  it('has a latch for each pair of objects', () => {
    // Everything at pixel 3: players there, missiles and ball eight pixels wide from 2, playfield from 0.
    const shapes = [...LDA(0xff), ...STA(0x1b), ...STA(0x1c), ...STA(0x0d), ...STA(0x0e), ...STA(0x0f)];
    const wide = [
      ...LDA(0x30),
      ...STA(4),
      ...STA(5),
      ...STA(0x0a),
      ...LDA(2),
      ...STA(0x1d),
      ...STA(0x1e),
      ...STA(0x1f),
    ];
    const places = [...WSYNC, ...STA(0x10), ...STA(0x11), ...STA(0x12), ...STA(0x13), ...STA(0x14)];
    const read = from(0, 8).flatMap((register) => [0xa5, register, ...STA(0x80 + register)]);
    const all = afterFrames(program([...shapes, ...wide, ...places], [...wait(20), ...read]));
    expect([...all.ram.subarray(0, 8)].map((value) => value & 0xc0)).toEqual([
      0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0x80, 0xc0,
    ]);
    const none = afterFrames(program([], [...wait(20), ...read]));
    expect([...none.ram.subarray(0, 8)].map((value) => value & 0xc0)).toEqual(from(0, 8).map(() => 0));
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

  it.each([
    ['1', 0x94, [6, 2, 0]],
    ['8', 0x95, [9, 9, 8]],
    ['64', 0x96, [9, 9, 9]],
    ['1024', 0x97, [9, 9, 9]],
  ])('counts every %s cycles', (_, register, expected) => {
    // Read 4, 8 and 10 cycles after it was set to 10.
    const read = (gap: number[]): number => {
      const code = [...LDA(10), 0x8d, register, 0x02, ...gap, 0xad, 0x84, 0x02, ...STA(0x80)];
      return afterFrames(cartridge(4096, [...code, ...stay(code.length)]), 1).ram[0]!;
    };
    const nop = 0xea;
    expect([read([]), read([nop, nop]), read([nop, nop, nop])]).toEqual(expected);
  });

  it('says that time is up, until the timer is read, which then counts every cycle', () => {
    const look = (register: number, to: number): number[] => [0xad, register, 0x02, ...STA(to)];
    const code = [
      ...LDA(1), 0x8d, 0x96, 0x02, ...look(0x85, 0x80),
      ...Array.from({ length: 40 }, () => 0xea),
      ...look(0x85, 0x81), ...look(0x84, 0x82), ...look(0x85, 0x83),
    ]; // biome-ignore format: a program
    const { ram } = afterFrames(cartridge(4096, [...code, ...stay(code.length)]), 1);
    // The timer is looked at 98 cycles after it was set to 64, and shows the cycle before.
    expect([...ram.subarray(0, 4)]).toEqual([0, 0x80, (64 - 98) & 0xff, 0]);
  });

  it('keeps the directions of port A', () => {
    const code = [...LDA(0xf0), 0x8d, 0x81, 0x02, ...LDA(0), 0xad, 0x81, 0x02, ...STA(0x80)];
    expect(afterFrames(cartridge(4096, [...code, ...stay(code.length)]), 1).ram[0]).toBe(0xf0);
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

  it('of bank switching that is not here are refused by its name', () => {
    const image = new Uint8Array(8192).fill(0xea);
    image[0] = 0;
    image.set([0x85, 0x3e, 0xa9, 0x00], 5000);
    expect(() => createConsole(image)).toThrow(/bank switching 3E, which this console does not have/);
    expect(() => createConsole(new Uint8Array(65536))).toThrow(/65536 bytes is of no known kind/);
    expect(() => createConsole(new Uint8Array(600 * 2048), { cartridgeType: '3F' })).toThrow(CartridgeError);
  });

  it('whose programs jam the processor are refused, unless the format says that it is known', () => {
    expect(() => createConsole(cartridge(4096, [0x02]))).toThrow(/jams the processor/);
    expect(createConsole(cartridge(4096, [0x02]), ntsc).jammed).toBe(false);
  });

  it('of PAL are told by the lines of their frames', () => {
    // 313 lines a frame.
    const loop = [...VSYNC, ...wait(255), ...wait(55)];
    const image = cartridge(4096, [...loop, ...stay(0)]);
    const console = createConsole(image);
    expect([console.format, console.height]).toEqual(['PAL', 250]);
    expect(createConsole(program([])).format).toBe('NTSC');
  });

  it.each([
    [{ yStart: -1 }, 'yStart: got -1'],
    [{ yStart: 0.5 }, 'yStart: got 0.5'],
    [{ height: 301 }, 'height: got 301'],
    [{ height: Number.NaN }, 'height: got NaN'],
    [{ format: 'SECAM' }, 'format: got "SECAM"'],
    [{ cartridgeType: 'F9' }, 'cartridgeType: got "F9"'],
  ])('with %j are refused', (options, message) => {
    const create = (): unknown => createConsole(program([]), options as Parameters<typeof createConsole>[1]);
    expect(create).toThrow(OptionError);
    expect(create).toThrow(message);
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

it('maps the picture of a frame that goes on in the next call anew', () => {
  // Sixty lines, then nothing for the chips to do, in one frame without end.
  const code = [...LDA(0x1e), ...STA(9), ...wait(60), ...LDX(0), 0xa0, 0, 0x88, 0xd0, 0xfd, 0xca, 0xd0, 0xf8];
  const image = cartridge(4096, [...code, 0xe6, 0x80, 0xa5, 0x80, ...STA(9), ...wait(20), 0x4c, code.length, 0xf0]);
  const console = createConsole(image, ntsc);
  const table = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
  const out = new Uint8Array(210 * 160);
  const different = from(0, 60).filter(() => {
    console.runFrame();
    console.mapScreen(table, out);
    return console.screen().some((colour, i) => out[i] !== 255 - colour);
  });
  expect(different).toEqual([]);
});

it('maps the same pictures whoever asked for which frame before, and through which table', () => {
  const image = program([...LDA(0x40), ...STA(9)], [0xe6, 0x80, 0xa5, 0x80, ...STA(0x1b), ...STA(0x2a), ...STA(8)]);
  const tables = [3, 5].map((factor) => Uint8Array.from({ length: 256 }, (_, i) => 255 - i * factor));
  const [seen, mapped] = [createConsole(image, ntsc), createConsole(image, ntsc)];
  const out = new Uint8Array(210 * 160);
  const random = new MersenneTwister(1);
  const differs = (table: Uint8Array): boolean => seen.screen().some((colour, i) => out[i] !== table[colour]);
  let state = mapped.saveState();
  const different: number[] = [];
  for (let frame = 0; frame < 200; frame++) {
    seen.runFrame();
    mapped.runFrame();
    // Long runs of either, so that pictures are drawn as their frames go on, and changes between them.
    const kind = random.next() % 8;
    if (kind === 0) mapped.screen();
    if (kind === 1) continue;
    if (kind === 2) state = mapped.saveState();
    const table = tables[frame % 50 < 40 ? 0 : random.next() % 2]!;
    mapped.mapScreen(table, out);
    if (differs(table)) different.push(frame);
  }
  expect(different).toEqual([]);
  mapped.restoreState(state);
  mapped.mapScreen(tables[0]!, out);
  seen.restoreState(state);
  expect(differs(tables[0]!)).toBe(false);
});
