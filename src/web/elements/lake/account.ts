import type { CompiledModel } from '../../../tabular/compiled-model.ts';
import type { MethodName } from './lake-state.ts';

/** One way in which an action can turn out, with what it is worth. */
export interface Term {
  readonly probability: number;
  /** -1 for an end, which is worth 0. */
  readonly nextState: number;
  /** V of the next state, or max Q. */
  readonly value: number;
}

/** An action's expected worth. */
export interface ActionTerms {
  readonly action: number;
  /** r(s, a), expected. */
  readonly reward: number;
  readonly terms: readonly Term[];
  readonly total: number;
}

/** What a single step of a method did, with its numbers: what is shown as a formula. */
export type Account =
  | {
      readonly kind: 'backup';
      /** What is kept in a table. */
      readonly table: 'V' | 'Q';
      readonly state: number;
      /** Of Q-iteration's pair or policy iteration's policy; -1 where the best of all is taken. */
      readonly action: number;
      readonly gamma: number;
      /** Of the one action, or of all. */
      readonly actions: readonly ActionTerms[];
      readonly before: number;
      readonly after: number;
    }
  | { readonly kind: 'improvement'; readonly state: number; readonly before: number; readonly after: number }
  | {
      readonly kind: 'update';
      readonly method: MethodName;
      readonly state: number;
      readonly action: number;
      readonly reward: number;
      readonly nextState: number;
      readonly terminated: boolean;
      readonly gamma: number;
      readonly alpha: number;
      readonly before: number;
      readonly after: number;
      /** What the next state is worth to the method. */
      readonly bootstrap: number;
      /** Double Q-learning's table that learned, 1 or 2; Dyna-Q's updates from its model. */
      readonly note?: number | undefined;
    }
  | {
      readonly kind: 'episode';
      readonly state: number;
      readonly action: number;
      /** Steps and undiscounted return so far, or of the episode that ended. */
      readonly length: number;
      readonly total: number;
      readonly ended: boolean;
      /** Pairs whose value moved. */
      readonly moved: number;
    };

/** The terms of an action. @param worth of a state, V or max Q, read where the action does not end. */
export function actionTerms(
  model: CompiledModel,
  gamma: number,
  state: number,
  action: number,
  worth: (state: number) => number,
): ActionTerms {
  const pair = state * model.nActions + action;
  const reward = model.expectedRewards[pair];
  const terms: Term[] = [];
  let next = 0;
  for (let i = model.offsets[pair]; i < model.offsets[pair + 1]; i++) {
    const nextState = model.nextStates[i];
    const probability = model.probabilities[i];
    const value = nextState < 0 ? 0 : worth(nextState);
    terms.push({ probability, nextState, value });
    next += probability * value;
  }
  return { action, reward, terms, total: reward + gamma * next };
}

/** A line of a formula; `best` is the one that counts. */
export interface FormulaLine {
  readonly text: string;
  readonly best?: boolean;
}

/** An account in formulas.
 * @param name of a state, such as `s6`. @param arrows [actions] */
export function formulaOf(account: Account, name: (state: number) => string, arrows: readonly string[]): FormulaLine[] {
  if (account.kind === 'backup') return backupLines(account, name, arrows);
  if (account.kind === 'improvement') {
    const { state, before, after } = account;
    const text =
      before === after
        ? `π(${name(state)}) = ${arrows[after]} stays: no action is better`
        : `π(${name(state)}) ← ${arrows[after]} instead of ${arrows[before]}: it is worth more`;
    return [{ text, best: before !== after }];
  }
  if (account.kind === 'episode') {
    const { length, total, ended, moved } = account;
    const steps = `${length} ${length === 1 ? 'step' : 'steps'}`;
    return ended
      ? [
          { text: `Episode over after ${steps}, return ${exact(total)}` },
          {
            text: `Q of ${moved} ${moved === 1 ? 'pair' : 'pairs'} moved towards the returns that followed`,
            best: true,
          },
        ]
      : [{ text: `Monte Carlo waits for the episode's end: ${steps} so far, rewards ${exact(total)}` }];
  }
  return updateLines(account, name, arrows);
}

function backupLines(
  { table, state, action, gamma, actions, before, after }: Extract<Account, { kind: 'backup' }>,
  name: (state: number) => string,
  arrows: readonly string[],
): FormulaLine[] {
  const s = name(state);
  const left = table === 'Q' ? `Q(${s}, ${arrows[action]})` : `V(${s})`;
  const lines = actions.map(({ action: a, reward, terms, total }) => ({
    text: `${arrows[a]}  ${exact(reward)} + ${short(gamma)} × ${expectation(terms, name)} = ${exact(total)}`,
    // Up to rounding: a third is no binary number.
    best: actions.length > 1 && total >= after - 1e-12 * Math.max(1, Math.abs(after)),
  }));
  const sum = table === 'Q' ? 'r + γ Σ p max Q' : 'r + γ Σ p V';
  const rule = actions.length > 1 ? `max over a of ${sum}` : sum;
  return [{ text: `${left} ← ${rule} = ${exact(after)}, was ${exact(before)}`, best: true }, ...lines];
}

/** Sum of p V, equal next states together. */
function expectation(terms: readonly Term[], name: (state: number) => string): string {
  const merged = new Map<number, Term>();
  for (const term of terms) {
    const known = merged.get(term.nextState);
    merged.set(
      term.nextState,
      known === undefined ? term : { ...term, probability: known.probability + term.probability },
    );
  }
  const shown = [...merged.values()].filter(({ probability }) => probability > 0);
  const products = shown.map(({ probability, nextState, value }) =>
    nextState < 0 ? `${short(probability)}·end` : `${short(probability)}·${exact(value)} ${name(nextState)}`,
  );
  return `(${products.join(' + ')})`;
}

const bootstraps: Readonly<Record<string, string>> = {
  'q-learning': 'max Q',
  'dyna-q': 'max Q',
  sarsa: 'Q of the next action',
  'expected-sarsa': 'Σ π Q',
  'double-q-learning': 'the other table',
};

function updateLines(
  account: Extract<Account, { kind: 'update' }>,
  name: (state: number) => string,
  arrows: readonly string[],
): FormulaLine[] {
  const { method, state, action, reward, nextState, terminated, gamma, alpha, before, after, bootstrap, note } =
    account;
  const q = method === 'double-q-learning' ? `Q${note === 2 ? '₂' : '₁'}` : 'Q';
  const rest = terminated ? 'the end is worth 0' : `${bootstraps[method]} in ${name(nextState)} is ${exact(bootstrap)}`;
  const target = terminated ? exact(reward) : `${exact(reward)} + ${short(gamma)} × ${exact(bootstrap)}`;
  const lines: FormulaLine[] = [
    { text: `in ${name(state)} ${arrows[action]} led to ${name(nextState)}, reward ${exact(reward)}; ${rest}` },
    {
      text: `${q}(${name(state)}, ${arrows[action]}) ← ${exact(before)} + ${short(alpha)} × (${target} − ${exact(before)}) = ${exact(after)}`,
      best: true,
    },
  ];
  if (method === 'dyna-q') lines.push({ text: `then ${note} updates from what it remembers` });
  return lines;
}

/** Four decimals at most, a true minus. */
export function exact(value: number): string {
  const text = Number(value.toFixed(4)).toString();
  return (text === '-0' ? '0' : text).replace('-', '−');
}

const short = (value: number): string => Number(value.toFixed(3)).toString();
