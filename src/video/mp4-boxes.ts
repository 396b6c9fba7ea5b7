/** Length of a box's head: its length and its name. */
export const BOX_HEAD = 8;

/** Where a box of an MP4 begins.
 * @throws Error when there is none between `from` and `to`. */
export function findBox(view: DataView, from: number, to: number, name: string): number {
  for (let at = from; at + BOX_HEAD <= to; ) {
    const size = view.getUint32(at);
    const found = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)));
    if (found === name) return at;
    if (size < BOX_HEAD) break;
    at += size;
  }
  throw new Error(`mp4: no box "${name}"`);
}

/** Where the boxes of a path begin, each inside the one before. */
export function findPath(view: DataView, path: readonly string[]): number[] {
  let [from, to] = [0, view.byteLength];
  return path.map((name) => {
    const at = findBox(view, from, to, name);
    [from, to] = [at + BOX_HEAD, at + view.getUint32(at)];
    return at;
  });
}
