import { doubleBootstrap } from '../agents/double.ts';
import { buildDqnUpdate } from '../agents/dqn.ts';
import { scalarValues } from '../agents/scalar.ts';
import { Generator } from '../core/random/index.ts';
import { sizeOf } from '../core/shape.ts';
import { type CreateRunner, createInterpreterRunner, type TypedArray } from '../graph/index.ts';
import { PICTURE_NETWORKS } from '../nn/networks/picture-networks.ts';
import { bad, type Finding, good } from './finding.ts';

export const GRADIENT_TOLERANCE = 1e-3;

/**
 * DQN's loss and all its gradients for a small convolutional network, once by the platform's runner and once by the plain
 * interpreter. @returns the largest difference, relative to the largest entry of its gradient.
 */
export async function compareGradients(createRunner: CreateRunner): Promise<number> {
  const network = {
    ...PICTURE_NETWORKS['small-42']({ inputShape: [2, 17, 17], actions: 3 }),
    values: scalarValues('huber'),
  };
  const { graph, outputs } = buildDqnUpdate(network, { batchSize: 3, bootstrap: doubleBootstrap });
  const runner = await createRunner(graph, outputs);
  const reference = createInterpreterRunner(outputs);
  const random = new Generator(0);
  const feeds: Record<string, TypedArray> = {};
  for (const [name, { dtype, shape }] of Object.entries(runner.inputs)) {
    const length = sizeOf(shape);
    if (dtype === 'uint8') feeds[name] = Uint8Array.from({ length }, () => random.integers(0, 256));
    else if (dtype === 'int32') feeds[name] = Int32Array.from({ length }, () => random.integers(0, 3));
    else feeds[name] = Float32Array.from({ length }, () => random.uniform(-0.2, 0.2));
  }
  const ours = await runner.run(feeds);
  const expected = await reference.run(feeds);
  let worst = 0;
  for (const name of Object.keys(outputs)) {
    let scale = 1e-6;
    let difference = 0;
    expected[name].forEach((value, i) => {
      scale = Math.max(scale, Math.abs(value));
      difference = Math.max(difference, Math.abs(value - ours[name][i]));
    });
    worst = Math.max(worst, difference / scale);
  }
  await runner.release();
  await reference.release();
  return worst;
}

export async function checkGradients(createRunner: CreateRunner): Promise<Finding> {
  const worst = await compareGradients(createRunner);
  const detail = `ONNX Runtime and the reference differ by ${worst.toExponential(1)}`;
  if (worst <= GRADIENT_TOLERANCE) return good('gradients', detail);
  return bad('gradients', detail, `at most ${GRADIENT_TOLERANCE} is right: reinstall onnxruntime-node and report this`);
}
