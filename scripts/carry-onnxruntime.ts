/** What the package carries of onnxruntime-web, so that networks run however it was installed. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

/** The folder of onnxruntime-web's files. */
export const ORT_WEB = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));

/**
 * 14 MB of onnxruntime-web's 145: a module for Node and one for pages, the threads' module, and the program. What a user
 * installs then trains networks though the optional onnxruntime-node is missing (src/node/onnxruntime/wasm-ort.ts), and in pages
 * (src/web/runtime/ort-files.ts).
 */
export function carryOrt(folder: string): void {
  buildSync({
    entryPoints: [join(ORT_WEB, 'ort.node.min.mjs')],
    outfile: join(folder, 'ort.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    legalComments: 'inline',
  });
  // Maps are not carried.
  const page = readFileSync(join(ORT_WEB, 'ort.wasm.min.mjs'), 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, '');
  writeFileSync(join(folder, 'ort.wasm.min.mjs'), page);
  for (const name of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
    copyFileSync(join(ORT_WEB, name), join(folder, name));
  }
}
