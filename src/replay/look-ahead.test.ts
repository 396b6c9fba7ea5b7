import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { LookAhead } from './look-ahead.ts';
import { UniformReplay } from './uniform.ts';

const bytes = { elementType: 'uint8', frameLength: 2, gamma: 0.5 } as const;
const frame = (value: number) => Uint8Array.of(value, value);

describe('LookAhead', () => {
  it.each([
    { name: 'growing', bufferSize: 100, streams: 1, stored: 40 },
    { name: 'full', bufferSize: 40, streams: 1, stored: 95 },
    { name: 'full, of several environments', bufferSize: 40, streams: 3, stored: 60 },
    { name: 'full, n-step', bufferSize: 40, streams: 1, stored: 95, nStep: 3 },
  ])('predicts what will be drawn: $name', ({ bufferSize, streams, stored, nStep = 1 }) => {
    const replay = new UniformReplay({ ...bytes, stack: 1, bufferSize, streams, nStep });
    const add = (steps: number) => {
      for (let n = 0; n < steps; n++) {
        for (let stream = 0; stream < streams; stream++) replay.add(n, 1, false, false, frame(n), stream);
      }
    };
    for (let stream = 0; stream < streams; stream++) replay.startEpisode(frame(0), stream);
    add(stored);
    const random = new Generator(5);
    const lookAhead = new LookAhead(replay, random);
    const [batch, predicted] = [replay.createBatch(16), new Int32Array(16)];
    const drawn = new Set<number>();
    for (const steps of [0, 1, 4, 1, 0, 7]) {
      lookAhead.peek(steps, predicted);
      const before = random.saveState();
      lookAhead.peek(steps, predicted);
      expect(random.saveState()).toEqual(before);
      add(steps);
      replay.sample(random, batch);
      expect(batch.indices).toEqual(predicted);
      for (const slot of predicted) drawn.add(slot);
    }
    expect(drawn.size).toBeGreaterThan(20);
  });
});
