import { extname, join } from 'node:path';
import { OptionError } from '../core/errors.ts';
import { systemClock } from '../node/files/clock.ts';
import { kindOf, makeFolder } from '../node/files/folder.ts';
import type { PictureSize } from '../video/index.ts';

/** Parser of `--size 608x400`. */
export function pictureSize(name: string): (text: string) => PictureSize {
  return (text) => {
    const [, width, height] = (/^(\d{1,4})[x×](\d{1,4})$/i.exec(text.trim()) ?? []).map(Number);
    if (!(width >= 16 && height >= 16 && width <= 4096 && height <= 4096)) {
      throw new OptionError(name, text, 'width and height from 16 to 4096, such as 608x400');
    }
    return { width, height };
  };
}

/** A size as `pictureSize` reads it. */
export const sizeText = ({ width, height }: PictureSize): string => `${width}x${height}`;

/**
 * The file that is meant by a file's name or by a folder, in which it is named by what is shown and by the date.
 * @param endings of files that can be written, the first for a folder.
 * @throws OptionError for a file with another ending, and for a folder that is a file; WriteError.
 */
export function targetFile(option: string, path: string, endings: readonly string[], shown: string): string {
  const kind = kindOf(path);
  if (kind !== 'folder' && endings.includes(extname(path).toLowerCase())) return path;
  if (kind === 'file' || (kind === undefined && extname(path) !== '')) {
    const problem = kind === 'file' ? `, and that is a file` : '';
    throw new OptionError(option, path, `a folder, or a name that ends in ${endings.join(', ')}${problem}`);
  }
  makeFolder(path);
  const stem = `${shown.replace(/[^\w.-]+/g, '-').replace(/^[-.]+/, '')}-${dateInNames(systemClock())}`;
  for (let copy = 1; ; copy++) {
    const file = join(path, `${stem}${copy > 1 ? `-${copy}` : ''}${endings[0]}`);
    if (kindOf(file) === undefined) return file;
  }
}

/** Local time as it sorts: 2026-11-28-043312. */
function dateInNames(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
