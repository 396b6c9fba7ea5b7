import type { Env } from '../core/env.ts';
import { Wrapper } from '../core/wrapper.ts';

/**
 * A shortcut past RGB: an environment (or wrapper) whose picture has few colours can hand out the colour number of each
 * pixel. Wrappers that shrink pictures then look brightness up instead of computing it for 33,600 pixels, and frames
 * that nobody looks at are never painted. Wrappers work without it, on any RGB observation; the result is the same.
 *
 * The observation's identity tells whether the shortcut is sound: if the array that arrives through `step` is the very
 * one that the source owns, nothing in between changed the picture.
 */
export interface PaletteScreen {
  /** The colours, [n, 3]. Constant. */
  readonly palette: Uint8Array;
  /** The array that `step` and `reset` return as observation. */
  readonly screenObservation: Uint8Array;
  /** Number in `palette` of each pixel of the latest observation, row-major. A view: valid until the next call of
   * `step`, `reset` or `restoreState`. */
  screenIndices(): Uint8Array | Uint16Array;
  /** While false, `step` and `reset` need not paint the observation; its content is then undefined. */
  setObservationWanted(wanted: boolean): void;
}

/** The outermost object in a stack of wrappers that offers a palette screen. */
export function findPaletteScreen(env: object): PaletteScreen | undefined {
  let layer: object = env;
  for (;;) {
    if (isPaletteScreen(layer)) return layer;
    if (!(layer instanceof Wrapper)) return undefined;
    layer = layer.env as Env<never, never>;
  }
}

function isPaletteScreen(value: object): value is PaletteScreen {
  const screen = value as Partial<PaletteScreen>;
  return typeof screen.screenIndices === 'function' && screen.palette instanceof Uint8Array;
}
