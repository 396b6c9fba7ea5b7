/** Both ends of the channel to a worker in one thread. */
import { afterEach, describe, expect, it } from 'vitest';
import { decodeCheckpoint } from '../../../storage/checkpoint-format.ts';
import type { Port } from '../../worker/protocol.ts';
import { RemoteTraining, TrainingLink } from '../../worker/remote-training.ts';
import { serveTraining } from '../../worker/serve-training.ts';
import { Learning, type StartTraining } from './learning.ts';
import { inDigits, minutes } from './learning-panel.ts';
import { openValueNetwork } from './value-network.ts';

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

const startHere: StartTraining = (start, options = {}) => {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serveTraining(port2 as Port);
  const { onLoad: _, worker: __, ...rest } = options;
  return RemoteTraining.begin(new TrainingLink(port1 as Port, () => {}), start, { ...rest, runtime: 'interpreter' });
};

const pole = {
  recipe: 'dqn-cart-pole',
  seed: 1,
  set: { 'network.hiddenSizes': [8], learningStarts: 40, batchSize: 8, bufferSize: 500 },
};

interface Seen {
  readonly learning: Learning;
  readonly models: Uint8Array[];
  changes: number;
}

/** @param every seconds between models; the clock moves one a look. */
function begin(every: number, admit = (_: RemoteTraining): string => ''): Seen {
  let time = 0;
  const seen = { models: [] as Uint8Array[], changes: 0 };
  const listener = {
    changed: () => void seen.changes++,
    model: async (bytes: Uint8Array) => void seen.models.push(bytes),
    admit,
  };
  const learning = new Learning(
    listener,
    every,
    async () => startHere,
    () => time++,
  );
  return Object.assign(seen, { learning });
}

describe('Learning', () => {
  it('starts at rest with the network of the first step, learns, and brings newer ones', async () => {
    const seen = begin(1);
    const { learning } = seen;
    const started = learning.start(pole);
    expect(learning.state).toBe('starting');
    await started;
    expect([learning.state, seen.models.length, learning.progress?.step]).toEqual(['paused', 1, 0]);
    await learning.run();
    expect(learning.state).toBe('running');
    await expect.poll(() => learning.curve.count).toBeGreaterThan(5);
    // Of 300,000 steps far less than a tenth is done, so more than nine times the time so far is left.
    await expect.poll(() => (learning.secondsLeft ?? 0) > 9 * learning.elapsed).toBe(true);
    await learning.pause();
    expect(learning.state).toBe('paused');
    expect(learning.curve.mean).toBeGreaterThan(5);
    expect(learning.secondsLeft).toBeUndefined();
    expect(seen.models.length).toBeGreaterThan(2);
    const newest = await openValueNetwork(seen.models.at(-1) as Uint8Array, 'newest');
    expect([newest.env, newest.actions, newest.shape]).toEqual(['CartPole-v1', 2, [4]]);
    expect(Buffer.compare(seen.models[0], seen.models.at(-1) as Uint8Array)).not.toBe(0);
    const before = learning.progress?.step as number;
    await learning.step();
    expect([learning.state, learning.progress?.step]).toEqual(['paused', before + 1]);
    learning.close();
    expect([learning.state, learning.curve.count]).toEqual(['none', 0]);
  });

  it('goes on from a checkpoint', async () => {
    const { learning } = begin(1000);
    await learning.start(pole);
    for (let i = 0; i < 3; i++) await learning.step();
    const saved = (await learning.training?.checkpoint()) as Uint8Array;
    expect(decodeCheckpoint(saved, 'saved').header.step).toBe(3);
    const other = begin(1000).learning;
    await other.start({ checkpoint: saved });
    expect([other.state, other.progress?.step]).toEqual(['paused', 3]);
    learning.close();
    other.close();
  });

  it('says what cannot be started, and starts again', async () => {
    const { learning } = begin(1000);
    await learning.start({ recipe: 'dqn-cart-poel' });
    expect(learning.state).toBe('failed');
    expect(learning.message).toMatch(/dqn-cart-poel/);
    await learning.start({ checkpoint: Uint8Array.of(1, 2, 3) });
    expect(learning.state).toBe('failed');
    await learning.start(pole);
    expect([learning.state, learning.message]).toEqual(['paused', '']);
    learning.close();
  });

  it('goes on with what it has when a checkpoint is refused, by itself or by the element', async () => {
    const refuse = ({ config }: RemoteTraining): string => {
      if (config['seed'] !== 1) throw new Error('not this one');
      return 'welcome';
    };
    const { learning } = begin(1000, refuse);
    await learning.start({ ...pole, seed: 2 });
    for (let i = 0; i < 3; i++) await learning.step();
    const present = learning.training;
    const stranger = (await learning.checkpoint()) as Uint8Array;
    for (const [checkpoint, said] of [
      [Uint8Array.of(1, 2, 3), /not a checkpoint/],
      [stranger.subarray(0, stranger.length - 9), /truncated/],
      [stranger, /^not this one$/],
    ] as const) {
      expect(await learning.start({ checkpoint })).toBe(false);
      expect(learning.notice).toEqual({ text: expect.stringMatching(said), refused: true });
      expect([learning.training, learning.state, learning.progress?.step]).toEqual([present, 'paused', 3]);
    }
    const { learning: other } = begin(1000);
    await other.start(pole);
    expect(await learning.start({ checkpoint: (await other.checkpoint()) as Uint8Array })).toBe(true);
    expect([learning.notice.text, learning.training?.config['seed'], present?.state]).toEqual(['welcome', 1, 'closed']);
    learning.close();
    other.close();
  });

  it('has nothing to say of a call that a new start overtakes', async () => {
    const { learning } = begin(1000);
    await learning.start(pole);
    const calls = [learning.run(), learning.limit(5), learning.checkpoint(), learning.step()];
    await learning.start({ ...pole, seed: 2 });
    await Promise.all(calls);
    expect([learning.state, learning.message]).toEqual(['paused', '']);
    learning.close();
  });

  it('a start that another one overtakes leaves nothing behind', async () => {
    const seen = begin(1000);
    const first = seen.learning.start(pole);
    const second = seen.learning.start({ ...pole, seed: 2 });
    await Promise.all([first, second]);
    expect(seen.learning.training?.config['seed']).toBe(2);
    expect(seen.models.length).toBe(1);
    seen.learning.close();
  });
});

it.each([
  [1234567, 0, '1\u202f234\u202f567'],
  [-16.04, 1, '−16.0'],
  [-0.01, 1, '0.0'],
  [999, 0, '999'],
])('writes %f with %i places as %s', (value, places, text) => {
  expect(inDigits(value, places)).toBe(text);
});

it.each([
  [7, '0:07'],
  [754.4, '12:34'],
  [3723, '1:02:03'],
])('writes %f seconds as %s', (seconds, text) => {
  expect(minutes(seconds)).toBe(text);
});
