import { describe, expect, it } from 'vitest';
import type { BootstrapConfig } from '../agents/dqn-config.ts';
import { scalarValues } from '../agents/scalar.ts';
import { FloatMemory } from '../core/float-memory.ts';
import { evaluate, Graph } from '../graph/index.ts';
import { RmsProp } from '../nn/rms-prop.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { createBootstrap, createOptimizer } from './dqn-parts.ts';

describe('createBootstrap', () => {
  /** What a rule makes of a reward of 10 and two actions, of which the first was taken. */
  function valued(bootstrap: BootstrapConfig): { reward: number; next: number } {
    const graph = new Graph();
    const feeds: Record<string, number[]> = {};
    const tensor = (name: string, values: number[], shape: number[]) => {
      feeds[name] = values;
      return graph.input(name, 'float32', shape);
    };
    const next = tensor('next', [5, 3], [1, 2]);
    const made = createBootstrap({ bootstrap })({
      values: scalarValues('mse'),
      actions: graph.input('actions', 'int32', [1]),
      rewards: tensor('rewards', [10], [1]),
      online: { next: () => tensor('online', [1, 2], [1, 2]) },
      target: {
        current: () => tensor('current', [0, Math.log(3)], [1, 2]),
        next: () => next,
        nextQ: () => next,
      },
      allowed: { current: (q) => q, next: (q) => q },
    });
    const [[reward], [value]] = evaluate([made.rewards, made.next], { ...feeds, actions: [0] });
    return { reward, next: value };
  }

  it("is the target network's best value: greedy", () => {
    expect(valued({ kind: 'greedy' })).toEqual({ reward: 10, next: 5 });
  });

  it("is the target network's value of the online network's best action: double", () => {
    expect(valued({ kind: 'double' })).toEqual({ reward: 10, next: 3 });
  });

  it("is the soft value, and a reward for the policy's own choice: Munchausen", () => {
    // At a temperature of 1: the probability of the action taken is 1/4, of the next ones e^5 and e^3 over their sum.
    const { reward, next } = valued({ kind: 'munchausen', alpha: 0.9, temperature: 1, clip: -100 });
    expect(reward).toBeCloseTo(10 + 0.9 * Math.log(1 / 4), 5);
    expect(next).toBeCloseTo(Math.log(Math.exp(5) + Math.exp(3)), 5);
    expect(valued({ kind: 'munchausen', alpha: 0.9, temperature: 1, clip: -1 }).reward).toBeCloseTo(9.1, 5);
  });
});

describe('createOptimizer', () => {
  /** The weights, which start at 0, after a first step along these gradients. */
  const firstStep = (optimizer: 'adam' | 'rmsprop', gradients: readonly number[]) => {
    const config = { ...dqnCartPole.config, optimizer, learningRate: 0.5, optimizerEpsilon: 2 };
    const weights = new Float32Array(gradients.length);
    const memory = new FloatMemory(RmsProp.lengths(weights.length));
    createOptimizer(config)(weights.length, memory).step(weights, Float32Array.from(gradients));
    return weights;
  };

  it('is Adam: a first step of g / (|g| + epsilon)', () => {
    firstStep('adam', [3, -1, 0]).forEach((weight, i) => {
      expect(weight).toBeCloseTo([-0.5 * (3 / 5), 0.5 * (1 / 3), 0][i], 6);
    });
  });

  it("is the Nature DQN's RMSProp: a first step of g / sqrt(0.05 g^2 - (0.05 g)^2 + epsilon)", () => {
    firstStep('rmsprop', [3, -1, 0]).forEach((weight, i) => {
      const g = [3, -1, 0][i];
      expect(weight).toBeCloseTo((-0.5 * g) / Math.sqrt(0.05 * g ** 2 - (0.05 * g) ** 2 + 2), 6);
    });
  });
});
