import { OptionError } from './errors.ts';

/**
 * What `await file.arrayBuffer()` or a path would do further on is to make a sound file look damaged.
 * @throws OptionError for anything but bytes.
 */
export function checkBytes(bytes: unknown, name = 'bytes'): asserts bytes is Uint8Array {
  // Not instanceof: bytes of another realm (a frame, a test's sandbox) are bytes too.
  const kind = Object.prototype.toString.call(bytes).slice(8, -1);
  if (kind === 'Uint8Array') return;
  throw new OptionError(name, bytes, kind === 'ArrayBuffer' ? 'a Uint8Array: new Uint8Array(buffer)' : 'a Uint8Array');
}
