import { expect, it } from 'vitest';
import { scalarValues } from '../agents/index.ts';
import { createActingValues } from '../agents/recurrent-q-values.ts';
import { argMax } from '../core/arg-max.ts';
import { Generator } from '../core/random/index.ts';
import { interpretGraphs } from '../graph/index.ts';
import { initializeAsPytorch, lstmLayer, mlp, Parameters } from '../nn/index.ts';
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

it('a recurrent model remembers its episode: what was answered at random too, and nothing of the episode before', async () => {
  const shape = { inputShape: [4], actions: 2, hidden: [8], lstm: lstmLayer(5) };
  const network = { ...mlp(shape), values: scalarValues('mse') };
  const weights = new Parameters(network.parameters);
  initializeAsPytorch(weights, new Generator(1));
  // Large weights and no bias at the end, so that both actions come.
  for (const { name, data } of weights) data.set(data.map((weight) => (name === 'fc.0.bias' ? 0 : 6 * weight)));
  const content = exportQModel(network, weights.byPrefix(), {
    ...{ env: 'CartPole-v1', envKwargs: {}, view: { kind: 'none', actionBins: null } },
  });
  const { env, act, close } = await openModel({ content, path: 'pole.onnx' });
  const acting = await createActingValues(network, weights, interpretGraphs, { rows: 1 });
  const chosen: number[][] = [];
  for (const asks of [() => true, (t: number) => t % 3 === 2, () => true]) {
    let { observation, info } = env.reset({ seed: 5 });
    const actions: number[] = [];
    for (let t = 0; t < 12; t++) {
      const wanted = argMax(await acting.of(observation as Float32Array));
      const action = asks(t) ? await act(observation, info) : wanted;
      expect(action).toBe(wanted);
      actions.push(action);
      const step = env.step(action);
      const ends = step.terminated || step.truncated;
      acting.follow([Number(ends)]);
      if (ends) break;
      ({ observation, info } = step);
    }
    acting.follow([1]);
    chosen.push(actions);
  }
  expect(new Set(chosen[0]).size).toBe(2);
  expect(chosen[1]).toEqual(chosen[0]);
  expect(chosen[2]).toEqual(chosen[0]);
  await close();
});
