import { describe, expect, it } from 'vitest';
import { FrozenLakeEnv } from '../../../envs/toy-text/frozen-lake.ts';
import { valueIteration } from '../../../tabular/planners.ts';
import { Lab } from './lab.ts';
import { type LabMessage, LabServer } from './lab-server.ts';
import { defaults, type LakeState, methodNames } from './lake-state.ts';
import { Walk } from './walk.ts';
import { makeWorld } from './world.ts';

/** Three cells of ice and a goal, dry. With gamma 1/2 V* is 1/4, 1/2, 1. */
const corridor: LakeState = { ...defaults, map: ['SFFG'], slippery: false, gamma: 0.5, alpha: 0.5, epsilon: 0.5 };

describe('a laboratory', () => {
  it('knows when value iteration has the optimal policy, and when its values stand', () => {
    const lab = new Lab({ ...corridor, methods: ['value-iteration'] });
    const seen = [];
    for (let unit = 0; unit < 16; unit++) {
      lab.step();
      const { distance, optimalSince, optimalStates } = lab.report(true).tracks[0];
      seen.push([distance, optimalStates, optimalSince?.work]);
    }
    // A sweep has four backups, goal included, from the left: values come one cell nearer with each. The first cell
    // knows the way as soon as the second has a value, in the second backup of the second sweep.
    expect(seen[2]).toEqual([0.5, 2, undefined]);
    expect(seen[5]).toEqual([0.25, 3, 6]);
    expect(seen[8]).toEqual([0, 3, 6]);
    // The last sweep only confirms.
    expect(lab.report(true)).toMatchObject({
      ...{ done: true, bestScore: 0.25, range: [0, 1], countedStates: 3 },
      tracks: [{ work: 16, rounds: 4, converged: true, score: 0.25, optimalSince: { work: 6, rounds: 1 } }],
    });
    expect(lab.advance(100)).toBe(0);
  });

  it('brings all nine methods to the same policy', () => {
    for (const method of methodNames) {
      const lab = new Lab({ ...corridor, methods: [method] });
      lab.advance(5000);
      const { optimalStates, score, values, actionValues } = lab.report(true).tracks[0];
      expect([method, optimalStates, score]).toEqual([method, 3, 0.25]);
      expect(actionValues.length).toBe(16);
      // The cell next to the goal has it from every method: its way there is certain.
      expect(values[2], method).toBeCloseTo(1, 6);
    }
  });

  it('keeps methods in step, and each as it is alone', () => {
    const methods = ['sarsa', 'q-learning', 'sarsa'] as const;
    const lab = new Lab({ ...defaults, methods });
    const alone = new Lab({ ...defaults, methods: ['q-learning'] });
    lab.advance(1000);
    for (let i = 0; i < 10; i++) alone.advance(100);
    const { tracks } = lab.report(true);
    expect(tracks.map(({ name, work }) => [name, work])).toEqual(methods.map((name) => [name, 1000]));
    expect(tracks[1].actionValues).toEqual(alone.report(true).tracks[0].actionValues);
    expect(tracks[2].actionValues).toEqual(tracks[0].actionValues);
    expect(tracks[1].visits.reduce((sum, count) => sum + count)).toBe(1000);
  });

  it('goes on in another world with what it has, and judges it by the new truth', () => {
    const lab = new Lab({ ...corridor, methods: ['value-iteration', 'q-learning'] });
    lab.advance(3000);
    const before = lab.report(true).tracks;
    lab.moveTo({ ...corridor, rewards: [2, 0, 0] });
    const moved = lab.report(true);
    expect(moved.bestScore).toBe(0.5);
    expect(moved.tracks[0].distance).toBe(1);
    for (const [i, track] of moved.tracks.entries())
      expect(track.actionValues).toEqual(
        i === 0 ? Float64Array.from(before[0].actionValues, (v, p) => (p === 10 ? 2 : v)) : before[1].actionValues,
      );
    lab.advance(3000);
    expect(lab.report(true).tracks[0].values[0]).toBe(0.5);
    expect(lab.report(true).tracks[1].values[2]).toBeCloseTo(2, 6);
  });

  it('forgets the worth of a cell that became a hole', () => {
    const open = { ...corridor, map: ['SFFG', 'FFFF'], methods: ['q-learning' as const] };
    const lab = new Lab(open);
    lab.advance(3000);
    expect(lab.report(true).tracks[0].values[2]).toBeGreaterThan(0.9);
    lab.moveTo({ ...open, map: ['SFHG', 'FFFF'] });
    expect(lab.report(true).tracks[0].values[2]).toBe(0);
    lab.advance(5000);
    // The way around: down, right three times, up: 1/2 to the power of 4.
    expect(lab.report(true).tracks[0].score).toBeCloseTo(1 / 16, 9);
  });

  it('takes new settings at once, and new methods from their beginning', () => {
    const lab = new Lab({ ...corridor, methods: ['value-iteration'] });
    lab.advance(1000);
    lab.change({ gamma: 0.25, methods: ['q-learning', 'value-iteration'] });
    let { tracks, bestScore } = lab.report(true);
    expect(bestScore).toBe(1 / 16);
    expect(tracks.map(({ name, work }) => [name, work])).toEqual([
      ['q-learning', 0],
      ['value-iteration', 16],
    ]);
    expect(tracks[1]).toMatchObject({ converged: false, distance: 0.25 });
    lab.advance(1000);
    ({ tracks, bestScore } = lab.report(true));
    expect(tracks[1].values[0]).toBe(1 / 16);
  });

  it('says where a world has no bound', () => {
    const endless = new Lab({ ...corridor, gamma: 1, rewards: [1, 0, 1], methods: ['value-iteration'] });
    const { bestScore, range, tracks } = endless.report(true);
    expect([bestScore, ...range, tracks[0].distance]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    // On the cliff the greedy policy of a table of zeros walks against the upper wall for ever; a planner ends at -13.
    const cliff = new Lab({
      ...defaults,
      env: 'CliffWalking',
      slippery: false,
      gamma: 1,
      methods: ['value-iteration'],
    });
    expect(cliff.report(true).tracks[0].score).toBe(Number.NaN);
    cliff.advance(10_000);
    expect(cliff.report(true)).toMatchObject({ bestScore: -13, tracks: [{ score: -13, optimalStates: 37 }] });
  });

  it('agrees with value iteration on the slippery lake', () => {
    const lab = new Lab({ ...defaults, gamma: 0.9, methods: ['value-iteration', 'policy-iteration', 'q-iteration'] });
    lab.advance(100_000);
    // Solved exactly: Lapan, chapter 5.
    for (const { values, optimalStates } of lab.report(true).tracks) {
      expect(values[0]).toBeCloseTo(0.0688909049, 9);
      expect(optimalStates).toBe(11);
    }
  });
});

it('draws curves with points in every decade', () => {
  const lab = new Lab({ ...defaults, methods: ['q-learning'] });
  lab.advance(100_000);
  const { work } = lab.report(true).tracks[0].curve;
  expect([work[0], work.at(-1)]).toEqual([0, 100_000]);
  expect(work.length).toBeLessThan(300);
  for (const decade of [10, 100, 1000, 10_000]) {
    expect(work.filter((w) => w >= decade && w < 10 * decade).length).toBeGreaterThan(20);
  }
});

it('a watched policy plays, and learns nothing', () => {
  const world = makeWorld(corridor);
  const { actionValues } = valueIteration(new FrozenLakeEnv({ desc: ['SFFG'], isSlippery: false }).model, {
    gamma: 0.5,
  });
  const walk = new Walk(world, 1);
  const places = Array.from({ length: 8 }, () => {
    walk.step(actionValues, 4, (state) => state === 3);
    return walk.state;
  });
  expect(places).toEqual([1, 2, 3, 0, 1, 2, 3, 0]);
  expect([walk.episodes, walk.reached, walk.total]).toEqual([2, 2, 2]);
  // Zeros go left, against the wall, until the time is up: 25 steps for each of four columns.
  const lost = new Walk(world, 1);
  for (let i = 0; i < 100; i++) lost.step(new Float64Array(16), 4, () => false);
  expect([lost.episodes, lost.outOfSteps]).toEqual([1, 1]);
});

describe('the server of a laboratory', () => {
  /** With a clock of its own, which goes on when it is looked at. */
  function serve(state: LakeState) {
    let now = 0;
    const waiting: { at: number; work: () => void }[] = [];
    const messages: LabMessage[] = [];
    const server = new LabServer({
      post: (message) => messages.push(message),
      now() {
        now += 4;
        return now;
      },
      later: (work, milliseconds) => waiting.push({ at: now + milliseconds, work }),
      slice: 10,
    });
    server.receive({ type: 'open', state });
    const pass = (milliseconds: number): void => {
      const end = now + milliseconds;
      while (now < end) {
        const next = waiting.shift();
        if (next === undefined) break;
        now = Math.max(now, next.at);
        next.work();
      }
      now = Math.max(now, end);
    };
    return { server, messages, pass, last: () => messages[messages.length - 1] };
  }

  it('answers every command', () => {
    const { server, messages, last } = serve({ ...corridor, methods: ['value-iteration'] });
    server.receive({ type: 'step' });
    server.receive({ type: 'round' });
    expect(messages.map(({ commands, tracks }) => [commands, tracks[0].work])).toEqual([
      [1, 0],
      [2, 1],
      [3, 4],
    ]);
    expect(last().running).toBe(false);
  });

  it('runs at a speed, tells of each step when it is slow, and rests', () => {
    const { server, pass, last } = serve({ ...corridor, methods: ['q-learning'] });
    server.receive({ type: 'speed', perSecond: 4 });
    pass(3000);
    expect(last().tracks[0].work).toBeGreaterThanOrEqual(10);
    expect(last().tracks[0].work).toBeLessThanOrEqual(12);
    expect(last().tracks[0].account?.kind).toBe('update');
    server.receive({ type: 'speed', perSecond: 0 });
    const { work } = last().tracks[0];
    pass(3000);
    expect(last().tracks[0].work).toBe(work);
    expect(last().running).toBe(false);
  });

  it('runs as fast as it goes, and says when nothing is left to do', () => {
    const { server, messages, pass, last } = serve({ ...corridor, methods: ['value-iteration', 'policy-iteration'] });
    server.receive({ type: 'speed', perSecond: Number.POSITIVE_INFINITY });
    expect(last()).toMatchObject({ running: true, done: false });
    pass(5000);
    expect(last()).toMatchObject({ running: false, done: true });
    const { length } = messages;
    pass(5000);
    expect(messages.length).toBe(length);
  });

  it('reports about thirty times a second, not at every slice', () => {
    const { server, messages, pass } = serve({ ...corridor, methods: ['q-learning'] });
    server.receive({ type: 'speed', perSecond: Number.POSITIVE_INFINITY });
    const before = messages.length;
    pass(2000);
    expect(messages.length - before).toBeGreaterThan(30);
    expect(messages.length - before).toBeLessThan(70);
  });
});
