/** The numbers of all parts, one after the other. Batches of pictures have a million bounds: lists would be slow. */
export function joinNumbers(parts: readonly ArrayLike<number>[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
