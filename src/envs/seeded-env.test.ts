import { describe, expect, it } from 'vitest';
import { WalkEnv } from '../../test/support/walk-env.ts';
import type { Snapshot } from '../core/snapshot.ts';
import {
  AcrobotEnv,
  BlackjackEnv,
  CartPoleEnv,
  CliffWalkingEnv,
  FrozenLakeEnv,
  MountainCarContinuousEnv,
  MountainCarEnv,
  PendulumEnv,
  PongEnv,
  TaxiEnv,
} from './index.ts';

const kinds = {
  Acrobot: AcrobotEnv,
  Blackjack: BlackjackEnv,
  CartPole: CartPoleEnv,
  CliffWalking: CliffWalkingEnv,
  FrozenLake: FrozenLakeEnv,
  MountainCar: MountainCarEnv,
  MountainCarContinuous: MountainCarContinuousEnv,
  Pendulum: PendulumEnv,
  Pong: PongEnv,
  Taxi: TaxiEnv,
};

describe('saved states of environments', () => {
  for (const [name, Kind] of Object.entries(kinds)) {
    it(`${name} takes its own and no other's, and is as it was after a refusal`, () => {
      const env = new Kind();
      env.reset({ seed: 1 });
      const before = env.saveState();
      for (const [other, Other] of Object.entries(kinds)) {
        const another = new Other();
        another.reset({ seed: 2 });
        const state = another.saveState();
        if (other === name) {
          env.restoreState(state);
          expect(env.saveState()).toEqual(state);
          env.restoreState(before);
        } else {
          expect(() => env.restoreState(state)).toThrow(
            `The saved environment has of "${other}", allowed is "${name}".`,
          );
        }
      }
      expect(env.saveState()).toEqual(before);
    });
  }

  it('those of version 0.1 do not say whose they are, and are taken', () => {
    const env = new CartPoleEnv();
    env.reset({ seed: 1 });
    const { of, ...old } = env.saveState() as { of: string };
    expect(of).toBe('CartPole');
    const { observation } = env.step(1);
    const other = new CartPoleEnv();
    other.restoreState(old);
    expect(other.step(1).observation).toEqual(observation);
  });

  it('a class that gives no name writes none and takes any', () => {
    const env = new WalkEnv();
    env.reset({ seed: 3 });
    const state = env.saveState() as Record<string, Snapshot>;
    expect(Object.keys(state)).not.toContain('of');
    const other = new WalkEnv();
    other.restoreState({ ...state, of: 'Taxi' });
    expect(other.step(1)).toEqual(env.step(1));
  });
});
