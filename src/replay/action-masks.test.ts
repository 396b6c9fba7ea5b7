import { describe, expect, it } from 'vitest';
import { RUNNING, TERMINATED, TRUNCATED } from '../core/episode-end.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { PrioritizedReplay } from './prioritized.ts';
import { replayBytes } from './transition-store.ts';
import { UniformReplay, type UniformReplayOptions } from './uniform.ts';

const ACTIONS = 5;
/** Observations are numbers; bits of them are what is allowed there, so that a batch shows whether its masks are right. */
const maskOf = (observation: number) =>
  Uint8Array.from({ length: ACTIONS }, (_, action) => (observation >> action) & 1);

const options: UniformReplayOptions<'float32'> = {
  ...{ elementType: 'float32', frameLength: 1, bufferSize: 60, gamma: 0.9, maskLength: ACTIONS },
};

/** Random episodes in every stream by `addStep`, whose arrays are the same at each call.
 * @returns plays so many more steps. */
function player(replay: UniformReplay<'float32'> | PrioritizedReplay<'float32'>, streams: number, seed = 1) {
  const random = new Generator(seed);
  const observations = new Float32Array(streams);
  const step = {
    observations,
    finalObservations: new Float32Array(streams),
    terminations: new Uint8Array(streams),
    truncations: new Uint8Array(streams),
    actionMasks: new Uint8Array(streams * ACTIONS),
    finalActionMasks: new Uint8Array(streams * ACTIONS),
  };
  const show = (row: number, at: Float32Array, masks: Uint8Array) => {
    at[row] = random.integers(1, 2 ** ACTIONS);
    masks.set(maskOf(at[row]), row * ACTIONS);
  };
  for (let n = 0; n < streams; n++) show(n, observations, step.actionMasks);
  replay.startEpisodes(observations, step.actionMasks);
  return (steps: number) => {
    for (let t = 0; t < steps; t++) {
      for (let n = 0; n < streams; n++) {
        const end = [RUNNING, RUNNING, RUNNING, TERMINATED, TRUNCATED][random.integers(5)];
        step.terminations[n] = Number(end === TERMINATED);
        step.truncations[n] = Number(end === TRUNCATED);
        if (end !== RUNNING) show(n, step.finalObservations, step.finalActionMasks);
        show(n, observations, step.actionMasks);
      }
      const actions = Int32Array.from({ length: streams }, () => random.integers(ACTIONS));
      replay.addStep(actions, new Float64Array(streams), step);
    }
  };
}

function expectRightMasks(replay: UniformReplay<'float32'> | PrioritizedReplay<'float32'>): void {
  const batch = replay.createBatch(replay.size);
  replay.sample(new Generator(0), batch);
  for (let row = 0; row < batch.actions.length; row++) {
    const masks = (array: Uint8Array | undefined) => array!.slice(row * ACTIONS, (row + 1) * ACTIONS);
    expect(masks(batch.actionMasks)).toEqual(maskOf(batch.observations[row]));
    expect(masks(batch.nextActionMasks)).toEqual(maskOf(batch.nextObservations[row]));
  }
}

describe('a batch has the masks of its observations and of its next observations', () => {
  it.each([
    [1, 1],
    [1, 3],
    [3, 1],
    [4, 5],
  ])('%i streams, %i steps to the horizon', (streams, nStep) => {
    const replay = new UniformReplay({ ...options, streams, nStep });
    const play = player(replay, streams);
    play(10);
    expectRightMasks(replay);
    // Long enough that all that was stored at first is overwritten.
    play(150);
    expect(replay.size).toBe(60);
    expectRightMasks(replay);
  });
  it('with priorities, and without next observations', () => {
    const replay = new PrioritizedReplay({ ...options, nStep: 2 });
    player(replay, 1)(100);
    expectRightMasks(replay);
    const batch = replay.createBatch(1, { nextObservations: false });
    replay.sample(new Generator(0), batch);
    expect(batch.nextActionMasks).toHaveLength(ACTIONS);
  });
  it('gives up the masks of transitions that it has dropped', () => {
    const replay = new UniformReplay(options);
    player(replay, 1)(900);
    // 60 transitions have at most 120 observations, of 4 bytes, with masks of 5 and a byte of the store for each.
    expect(replay.observationBytes).toBeLessThan(130 * (4 + 1 + ACTIONS + 1));
  });
  it('goes on where a saved state stopped', () => {
    const [whole, continued] = [1, 2].map(() => new UniformReplay({ ...options, streams: 2, nStep: 3 }));
    const play = player(whole, 2);
    player(continued, 2, 9)(47);
    play(100);
    continued.restoreState(whole.saveState());
    expectRightMasks(continued);
    expect(continued.saveState()).toEqual(whole.saveState());
  });
  it('stores one mask for each observation, and counts its bytes', () => {
    const masks = { ...options, maskLength: 0 };
    expect(replayBytes(options) - replayBytes(masks)).toBe(60 * ACTIONS);
  });
});

describe('what does not fit', () => {
  it('an observation without a mask, or with one of other actions; nothing is stored then', () => {
    const replay = new UniformReplay(options);
    expect(() => replay.startEpisode([1])).toThrow(OptionError);
    expect(() => replay.startEpisode([1], 0, Uint8Array.of(1, 1))).toThrow(/allowed is 5 entries, one for each action/);
    replay.startEpisode([1], 0, maskOf(1));
    expect(() => replay.add(0, 1, false, false, [2])).toThrow(OptionError);
    replay.add(0, 1, true, false, [2], 0, maskOf(2));
    expect(replay.size).toBe(1);
    expectRightMasks(replay);
  });
  it('a state of a replay without masks', () => {
    const plain = new UniformReplay({ ...options, maskLength: undefined });
    expect(() => new UniformReplay(options).restoreState(plain.saveState())).toThrow(MismatchError);
    expect(() => plain.restoreState(new UniformReplay(options).saveState())).toThrow(/has maskLength 5, this one 0/);
  });
  it('a batch without masks is that of a replay without', () => {
    const { actionMasks, nextActionMasks } = new UniformReplay({ ...options, maskLength: 0 }).createBatch(3);
    expect([actionMasks, nextActionMasks]).toEqual([undefined, undefined]);
  });
});
