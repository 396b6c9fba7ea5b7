import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TimeLimit } from '../core/time-limit.ts';
import { Discrete } from '../spaces/discrete.ts';
import { DiscretizeAction } from '../wrappers/discretize-action.ts';
import { StickyAction } from '../wrappers/sticky-action.ts';
import { TransformAction } from '../wrappers/transform-action.ts';
import { actionMeanings } from './action-meanings.ts';
import { environmentEntry, environmentIds, make } from './registry.ts';

describe('actionMeanings', () => {
  // Gymnasium's documentation of each environment, section "Action Space".
  it.each([
    ['FrozenLake-v1', ['left', 'down', 'right', 'up']],
    ['FrozenLake8x8-v1', ['left', 'down', 'right', 'up']],
    ['Taxi-v3', ['south', 'north', 'east', 'west', 'pickup', 'dropoff']],
    ['CliffWalking-v1', ['up', 'right', 'down', 'left']],
    ['Blackjack-v1', ['stick', 'hit']],
    ['CartPole-v1', ['left', 'right']],
    ['MountainCar-v0', ['left', 'none', 'right']],
    ['Acrobot-v1', ['torque -1', 'torque 0', 'torque 1']],
    ['bellman/Pong-v0', ['NOOP', 'FIRE', 'RIGHT', 'LEFT', 'RIGHTFIRE', 'LEFTFIRE']],
    ['Pendulum-v1', undefined],
  ])('names the actions of %s', (id, names) => {
    expect(actionMeanings(make(id))).toEqual(names);
  });

  it('names every action of every registered environment whose actions are numbered', () => {
    for (const id of environmentIds()) {
      const env = make(id);
      if (!(env.actionSpace instanceof Discrete)) continue;
      expect(actionMeanings(env), id).toHaveLength(env.actionSpace.n);
      const lines = environmentEntry(id).actions;
      if (lines !== undefined) expect(lines, id).toHaveLength(env.actionSpace.n);
    }
  });

  it('tells of Acrobot the torques it was made with', () => {
    expect(actionMeanings(make('Acrobot-v1', { availTorque: [-2, 0.5, 3] }))).toEqual([
      'torque -2',
      'torque 0.5',
      'torque 3',
    ]);
  });

  it('tells of a box in cells their middles, and nothing where an action is several numbers', () => {
    const cells = new DiscretizeAction(make('Pendulum-v1'), 5);
    expect(actionMeanings(cells)).toEqual(['-1.6', '-0.8', '0', '0.8', '1.6']);
    expect(actionMeanings(new TimeLimit(cells, 5))).toEqual(actionMeanings(cells));
    expect(actionMeanings(new DiscretizeAction(make('Pendulum-v1'), [4], { multiDiscrete: true }))).toBeUndefined();
  });

  it('says nothing where a wrapper has other actions', () => {
    const doubled = new TransformAction(make('CartPole-v1'), (action: number) => action % 2, new Discrete(4));
    expect(actionMeanings(doubled)).toBeUndefined();
  });

  it('makes no Atari game of an environment for sticky actions: the first action is played as it is', () => {
    const env = new StickyAction(make('FrozenLake-v1', { isSlippery: false }), 1);
    env.reset({ seed: 1 });
    expect(env.step(2).observation).toBe(1);
  });
});

describe('spaces in Node', () => {
  it('are shown as Gymnasium shows them', () => {
    const env = make('FrozenLake-v1');
    expect(inspect(env.observationSpace)).toBe('Discrete(16)');
    expect(inspect({ space: make('CartPole-v1').actionSpace })).toBe('{ space: Discrete(2) }');
    expect(inspect(make('Blackjack-v1').observationSpace)).toBe('Tuple(Discrete(32), Discrete(11), Discrete(2))');
  });
});
