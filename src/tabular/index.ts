export { ActionMasks } from './action-masks.ts';
export { bestAction, bestValue, blend, greedyActions, stateValuesOf } from './action-values.ts';
export {
  type TabularAlgorithm,
  type TabularAlgorithmName,
  tabularAlgorithm,
  tabularAlgorithms,
} from './algorithms.ts';
export { actionValuesOf, backup, type CompiledModel, compileModel } from './compiled-model.ts';
export * from './config.ts';
export { DoubleQLearningAgent } from './double-q-learning.ts';
export { DynaQAgent } from './dyna-q.ts';
export { ExpectedSarsaAgent, epsilonGreedyValue } from './expected-sarsa.ts';
export * from './grid.ts';
export { renderPolicies, renderPolicyArrows, renderValueTable, sideBySide, type TextOptions } from './grid-text.ts';
export { gridsOf, gridsPerRow } from './grids-of.ts';
export { MonteCarloAgent, MonteCarloExploringStartsAgent } from './monte-carlo.ts';
export { NStepAgent } from './n-step-agent.ts';
export { NStepQAgent } from './n-step-q.ts';
export { NStepSarsaAgent } from './n-step-sarsa.ts';
export { NStepTreeBackupAgent } from './n-step-tree-backup.ts';
export {
  NumberedStates,
  type Numbering,
  numberingOf,
  numberingOfCells,
  withNumberedStates,
} from './numbered-states.ts';
export { OffPolicyMonteCarloAgent } from './off-policy-monte-carlo.ts';
export { OnlineAgent } from './online-agent.ts';
export {
  type Plan,
  type PlanOptions,
  type PolicyIterationOptions,
  policyIteration,
  qIteration,
  valueIteration,
} from './planners.ts';
export {
  constantPolicy,
  type EpisodeResult,
  LONGEST_EPISODE,
  mixedPolicy,
  type OnStep,
  type Policy,
  type PolicyRun,
  randomPolicy,
  runEpisode,
  runPolicy,
  tablePolicy,
} from './policies.ts';
export {
  type Evaluation,
  type PolicyTable,
  policyEvaluation,
  policyEvaluationExact,
  type SweepOptions,
  startValue,
  uniformPolicy,
} from './policy-evaluation.ts';
export { QIterationAgent, sweepActionValues } from './q-iteration.ts';
export { QLearningAgent, qLearningTarget } from './q-learning.ts';
export { SampledModelAgent } from './sampled-model-agent.ts';
export { SampledNStepAgent } from './sampled-n-step-agent.ts';
export { SarsaAgent } from './sarsa.ts';
export { deriveSeeds, type RunSeeds } from './seeds.ts';
export { solveLinear } from './solve-linear.ts';
export {
  actionValueBackup,
  type PlannerBackup,
  StepwisePlanner,
  type StepwisePlannerOptions,
  StepwisePolicyIteration,
  StepwiseQIteration,
  StepwiseValueIteration,
} from './stepwise-planners.ts';
export {
  type AgentOptions,
  type IterationReport,
  RunCounters,
  solve,
  type TabularAgent,
  tableSize,
} from './tabular-agent.ts';
export { TransitionTable } from './transition-table.ts';
export { sampledActionValue, sampledGreedyAction, sweepStateValues, ValueIterationAgent } from './value-iteration.ts';
export { drawValueTable, type PictureOptions } from './value-picture.ts';
export { WatkinsQLambdaAgent } from './watkins-q-lambda.ts';
