/** Ends of an axis that can be seen, the lower first. */
export type Ends = readonly [from: number, to: number];

/** Closer than this share of the whole nobody looks. */
const CLOSEST = 1e-6;

const toLine = (log: boolean) => (value: number) => (log ? Math.log(value) : value);
const fromLine = (log: boolean) => (value: number) => (log ? Math.exp(value) : value);

/**
 * Shows more or less around one place, which stays where it is.
 * @param factor below 1 shows less. @param log the axis is logarithmic: all ends above 0.
 * @returns ends within `whole`; undefined for all of it.
 */
export function zoomAbout(now: Ends, at: number, factor: number, whole: Ends, log = false): Ends | undefined {
  const [on, off] = [toLine(log), fromLine(log)];
  const [low, high, middle] = [on(now[0]), on(now[1]), on(at)];
  const size = on(whole[1]) - on(whole[0]);
  const wished = Math.max((high - low) * factor, size * CLOSEST);
  const share = high > low ? (middle - low) / (high - low) : 0.5;
  const from = middle - share * wished;
  return within([off(from), off(from + wished)], whole, log);
}

/** Moves by a share of what is seen, as far as there is something. */
export function panBy(now: Ends, share: number, whole: Ends, log = false): Ends | undefined {
  const [on, off] = [toLine(log), fromLine(log)];
  const move = share * (on(now[1]) - on(now[0]));
  return within([off(on(now[0]) + move), off(on(now[1]) + move)], whole, log);
}

/** Ends as they are, moved or cut so that they lie within the whole; undefined for all of it. */
export function within(ends: Ends, whole: Ends, log = false): Ends | undefined {
  const [on, off] = [toLine(log), fromLine(log)];
  const [least, most] = [on(whole[0]), on(whole[1])];
  const size = on(ends[1]) - on(ends[0]);
  if (!(size < (most - least) * (1 - 1e-9))) return undefined;
  const from = Math.min(Math.max(on(ends[0]), least), most - size);
  return [off(from), off(from + size)];
}
