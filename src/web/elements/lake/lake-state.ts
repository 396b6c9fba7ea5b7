/**
 * What a page decides about a lake: the world, the methods that learn on it, their settings. It travels as text, in an
 * address or an attribute: `map=SFF/FHG&methods=sarsa+q-learning&gamma=0.9`. What is left out has its default.
 */

export const worldNames = ['FrozenLake', 'CliffWalking', 'Taxi'] as const;
export type WorldName = (typeof worldNames)[number];

/** Which world it is. Map, success rate and rewards are FrozenLake's; Taxi's "slippery" is rain. */
export interface WorldSpec {
  readonly env: WorldName;
  /** Rows of S, F, H and G. */
  readonly map: readonly string[];
  readonly slippery: boolean;
  /** Probability of the direction that was meant, on slippery ice. */
  readonly successRate: number;
  readonly rewards: readonly [goal: number, hole: number, step: number];
}

export const methodNames = [
  'value-iteration',
  'q-iteration',
  'policy-iteration',
  'q-learning',
  'sarsa',
  'expected-sarsa',
  'double-q-learning',
  'dyna-q',
  'monte-carlo',
] as const;
export type MethodName = (typeof methodNames)[number];

export const methodTitles: Readonly<Record<MethodName, string>> = {
  'value-iteration': 'Value iteration',
  'q-iteration': 'Q-iteration',
  'policy-iteration': 'Policy iteration',
  'q-learning': 'Q-learning',
  sarsa: 'SARSA',
  'expected-sarsa': 'Expected SARSA',
  'double-q-learning': 'Double Q-learning',
  'dyna-q': 'Dyna-Q',
  'monte-carlo': 'Monte Carlo',
};

/** What may change while it learns. */
export interface LiveSettings {
  readonly gamma: number;
  readonly alpha: number;
  readonly epsilon: number;
}

export interface LakeState extends LiveSettings, WorldSpec {
  /** Next to each other, one to four. */
  readonly methods: readonly MethodName[];
  readonly seed: number;
}

export const MOST_METHODS = 4;
export const SMALLEST = 4;
export const LARGEST = 12;

export const defaults: LakeState = {
  env: 'FrozenLake',
  map: ['SFFF', 'FHFH', 'FFFH', 'HFFG'],
  slippery: true,
  successRate: 1 / 3,
  rewards: [1, 0, 0],
  methods: ['value-iteration', 'q-learning'],
  gamma: 0.99,
  alpha: 0.1,
  epsilon: 0.3,
  seed: 1,
};

/** Only lakes are slippery unless it is said. */
export function slipperyByDefault(env: WorldName): boolean {
  return env === 'FrozenLake';
}

/** How one of the settings reads: undefined for what is none. */
type Reader<K extends keyof LakeState> = (text: string) => LakeState[K] | undefined;

const number =
  (low: number, high: number) =>
  (text: string): number | undefined => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return value >= low && value <= high ? value : undefined;
  };

const readers: { readonly [K in keyof LakeState]: { readonly read: Reader<K>; readonly allowed: string } } = {
  env: {
    read: (text) => worldNames.find((name) => name === text.replace(/-v\d$/, '')),
    allowed: worldNames.join(', '),
  },
  map: {
    read(text) {
      const rows = text
        .trim()
        .toUpperCase()
        .split(/[\s/,]+/);
      const fits = (row: string): boolean => row.length === rows[0].length && /^[SFHG]+$/.test(row);
      const sized = [rows.length, rows[0].length].every((size) => size >= 2 && size <= LARGEST);
      const whole = rows.join('');
      return sized && rows.every(fits) && whole.includes('S') && whole.includes('G') ? rows : undefined;
    },
    allowed: `rows of S, F, H and G such as SFF/FHG, of one length from 2 to ${LARGEST}, with a start and a goal`,
  },
  slippery: {
    read: (text) => ({ true: true, false: false, '': true, 1: true, 0: false })[text],
    allowed: 'true or false',
  },
  successRate: { read: number(0, 1), allowed: 'a number from 0 to 1' },
  rewards: {
    read(text) {
      const [goal, hole, step, ...more] = text
        .trim()
        .split(/[\s,]+/)
        .map(number(-1000, 1000));
      if (goal === undefined || hole === undefined || step === undefined || more.length > 0) return undefined;
      return [goal, hole, step];
    },
    allowed: 'three numbers: of the goal, a hole, a step',
  },
  methods: {
    read(text) {
      const wished = text.trim().split(/[\s,]+/);
      const names = wished.flatMap((wish) => methodNames.find((name) => name === wish) ?? []);
      return names.length === wished.length && names.length <= MOST_METHODS ? names : undefined;
    },
    allowed: `one to ${MOST_METHODS} of ${methodNames.join(', ')}`,
  },
  gamma: { read: number(0, 1), allowed: 'a number from 0 to 1' },
  alpha: {
    read: (text) => number(0, 1)(text) || undefined,
    allowed: 'a number above 0, up to 1',
  },
  epsilon: { read: number(0, 1), allowed: 'a number from 0 to 1' },
  seed: {
    read: (text) => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined),
    allowed: 'a whole number of at most nine digits',
  },
};

export const stateKeys = Object.keys(readers) as readonly (keyof LakeState)[];

/** Reads one of the settings, as an attribute or an address has it.
 * @returns what it is, or a line that says what would be allowed. */
export function readSetting<K extends keyof LakeState>(
  key: K,
  text: string,
): { readonly value: LakeState[K] } | { readonly wrong: string } {
  const { read, allowed } = readers[key];
  const value = (read as Reader<K>)(text);
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return value === undefined ? { wrong: `${key}: "${shown}" is not ${allowed}.` } : { value };
}

/** Reads a state. @returns it, with defaults for what is left out or wrong, and a line for each thing that is wrong. */
export function readState(text: string): { readonly state: LakeState; readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  let state = defaults;
  for (const [key, value] of new URLSearchParams(text)) {
    if (!(stateKeys as readonly string[]).includes(key)) {
      wrong.push(`"${key.slice(0, 40)}" is not one of ${stateKeys.join(', ')}.`);
      continue;
    }
    const result = readSetting(key as keyof LakeState, value);
    if ('wrong' in result) wrong.push(result.wrong);
    else state = { ...state, [key]: result.value };
  }
  if (!new URLSearchParams(text).has('slippery')) state = { ...state, slippery: slipperyByDefault(state.env) };
  return { state, wrong };
}

/** Writes what differs from the defaults; `readState` reads it back. */
export function writeState(state: LakeState): string {
  const parts = stateKeys.flatMap((key) => {
    const text = settingText(key, state);
    const usual = { ...defaults, slippery: slipperyByDefault(state.env) };
    return text === settingText(key, usual) ? [] : [`${key}=${text}`];
  });
  return parts.join('&');
}

/** One setting as an attribute has it. */
export function settingText(key: keyof LakeState, state: LakeState): string {
  const value = state[key];
  if (key === 'map') return state.map.join('/');
  return Array.isArray(value) ? value.join('+') : String(value);
}
