/** onnxruntime-web on demand: its 14 MB are fetched when the first network is wanted, with progress, and cached by the browser. */
import { UnavailableError } from '../../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../../core/options.ts';
import { type OrtFiles, ortFilesIn, packagedOrt } from './ort-files.ts';
import type { OrtWeb } from './ort-web-runner.ts';

export interface LoadOrtOptions {
  /** Default `wasm`. For `webgpu` the folder has to be one with all of onnxruntime-web's files. */
  readonly device?: 'wasm' | 'webgpu' | undefined;
  /** Address of a folder with files of onnxruntime-web's `dist`. Default: the package's, which has those for `wasm`. */
  readonly folder?: string | undefined;
  /** Above 1 where the page is cross-origin isolated only; the first call decides for its page or worker. Default 1. */
  readonly threads?: number | undefined;
  /** @param total undefined where the server does not say. */
  readonly onProgress?: ((loaded: number, total: number | undefined) => void) | undefined;
}

const OPTIONS: OptionNames<LoadOrtOptions> = { device: true, folder: true, threads: true, onProgress: true };

interface OrtModule extends OrtWeb {
  readonly env: {
    readonly wasm: { numThreads?: number; wasmPaths?: object; wasmBinary?: ArrayBuffer };
  };
}

const loading = new Map<string, Promise<OrtWeb>>();

/**
 * Loads onnxruntime-web into this page or worker, once for a device and folder.
 * @throws UnknownNameError for an option of another name, UnavailableError where a file does not load, or WebGPU is not here.
 */
export async function loadOrt(options: LoadOrtOptions = {}): Promise<OrtWeb> {
  checkOptionNames(options, OPTIONS);
  const { device = 'wasm', folder } = options;
  if (device === 'webgpu') await checkWebGpu();
  const files = ortFiles(device, folder);
  const found = loading.get(files.program) ?? load(files, options);
  loading.set(files.program, found);
  // What failed, a lost connection say, may be tried again.
  found.catch(() => loading.delete(files.program));
  return found;
}

function ortFiles(device: 'wasm' | 'webgpu', folder: string | undefined): OrtFiles {
  if (folder !== undefined) return ortFilesIn(folder, device);
  if (device === 'wasm') return packagedOrt();
  throw new UnavailableError(
    "The package does not carry onnxruntime-web's program for WebGPU, 27 MB.",
    'Serve the folder `dist` of the package onnxruntime-web, and say where: { ort: "/folder/" }.',
  );
}

async function load(files: OrtFiles, { threads = 1, onProgress }: LoadOrtOptions): Promise<OrtWeb> {
  const [ort, wasmBinary] = await Promise.all([importOrt(files.module), fetchProgram(files.program, onProgress)]);
  const { wasm } = ort.env;
  wasm.numThreads = globalThis.crossOriginIsolated ? threads : 1;
  wasm.wasmPaths = { mjs: files.glue, wasm: files.program };
  wasm.wasmBinary = wasmBinary;
  return ort;
}

async function importOrt(address: string): Promise<OrtModule> {
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ address)) as OrtModule;
  } catch (cause) {
    throw notLoaded(address, (cause as Error).message, cause);
  }
}

/** @throws UnavailableError where it does not come whole. */
async function fetchProgram(address: string, onProgress: LoadOrtOptions['onProgress']): Promise<ArrayBuffer> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    // The length of what is sent compressed is that of the compressed.
    const whole = response.headers.get('Content-Encoding') === null ? response.headers.get('Content-Length') : null;
    const total = whole === null ? undefined : Number(whole);
    if (onProgress === undefined || response.body === null) return await response.arrayBuffer();
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let loaded = 0;
    onProgress(0, total);
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
      loaded += next.value.length;
      onProgress(loaded, total);
    }
    return await new Blob(pieces).arrayBuffer();
  } catch (cause) {
    throw notLoaded(address, (cause as Error).message, cause);
  }
}

const notLoaded = (address: string, reason: string, cause: unknown): UnavailableError =>
  new UnavailableError(
    `onnxruntime-web does not load from ${address}: ${reason}.`,
    'Serve its files there, or say where they are: { ort: "/folder/" }.',
    { cause },
  );

async function checkWebGpu(): Promise<void> {
  const { gpu } = globalThis.navigator as { readonly gpu?: { requestAdapter(): Promise<unknown> } };
  if (gpu !== undefined && (await gpu.requestAdapter()) !== null) return;
  throw new UnavailableError(
    gpu === undefined ? 'This browser has no WebGPU.' : 'WebGPU finds no graphics card here.',
    "Leave out `device`, or give 'wasm'.",
  );
}
