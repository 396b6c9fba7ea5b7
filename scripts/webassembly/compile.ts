/** Compiles AssemblyScript to WebAssembly. The compiler is a development dependency only. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

/**
 * With `ATARI_NAMES` set the module keeps the names of functions, for profiles; `ATARI_WAT` names a file for its text.
 * @param sources text by file name.
 * @param pages of 64 KiB of memory to begin with.
 * @param optimize options of the compiler. (Passes until nothing changes, `--converge`, take twice the time; nothing runs faster.)
 */
export async function compile(
  sources: Record<string, string>,
  entry: string,
  pages: number,
  optimize: readonly string[] = ['-O3'],
): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'atari-'));
  try {
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
    const { error, stderr } = await asc.main([
      join(folder, entry),
      '--outFile', join(folder, 'out.wasm'),
      '--textFile', join(folder, 'out.wat'),
      ...optimize, '--enable', 'simd', '--runtime', 'stub', ...(process.env['ATARI_NAMES'] ? ['--debug'] : []), '--noAssert', '--initialMemory', `${pages}`, '--memoryBase', '7168',
      '--use', 'abort=',
    ]); // biome-ignore format: options with their values
    if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
    if (process.env['ATARI_WAT']) writeFileSync(process.env['ATARI_WAT'], readFileSync(join(folder, 'out.wat')));
    return new Uint8Array(readFileSync(join(folder, 'out.wasm')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
