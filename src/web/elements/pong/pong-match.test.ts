import { describe, expect, it } from 'vitest';
import { PongEnv } from '../../../envs/pong/pong-env.ts';
import { scriptedPongAction } from '../../../envs/pong/scripted-player.ts';
import { lapanPreprocessing } from '../../../wrappers/lapan-preprocessing.ts';
import { PongMatch, type PongPlayer } from './pong-match.ts';
import { type PongView, PongVision } from './pong-vision.ts';

const view: PongView = {
  kind: 'atari',
  edition: 'second',
  frameSize: 42,
  noopMax: 30,
  stickyActions: 0,
  fireReset: true,
  frameSkip: 4,
  frameStack: 4,
  episodicLife: false,
};

/** A player that takes `choose(n)` at its n-th choice and keeps what it saw. */
function taker(choose: (n: number) => number): PongPlayer & { readonly seen: Uint8Array[] } {
  const seen: Uint8Array[] = [];
  return {
    seen,
    vision: new PongVision(view),
    async values(observation) {
      const q = new Float32Array(6);
      q[choose(seen.length)] = 1;
      seen.push(observation.slice());
      return q;
    },
  };
}

describe('PongMatch', () => {
  it('shows a network what its training showed: the wrappers that skip frames themselves', async () => {
    const choose = (n: number) => (n < 2 ? 1 + n : (n * 7) % 6);
    const match = new PongMatch('watch', 5);
    const player = taker(choose);
    match.seat(player);
    // A training's episode starts with FIRE and UP; from then on the two are the same game.
    const env = new PongEnv();
    const wrapped = lapanPreprocessing(env, { edition: 'second', size: 42 });
    let expected = wrapped.reset({ seed: 5 }).observation as Uint8Array;
    for (let frame = 0; frame < 8; frame++) await match.frame();
    for (let n = 2; n < 500; n++) {
      for (let frame = 0; frame < 4; frame++) await match.frame();
      // Pictures of the start are filled up in another way.
      if (n > 5 && Buffer.compare(player.seen[n], expected) !== 0) expect.fail(`choice ${n} sees another picture`);
      expected = wrapped.step(choose(n)).observation as Uint8Array;
    }
    expect([...match.env.game.save()]).toEqual([...env.game.save()]);
    expect(player.seen.length).toBe(500);
  });

  it('asks the network once in four frames, and never where a person plays the program', async () => {
    const player = taker(() => 0);
    const match = new PongMatch('watch', 1);
    match.seat(player);
    const decided: boolean[] = [];
    for (let frame = 0; frame < 12; frame++) decided.push((await match.frame()).decided);
    expect(decided).toEqual([0, 1, 2].flatMap(() => [true, false, false, false]));
    const other = new PongMatch('computer', 1);
    other.seat(taker(() => 0));
    for (let frame = 0; frame < 12; frame++) expect((await other.frame()).decided).toBe(false);
  });

  it.each(['play', 'computer'] as const)('a person steers by keys and by dragging: %s', async (mode) => {
    const match = new PongMatch(mode, 1);
    const { game } = match.env;
    const mine = () => (mode === 'play' ? game.opponentY : game.playerY);
    const theirs = () => (mode === 'play' ? game.playerY : game.opponentY);
    const frames = async (count: number) => {
      for (let i = 0; i < count; i++) await match.frame();
    };
    const before = [mine(), theirs()];
    match.hand.direction = -1;
    await frames(12);
    expect(mine()).toBeLessThan(before[0] - 10);
    expect(theirs()).toBe(before[1]);
    match.hand.direction = 0;
    match.hand.row = 150;
    await frames(30);
    expect(Math.abs(mine() - 150)).toBeLessThanOrEqual(2);
    match.hand.row = undefined;
    match.hand.direction = 1;
    await frames(30);
    expect(mine()).toBeGreaterThan(170);
  });

  it('a person who plays like the strong scripted player beats the program, and the next game starts at 0', async () => {
    const match = new PongMatch('computer', 2);
    const { game } = match.env;
    let points = 0;
    while (!match.over) {
      const action = scriptedPongAction(game);
      match.hand.direction = action < 2 ? 0 : action % 2 === 0 ? -1 : 1;
      match.hand.fire = action === 1 || action > 3;
      points += (await match.frame()).point;
    }
    expect(game.playerScore).toBe(21);
    expect(points).toBe(game.playerScore - game.opponentScore);
    match.restart();
    expect([game.playerScore, game.opponentScore, match.over]).toEqual([0, 0, false]);
    await match.frame();
  });

  it('takes random actions by the share asked for', async () => {
    const player = taker(() => 0);
    const match = new PongMatch('watch', 3);
    match.seat(player);
    match.epsilon = 0.3;
    let explored = 0;
    for (let frame = 0; frame < 4000; frame++) {
      if ((await match.frame()).decided && match.explored) explored++;
      if (match.over) match.restart();
    }
    // 1000 choices, 0.3 each: five standard deviations are 72.
    expect(Math.abs(explored - 300)).toBeLessThan(72);
  });
});
