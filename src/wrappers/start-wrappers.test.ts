import { describe, expect, it } from 'vitest';
import { FakeGame } from '../../test/support/fake-game.ts';
import { MismatchError, OptionError, OrderError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { playEpisode } from '../train/evaluate.ts';
import { EpisodicLife } from './episodic-life.ts';
import { FireReset } from './fire-reset.ts';
import { NoOpReset } from './no-op-reset.ts';
import { StickyAction } from './sticky-action.ts';

describe('NoOpReset', () => {
  it('starts with 1 to noopMax no-ops, all of them possible, the same for the same seed', () => {
    const counts = (seed: number): number[] => {
      const game = new FakeGame();
      const env = new NoOpReset(game, 5);
      return Array.from({ length: 60 }, (_, i) => {
        env.reset(i === 0 ? { seed } : undefined);
        expect(game.log.at(-1)).toBe(0);
        return game.frame;
      });
    };
    expect(new Set(counts(1))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(counts(1)).toEqual(counts(1));
    expect(counts(1)).not.toEqual(counts(2));
  });

  it('shows the frame after the last no-op, and passes the seed on once', () => {
    const game = new FakeGame({ length: 2 });
    const env = new NoOpReset(game, 30);
    const { observation } = env.reset({ seed: 8 });
    expect(observation[0]).toBe(game.frame);
    expect(game.log.filter((entry) => entry === 'reset 8').length).toBe(1);
    // The game is over after every second frame, and is reset.
    expect(game.log.filter((entry) => entry === 'reset').length).toBeGreaterThan(0);
    expect(game.frame).toBeLessThan(2);
  });

  it('continues its draws from a saved state', () => {
    const [a, b] = [new FakeGame(), new FakeGame()];
    const [one, two] = [new NoOpReset(a, 30), new NoOpReset(b, 30)];
    one.reset({ seed: 3 });
    two.restoreState(structuredClone(one.saveState()));
    for (let i = 0; i < 10; i++) {
      one.reset();
      two.reset();
      expect(b.frame).toBe(a.frame);
    }
  });

  it("draws from the environment's generator where asked, and leaves it alone otherwise", () => {
    // numpy.random.default_rng(2083679832).integers(1, 31), the generator that ale-py makes of seed 7.
    const numpy = [14, 17, 29, 5, 8, 5, 9, 19, 17, 5];
    const game = Object.assign(new FakeGame(), { generator: new Generator(2083679832) });
    const noops = (env: NoOpReset): number[] =>
      numpy.map((_, i) => {
        env.reset(i === 0 ? { seed: 7 } : undefined);
        return game.frame;
      });
    const before = game.generator.saveState();
    expect(noops(new NoOpReset(game, 30))).not.toEqual(numpy);
    expect(game.generator.saveState()).toEqual(before);
    expect(noops(new NoOpReset(game, 30, 'environment'))).toEqual(numpy);
  });

  it('wants action 0 to be NOOP and noopMax at least 1', () => {
    expect(() => new NoOpReset(new FakeGame({ actions: ['FIRE', 'NOOP'] }))).toThrow(MismatchError);
    expect(() => new NoOpReset(new FakeGame(), 0)).toThrow(OptionError);
  });
});

describe('FireReset', () => {
  it('presses FIRE and then action 2', () => {
    const game = new FakeGame();
    const { observation } = new FireReset(game).reset({ seed: 4 });
    expect(game.log).toEqual(['reset 4', 1, 2]);
    expect(observation[0]).toBe(2);
  });

  it('resets a game that ends meanwhile and shows its first frame', () => {
    const game = new FakeGame({ length: 1 });
    const { observation } = new FireReset(game).reset({ seed: 4 });
    expect(game.log).toEqual(['reset 4', 1, 'reset', 2, 'reset']);
    expect(observation[0]).toBe(0);
  });

  it.each([[['NOOP', 'UP', 'DOWN']], [['NOOP', 'FIRE']]])('refuses the actions %o', (actions) => {
    expect(() => new FireReset(new FakeGame({ actions }))).toThrow(MismatchError);
  });
});

describe('EpisodicLife', () => {
  const threeLives = (frame: number): number => 3 - Math.floor(frame / 2);

  it('ends an episode with each life and goes on after it', () => {
    const game = new FakeGame({ lives: threeLives, length: 6 });
    const env = new EpisodicLife(game);
    env.reset();
    expect([env.step(3).terminated, env.step(3).terminated]).toEqual([false, true]);
    expect(() => env.step(3)).toThrow(OrderError);
    // The reset is a no-op, frame 3; the next life goes at frame 4.
    expect(env.reset().observation[0]).toBe(3);
    expect(env.step(3).terminated).toBe(true);
    env.reset();
    // Lives reach 0 with the end of the game at frame 6, and the game starts anew.
    expect(env.step(3).terminated).toBe(true);
    expect(env.reset().observation[0]).toBe(0);
    expect(game.log).toEqual(['reset', 3, 3, 0, 3, 0, 3, 'reset']);
  });

  it('waits for the game to end when it shows 0 lives before', () => {
    const env = new EpisodicLife(new FakeGame({ lives: (frame) => (frame < 2 ? 1 : 0), length: 4 }));
    env.reset();
    expect([1, 2, 3, 4].map(() => env.step(0).terminated)).toEqual([false, false, false, true]);
  });

  it('starts anew for a seed, and when the no-op ends the game', () => {
    const game = new FakeGame({ lives: threeLives, length: 3 });
    const env = new EpisodicLife(game);
    env.reset();
    env.step(0);
    env.step(0);
    expect(env.reset().observation[0]).toBe(0);
    env.step(0);
    env.step(0);
    env.reset({ seed: 9 });
    expect(game.log).toEqual(['reset', 0, 0, 0, 'reset', 0, 0, 'reset 9']);
  });

  it('goes on from a saved state', () => {
    const game = new FakeGame({ lives: threeLives });
    const env = new EpisodicLife(new FakeGame({ lives: threeLives }));
    env.reset();
    env.step(0);
    env.step(0);
    const other = new EpisodicLife(game);
    other.restoreState(structuredClone(env.saveState()));
    other.reset();
    expect(game.log).toEqual([0]);
  });
});

describe('scores of whole games', () => {
  /** A frame earns its number; lives go with the frames 2, 4 and 6, at which the game is over. */
  const game = (length = 6) =>
    new FakeGame({ lives: (frame) => 3 - Math.floor(frame / 2), length, reward: (frame) => frame });

  it('are told at the end of each life, rewards of the no-ops between them included', () => {
    const env = new EpisodicLife(game());
    const told: unknown[] = [];
    for (let life = 0; life < 4; life++) {
      env.reset();
      for (let over = false; !over; ) {
        const { terminated, info } = env.step(3);
        if (terminated) told.push(info['whole_game']);
        else expect(info).toEqual({});
        over = terminated;
      }
    }
    expect(told).toEqual([
      { over: false, reward: 1 + 2 },
      { over: false, reward: 1 + 2 + 3 + 4 },
      { over: true, reward: 1 + 2 + 3 + 4 + 5 + 6 },
      { over: false, reward: 1 + 2 },
    ]);
  });

  it('are told by the reset during which the game ends', () => {
    const env = new EpisodicLife(game(3));
    env.reset();
    env.step(3);
    env.step(3);
    expect(env.reset().info).toEqual({ whole_game: { over: true, reward: 6 } });
    env.step(3);
    expect(env.step(3).info).toEqual({ whole_game: { over: false, reward: 3 } });
  });

  it('outlive FIRE at the start, which may lose a life or end a game', () => {
    // Frame 1 is FIRE; with 2, the action after it, a life goes; 3, the no-op, ends the game.
    expect(new FireReset(new EpisodicLife(game(3))).reset().info).toEqual({ whole_game: { over: true, reward: 6 } });
    expect(new FireReset(new EpisodicLife(game(2))).reset().info).toEqual({ whole_game: { over: true, reward: 3 } });
    expect(new FireReset(new EpisodicLife(game(6))).reset().info).toEqual({});
  });

  it('start anew with a seed or where an episode is left', () => {
    const env = new EpisodicLife(game());
    env.reset();
    env.step(3);
    env.reset();
    env.step(3);
    expect(env.step(3).info).toEqual({ whole_game: { over: false, reward: 3 } });
    env.reset({ seed: 1 });
    env.step(3);
    expect(env.step(3).info).toEqual({ whole_game: { over: false, reward: 3 } });
  });

  it('go on from a saved state', () => {
    const [env, other] = [new EpisodicLife(game()), new EpisodicLife(game())];
    env.reset();
    env.step(3);
    env.step(3);
    other.restoreState(structuredClone(env.saveState()));
    other.reset();
    expect(other.step(3).info).toEqual({ whole_game: { over: false, reward: 1 + 2 + 3 + 4 } });
  });

  it('are what is played: one game a call, cut or not', async () => {
    const env = new EpisodicLife(game());
    const log = (env.unwrapped as FakeGame).log;
    const actions: number[] = [];
    const play = (maxSteps?: number) =>
      playEpisode(env, () => 3, { maxSteps, onAction: (action) => void actions.push(action) });
    expect(await play()).toEqual({ totalReward: 21, steps: 4, cut: false });
    expect(actions).toEqual([3, 3, 3, 3]);
    expect(log).toEqual(['reset', 3, 3, 0, 3, 0, 3]);
    // Cut where a life ended: the next game is a new one all the same.
    expect(await play(2)).toEqual({ totalReward: 3, steps: 2, cut: true });
    expect(await play()).toEqual({ totalReward: 21, steps: 4, cut: false });
  });

  it('are played to the end that comes during a reset', async () => {
    expect(await playEpisode(new EpisodicLife(game(3)), () => 3)).toEqual({ totalReward: 6, steps: 2, cut: false });
  });
});

describe('StickyAction', () => {
  it('repeats the last action about as often as it says', () => {
    const game = new FakeGame();
    const env = new StickyAction(game, 0.25);
    env.reset({ seed: 0 });
    let repeats = 0;
    for (let i = 0; i < 4000; i++) {
      env.step(i % 4);
      if (game.log.at(-1) !== i % 4) repeats++;
    }
    // Standard deviation 27.
    expect(Math.abs(repeats - 1000)).toBeLessThan(110);
  });

  it('starts from NOOP and with probability 1 stays there', () => {
    const game = new FakeGame();
    const env = new StickyAction(game, 1);
    env.reset({ seed: 0 });
    env.step(3);
    expect(game.log.at(-1)).toBe(0);
    expect(() => new StickyAction(game, 2)).toThrow(OptionError);
  });
});
