/** Whether dist holds what is compiled from the sources as they are. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ORT_WEB } from './carry-onnxruntime.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
export const dist: string = join(root, 'dist');
/** Holds the hash of the sources that dist was compiled from. */
export const stampName = '.sources';

/** Of everything that decides what is compiled. */
export function hashSources(): string {
  const hash = createHash('sha256');
  const sources = fs.readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).sort();
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const name of [...settings, ...sources.map((source) => join('src', source))]) {
    const path = join(root, name);
    if (fs.statSync(path).isFile()) hash.update(`${name}\n`).update(fs.readFileSync(path));
  }
  hash.update(fs.readFileSync(join(ORT_WEB, '..', 'package.json')));
  return hash.digest('hex');
}

/** Whether dist was compiled from sources of this hash. */
export function isBuiltFrom(hash: string): boolean {
  const stamp = join(dist, stampName);
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash;
}
