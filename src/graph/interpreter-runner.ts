import { OrderError } from '../core/errors.ts';
import type { CreateRunner } from './create-runner.ts';
import { modelSpec } from './emit-onnx.ts';
import type { Tensor } from './graph.ts';
import { evaluate } from './interpreter.ts';
import type { GraphRunner } from './runner.ts';
import { allocateOutputs, checkFeed } from './runner.ts';
import type { TypedArray } from './tensor-spec.ts';

/**
 * The plain interpreter behind the interface of the fast runners; singles, like them.
 * @param constants elements (copied), by name, of inputs that are the same in every run and take no feeds.
 * @param outputArrays arrays of the caller that outputs of these names are written to.
 */
export function createInterpreterRunner(
  outputs: Readonly<Record<string, Tensor>>,
  constants: Readonly<Record<string, Float32Array>> = {},
  outputArrays: Readonly<Record<string, TypedArray>> = {},
): GraphRunner {
  const spec = modelSpec(outputs, constants);
  const stored = Object.fromEntries(Object.entries(constants).map(([name, data]) => [name, data.slice()]));
  const fetches = { ...allocateOutputs(spec.outputs), ...outputArrays };
  const names = Object.keys(outputs);
  const tensors = Object.values(outputs);
  let released = false;
  return {
    ...spec,
    async run(feeds) {
      if (released) throw new OrderError('This runner was released.');
      for (const name in spec.inputs) checkFeed(name, spec.inputs[name], feeds[name]);
      evaluate(tensors, { ...(feeds as Readonly<Record<string, TypedArray>>), ...stored }).forEach((data, i) => {
        fetches[names[i]].set(data);
      });
      return fetches;
    },
    async release() {
      released = true;
    },
  };
}

/** The interpreter where a platform's runners are asked for: slow, the same bits everywhere. */
export const interpretGraphs: CreateRunner = async (_graph, outputs, { constants, outputArrays } = {}) =>
  createInterpreterRunner(outputs, constants, outputArrays);
