/** What the package carries of onnxruntime-web, so that networks run however it was installed. */
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

/** The folder of onnxruntime-web's files. */
export const ORT_WEB = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));

/**
 * onnxruntime-web for Node, 14 MB of its 145: one module, the threads' module, and the program. What a user installs then
 * trains networks though the optional onnxruntime-node is missing. src/node/onnxruntime/wasm-ort.ts loads it.
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
  for (const name of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
    copyFileSync(join(ORT_WEB, name), join(folder, name));
  }
}
