import { describe, expect, it } from 'vitest';
import { defaults, readSetting, readState, writeState } from './lake-state.ts';

describe('a state as text', () => {
  it('is empty for the defaults', () => {
    expect(writeState(defaults)).toBe('');
    expect(readState('')).toEqual({ state: defaults, wrong: [] });
  });

  it('says what differs, and reads back', () => {
    const text = 'map=SFH/FFG&rewards=1+-1+-0.1&methods=sarsa+q-learning&gamma=0.9&seed=7';
    const { state, wrong } = readState(text);
    expect(wrong).toEqual([]);
    expect(state).toEqual({
      ...defaults,
      ...{ map: ['SFH', 'FFG'], rewards: [1, -1, -0.1], methods: ['sarsa', 'q-learning'], gamma: 0.9, seed: 7 },
    });
    expect(writeState(state)).toBe(text);
  });

  it('knows that cliffs are dry and lakes are not', () => {
    expect(readState('env=CliffWalking-v1').state).toMatchObject({ env: 'CliffWalking', slippery: false });
    expect(writeState(readState('env=CliffWalking').state)).toBe('env=CliffWalking');
    expect(writeState(readState('env=Taxi&slippery=true').state)).toBe('env=Taxi&slippery=true');
  });

  it('takes what is right and says what is wrong', () => {
    const { state, wrong } = readState('gamma=2&alpha=0&colour=red&map=SG/S&methods=dqn&seed=-1&epsilon=0.5');
    expect(state).toEqual({ ...defaults, epsilon: 0.5 });
    expect(wrong.map((line) => line.split(':')[0].split(' ')[0])).toEqual([
      ...['gamma', 'alpha', '"colour"', 'map', 'methods', 'seed'],
    ]);
  });
});

it.each([
  ['map', 'SFF FHG', ['SFF', 'FHG']],
  ['map', 'sf/fg', ['SF', 'FG']],
  ['map', 'FF/FG', undefined],
  ['map', 'SF/FF', undefined],
  ['map', 'SFX/FFG', undefined],
  ['map', 'SFF/FG', undefined],
  ['map', 'S'.repeat(13), undefined],
  ['slippery', '', true],
  ['slippery', 'no', undefined],
  ['successRate', '0.8', 0.8],
  ['successRate', ' ', undefined],
  ['rewards', '1,0,-0.1', [1, 0, -0.1]],
  ['rewards', '1 0', undefined],
  ['rewards', '1 0 0 0', undefined],
  ['rewards', '1 0 1e9', undefined],
  ['methods', 'sarsa sarsa', ['sarsa', 'sarsa']],
  ['methods', 'sarsa sarsa sarsa sarsa sarsa', undefined],
  ['methods', '', undefined],
  ['env', 'Blackjack', undefined],
] as const)('%s "%s" is read as %j', (key, text, value) => {
  const result = readSetting(key, text);
  if (value !== undefined) expect(result).toEqual({ value });
  else expect((result as { wrong: string }).wrong).toContain(`${key}: "${text.slice(0, 40)}`);
});
