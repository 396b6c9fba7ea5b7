import type { PlayHead } from './messages.ts';

/** A picture of the stream of `/api/play`. */
export interface StreamedFrame {
  readonly head: PlayHead;
  /** RGB; empty without a picture. Valid until the next one is read. */
  readonly pixels: Uint8Array;
}

/** Takes the pictures out of the stream, however the network cut it. Cancels it when the caller ends early. */
export async function* readFrames(stream: ReadableStream<Uint8Array>): AsyncGenerator<StreamedFrame> {
  const reader = stream.getReader();
  let held = new Uint8Array(0);
  let filled = 0;
  const need = async (length: number): Promise<boolean> => {
    while (filled < length) {
      const { value, done } = await reader.read();
      if (done) return false;
      if (filled + value.length > held.length) {
        const larger = new Uint8Array(Math.max(filled + value.length, 2 * held.length));
        larger.set(held.subarray(0, filled));
        held = larger;
      }
      held.set(value, filled);
      filled += value.length;
    }
    return true;
  };
  const drop = (length: number): void => {
    held.copyWithin(0, length, filled);
    filled -= length;
  };
  try {
    for (;;) {
      if (!(await need(4))) return;
      const headLength = new DataView(held.buffer, held.byteOffset, 4).getUint32(0, true);
      if (!(await need(4 + headLength))) return;
      const text = new TextDecoder().decode(held.subarray(4, 4 + headLength));
      const head = JSON.parse(text) as PlayHead & { readonly bytes: number };
      drop(4 + headLength);
      if (!(await need(head.bytes))) return;
      yield { head, pixels: held.subarray(0, head.bytes) };
      drop(head.bytes);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
