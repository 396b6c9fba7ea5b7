import { type BuiltInName, builtInNames } from './registry.ts';

/** How an algorithm holds its values. */
export type AlgorithmKind = 'planning' | 'table' | 'network';

export interface AlgorithmSummary {
  readonly kind: AlgorithmKind;
  /** One line for lists. */
  readonly summary: string;
}

const summaries: Readonly<Record<BuiltInName, AlgorithmSummary>> = {
  'value-iteration': { kind: 'planning', summary: 'Bellman updates of V over a model counted from random steps' },
  'q-iteration': { kind: 'planning', summary: 'Bellman updates of Q over a model counted from random steps' },
  'q-learning': { kind: 'table', summary: 'towards the best next action, whatever is played' },
  sarsa: { kind: 'table', summary: 'towards the next action that is played' },
  'expected-sarsa': { kind: 'table', summary: 'towards the expected value under the policy' },
  'double-q-learning': { kind: 'table', summary: 'two tables: one chooses, the other values' },
  'n-step-sarsa': { kind: 'table', summary: 'SARSA over n rewards' },
  'n-step-q': { kind: 'table', summary: 'Q-learning over n rewards' },
  'n-step-tree-backup': { kind: 'table', summary: 'expectations over n steps, off-policy without importance sampling' },
  'q-lambda': { kind: 'table', summary: "Watkins's Q(lambda): eligibility traces, cut where exploring" },
  'dyna-q': { kind: 'table', summary: 'Q-learning that also replays a learned model' },
  'monte-carlo': { kind: 'table', summary: 'first-visit returns of whole episodes' },
  'monte-carlo-es': { kind: 'table', summary: 'Monte Carlo with exploring starts' },
  'off-policy-monte-carlo': { kind: 'table', summary: 'Monte Carlo from a random policy, by importance sampling' },
  dqn: {
    kind: 'network',
    summary: 'replay and target network; double, dueling, prioritized, noisy, C51, QR, Rainbow …',
  },
  pqn: { kind: 'network', summary: 'parallel environments and layer normalisation, no replay, no target network' },
  'stream-q': {
    kind: 'network',
    summary: 'eligibility traces: each step is learned from once, as it comes; no replay, no target network',
  },
  'cross-entropy': { kind: 'network', summary: 'imitates its best episodes; a baseline to compare with' },
};

/** What is known of an algorithm that comes with bellman; undefined for one of another module. */
export function algorithmSummary(name: string): AlgorithmSummary | undefined {
  return builtInNames.includes(name as BuiltInName) ? summaries[name as BuiltInName] : undefined;
}
