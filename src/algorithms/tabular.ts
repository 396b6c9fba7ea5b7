import { type TabularAlgorithmName, tabularAlgorithms } from '../tabular/algorithms.ts';
import { withNumberedStates } from '../tabular/numbered-states.ts';
import { TabularTraining } from '../train/tabular-training.ts';
import { withDiscreteActions } from '../wrappers/discretize-action.ts';
import { type Algorithm, algorithm } from './algorithm.ts';

/** A tabular agent as an algorithm. */
export function tabular(name: TabularAlgorithmName): Algorithm {
  const { parse, create } = tabularAlgorithms[name];
  return algorithm({
    networks: false,
    unit: 'iterations',
    parse,
    upgrade: (config) => ({ actionBins: null, actionMasks: false, ...config }),
    create: ({ env, envKwargs, seed, config }, platform) => {
      const { maxIterations, rewardBound, cells, actionBins } = config;
      const make = () => withNumberedStates(withDiscreteActions(platform.makeEnv(), actionBins), cells);
      const agent = create({ env: make(), testEnv: make(), seed, config: { ...config } });
      return new TabularTraining({ agent, maxIterations, rewardBound, env, envOptions: envKwargs, cells, actionBins });
    },
  });
}
