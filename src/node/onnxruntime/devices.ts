import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { OptionError, UnavailableError } from '../../core/errors.ts';
import { emitOnnx, Graph, neg } from '../../graph/index.ts';
import { hasNativeOrt } from './native-ort.ts';

/** Where a network may run: execution providers of ONNX Runtime, by their own names, and kernels of our own in WebAssembly. */
export const DEVICES = ['cpu', 'wasm', 'kernels', 'webgpu', 'cuda'] as const;
export type Device = (typeof DEVICES)[number];

/** The device that a request means here: cpu is wasm where onnxruntime-node is missing, which is said once. */
export async function settledDevice(name: string): Promise<string> {
  return name === 'cpu' && !(await hasNativeOrt()) ? 'wasm' : name;
}

/** Loads and runs a model of one operator; in a process of its own, since the native libraries write to stderr. */
const PROBE = `
const ort = require(process.argv[1]);
const model = Buffer.from(process.argv[3], 'base64');
ort.InferenceSession.create(model, { executionProviders: [process.argv[2]], logSeverityLevel: 4 })
  .then((session) => session.run({ x: new ort.Tensor('float32', [1], [1]) }))
  .then(({ y }) => { if (y.data[0] !== -1) throw new Error('it computes nonsense'); })
  .then(() => process.exit(0), (error) => { console.log(error.message.split('\\n')[0]); process.exit(1); });
`;

/** Why a device does not run here; undefined when it does. */
function obstacle(device: Device): string | undefined {
  if (device === 'cpu' || device === 'wasm' || device === 'kernels') return undefined;
  const graph = new Graph();
  const model = emitOnnx(graph, { outputs: { y: neg(graph.input('x', 'float32', [1])) } });
  const ort = findOrt();
  if (ort === undefined) return 'onnxruntime-node is not installed';
  const args = ['-e', PROBE, ort, device, Buffer.from(model).toString('base64')];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
  if (status === 0) return undefined;
  // Messages begin with a place in a source file and a function, and say what failed last.
  return (
    stdout
      .trim()
      .split(/ was false\. |: (?=Failed)/)
      .at(-1) || 'it does not start'
  );
}

function findOrt(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('onnxruntime-node');
  } catch {
    return undefined;
  }
}

/**
 * Checks a name from the command line, and for anything but the processor that it runs here.
 * @throws OptionError for an unknown name, UnavailableError with the names of those that run.
 */
export function checkDevice(name: string): Device {
  const device = DEVICES.find((known) => known === name);
  if (device === undefined) throw new OptionError('--device', name, `one of ${DEVICES.join(', ')}`);
  const problem = obstacle(device);
  if (problem === undefined) return device;
  const others = DEVICES.filter((other) => other !== device && obstacle(other) === undefined);
  throw new UnavailableError(
    `Device ${device} does not run here: ${problem.replace(/\.$/, '')}.`,
    `Those that do: ${others.join(', ')}.`,
  );
}
