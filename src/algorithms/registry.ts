import { OptionError, UnknownNameError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { TabularAlgorithmName } from '../tabular/algorithms.ts';
import { type Algorithm, type AlgorithmDefinition, algorithm } from './algorithm.ts';

/*
 * Algorithms by the names that recipes and the command line use. Code loads on use: a tabular run reads neither the networks
 * nor the schema library of their configurations, which takes longer to load than FrozenLake to solve.
 */

type Load = () => Promise<Algorithm>;

const tabular =
  (name: TabularAlgorithmName): Load =>
  async () =>
    (await import('./tabular.ts')).tabular(name);

const builtIn = {
  dqn: async () => (await import('./dqn.ts')).dqn,
  pqn: async () => (await import('./pqn.ts')).pqn,
  'stream-q': async () => (await import('./stream-q.ts')).streamQ,
  'cross-entropy': async () => (await import('./cross-entropy.ts')).crossEntropy,
  'value-iteration': tabular('value-iteration'),
  'q-iteration': tabular('q-iteration'),
  'q-learning': tabular('q-learning'),
  sarsa: tabular('sarsa'),
  'expected-sarsa': tabular('expected-sarsa'),
  'double-q-learning': tabular('double-q-learning'),
  'n-step-sarsa': tabular('n-step-sarsa'),
  'n-step-q': tabular('n-step-q'),
  'n-step-tree-backup': tabular('n-step-tree-backup'),
  'q-lambda': tabular('q-lambda'),
  'dyna-q': tabular('dyna-q'),
  'monte-carlo': tabular('monte-carlo'),
  'monte-carlo-es': tabular('monte-carlo-es'),
  'off-policy-monte-carlo': tabular('off-policy-monte-carlo'),
} as const satisfies Readonly<Record<TabularAlgorithmName | 'dqn' | 'pqn' | 'stream-q' | 'cross-entropy', Load>>;

export type BuiltInName = keyof typeof builtIn;
/** Names of the algorithms that come with bellman. */
export const builtInNames = Object.keys(builtIn) as readonly BuiltInName[];

const entries = new Map<string, Load>(Object.entries(builtIn));

const NAME_FORM = /^[a-z][\w-]*$/i;

/**
 * Adds an algorithm under a new name, which `bellman train MODULE:NAME` then trains.
 * @throws OptionError when the name is taken, or not made of letters, digits and hyphens.
 */
export function registerAlgorithm<C extends object>(name: string, definition: AlgorithmDefinition<C>): void {
  if (!NAME_FORM.test(name)) throw new OptionError('algorithm', name, 'a name of letters, digits and hyphens');
  if (entries.has(name)) throw new OptionError('algorithm', name, 'a name that is not registered yet');
  const made = algorithm(definition);
  entries.set(name, async () => made);
}

/** All names, in the order of registration. */
export function algorithmNames(): string[] {
  return [...entries.keys()];
}

/** Whether a name, with or without its module, is that of an algorithm. */
export function isAlgorithm(name: string): boolean {
  return entries.has(bareName(name));
}

/**
 * The algorithm of a name, with or without the module that registers it.
 * @throws UnknownNameError with the nearest known name.
 */
export function loadAlgorithm(name: string): Promise<Algorithm> {
  const load = entries.get(bareName(name));
  if (load === undefined)
    throw new UnknownNameError('algorithm', name, algorithmNames(), nearest(name, algorithmNames()));
  return load();
}

/** `name` of `module:name`. */
export const bareName = (name: string): string => name.slice(name.lastIndexOf(':') + 1);
