/** Addresses of the files of onnxruntime-web that a page loads. */
export interface OrtFiles {
  /** Its JavaScript. */
  readonly module: string;
  /** What its program needs of a browser, and of its threads. */
  readonly glue: string;
  readonly program: string;
}

/**
 * The package's copies, which scripts/build.ts puts next to the elements; scripts/build-elements.ts puts their addresses from there in
 * place of these. Bundlers find files by this form and take them along.
 */
export const packagedOrt = (): OrtFiles => ({
  module: new URL('../../elements/ort/ort.wasm.min.mjs', import.meta.url).href,
  glue: new URL('../../elements/ort/ort-wasm-simd-threaded.mjs', import.meta.url).href,
  program: new URL('../../elements/ort/ort-wasm-simd-threaded.wasm', import.meta.url).href,
});

/** Files of onnxruntime-web by the names that its own package gives them. WebGPU is in another program. */
export function ortFilesIn(folder: string, device: 'wasm' | 'webgpu'): OrtFiles {
  const place = new URL(folder.endsWith('/') ? folder : `${folder}/`, globalThis.location?.href);
  const program = device === 'wasm' ? 'ort-wasm-simd-threaded' : 'ort-wasm-simd-threaded.asyncify';
  const address = (name: string): string => new URL(name, place).href;
  return {
    module: address(`ort.${device}.min.mjs`),
    glue: address(`${program}.mjs`),
    program: address(`${program}.wasm`),
  };
}
