/** What the codec writes, byte by byte. Round trips of whatever comes: compression.test.ts. */
import { describe, expect, it } from 'vitest';
import { FrameCodec, worstBytes } from './frame-codec.ts';

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

describe("the code of a frame, by hand (LZ4's sequences)", () => {
  /** Codes against a key frame, or zeros; expands it again. */
  function coded(frame: ArrayLike<number>, key?: Uint8Array, from = 0, length = frame.length): number[] {
    const codec = new FrameCodec(length);
    const out = new Uint8Array(2 * worstBytes(length) + 5);
    if (key !== undefined) {
      codec.setKey(undefined);
      codec.compress(key, 0, out, 0);
      codec.expandKey(codec, 0, out, 0);
    }
    codec.setKey(key);
    const end = codec.compress(frame, from, out, 5);
    if (key === undefined) codec.expandKey(codec, 0, out, 5);
    const expanded = key === undefined ? codec.key : codec.expand(out, 5);
    expect(
      same(
        expanded,
        Uint8Array.from({ length }, (_, i) => frame[from + i]),
      ),
    ).toBe(true);
    return [...out.subarray(5, end)];
  }
  const plain = (length: number, value: number) => new Uint8Array(length).fill(value);
  /** Bytes in which no four come twice, and none is 0. */
  const varied = (length: number) =>
    Uint8Array.from({ length }, (_, i) => 1 + ((i * i * 7 + i * 3 + (i >> 4) * 29) % 255));

  it('zeros are one match with the key frame of zeros', () => {
    // 100 = 4 + 15 + 81 bytes from 100 before.
    expect(coded(plain(100, 0))).toEqual([0x0f, 100, 0, 81]);
    expect(coded(plain(18, 0))).toEqual([0x0e, 18, 0]);
    expect(coded(plain(19, 0))).toEqual([0x0f, 19, 0, 0]);
  });

  it('another plain frame is one literal and one match with the pixel before', () => {
    expect(coded(plain(18, 7))).toEqual([0x1d, 7, 1, 0]);
    expect(coded(plain(20, 7))).toEqual([0x1f, 7, 1, 0, 0]);
    // 274 + 1: 4 + 15 + 255, so that one more byte of count follows.
    expect(coded(plain(275, 7))).toEqual([0x1f, 7, 1, 0, 255, 0]);
    expect(coded(plain(276, 7))).toEqual([0x1f, 7, 1, 0, 255, 1]);
  });

  it('what matches nothing are literals', () => {
    const [short, ...lengths] = [14, 15, 20, 270, 271].map((length) => [...varied(length)]);
    expect(coded(Uint8Array.from(short))).toEqual([0xe0, ...short]);
    expect(lengths.map((frame) => coded(Uint8Array.from(frame)))).toEqual([
      [0xf0, 0, ...lengths[0]],
      [0xf0, 5, ...lengths[1]],
      [0xf0, 255, 0, ...lengths[2]],
      [0xf0, 255, 1, ...lengths[3]],
    ]);
  });

  it('a frame that differs in one byte is two matches with its key frame', () => {
    const key = varied(40);
    const frame = key.slice();
    frame[10] ^= 255;
    expect(coded(frame, key)).toEqual([0x06, 40, 0, 0x1f, frame[10], 40, 0, 10]);
  });

  it('a picture that moved is found where it was', () => {
    const key = varied(200);
    const frame = Uint8Array.from({ length: 200 }, (_, i) => (i < 193 ? key[i + 7] : 0));
    // 193 from seven bytes further on in the key frame, then zeros: a literal, and the pixel before.
    expect(coded(frame, key)).toEqual([0x0f, 193, 0, 174, 0x12, 0, 1, 0]);
  });

  it('what comes again within a frame is found too', () => {
    const part = [...varied(30)];
    expect(coded(Uint8Array.from([...part, ...part]))).toEqual([0xff, 15, ...part, 30, 0, 11]);
  });

  it('matches overlap what they make', () => {
    for (const period of [2, 3, 5, 30]) {
      const motif = varied(period);
      const frame = Uint8Array.from({ length: 200 }, (_, i) => motif[i % period]);
      const [token, ...rest] = coded(frame);
      expect(token >> 4).toBe(Math.min(15, period));
      expect(rest.at(-3)).toBe(period);
      // All but the first are one match.
      expect(rest.at(-1)).toBe(200 - period - 4 - 15);
    }
  });

  it('three bytes are never a match, four are', () => {
    const key = varied(12);
    const three = Uint8Array.from(key, (byte, i) => (i < 3 ? byte : byte ^ 255));
    expect(coded(three, key)).toEqual([0xc0, ...three]);
    const four = Uint8Array.from(key, (byte, i) => (i >= 8 ? byte : byte ^ 255));
    expect(coded(four, key)).toEqual([0x80, ...four.subarray(0, 8), 12, 0]);
  });

  it('offsets take three bytes from frames of 32768 on', () => {
    expect(coded(plain(32_767, 0)).slice(0, 4)).toEqual([0x0f, 0xff, 0x7f, 255]);
    const code = coded(plain(32_768, 0));
    expect(code.slice(0, 5)).toEqual([0x0f, 0x00, 0x80, 0, 255]);
    // 32768 = 4 + 15 + 128 * 255 + 109.
    expect([code.length, code.at(-1)]).toEqual([4 + 129, 109]);
    const key = varied(70_000);
    // 70000 = 0x11170: from that many bytes before.
    expect(coded(key, key).slice(0, 4)).toEqual([0x0f, 0x70, 0x11, 1]);
  });

  it('a frame may be a single pixel', () => {
    expect(coded([5])).toEqual([0x10, 5]);
  });

  it('a frame may begin anywhere in any list of numbers', () => {
    expect(coded([9, 9, 1, 2, 3, 4, 5, 9], undefined, 2, 5)).toEqual([0x50, 1, 2, 3, 4, 5]);
    expect(coded(Uint8Array.of(9, 9, 1, 2, 3, 4, 5, 9), undefined, 2, 5)).toEqual([0x50, 1, 2, 3, 4, 5]);
  });

  it('takes no more than its literals and their counts', () => {
    expect([1, 255, 256, 1000].map(worstBytes)).toEqual([18, 272, 274, 1020]);
  });
});

it('a codec has the key frame of one owner and group at hand', () => {
  const codec = new FrameCodec(8);
  const out = new Uint8Array(2 * worstBytes(8));
  codec.setKey(undefined);
  codec.compress(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 0, out, 0);
  const [owner, other] = [{}, {}];
  expect(codec.hasKey(owner, 0)).toBe(false);
  codec.expandKey(owner, 2, out, 0);
  expect(codec.key).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  expect([codec.hasKey(owner, 2), codec.hasKey(owner, 1), codec.hasKey(other, 2)]).toEqual([true, false, false]);
  codec.forgetKey();
  expect(codec.hasKey(owner, 2)).toBe(false);
});

it.each([0, -1, 1.5, Number.NaN, 2 ** 23])('a codec is of whole frames of less than 8 MiB: %d', (length) => {
  expect(() => new FrameCodec(length)).toThrow(
    `frameLength: got ${length}, allowed is a whole number from 1 to 8388607`,
  );
});
