import type * as common from 'onnxruntime-common';
import { UnavailableError } from '../../core/errors.ts';
import { switchOffTelemetry } from './telemetry.ts';

/** What is used of the module `onnxruntime-node`, which may be missing: a checkout compiles without it. */
export type NativeOrt = Pick<typeof common, 'InferenceSession' | 'Tensor'>;

/** Where onnxruntime-node brings a program along. */
const PROGRAMS: readonly string[] = ['darwin arm64', 'linux arm64', 'linux x64', 'win32 arm64', 'win32 x64'];

let loading: Promise<NativeOrt | Error> | undefined;

async function attempt(): Promise<NativeOrt | Error> {
  switchOffTelemetry();
  try {
    // biome-ignore lint/suspicious/noTsIgnore: an error only where the package is missing.
    // @ts-ignore a checkout compiles without it.
    return await import('onnxruntime-node');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** @throws UnavailableError when onnxruntime-node is not installed, or has no program that runs here. */
export async function loadNativeOrt(): Promise<NativeOrt> {
  loading ??= attempt();
  const found = await loading;
  if (!(found instanceof Error)) return found;
  const { obstacle, cure } = explain(found);
  const other = "Or use WebAssembly: --device wasm, ortRunnerFactory('wasm', threads).";
  throw new UnavailableError(obstacle, cure === undefined ? other : `${cure} ${other}`, { cause: found });
}

let warned = false;

/**
 * Whether native ONNX Runtime runs here; where it does not, the first call says on stderr what is used instead and what
 * brings the fast one.
 */
export async function hasNativeOrt(): Promise<boolean> {
  loading ??= attempt();
  const found = await loading;
  if (!(found instanceof Error)) return true;
  if (!warned) {
    warned = true;
    const { obstacle, cure = '' } = explain(found);
    const instead = 'Networks run on WebAssembly (--device wasm), about 2 to 3 times slower.';
    console.warn(`bellman: ${obstacle} ${instead} ${cure}`.trimEnd());
  }
  return false;
}

/** What installs the package anew where a file of it lies, but for the install scripts. */
function installAt(place: string): string {
  if (!place.includes('/node_modules/bellman-rl/')) return 'npm install --ignore-scripts'; // a checkout
  // Of an install for all folders npm has the packages below lib, on Windows below npm.
  const everywhere = /\/(?:lib|npm)\/node_modules\/bellman-rl\//.test(place);
  // Where npx runs it from its own cache, this puts it into the folder, where npx looks first.
  return `npm install ${everywhere ? '-g ' : ''}--ignore-scripts bellman-rl`;
}

/** Why onnxruntime-node did not load, and what brings it where something does. */
export function explain(
  error: Error,
  { platform, arch }: { readonly platform: string; readonly arch: string } = process,
  place = import.meta.url,
): { readonly obstacle: string; readonly cure?: string } {
  const here = `${platform} ${arch}`;
  if (!PROGRAMS.includes(here)) return { obstacle: `onnxruntime-node has no program for ${here}.` };
  const [line] = error.message.split('\n');
  const { code } = error as NodeJS.ErrnoException;
  const notFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  // A file that is missing within the package has the same code.
  if (!notFound || !/onnxruntime-node['"]?(?: |$)/.test(line)) {
    return { obstacle: `onnxruntime-node does not load here (${line}).` };
  }
  return {
    obstacle: 'onnxruntime-node is not installed.',
    cure: `For the fast one: ${installAt(place)}`,
  };
}
