/** A T-maze, which whoever sees the present alone cannot solve: 0 on average, 1 for whoever remembers the sign. */
import { describe, expect, it } from 'vitest';
import { type DqnConfig, parseDqnConfig } from '../../src/agents/dqn-config.ts';
import { type PqnConfig, parsePqnConfig } from '../../src/agents/pqn-config.ts';
import { compileGraphs } from '../../src/graph/index.ts';
import { type ConfigChange, changed } from '../../src/recipes/change.ts';
import { dqnCartPole } from '../../src/recipes/dqn-cart-pole.ts';
import { pqnCartPole } from '../../src/recipes/pqn.ts';
import { createDqnTraining } from '../../src/train/create-dqn-training.ts';
import { createPqnTraining } from '../../src/train/pqn-training.ts';
import { createRecurrentDqnTraining } from '../../src/train/recurrent-dqn-training.ts';
import type { Training } from '../../src/train/training.ts';
import { makeTrainingEnv } from '../../src/train/training-env.ts';
import { tMaze } from '../support/t-maze.ts';

const shared = { envId: 'TMaze', seed: 0, createRunner: compileGraphs, now: () => 0 };

function pqn(change: ConfigChange<PqnConfig>): Promise<Training> {
  const config = parsePqnConfig(
    changed(pqnCartPole.config, {
      ...{ gamma: 0.95, lambda: 0.8, environments: 16, rolloutSteps: 20, minibatches: 2, epochs: 2 },
      ...{ learningRate: 1e-2, learningRateFinal: 1e-3, learningRateDecaySteps: 12_000 },
      ...{ epsilonDecaySteps: 6000, epsilonFinal: 0.05, rewardBound: 0.8, maxSteps: 16_000 },
      ...change,
    }),
  );
  return createPqnTraining({ ...shared, config, env: makeTrainingEnv(tMaze(), config.preprocessing, 16) });
}

function dqn(change: ConfigChange<DqnConfig>, network: object): Promise<Training> {
  const settings = {
    ...{ gamma: 0.95, environments: 4, batchSize: 16, bufferSize: 8000, learningStarts: 400, trainInterval: 8 },
    ...{ targetUpdateInterval: 200, learningRate: 3e-3, learningRateFinal: 3e-3, epsilonDecaySteps: 4000 },
    ...{ epsilonFinal: 0.05, nStep: 2, rewardBound: 0.8, maxSteps: 12_000 },
  };
  const { network: plain, ...base } = dqnCartPole.config;
  const config = parseDqnConfig({
    ...base,
    ...settings,
    network: { ...plain, hiddenSizes: [16], ...network },
    ...change,
  });
  const options = { ...shared, config, env: makeTrainingEnv(tMaze(), config.preprocessing, 4) };
  return config.replay.kind === 'sequences' ? createRecurrentDqnTraining(options) : createDqnTraining(options);
}

/** @returns whether it was solved, and the mean return of the last hundred episodes. */
async function outcome(training: Training): Promise<{ readonly solved: boolean | undefined; readonly mean: number }> {
  const returns: number[] = [];
  while (training.end === undefined) await training.advance({ episode: ({ reward }) => void returns.push(reward) });
  await training.close();
  return { solved: training.end.solved, mean: returns.slice(-100).reduce((sum, reward) => sum + reward, 0) / 100 };
}

describe('a T-maze', () => {
  it('is solved by PQN with an LSTM, and not by PQN without', async () => {
    const hidden = { hiddenSizes: [16] };
    const remembering = await outcome(await pqn({ network: { ...hidden, lstm: { units: 16 } } }));
    expect(remembering).toMatchObject({ solved: true });
    expect(remembering.mean).toBeGreaterThan(0.75);
    const forgetting = await outcome(await pqn({ network: hidden }));
    expect(forgetting).toMatchObject({ solved: false });
    expect(Math.abs(forgetting.mean)).toBeLessThan(0.35);
  });

  it.each([
    'stored',
    'zero',
  ] as const)('is solved by DQN with an LSTM, from states that are %s', async (initialState) => {
    const replay = { kind: 'sequences', length: 8, burnIn: 4, overlap: 4, initialState } as const;
    const { solved, mean } = await outcome(await dqn({ replay }, { lstm: { units: 16 } }));
    expect(solved).toBe(true);
    expect(mean).toBeGreaterThan(0.75);
  });

  it('is not solved by DQN without', async () => {
    const { solved, mean } = await outcome(await dqn({ maxSteps: 6000 }, {}));
    expect(solved).toBe(false);
    expect(Math.abs(mean)).toBeLessThan(0.35);
  });
});
