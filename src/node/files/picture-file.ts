import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { OptionError, UnavailableError } from '../../core/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';

/** Formats of pictures, by the ending of their file's name. */
export const pictureFormats = ['.svg', '.png'] as const;

/** @throws OptionError when a picture cannot have that name. */
export function checkPictureName(option: string, file: string): void {
  if (!(pictureFormats as readonly string[]).includes(extname(file).toLowerCase())) {
    throw new OptionError(option, file, `a file that ends in ${pictureFormats.join(' or ')}`);
  }
}

/**
 * Writes a picture as it is, or drawn in pixels where the name ends in `.png`.
 * @param svg a document whose texts need no font in particular.
 * @param scale pixels of a PNG for each unit of the document.
 * @throws OptionError for another ending, UnavailableError when the drawing library is not installed, WriteError.
 */
export async function writePicture(file: string, svg: string, scale = 2): Promise<void> {
  checkPictureName('picture', file);
  writeFileAtomic(file, extname(file).toLowerCase() === '.png' ? await svgToPng(svg, scale) : svg);
}

const FAMILY = 'Bellman Sans';

/** Draws an SVG document as a PNG file, with the same letters on every machine. */
export async function svgToPng(svg: string, scale: number): Promise<Uint8Array> {
  let canvas: typeof import('@napi-rs/canvas');
  try {
    canvas = await import('@napi-rs/canvas');
    const { resolve } = createRequire(import.meta.url);
    if (!canvas.GlobalFonts.has(FAMILY)) {
      for (const weight of [400, 700]) {
        const font = resolve(`@fontsource/dejavu-sans/files/dejavu-sans-latin-${weight}-normal.woff2`);
        canvas.GlobalFonts.registerFromPath(font, FAMILY);
      }
    }
  } catch (cause) {
    const cure = 'Install @napi-rs/canvas and @fontsource/dejavu-sans, or write an .svg file.';
    throw new UnavailableError('PNG pictures need two optional packages.', cure, { cause });
  }
  const document = svg.replace(/ font-family="[^"]*"/, ` font-family="${FAMILY}"`);
  const image = await canvas.loadImage(Buffer.from(document));
  const surface = canvas.createCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
  surface.getContext('2d').drawImage(image, 0, 0, surface.width, surface.height);
  return surface.toBuffer('image/png');
}
