/** Chunks and plays as bytes, in the form of checkpoints. Whoever can write to a worker may have written them, so they are read as a stranger's. */
import { RUNNING, TRUNCATED } from '../../core/episode-end.ts';
import { joinBytes } from '../../core/join-bytes.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import { type Checksum, crc32 } from '../../storage/crc32.ts';
import type { Chunk, Play } from './chunk.ts';

const CHUNK = 'actor-chunk';
const PLAY = 'actor-play';

const encode = (kind: string, value: Chunk | Play, checksum: Checksum): Uint8Array<ArrayBuffer> =>
  joinBytes(encodeCheckpoint(value as unknown as Snapshot, { kind, version: '', step: 0 }, checksum));

export const encodeChunk = (chunk: Chunk, checksum: Checksum = crc32): Uint8Array<ArrayBuffer> =>
  encode(CHUNK, chunk, checksum);
export const encodePlay = (play: Play, checksum: Checksum = crc32): Uint8Array<ArrayBuffer> =>
  encode(PLAY, play, checksum);

/** @throws FileFormatError or MismatchError when the bytes are no chunk. */
export function decodeChunk(bytes: Uint8Array, checksum: Checksum = crc32): Chunk {
  const saved = new SavedState(decodeCheckpoint(bytes, 'the chunk', checksum).snapshot, 'chunk');
  return { ...placeOf(saved), state: saved.part('state') };
}

/** @throws FileFormatError or MismatchError when the bytes are no play. */
export function decodePlay(bytes: Uint8Array, checksum: Checksum = crc32): Play {
  const saved = new SavedState(decodeCheckpoint(bytes, 'the play', checksum).snapshot, 'play');
  const frames = saved.part('frames');
  saved.require(frames instanceof Uint8Array || frames instanceof Float32Array, 'frames', 'bytes or float32');
  const actions = saved.array('actions', new Int32Array(0));
  saved.within('actions', actions, 0, 2 ** 31 - 1);
  const ends = saved.array('ends', new Uint8Array(0), actions.length);
  saved.within('ends', ends, RUNNING, TRUNCATED);
  const rewards = saved.array('rewards', new Float64Array(0), actions.length);
  saved.within('rewards', rewards, -Number.MAX_VALUE, Number.MAX_VALUE);
  return {
    ...placeOf(saved),
    state: saved.part('state'),
    actions,
    rewards,
    ends,
    frames: frames as Uint8Array | Float32Array,
    over: saved.array('over', new Uint8Array(0)),
    gameReturns: saved.array('gameReturns', new Float64Array(0)),
    nextValues: saved.array('nextValues', new Float32Array(0)),
    errors: saved.array('errors', new Float32Array(0)),
  };
}

function placeOf(saved: SavedState): Omit<Chunk, 'state'> {
  return { actor: saved.whole('actor'), round: saved.whole('round'), version: saved.whole('version') };
}
