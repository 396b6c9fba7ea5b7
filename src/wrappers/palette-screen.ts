import { MismatchError } from '../core/errors.ts';
import { Wrapper } from '../core/wrapper.ts';
import { TransformObservation } from './transform-observation.ts';

/**
 * A shortcut past RGB: an environment (or wrapper) whose picture has few colours can hand out the colour number of each
 * pixel. Wrappers that shrink pictures then look brightness up instead of computing it for 33,600 pixels, and frames
 * that nobody looks at are never painted. Wrappers work without it, on any RGB observation; the result is the same.
 *
 * The observation's identity shows whether the shortcut is sound: if the array that arrives through `step` is the very
 * one that the source owns, nothing in between changed the picture. A wrapper that writes into the array of another must hand
 * out one of its own, therefore; what `TransformObservation` does with it is not known, so the shortcut ends there.
 */
export interface PaletteScreen {
  /** The colours, [n, 3], constant; undefined when there is no such screen after all. */
  readonly palette: Uint8Array | undefined;
  /** The array that `step` and `reset` return as observation. */
  readonly screenObservation: Uint8Array;
  /** Number in `palette` of each pixel of the latest observation, row-major; undefined when unknown at present. A view:
   * valid until the next call of `step`, `reset`, `restoreState` or this. */
  screenIndices(): Uint8Array | Uint16Array | undefined;
  /** The two frames whose brighter pixels the latest observation has, where it is made of two of at most 256 colours:
   * number a of the first and b of the second stand for `palette` entry 256 a + b. Views like `screenIndices`. */
  screenPair?(): ScreenPair | undefined;
  /** While false, `step` and `reset` need not paint the observation; its content is then undefined. */
  setObservationWanted(wanted: boolean): void;
}

export interface ScreenPair {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

/** The outermost object in a stack of wrappers that offers a palette screen; none below a `TransformObservation`. */
export function findPaletteScreen(env: object): PaletteScreen | undefined {
  let layer: object = env;
  for (;;) {
    if (isPaletteScreen(layer)) return layer;
    if (!(layer instanceof Wrapper) || layer instanceof TransformObservation) return undefined;
    layer = layer.env;
  }
}

function isPaletteScreen(value: object): value is PaletteScreen {
  const screen = value as Partial<PaletteScreen>;
  return typeof screen.screenIndices === 'function' && screen.palette instanceof Uint8Array;
}

/** Reads palette numbers where the shortcut is sound, and then tells the source to stop painting observations. */
export class ScreenReader {
  private readonly source: PaletteScreen | undefined;
  private painting = true;

  constructor(env: object) {
    this.source = findPaletteScreen(env);
  }

  /** Colours of the numbers that `read` returns. */
  get palette(): Uint8Array {
    return this.source?.palette ?? new Uint8Array(0);
  }

  /** The latest picture as palette numbers; undefined when the caller has to use the observation itself.
   * @throws MismatchError for an observation that is not the source's after one that was. */
  read(observation: Uint8Array): Uint8Array | Uint16Array | undefined {
    const { source } = this;
    if (source === undefined) return undefined;
    const indices = observation === source.screenObservation ? source.screenIndices() : undefined;
    if (indices === undefined) {
      if (!this.painting) {
        throw new MismatchError(
          'A wrapper replaced an observation after it had passed others on; below one that shrinks pictures it must replace all or none.',
        );
      }
      return undefined;
    }
    this.stopPainting(source);
    return indices;
  }

  /** As `read`, for the two frames of a pair; undefined also when there is no pair. */
  readPair(observation: Uint8Array): ScreenPair | undefined {
    const { source } = this;
    const pair = observation === source?.screenObservation ? source.screenPair?.() : undefined;
    if (pair !== undefined) this.stopPainting(source as PaletteScreen);
    return pair;
  }

  private stopPainting(source: PaletteScreen): void {
    if (!this.painting) return;
    source.setObservationWanted(false);
    this.painting = false;
  }

  /** Starts over, after a restored state: observations are painted again until the next `read`. */
  forget(): void {
    this.source?.setObservationWanted(true);
    this.painting = true;
  }
}
