import { describe, expect, it } from 'vitest';
import { RUNNING, TERMINATED, TRUNCATED } from '../../core/episode-end.ts';
import { FileFormatError, MismatchError } from '../../core/errors.ts';
import type { Chunk, Play } from './chunk.ts';
import { decodeChunk, decodePlay, encodeChunk, encodePlay } from './chunk-codec.ts';

const chunk: Chunk = { actor: 1, round: 4, version: 3, state: { seeds: Float64Array.of(1, 2), more: [null, true] } };
const play: Play = {
  ...chunk,
  actions: Int32Array.of(0, 2, 1, 2 ** 31 - 1),
  rewards: Float64Array.of(-Number.MAX_VALUE, 0, 0.5, Number.MAX_VALUE),
  ends: Uint8Array.of(RUNNING, TERMINATED, TRUNCATED, RUNNING),
  frames: Float32Array.of(0.25, -1),
  over: Uint8Array.of(1, 0),
  gameReturns: Float64Array.of(Number.NaN, 7),
  nextValues: Float32Array.of(),
  errors: Float32Array.of(1, 2),
};

/** As whoever can write to a worker may write it. */
const written = (change: object) => encodePlay({ ...play, ...change } as Play);

describe('chunks and plays as bytes', () => {
  it('come back as they were', () => {
    expect(decodeChunk(encodeChunk(chunk))).toEqual(chunk);
    expect(decodePlay(encodePlay(play))).toEqual(play);
    const bytes = { ...play, frames: Uint8Array.of(3, 255) };
    expect(decodePlay(encodePlay(bytes))).toEqual(bytes);
  });

  it('are held by the checksum they were made with', () => {
    const sum = (data: Uint8Array, before: number) => data.reduce((total, byte) => (total * 31 + byte) >>> 0, before);
    expect(decodeChunk(encodeChunk(chunk, sum), sum)).toEqual(chunk);
    expect(decodePlay(encodePlay(play, sum), sum)).toEqual(play);
    expect(() => decodeChunk(encodeChunk(chunk, sum))).toThrow(FileFormatError);
    expect(() => decodePlay(encodePlay(play, sum))).toThrow(FileFormatError);
  });

  it('are not taken for what is none', () => {
    expect(() => decodeChunk(Uint8Array.of(1, 2, 3))).toThrow(/^the chunk: /);
    expect(() => decodePlay(Uint8Array.of(1, 2, 3))).toThrow(/^the play: /);
    expect(() => decodePlay(encodeChunk(chunk))).toThrow(MismatchError);
  });

  it.each([
    ['actor', -1],
    ['round', 0.5],
    ['version', 'x'],
  ])('have no %s %s', (key, value) => {
    expect(() => decodeChunk(encodeChunk({ ...chunk, [key]: value } as Chunk))).toThrow(MismatchError);
    expect(() => decodePlay(written({ [key]: value }))).toThrow(MismatchError);
  });

  it.each([
    ['actions', Int32Array.of(0, -1, 1, 1)],
    ['actions', Float64Array.of(0, 1, 1, 1)],
    ['ends', Uint8Array.of(0, 0, 0, TRUNCATED + 1)],
    ['ends', Uint8Array.of(0, 0, 0)],
    ['rewards', Float64Array.of(0, 0, 0, Number.NaN)],
    ['rewards', Float64Array.of(0, 0, 0, Number.POSITIVE_INFINITY)],
    ['rewards', Float64Array.of(0, 0, 0, 0, 0)],
    ['frames', Int32Array.of(1)],
    ['frames', 'none'],
    ['over', Float32Array.of(1)],
    ['gameReturns', Float32Array.of(1)],
    ['nextValues', Float64Array.of(1)],
    ['errors', null],
  ])('have no %s like %s', (key, value) => {
    expect(() => decodePlay(written({ [key]: value }))).toThrow(new RegExp(`\\b${key}\\b`));
  });
});
