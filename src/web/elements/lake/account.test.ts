import { expect, it } from 'vitest';
import { formulaOf } from './account.ts';
import { Lab } from './lab.ts';
import { defaults, type LakeState, type MethodName } from './lake-state.ts';

const arrows = ['←', '↓', '→', '↑'];
const name = (state: number): string => `s${state}`;

/** Two cells of ice and a goal, dry, gamma 1/2. */
const corridor: LakeState = { ...defaults, map: ['SFG'], slippery: false, gamma: 0.5, alpha: 0.5, epsilon: 0 };

function linesAfter(method: MethodName, units: number, change: Partial<LakeState> = {}): string[] {
  const lab = new Lab({ ...corridor, methods: [method], ...change });
  for (let i = 0; i < units; i++) lab.step();
  const { account } = lab.report(true).tracks[0];
  return account === undefined
    ? []
    : formulaOf(account, name, arrows).map(({ text, best }) => (best ? `*${text}` : text));
}

it('value iteration takes the best of all actions', () => {
  // The second cell, next to the goal: the way right is worth its reward.
  expect(linesAfter('value-iteration', 2)).toEqual([
    '*V(s1) ← max over a of r + γ Σ p V = 1, was 0',
    '←  0 + 0.5 × (1·0 s0) = 0',
    '↓  0 + 0.5 × (1·0 s1) = 0',
    '*→  1 + 0.5 × (1·end) = 1',
    '↑  0 + 0.5 × (1·0 s1) = 0',
  ]);
  // The first cell in the second sweep.
  expect(linesAfter('value-iteration', 4)).toContain('*→  0 + 0.5 × (1·1 s1) = 0.5');
});

it('Q-iteration is told pair by pair', () => {
  expect(linesAfter('q-iteration', 7)).toEqual(['*Q(s1, →) ← r + γ Σ p max Q = 1, was 0', '→  1 + 0.5 × (1·end) = 1']);
});

it('slippery outcomes are summed', () => {
  const slippery = linesAfter('value-iteration', 2, { slippery: true });
  // Right: 1/3 to the goal, 2/3 against the walls above and below.
  expect(slippery).toContain('*→  0.3333 + 0.5 × (0.667·0 s1 + 0.333·end) = 0.3333');
});

it('policy iteration evaluates its policy, then changes it', () => {
  expect(linesAfter('policy-iteration', 1)).toEqual(['*V(s0) ← r + γ Σ p V = 0, was 0', '←  0 + 0.5 × (1·0 s0) = 0']);
  // One sweep of three states changes nothing; then come the improvements.
  expect(linesAfter('policy-iteration', 4)).toEqual(['π(s0) = ← stays: no action is better']);
  expect(linesAfter('policy-iteration', 5)).toEqual(['*π(s1) ← → instead of ←: it is worth more']);
});

it('learners show what they put in', () => {
  // With an epsilon of 1 and this seed the first way out is found soon; the numbers are those of the update itself.
  for (const method of ['q-learning', 'sarsa', 'expected-sarsa', 'double-q-learning', 'dyna-q'] as const) {
    const lab = new Lab({ ...corridor, methods: [method], epsilon: 1 });
    for (let i = 0; i < 200; i++) {
      lab.step();
      const { account } = lab.report(true).tracks[0];
      if (account?.kind !== 'update') throw new Error(`${method} told of no update`);
      const { reward, gamma, bootstrap, terminated, alpha, before, after } = account;
      expect(terminated).toBe(reward === 1);
      const target = terminated ? reward : reward + gamma * bootstrap;
      expect(after, method).toBeCloseTo((1 - alpha) * before + alpha * target, 9);
      // No return is above 1, and none below 0.
      expect(bootstrap).toBeGreaterThanOrEqual(-1e-9);
      expect(bootstrap).toBeLessThanOrEqual(1);
      expect(formulaOf(account, name, arrows).length).toBe(method === 'dyna-q' ? 3 : 2);
    }
  }
});

it('Monte Carlo waits for the end', () => {
  const lab = new Lab({ ...corridor, methods: ['monte-carlo'], epsilon: 1 });
  const told: string[] = [];
  for (let i = 0; i < 100 && !told.at(-1)?.startsWith('Episode over'); i++) {
    lab.step();
    const { account } = lab.report(true).tracks[0];
    if (account !== undefined) told.push(formulaOf(account, name, arrows)[0].text);
  }
  expect(told[0]).toBe("Monte Carlo waits for the episode's end: 1 step so far, rewards 0");
  expect(told.at(-1)).toBe(`Episode over after ${told.length} steps, return 1`);
});
