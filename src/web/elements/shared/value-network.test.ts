import { expect, it } from 'vitest';
import { scalarValues } from '../../../agents/index.ts';
import { lstmLayer, mlp, Parameters } from '../../../nn/index.ts';
import { exportQModel } from '../../../storage/q-model.ts';
import { openValueNetwork } from './value-network.ts';

it('a page says that it does not play a recurrent network', async () => {
  const metadata = { env: 'CartPole-v1', envKwargs: {}, view: { kind: 'none', actionBins: null } } as const;
  const bytes = (lstm?: number) => {
    const network = {
      ...mlp({ inputShape: [4], actions: 2, hidden: [8], lstm: lstm === undefined ? undefined : lstmLayer(lstm) }),
      values: scalarValues('mse'),
    };
    return exportQModel(network, new Parameters(network.parameters).byPrefix(), metadata);
  };
  await expect(openValueNetwork(bytes(3), 'my.onnx')).rejects.toThrow('my.onnx has a recurrent network (an LSTM)');
  const network = await openValueNetwork(bytes(), 'my.onnx');
  expect(network.env).toBe('CartPole-v1');
  await network.release();
});
