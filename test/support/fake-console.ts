import type { PaletteScreen } from '../../src/wrappers/palette-screen.ts';
import { FakeGame, type FakeGameOptions } from './fake-game.ts';

export interface FakeConsoleOptions extends Omit<FakeGameOptions, 'pixel' | 'shape'> {
  readonly height: number;
  readonly width: number;
  /** [n, 3]. */
  readonly palette: Uint8Array;
  /** Palette number of a pixel of a frame. */
  readonly colour: (frame: number, y: number, x: number) => number;
  /** Frames a step that the game says it skips. Default: it says nothing. */
  readonly frameSkip?: number | readonly [number, number];
}

/** What the array of observations is full of while nobody wants them. */
export const UNPAINTED = 0xa5;

/** A `FakeGame` with a palette screen, whose observations hold nonsense while they are not wanted. */
export class FakeConsole extends FakeGame implements PaletteScreen {
  readonly palette: Uint8Array;
  readonly screenShape: readonly [height: number, width: number];
  readonly frameSkip: number | readonly [number, number] | undefined;
  wanted = true;
  private readonly numbers: Uint8Array | Uint16Array;
  private readonly colour: FakeConsoleOptions['colour'];

  constructor(options: FakeConsoleOptions) {
    const { height, width, palette, colour } = options;
    super({ ...options, shape: [height, width, 3] });
    this.screenShape = [height, width];
    this.palette = palette;
    this.colour = colour;
    this.frameSkip = options.frameSkip;
    this.numbers = palette.length <= 3 * 256 ? new Uint8Array(height * width) : new Uint16Array(height * width);
  }

  protected override paint(): Uint8Array {
    const { picture, palette } = this;
    const [height, width] = this.screenShape;
    for (let i = 0; i < height * width; i++) {
      const number = this.colour(this.frame, Math.floor(i / width), i % width);
      this.numbers[i] = number;
      for (let c = 0; c < 3; c++) picture[3 * i + c] = this.wanted ? palette[3 * number + c] : UNPAINTED;
    }
    return picture;
  }

  get screenObservation(): Uint8Array {
    return this.picture;
  }

  screenIndices(): Uint8Array | Uint16Array {
    return this.numbers;
  }

  setObservationWanted(wanted: boolean): void {
    this.wanted = wanted;
  }
}
