import { describe, expect, it } from 'vitest';
import { decodeCurves, parseEvent } from './board-client.ts';
import { readFrames } from './frame-stream.ts';

it('reads the names and the data of events', () => {
  expect(parseEvent('event: runs\ndata: {"a":1}')).toEqual({ name: 'runs', data: '{"a":1}' });
  expect(parseEvent(': a comment')).toEqual({ name: 'message', data: '' });
  expect(parseEvent('data: one\ndata:two')).toEqual({ name: 'message', data: 'one\ntwo' });
});

it('decodes columns of runs, in their order', () => {
  const runs = [
    { id: 'a', rows: 2, names: ['reward'] },
    { id: 'b', rows: 1, names: [] },
  ];
  let text = JSON.stringify({ runs });
  text += ' '.repeat((8 - ((text.length + 4) % 8)) % 8);
  const numbers = Float64Array.of(1, 2, 10, 20, -1, -2, 7, 70);
  const bytes = new Uint8Array(4 + text.length + numbers.byteLength);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(new TextEncoder().encode(text), 4);
  bytes.set(new Uint8Array(numbers.buffer), 4 + text.length);
  const [a, b] = decodeCurves(bytes.buffer);
  expect(Object.entries(a!.columns).map(([name, column]) => [name, ...column])).toEqual([
    ['step', 1, 2],
    ['time', 10, 20],
    ['reward', -1, -2],
  ]);
  expect([...b!.columns['step']!, ...b!.columns['time']!]).toEqual([7, 70]);
});

describe('readFrames', () => {
  const frame = (head: object, pixels: readonly number[]): number[] => {
    const text = [...new TextEncoder().encode(JSON.stringify({ ...head, bytes: pixels.length }))];
    return [text.length & 255, text.length >> 8, 0, 0, ...text, ...pixels];
  };
  const bytes = [
    ...frame({ kind: 'frame', step: 1 }, [1, 2, 3]),
    ...frame({ kind: 'text', text: 'é' }, []),
    ...frame({ step: 3 }, [9]),
  ];
  const seen = async (sizes: () => number, most = 10) => {
    let [at, cancelled] = [0, false];
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const end = at + sizes();
        controller.enqueue(Uint8Array.from(bytes.slice(at, end)));
        at = end;
        if (at >= bytes.length) controller.close();
      },
      cancel() {
        cancelled = true;
      },
    });
    const frames: unknown[] = [];
    for await (const { head, pixels } of readFrames(stream)) {
      frames.push([head.step ?? head.text, ...pixels]);
      if (frames.length === most) break;
    }
    return { frames, cancelled };
  };

  it('takes pictures out of the stream, however it is cut', async () => {
    const whole = [[1, 1, 2, 3], ['é'], [3, 9]];
    for (const size of [1, 2, 7, 50, 1000]) expect((await seen(() => size)).frames).toEqual(whole);
  });

  it('cancels the stream when nobody reads on', async () => {
    expect(await seen(() => 40, 1)).toEqual({ frames: [[1, 1, 2, 3]], cancelled: true });
  });
});
