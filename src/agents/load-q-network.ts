import type { QNetwork } from './dqn.ts';
import { mlpQNetwork, type QNetworkForm } from './mlp-q-network.ts';
import type { NetworkConfig, ValuesConfig } from './network-config.ts';
import type { NetworkSpec } from './network-spec.ts';
import { scalarValues } from './scalar.ts';

/** `createQNetwork`, but networks for pictures and distributions are loaded by those who train them: small pages do without.
 * @throws MismatchError as it does. */
export async function loadQNetwork(
  config: { readonly network: NetworkConfig; readonly values: ValuesConfig },
  spec: NetworkSpec,
  form: QNetworkForm = {},
): Promise<QNetwork> {
  const { network, values } = config;
  if (network.kind === 'mlp' && values.kind === 'scalar' && !network.lstm) {
    return mlpQNetwork(network, spec, scalarValues(values.loss), form);
  }
  return (await import('./q-network.ts')).createQNetwork(config, spec, form);
}
