import { expect, it } from 'vitest';
import { scalarValues } from '../agents/index.ts';
import { Generator } from '../core/random/index.ts';
import { initializeAsPytorch, mlp, Parameters } from '../nn/index.ts';
import { openModel } from '../node/runs/load-agent.ts';
import { exportQModel } from '../storage/q-model.ts';

it('a model that a program exported without a name of an environment plays where it is told to', async () => {
  const network = { ...mlp({ inputShape: [4], actions: 2, hidden: [8] }), values: scalarValues('mse') };
  const weights = new Parameters(network.parameters);
  initializeAsPytorch(weights, new Generator(1));
  const content = exportQModel(network, weights.byPrefix(), {
    ...{ env: '', envKwargs: {}, view: { kind: 'none', actionBins: null } },
  });
  const model = { content, path: 'pole.onnx' };
  await expect(openModel(model)).rejects.toThrow('pole.onnx names no environment. Say which: --env CartPole-v1.');
  const { env, act } = await openModel(model, { env: 'CartPole-v1' });
  const { observation, info } = env.reset({ seed: 1 });
  expect([0, 1]).toContain(await act(observation, info));
});
