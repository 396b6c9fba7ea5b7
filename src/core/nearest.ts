import leven from 'leven';

/** Characters; the time for a comparison grows with the product of two lengths. */
const LONGEST = 1000;

/** The known name with the fewest edits, if it is near enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined;
  let best: string | undefined;
  let distance = Math.max(3, Math.ceil(name.length / 2));
  for (const candidate of known) {
    const edits = leven(name.toLowerCase(), candidate.toLowerCase());
    if (edits < distance) {
      distance = edits;
      best = candidate;
    }
  }
  return best;
}
