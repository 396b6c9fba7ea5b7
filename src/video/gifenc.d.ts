/** The part of gifenc that is used here; the package has no types of its own. */
declare module 'gifenc' {
  type Palette = number[][];
  type ColourFormat = 'rgb565' | 'rgb444' | 'rgba4444';
  interface GifStream {
    writeFrame(
      pixels: Uint8Array,
      width: number,
      height: number,
      options: {
        /** Of this picture; the first one's holds for those without. */
        palette?: Palette;
        delay?: number;
        repeat?: number;
        transparent?: boolean;
        transparentIndex?: number;
        dispose?: number;
      },
    ): void;
    finish(): void;
    /** A copy of what was written. */
    bytes(): Uint8Array;
  }
  export function GIFEncoder(): GifStream;
  export function quantize(rgba: Uint8Array, maxColors: number, options?: { format?: ColourFormat }): Palette;
  export function applyPalette(rgba: Uint8Array, palette: Palette, format?: ColourFormat): Uint8Array;
  const all: {
    GIFEncoder: typeof GIFEncoder;
    quantize: typeof quantize;
    applyPalette: typeof applyPalette;
  };
  export default all;
}
