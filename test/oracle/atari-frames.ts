/** Frames of games here against frames of ale-py: shared by the tests and by bench/atari-table.ts. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { Ale } from '../../src/atari/ale.ts';
import { gameNamed } from '../../src/atari/games/index.ts';
import { pythonPath } from '../platform/programs.ts';
import { aleCartridge } from '../support/ale-cartridges.ts';

const RECORD = 24;
const script = fileURLToPath(new URL('atari_frames.py', import.meta.url));

/** A game in a mode and with difficulty switches; without them ALE's default. */
export interface GameSetting {
  readonly game: string;
  readonly mode?: number;
  readonly difficulty?: number;
}

/** What a frame shows: checksums of RAM and pictures, and ALE's outcome. */
export interface FrameRecord {
  readonly ram: number;
  readonly screen: number;
  /** Reward, lives, over. */
  readonly outcome: readonly [number, number, boolean];
  /** RGB and gray, in every 60th frame. */
  readonly pictures: readonly [number, number];
}

/** How many frames from the start are equal; `frames + 1` when all are. */
export interface Agreement {
  readonly ram: number;
  readonly screen: number;
  readonly outcome: number;
  readonly pictures: number;
  /** First differing record, ours and theirs. */
  readonly first: { readonly frame: number; readonly ours: FrameRecord; readonly theirs: FrameRecord } | undefined;
}

/** ALE's frames of some games, one after the other. */
export async function* aleFrames(
  settings: readonly GameSetting[],
  frames: number,
  seed: number,
): AsyncGenerator<FrameRecord[]> {
  const names = settings.map(({ game, mode, difficulty }) =>
    [game, mode, difficulty].filter((part) => part !== undefined).join(':'),
  );
  const child = spawn(pythonPath(), [script, String(frames), String(seed), ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const size = RECORD * (frames + 1);
  let parts: Buffer[] = [];
  let length = 0;
  for await (const part of child.stdout as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    while (length >= size) {
      const all = Buffer.concat(parts);
      yield Array.from({ length: frames + 1 }, (_, i) => readRecord(all, i * RECORD));
      parts = [all.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) throw new Error(`${script} ended early`);
}

function readRecord(bytes: Buffer, at: number): FrameRecord {
  return {
    ram: bytes.readUInt32LE(at),
    screen: bytes.readUInt32LE(at + 4),
    outcome: [bytes.readInt32LE(at + 8), bytes.readInt16LE(at + 12), bytes[at + 14] === 1],
    pictures: [bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20)],
  };
}

/** Our frames of a game, with the same actions. */
export function* ourFrames(
  { game, mode, difficulty }: GameSetting,
  frames: number,
  seed: number,
): Generator<FrameRecord> {
  const ale = new Ale(aleCartridge(game), { seed, repeatActionProbability: 0, game: gameNamed(game) });
  if (mode !== undefined) {
    ale.setMode(mode);
    if (difficulty !== undefined) ale.setDifficulty(difficulty);
    ale.reset();
  }
  const actions = ale.minimalActions;
  let x = seed;
  let action: number = actions[0];
  for (let t = 0; t <= frames; t++) {
    let reward = 0;
    if (t > 0) {
      if (t % 8 === 1) {
        x = (Math.imul(1_103_515_245, x) + 12_345) & 0x7fffffff;
        action = actions[(x >> 16) % actions.length];
      }
      reward = ale.act(action);
    }
    const over = ale.gameOver;
    yield {
      ram: crc32(ale.ram),
      screen: crc32(ale.screen()),
      outcome: [reward, ale.lives(), over],
      pictures: t % 60 === 0 ? [crc32(ale.screenRgb()), crc32(ale.screenGray())] : [0, 0],
    };
    if (over) ale.reset();
  }
}

/** Compares frame by frame. */
export function compareFrames(ours: Iterable<FrameRecord>, theirs: readonly FrameRecord[]): Agreement {
  const equal = { ram: theirs.length, screen: theirs.length, outcome: theirs.length, pictures: theirs.length };
  let first: Agreement['first'];
  let frame = 0;
  for (const record of ours) {
    const other = theirs[frame];
    const same = {
      ram: record.ram === other.ram,
      screen: record.screen === other.screen,
      outcome: record.outcome.every((value, i) => value === other.outcome[i]),
      pictures: record.pictures.every((value, i) => value === other.pictures[i]),
    };
    for (const part of ['ram', 'screen', 'outcome', 'pictures'] as const) {
      if (same[part]) continue;
      equal[part] = Math.min(equal[part], frame);
      first ??= { frame, ours: record, theirs: other };
    }
    // Once RAM and outcome differ the games go separate ways, and nothing more is to be learnt.
    if (equal.ram < frame && equal.outcome < frame && equal.screen < frame) break;
    frame++;
  }
  return { ...equal, first };
}
