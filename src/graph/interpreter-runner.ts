import { OrderError } from '../core/errors.ts';
import { modelSpec } from './emit-onnx.ts';
import { evaluate } from './interpreter.ts';
import type { GraphRunner } from './runner.ts';
import { allocateOutputs, checkFeed, checkFeedNames } from './runner.ts';
import type { Tensor } from './tensor.ts';

/**
 * The plain interpreter behind the interface of the fast runners; singles, like them.
 * @param constants inputs, by name, that keep these elements (copied) and take no feeds.
 */
export function createInterpreterRunner(
  outputs: Readonly<Record<string, Tensor>>,
  constants: Readonly<Record<string, Float32Array>> = {},
): GraphRunner {
  const spec = modelSpec(outputs, constants);
  const stored = Object.fromEntries(Object.entries(constants).map(([name, data]) => [name, data.slice()]));
  const fetches = allocateOutputs(spec.outputs);
  const names = Object.keys(outputs);
  const tensors = Object.values(outputs);
  let released = false;
  return {
    ...spec,
    async run(feeds) {
      if (released) throw new OrderError('This runner was released.');
      checkFeedNames(spec.inputs, feeds);
      for (const name in spec.inputs) checkFeed(name, spec.inputs[name], feeds[name]);
      evaluate(tensors, { ...feeds, ...stored }).forEach((data, i) => {
        fetches[names[i]].set(data);
      });
      return fetches;
    },
    async release() {
      released = true;
    },
  };
}
