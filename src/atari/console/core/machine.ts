/** The console around its WebAssembly machine: cartridge image, controllers, power-on noise, saved states. */
import { UnavailableError } from '../../../core/errors.ts';
import type { CartridgeType } from '../cartridge-type.ts';
import { type Console, type ConsoleOptions, JOYSTICK, SCREEN_WIDTH, SWITCH, type VideoFormat } from '../console.ts';
import { CartridgeError, ConsoleStateError } from '../errors.ts';
import { MersenneTwister } from '../mersenne-twister.ts';
import { INSTRUCTION_LENGTHS, MACHINE_WASM } from './machine.generated.ts';
import { type MachineExports, Translator } from './translator/translator.ts';

// Places in the machine's memory (assembly/layout.ts, assembly/state.ts).
const RAM = 0x80;
const STATE = 0x100;
const REGISTERS = STATE;
const CYCLES = STATE + 44;
const JAMMED = STATE + 48;
const PICTURE_INDEX = STATE + 88;
const LOG_INDEX = STATE + 92;
const BANK = STATE + 120;
const PORT_A = STATE + 200;
const PORT_B = STATE + 204;
const INPUT = STATE + 208;
const NEXT_BLOCK = STATE + 240;
const STATE_END = 0x600;
const LENGTHS = 0x800;
const CARTRIDGE_RAM = 0x3800;
const PICTURE = 0x10000;
const PICTURE_SIZE = 0xc000;
const LOG = 0x28000;
const LOG_SIZE = 0xc200;
const LOG_HEADER = 0x200;
/** Clock up to which a log is drawn (its first field) when nothing is left to draw. */
const DONE = 0x7fffffff;
const WANTED_TABLE = 0x1a00;
const TRANSLATED = 0x4d000;
const ROM = 0x60000;
const PAGE = 0x10000;
/** Lines that exist besides those shown: a frame that a reset ended early can continue above the picture. */
const PICTURE_LINES = 300;

/** ALE's constant seed of the power-on noise. */
const NOISE_SEED = 4753849;

interface Scheme {
  /** Kind of cartridge as the machine numbers them. */
  readonly kind: number;
  /** Bytes of the image; least, for the kinds that grow. */
  readonly size: number;
  readonly banks?: number;
  /** First address that switches banks. */
  readonly hot?: number;
  /** Bytes of memory at the bottom of the address space: written there, read just above. */
  readonly ram?: number;
  /** Bytes of noise in its memory after a reset. */
  readonly noise?: number;
}

const SCHEMES: Record<CartridgeType, Scheme> = {
  '2K': { kind: 0, size: 2048 },
  '4K': { kind: 0, size: 4096 },
  F8: { kind: 1, size: 8192, banks: 2, hot: 0xff8 },
  F8SC: { kind: 1, size: 8192, banks: 2, hot: 0xff8, ram: 128, noise: 128 },
  F6: { kind: 1, size: 16384, banks: 4, hot: 0xff6 },
  F6SC: { kind: 1, size: 16384, banks: 4, hot: 0xff6, ram: 128, noise: 128 },
  F4: { kind: 1, size: 32768, banks: 8, hot: 0xff4 },
  F4SC: { kind: 1, size: 32768, banks: 8, hot: 0xff4, ram: 128, noise: 128 },
  FASC: { kind: 1, size: 12288, banks: 3, hot: 0xff8, ram: 256, noise: 256 },
  E0: { kind: 2, size: 8192 },
  E7: { kind: 3, size: 16384, noise: 2048 },
  FE: { kind: 4, size: 8192 },
  '3F': { kind: 5, size: 2048 },
  UA: { kind: 6, size: 8192 },
  CV: { kind: 7, size: 2048, noise: 1024 },
  DPC: { kind: 8, size: 10240 },
};

let compiled: WebAssembly.Module | undefined;

function machineModule(): WebAssembly.Module {
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(MACHINE_WASM), (character) => character.charCodeAt(0)));
    return compiled;
  } catch (cause) {
    const cure =
      "which is not allowed here: in a page, its Content-Security-Policy needs script-src 'wasm-unsafe-eval'.";
    throw new UnavailableError('The Atari 2600 runs in WebAssembly,', cure, { cause });
  }
}

export class Machine implements Console {
  readonly cartridgeType: CartridgeType;
  readonly ram: Uint8Array;
  format: VideoFormat;
  height = 0;

  readonly #options: ConsoleOptions;
  readonly #scheme: Scheme;
  readonly #size: number;
  readonly #machine: MachineExports;
  readonly #translator: Translator;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #noise = new MersenneTwister(NOISE_SEED);
  readonly #cartridgeCode: number;
  readonly #joysticks = [0, 0];
  readonly #paddles = [0, 0, 0, 0];
  readonly #paddleFire = [false, false, false, false];
  #pictures: Uint8Array[] = [];
  #translated: Uint8Array = new Uint8Array(0);

  constructor(rom: Uint8Array, type: CartridgeType, options: ConsoleOptions, format: VideoFormat) {
    const scheme = SCHEMES[type];
    if (rom.length < scheme.size || (type === '3F' && (rom.length % 2048 !== 0 || rom.length > 524288))) {
      const sizes = type === '3F' ? '2048 to 524288, a multiple of 2048,' : String(scheme.size);
      throw new CartridgeError(`A cartridge of type ${type} has ${sizes} bytes, this image ${rom.length}.`);
    }
    this.cartridgeType = type;
    this.#scheme = scheme;
    this.#options = options;
    this.#size = type === '3F' || type === 'DPC' ? rom.length : scheme.size;
    this.#machine = new WebAssembly.Instance(machineModule(), {}).exports as unknown as MachineExports;
    const { memory } = this.#machine;
    const table = ROM + Math.max(this.#size, 4096) + 16;
    const needed = table + Math.max(this.#size, 4096) * 4;
    if (memory.buffer.byteLength < needed) memory.grow(Math.ceil((needed - memory.buffer.byteLength) / PAGE));
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.ram = this.#bytes.subarray(RAM, RAM + 128);
    this.#cartridgeCode = checksum(rom.subarray(0, this.#size));
    this.#machine.init();
    this.#translator = new Translator(this.#machine, {
      registers: REGISTERS,
      nextBlock: NEXT_BLOCK,
      rom: ROM,
      bank: BANK,
      table,
    });
    this.#bytes.set(rom.subarray(0, this.#size), ROM);
    if (type === '2K') this.#bytes.copyWithin(ROM + 2048, ROM, ROM + 2048);
    const { kind, banks = 1, hot = 4096, ram = 0 } = scheme;
    if (kind <= 1) {
      const image = this.#bytes.subarray(ROM, ROM + banks * 4096);
      this.#translator.enable(`${this.#cartridgeCode} ${type}`, { image, readable: hot, changing: 2 * ram });
    }
    for (let opcode = 0; opcode < 256; opcode++) this.#bytes[LENGTHS + opcode] = Number(INSTRUCTION_LENGTHS[opcode]);
    // Power-on: the RIOT's memory, then its timer (drawn and drawn again by the reset).
    for (let i = 0; i < 128; i++) this.ram[i] = this.#noise.next();
    this.#noise.next();
    this.setSwitches(options.switches ?? 0);
    this.#updatePorts();
    this.format = format;
    this.useFormat(format);
  }

  /** Takes effect with the next reset. */
  useFormat(format: VideoFormat): void {
    const { height = format === 'PAL' ? 250 : 210, yStart = 34, hmoveBlanks = true } = this.#options;
    this.format = format;
    this.height = height === 210 && format === 'PAL' ? 250 : height;
    const { kind, banks = 1, hot = 0, ram = 0 } = this.#scheme;
    const pal = format === 'PAL' ? 1 : 0;
    this.#machine.setup(kind, this.#size, banks, hot, ram, pal, yStart, this.height, hmoveBlanks ? 1 : 0);
    this.#translated = this.#bytes.subarray(TRANSLATED, TRANSLATED + this.height * SCREEN_WIDTH);
    this.#pictures = [0, 1].map((index) => {
      const from = PICTURE + index * PICTURE_SIZE;
      return this.#bytes.subarray(from, from + this.height * SCREEN_WIDTH);
    });
  }

  peek(address: number): number {
    return this.#machine.peek(address);
  }

  get jammed(): boolean {
    return this.#words[JAMMED >> 2] !== 0;
  }

  get scanlines(): number {
    return Math.floor(this.#words[CYCLES >> 2]! / 76);
  }

  reset(): void {
    const timer = 25 + (this.#noise.next() % 75);
    const memory = this.#bytes;
    for (let i = 0; i < (this.#scheme.noise ?? 0); i++) memory[CARTRIDGE_RAM + i] = this.#noise.next();
    this.#machine.reset(timer);
  }

  runFrame(): void {
    withinMemory(() => this.#translator.runFrame());
  }

  screen(): Uint8Array {
    withinMemory(() => this.#machine.draw());
    return this.#pictures[this.#words[PICTURE_INDEX >> 2]!]!;
  }

  mapScreen(table: Uint8Array, out: Uint8Array): void {
    if (table.length !== 256 || out.length !== this.height * SCREEN_WIDTH) {
      throw new RangeError(
        `a table of 256 and ${this.height * SCREEN_WIDTH} pixels, not ${table.length} and ${out.length}`,
      );
    }
    this.#bytes.set(table, WANTED_TABLE);
    withinMemory(() => this.#machine.drawMapped());
    out.set(this.#translated);
  }

  setJoystick(port: 0 | 1, pressed: number): void {
    if (this.#joysticks[port] === pressed) return;
    this.#joysticks[port] = pressed;
    this.#updatePorts();
  }

  setPaddle(paddle: 0 | 1 | 2 | 3, resistance: number, fire: boolean): void {
    if (this.#paddles[paddle] === resistance && this.#paddleFire[paddle] === fire) return;
    this.#paddles[paddle] = resistance;
    this.#paddleFire[paddle] = fire;
    this.#updatePorts();
  }

  setSwitches(pressed: number): void {
    // Reset and select are closed to ground while pressed; the third switch is on colour.
    let value = 0x3f;
    if (pressed & SWITCH.reset) value &= ~1;
    if (pressed & SWITCH.select) value &= ~2;
    if (pressed & SWITCH.leftDifficultyA) value |= 0x40;
    if (pressed & SWITCH.rightDifficultyA) value |= 0x80;
    this.#words[PORT_B >> 2] = value;
  }

  /** What the controllers' nine-pin plugs carry: four digital pins, two analog ones and the trigger. */
  #updatePorts(): void {
    const { left = 'joystick', right = 'joystick', swapPorts = false, swapPaddles = false } = this.#options;
    let portA = 0xff;
    [left, right].forEach((controller, jack) => {
      const port = swapPorts ? 1 - jack : jack;
      const shift = port === 0 ? 4 : 0;
      const input = (INPUT >> 2) + port * 2;
      if (controller === 'joystick') {
        const pressed = this.#joysticks[jack]!;
        const { up, down, left: west, right: east, fire } = JOYSTICK;
        for (const [bit, direction] of [up, down, west, east].entries()) {
          if (pressed & direction) portA &= ~(1 << (bit + shift));
        }
        this.#words[input] = -1;
        this.#words[input + 1] = -1;
        this.#words[(INPUT >> 2) + 4 + port] = pressed & fire ? 0 : 0x80;
        return;
      }
      const first = jack * 2 + (swapPaddles ? 1 : 0);
      const second = jack * 2 + (swapPaddles ? 0 : 1);
      if (this.#paddleFire[second]) portA &= ~(4 << shift);
      if (this.#paddleFire[first]) portA &= ~(8 << shift);
      this.#words[input] = chargeCycles(this.#paddles[first]!);
      this.#words[input + 1] = chargeCycles(this.#paddles[second]!);
      this.#words[(INPUT >> 2) + 4 + port] = 0x80;
    });
    this.#words[PORT_A >> 2] = portA;
  }

  saveState(): Uint8Array {
    withinMemory(() => this.#machine.settle());
    const parts = this.#parts();
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const state = new Uint8Array(HEADER_SIZE + length);
    const header = new DataView(state.buffer);
    header.setUint32(0, STATE_VERSION);
    header.setUint32(4, this.#cartridgeCode);
    header.setUint32(8, length);
    this.#joysticks.forEach((pressed, port) => {
      header.setUint8(12 + port, pressed);
    });
    this.#paddleFire.forEach((fire, paddle) => {
      header.setUint8(14 + paddle, fire ? 1 : 0);
      header.setFloat64(24 + paddle * 8, this.#paddles[paddle]!);
    });
    let at = HEADER_SIZE;
    for (const part of parts) {
      state.set(part, at);
      at += part.length;
    }
    return state;
  }

  restoreState(state: Uint8Array): void {
    const header = new DataView(state.buffer, state.byteOffset, state.byteLength);
    if (state.length < HEADER_SIZE || header.getUint32(0) !== STATE_VERSION) {
      throw new ConsoleStateError('These bytes are not a saved console state of this version.');
    }
    if (header.getUint32(4) !== this.#cartridgeCode) {
      throw new ConsoleStateError('The console state was saved with another cartridge.');
    }
    const logIndex = new Int32Array(
      state.slice(HEADER_SIZE + LOG_INDEX - RAM, HEADER_SIZE + LOG_INDEX - RAM + 4).buffer,
    );
    withinMemory(() => this.#machine.settle());
    const parts = this.#parts(logIndex[0]!);
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const isWhole = header.getUint32(8) === length && state.length === HEADER_SIZE + length;
    if (!isWhole || header.getUint32(HEADER_SIZE + PICTURE_INDEX - RAM, true) > 1) {
      throw new ConsoleStateError('The console state is incomplete or was saved with other options.');
    }
    // What this console was drawing is over: its log, as a past one, would go on to draw into a restored picture.
    for (let log = 0; log < 3; log++) this.#words[(LOG + log * LOG_SIZE) >> 2] = DONE;
    let at = HEADER_SIZE;
    for (const part of parts) {
      part.set(state.subarray(at, at + part.length));
      at += part.length;
    }
    this.#joysticks.forEach((_, port) => {
      this.#joysticks[port] = header.getUint8(12 + port);
    });
    this.#paddleFire.forEach((_, paddle) => {
      this.#paddleFire[paddle] = header.getUint8(14 + paddle) === 1;
      this.#paddles[paddle] = header.getFloat64(24 + paddle * 8);
    });
    withinMemory(() => {
      this.#machine.settle();
      this.#machine.remap();
    });
  }

  /** The parts of memory that are the machine's state, as views. */
  #parts(logIndex = this.#words[LOG_INDEX >> 2]!): Uint8Array[] {
    const bytes = this.#bytes;
    const log = LOG + logIndex * LOG_SIZE;
    const noise = this.#noise.state;
    return [
      bytes.subarray(RAM, STATE_END),
      bytes.subarray(CARTRIDGE_RAM, CARTRIDGE_RAM + (this.#scheme.noise ?? 0)),
      bytes.subarray(log, log + LOG_HEADER),
      ...[0, 1].map((index) => {
        const from = PICTURE + index * PICTURE_SIZE;
        return bytes.subarray(from, from + PICTURE_LINES * SCREEN_WIDTH);
      }),
      new Uint8Array(noise.buffer, noise.byteOffset, noise.byteLength),
    ];
  }
}

/** @throws ConsoleStateError where the machine leaves its memory, which only a state that somebody made up brings it to. */
function withinMemory(call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    throw new ConsoleStateError('The console cannot continue: the state that was restored is damaged.');
  }
}

const STATE_VERSION = 0x42415402;
const HEADER_SIZE = 56;

/** Cycles until a paddle's capacitor (0.01 µF) has charged; 0 at once. */
function chargeCycles(resistance: number): number {
  const seconds = 1.6 * resistance * 0.01e-6;
  // A short circuit reads as charged even while the capacitor is dumped.
  return resistance === 0 ? 0 : Math.max(1, Math.trunc(seconds * 1.19e6));
}

/** FNV-1a, to tell cartridges apart. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
