import { KERNELS_WASM } from './kernels.generated.ts';

/** Carries out the program between two addresses of the memory. */
export type RunProgram = (from: number, end: number) => void;

/** null where nothing may be compiled, or SIMD is missing. */
let compiled: WebAssembly.Module | null | undefined;
const instances = new WeakMap<WebAssembly.Memory, RunProgram>();

/** The kernels over a memory, one instance each; undefined where the platform has or allows no WebAssembly SIMD. */
export function wasmKernels(memory: WebAssembly.Memory): RunProgram | undefined {
  const known = instances.get(memory);
  if (known !== undefined) return known;
  if (compiled === undefined) compiled = compile();
  if (compiled === null) return undefined;
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const run = exports['run'] as RunProgram;
  instances.set(memory, run);
  return run;
}

function compile(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(KERNELS_WASM), (character) => character.charCodeAt(0)));
  } catch {
    // No SIMD, or a page whose Content-Security-Policy is without 'wasm-unsafe-eval'.
    return null;
  }
}
