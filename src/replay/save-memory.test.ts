/** Saving a replay and putting it back takes no second one: its frames are views. */
import { expect, it } from 'vitest';
import type { Snapshot } from '../core/snapshot.ts';
import { UniformReplay } from './uniform.ts';

const options = { bufferSize: 4000, elementType: 'uint8', frameLength: 1000, gamma: 0.9 } as const;

/** Memory below the typed arrays of a snapshot. */
function buffersOf(state: Snapshot, into = new Set<unknown>()): Set<unknown> {
  if (ArrayBuffer.isView(state)) into.add(state.buffer);
  else if (typeof state === 'object' && state !== null)
    for (const part of Object.values(state)) buffersOf(part as Snapshot, into);
  return into;
}

function filled(compression: 'none' | 'lz'): UniformReplay<'uint8'> {
  const replay = new UniformReplay({ ...options, compression });
  replay.startEpisode(new Uint8Array(1000));
  for (let i = 1; i <= 5000; i++) replay.add(0, 1, false, false, new Uint8Array(1000).fill(i));
  return replay;
}

const bytesOf = (buffers: Iterable<unknown>): number =>
  [...buffers].reduce<number>((sum, buffer) => sum + (buffer as ArrayBuffer).byteLength, 0);

it.each(['none', 'lz'] as const)('of frames with compression %s', (compression) => {
  const replay = filled(compression);
  const [first, second] = [buffersOf(replay.saveState()), buffersOf(replay.saveState())];
  const copied = bytesOf([...first].filter((buffer) => !second.has(buffer)));
  // Actions, rewards, ends, numbers and where frames begin.
  expect(copied).toBeLessThan(30 * 4100);
  expect(bytesOf(first)).toBeGreaterThan(compression === 'none' ? 4e6 : copied);

  const restored = new UniformReplay({ ...options, compression });
  restored.restoreState(replay.saveState());
  const third = buffersOf(restored.saveState());
  // Whole blocks are taken over; the first and the last may be copied.
  const own = bytesOf([...third].filter((buffer) => !first.has(buffer))) - copied;
  expect(own).toBeLessThan(compression === 'none' ? 2 * 250_000 : 1);
});
