/** An MP4 of one track of H.264 pictures that all last equally long (ISO/IEC 14496-12 and 14496-15). */
import { joinBytes } from '../core/join-bytes.ts';
import { TICKS } from './frame-times.ts';

export interface CodedPicture {
  /** Its units, each with its length before it. */
  readonly data: Uint8Array;
  /** Whether a player may begin with it. */
  readonly key: boolean;
}

export interface CodedVideo {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** The content of `avcC`: how to decode them. */
  readonly decoder: Uint8Array;
  readonly pictures: readonly CodedPicture[];
}

/** The file, with its index at the end. */
export function mp4File({ width, height, fps, decoder, pictures }: CodedVideo): Uint8Array {
  const timescale = Math.round(fps * TICKS);
  const duration = pictures.length * TICKS;
  const keys = pictures.flatMap(({ key }, i) => (key ? [i + 1] : []));
  const start = box('ftyp', text('isom'), u32(0x200), text('isomiso2avc1mp41'));
  const content = box('mdat', ...pictures.map(({ data }) => data));

  const coded = box(
    'avc1',
    ...[
      zeros(6),
      u16(1),
      zeros(16),
      u16(width, height),
      u32(DOTS_PER_INCH, DOTS_PER_INCH),
      zeros(4),
      u16(1),
      zeros(32),
    ],
    ...[u16(24, 0xffff), box('avcC', decoder)],
  );
  const samples = box(
    'stbl',
    box('stsd', u32(0, 1), coded),
    box('stts', u32(0, 1, pictures.length, TICKS)),
    box('stss', u32(0, keys.length, ...keys)),
    // All pictures lie in one chunk.
    box('stsc', u32(0, 1, 1, pictures.length, 1)),
    box('stsz', u32(0, 0, pictures.length, ...pictures.map(({ data }) => data.length))),
    box('stco', u32(0, 1, start.length + BOX_HEAD)),
  );
  const here = box('dinf', box('dref', u32(0, 1), box('url ', u32(1))));
  const media = box(
    'mdia',
    box('mdhd', u32(0, 0, 0, timescale, duration), u16(UNDETERMINED, 0)),
    box('hdlr', u32(0, 0), text('vide'), zeros(12), text('pictures\0')),
    box('minf', box('vmhd', u32(1, 0, 0)), here, samples),
  );
  // Shown as it is, in its movie.
  const track = box(
    'tkhd',
    ...[u32(3, 0, 0, 1, 0, duration), zeros(16), MATRIX, u32(width * 0x10000, height * 0x10000)],
  );
  const movie = box(
    'mvhd',
    ...[u32(0, 0, 0, timescale, duration, 0x10000), u16(0x100), zeros(10), MATRIX, zeros(24), u32(2)],
  );
  return joinBytes([start, content, box('moov', movie, box('trak', track, media))]);
}

const BOX_HEAD = 8;
/** 72, as every file has it. */
const DOTS_PER_INCH = 72 * 0x10000;
/** `und`, the language, in three times five bits. */
const UNDETERMINED = 0x55c4;

function box(name: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, BOX_HEAD);
  return joinBytes([u32(length), text(name), ...parts]);
}

function u32(...values: readonly number[]): Uint8Array {
  const out = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => void out.setUint32(4 * i, value));
  return new Uint8Array(out.buffer);
}

function u16(...values: readonly number[]): Uint8Array {
  const out = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, i) => void out.setUint16(2 * i, value));
  return new Uint8Array(out.buffer);
}

const zeros = (length: number): Uint8Array => new Uint8Array(length);
const text = (value: string): Uint8Array => Uint8Array.from(value, (letter) => letter.charCodeAt(0));

/** The identity. */
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
