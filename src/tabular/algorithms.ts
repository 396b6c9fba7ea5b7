import {
  parseDynaQConfig,
  parseNStepConfig,
  parseOnlineConfig,
  parseQLambdaConfig,
  parseQLearningConfig,
  parseSampledModelConfig,
  parseSampledNStepConfig,
  type TabularConfig,
} from './config.ts';
import { DoubleQLearningAgent } from './double-q-learning.ts';
import { DynaQAgent } from './dyna-q.ts';
import { ExpectedSarsaAgent } from './expected-sarsa.ts';
import { MonteCarloAgent, MonteCarloExploringStartsAgent } from './monte-carlo.ts';
import { NStepQAgent } from './n-step-q.ts';
import { NStepSarsaAgent } from './n-step-sarsa.ts';
import { NStepTreeBackupAgent } from './n-step-tree-backup.ts';
import { OffPolicyMonteCarloAgent } from './off-policy-monte-carlo.ts';
import { QIterationAgent } from './q-iteration.ts';
import { QLearningAgent } from './q-learning.ts';
import { SarsaAgent } from './sarsa.ts';
import type { AgentOptions, TabularAgent } from './tabular-agent.ts';
import { ValueIterationAgent } from './value-iteration.ts';
import { WatkinsQLambdaAgent } from './watkins-q-lambda.ts';

/** How an agent is made from a configuration that comes as data. */
export interface TabularAlgorithm {
  /** @throws OptionError for a key that is unknown, missing or out of range. */
  readonly parse: (config: object) => TabularConfig;
  /** Checks the configuration and makes the agent. @throws also what the agent's constructor throws. */
  readonly create: (options: AgentOptions<object>) => TabularAgent;
}

function algorithm<C extends TabularConfig>(
  Agent: new (options: AgentOptions<C>) => TabularAgent,
  parse: (config: object) => C,
): TabularAlgorithm {
  // The agent checks its own configuration.
  return { parse, create: (options) => new Agent(options as AgentOptions<C>) };
}

/** The tabular agents by the names that recipes and the command line use. */
export const tabularAlgorithms = {
  'value-iteration': algorithm(ValueIterationAgent, parseSampledModelConfig),
  'q-iteration': algorithm(QIterationAgent, parseSampledModelConfig),
  'q-learning': algorithm(QLearningAgent, parseQLearningConfig),
  sarsa: algorithm(SarsaAgent, parseOnlineConfig),
  'expected-sarsa': algorithm(ExpectedSarsaAgent, parseOnlineConfig),
  'double-q-learning': algorithm(DoubleQLearningAgent, parseOnlineConfig),
  'n-step-sarsa': algorithm(NStepSarsaAgent, parseSampledNStepConfig),
  'n-step-q': algorithm(NStepQAgent, parseSampledNStepConfig),
  'n-step-tree-backup': algorithm(NStepTreeBackupAgent, parseNStepConfig),
  'q-lambda': algorithm(WatkinsQLambdaAgent, parseQLambdaConfig),
  'dyna-q': algorithm(DynaQAgent, parseDynaQConfig),
  'monte-carlo': algorithm(MonteCarloAgent, parseOnlineConfig),
  'monte-carlo-es': algorithm(MonteCarloExploringStartsAgent, parseOnlineConfig),
  'off-policy-monte-carlo': algorithm(OffPolicyMonteCarloAgent, parseOnlineConfig),
} as const satisfies Readonly<Record<string, TabularAlgorithm>>;

export type TabularAlgorithmName = keyof typeof tabularAlgorithms;

/** The algorithm of a name; undefined for one that is not tabular. */
export function tabularAlgorithm(name: string): TabularAlgorithm | undefined {
  return Object.hasOwn(tabularAlgorithms, name) ? tabularAlgorithms[name as TabularAlgorithmName] : undefined;
}
