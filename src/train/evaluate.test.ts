import { describe, expect, it } from 'vitest';
import type { Env, Info, StepResult } from '../core/env.ts';
import { Generator } from '../core/random/index.ts';
import type { WholeGame } from '../core/whole-game.ts';
import { evaluate, playEpisode } from './evaluate.ts';

interface Scripted {
  readonly reward: number;
  readonly end?: 'terminated' | 'truncated';
  readonly game?: WholeGame;
}

/** Plays back a list of steps; an observation is the number of the call that gave it. */
class Playback {
  readonly actions: number[] = [];
  readonly seeds: (number | undefined)[] = [];
  readonly spaceSeeds: number[] = [];
  readonly actionSpace = { seed: (seed: number) => void this.spaceSeeds.push(seed) };
  /** What the second reset, and so on, says of the game. */
  readonly resetGames: readonly (WholeGame | undefined)[];
  readonly #steps: readonly Scripted[];
  #calls = 0;

  constructor(steps: readonly Scripted[], resetGames: readonly (WholeGame | undefined)[] = []) {
    this.#steps = steps;
    this.resetGames = resetGames;
  }
  #info(game: WholeGame | undefined): Info {
    return { call: this.#calls, ...(game && { whole_game: game }) };
  }
  reset(options?: { readonly seed?: number | undefined }) {
    this.seeds.push(options?.seed);
    this.#calls++;
    return { observation: this.#calls, info: this.#info(this.resetGames[this.seeds.length - 2]) };
  }
  step(action: number): StepResult<number> {
    const { reward, end, game } = this.#steps[this.actions.length];
    this.actions.push(action);
    this.#calls++;
    return {
      ...{ observation: this.#calls, reward, info: this.#info(game) },
      ...{ terminated: end === 'terminated', truncated: end === 'truncated' },
    };
  }
}
const asEnv = (env: Playback) => env as unknown as Env<number, number>;
const act = (observation: number) => 10 * observation;
const play = (env: Playback, options = {}) => playEpisode(asEnv(env), act, options);
const rewards = (...all: number[]): Scripted[] => all.map((reward) => ({ reward }));

describe('playEpisode', () => {
  it.each(['terminated', 'truncated'] as const)('plays until the episode is %s', async (end) => {
    const env = new Playback([...rewards(1, -3), { reward: 7, end }, ...rewards(100)]);
    expect(await play(env, { seed: 5 })).toEqual({ totalReward: 5, steps: 3, cut: false });
    expect(env.seeds).toEqual([5]);
    expect(env.actions).toEqual([10, 20, 30]);
  });

  it('gives the episode up after maxSteps', async () => {
    const env = new Playback(rewards(1, 2, 4, 8));
    expect(await play(env, { maxSteps: 3 })).toEqual({ totalReward: 7, steps: 3, cut: true });
    const last = new Playback([...rewards(1, 2), { reward: 4, end: 'terminated' }]);
    expect(await play(last, { maxSteps: 3 })).toEqual({ totalReward: 7, steps: 3, cut: false });
  });

  it('needs no options, and gives up after 100,000 steps by itself', async () => {
    let steps = 0;
    const endless = {
      reset: () => ({ observation: 0, info: {} }),
      step() {
        steps++;
        return { observation: 0, reward: 1, terminated: false, truncated: false, info: {} };
      },
    } as unknown as Env<number, number>;
    expect(await playEpisode(endless, act)).toEqual({ totalReward: 100_000, steps: 100_000, cut: true });
    expect(steps).toBe(100_000);
  });

  it('discounts where a gamma is given', async () => {
    const steps = [...rewards(1, 2), { reward: 4, end: 'terminated' } as const];
    expect(await play(new Playback(steps), { gamma: 0.5 })).toEqual({
      ...{ totalReward: 7, steps: 3, cut: false },
      discountedReward: 1 + 0.5 * 2 + 0.25 * 4,
    });
    expect(await play(new Playback(steps), { gamma: 0 })).toMatchObject({ discountedReward: 1 });
  });

  it('gives the player the observation and the info that came with it, and waits for its answer', async () => {
    const env = new Playback([...rewards(0), { reward: 0, end: 'terminated' }]);
    const infos: unknown[] = [];
    const slow = async (observation: number, info: Info) => {
      infos.push(info['call']);
      await Promise.resolve();
      return observation;
    };
    await playEpisode(asEnv(env), slow);
    expect(env.actions).toEqual([1, 2]);
    expect(infos).toEqual([1, 2]);
  });

  it('tells of each state, action and reward in order', async () => {
    const env = new Playback([...rewards(3), { reward: 4, end: 'terminated' }]);
    const told: string[] = [];
    await play(env, {
      // A picture may take its time: what comes next waits for it.
      onState: async () => {
        await Promise.resolve();
        told.push('state');
      },
      onAction: (action: number) => void told.push(`action ${action}`),
      onReward: (reward: number) => void told.push(`reward ${reward}`),
    });
    expect(told).toEqual(['state', 'action 10', 'reward 3', 'state', 'action 20', 'reward 4', 'state']);
  });

  describe('where episodes are parts of a game', () => {
    it('plays the whole game, whose score is what the environment says', async () => {
      const env = new Playback([
        { reward: 1 },
        { reward: 2, end: 'terminated', game: { over: false, reward: 3 } },
        { reward: 4, end: 'truncated', game: { over: false, reward: 7.5 } },
        // Half a point was earned in a reset.
        { reward: 8, end: 'terminated', game: { over: true, reward: 16 } },
      ]);
      let states = 0;
      const record = await play(env, { seed: 5, gamma: 0.5, onState: () => void states++ });
      expect(record).toEqual({ totalReward: 16, steps: 4, cut: false, discountedReward: 1 + 1 + 1 + 1 });
      expect(env.seeds).toEqual([5, undefined, undefined]);
      // After each reset and each step; the player acts on what the reset shows.
      expect(states).toBe(7);
      expect(env.actions).toEqual([10, 20, 40, 60]);
    });

    it('has the info of a reset for the action after it', async () => {
      const env = new Playback([
        { reward: 2, end: 'terminated', game: { over: false, reward: 2 } },
        { reward: 8, end: 'terminated', game: { over: true, reward: 10 } },
      ]);
      const infos: unknown[] = [];
      await playEpisode(asEnv(env), (_, info) => infos.push(info['call']));
      expect(infos).toEqual([1, 3]);
    });

    it('ends with a game that ends while its next part is prepared', async () => {
      const env = new Playback(
        [{ reward: 2, end: 'terminated', game: { over: false, reward: 2 } }, ...rewards(100)],
        [{ over: true, reward: 2.5 }],
      );
      expect(await play(env)).toEqual({ totalReward: 2.5, steps: 1, cut: false });
    });

    it('gives up a game too, and counts what is known of it', async () => {
      const env = new Playback([
        { reward: 2, end: 'terminated', game: { over: false, reward: 3 } },
        ...rewards(10, 10),
      ]);
      expect(await play(env, { maxSteps: 2 })).toEqual({ totalReward: 13, steps: 2, cut: true });
      const before = new Playback([{ reward: 2, end: 'terminated', game: { over: false, reward: 3 } }]);
      expect(await play(before, { maxSteps: 1 })).toEqual({ totalReward: 3, steps: 1, cut: true });
    });
  });
});

describe('evaluate', () => {
  /** Episodes of two steps; the n-th returns 2n - 1. */
  const episodes = (count: number) =>
    new Playback(
      Array.from(
        { length: 2 * count },
        (_, i): Scripted => (i % 2 === 0 ? { reward: i } : { reward: 1, end: 'terminated' }),
      ),
    );
  const player = (env: Playback, randomAction: (info: Info) => number = () => -1) => ({
    env: asEnv(env),
    act,
    randomAction,
  });

  it('plays as many episodes as asked for, the first of them seeded', async () => {
    const env = episodes(3);
    const records = await evaluate(player(env), { episodes: 3, seed: 8 });
    expect(records).toEqual([1, 3, 5].map((totalReward) => ({ totalReward, steps: 2, cut: false })));
    expect(env.seeds).toEqual([8, undefined, undefined]);
    expect(env.spaceSeeds).toEqual([8]);
    // No action at random unless asked for.
    expect(env.actions).toEqual([10, 20, 40, 50, 70, 80]);
  });

  it.each([
    [{ episodes: Number.NaN, seed: 8 }, 'episodes: got NaN, allowed is a whole number from 0 up.'],
    [{ episodes: 1.5, seed: 8 }, 'episodes: got 1.5'],
    [{ seed: 8 }, 'episodes: got undefined'],
    [{ episodes: 1, seed: 8, epsilon: 5 }, 'epsilon: got 5, allowed is a number from 0 to 1.'],
  ])('refuses %o', async (options, message) => {
    await expect(evaluate(player(episodes(1)), options as never)).rejects.toThrow(message);
  });

  it('passes on gamma and the limit of steps', async () => {
    const env = new Playback([{ reward: 3, end: 'terminated' }, ...rewards(4, 8)]);
    const records = await evaluate(player(env), { episodes: 2, seed: 8, gamma: 0.5, maxSteps: 2 });
    expect(records).toEqual([
      { totalReward: 3, steps: 1, cut: false, discountedReward: 3 },
      { totalReward: 12, steps: 2, cut: true, discountedReward: 8 },
    ]);
  });

  it("explores with probability epsilon, by coins of the seed's first child", async () => {
    const env = episodes(20);
    const infos: unknown[] = [];
    const randomAction = (info: Info) => {
      infos.push(info['call']);
      return -1;
    };
    await evaluate(player(env, randomAction), { episodes: 20, seed: 8, epsilon: 0.4 });
    const [coins] = new Generator(8).spawn(1);
    const calls = Array.from({ length: 40 }, (_, i) => i + 1 + Math.floor(i / 2));
    const explored = calls.map(() => coins.random() < 0.4);
    expect(env.actions).toEqual(calls.map((call, i) => (explored[i] ? -1 : 10 * call)));
    expect(infos).toEqual(calls.filter((_, i) => explored[i]));
    expect(infos.length).toBeGreaterThan(5);
  });
});
