import { MismatchError } from '../core/errors.ts';
import type { CreateRunner } from '../graph/create-runner.ts';
import type { CreateModelRunner } from './loaded-agent.ts';

/**
 * Runs models of this library on what runs graphs: kernels, the interpreter. Models of other programs need an ONNX runtime.
 * @throws FileFormatError for a model with operators that are not read.
 */
export function graphModelRunner(createRunner: CreateRunner): CreateModelRunner {
  return async (model, spec) => {
    const { readGraph } = await import('../graph/read-graph.ts');
    const [rows = 1] = Object.values(spec.inputs)[0]?.shape ?? [];
    const { graph, outputs, weights } = readGraph(model, rows);
    const missing = Object.keys(spec.outputs).find((name) => !(name in outputs));
    if (missing !== undefined) throw new MismatchError(`The model has no output "${missing}".`);
    return createRunner(graph, outputs, { constants: weights });
  };
}
