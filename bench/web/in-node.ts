/** A process that measures one thing with one engine, as its parent (bench/web.ts) asks. */

import { FrozenLakeEnv } from 'bellman-rl/envs';
import type { CreateRunner } from 'bellman-rl/graph';
import { compileGraphs } from 'bellman-rl/graph';
import { ortRunnerFactory } from 'bellman-rl/node';
import { qLearningFrozenLake } from 'bellman-rl/recipes';
import { QLearningAgent } from 'bellman-rl/tabular';
import { measures } from './measures.ts';

export type Order = { readonly prepare: string; readonly engine: 'native' | 'kernels' } | 'work';
/** Units done, and seconds of processor time. */
export interface Work {
  readonly count: number;
  readonly seconds: number;
}

const engines: Readonly<Record<string, () => CreateRunner>> = {
  native: () => ortRunnerFactory('cpu', 1),
  kernels: () => compileGraphs,
};

async function updates(): Promise<() => Promise<number>> {
  const config = { ...qLearningFrozenLake.config, testInterval: 1e9 };
  const agent = new QLearningAgent({ env: new FrozenLakeEnv(), testEnv: new FrozenLakeEnv(), config, seed: 1 });
  const work = async () => {
    for (let i = 0; i < 2_000_000; i++) agent.iterate();
    return 2_000_000;
  };
  await work();
  return work;
}

let work: (() => Promise<number>) | undefined;
process.on('message', async (order: Order) => {
  if (order !== 'work') {
    const { prepare, engine } = order;
    work = prepare === 'updates' ? await updates() : await measures[prepare].prepare(engines[engine]());
    process.send?.('ready');
    return;
  }
  const before = process.cpuUsage();
  const count = await work!();
  const { user, system } = process.cpuUsage(before);
  process.send?.({ count, seconds: (user + system) / 1e6 } satisfies Work);
});
process.send?.('here');
