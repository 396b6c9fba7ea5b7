/** Ends of an axis that can be seen, the lower first. */
export type Ends = readonly [from: number, to: number];

/** Ends of what is known of curves; of a logarithmic axis those of what lies above 0. @param xs where the points of each curve are, rising. */
export function endsOf(xs: readonly Float64Array[], log: boolean): Ends {
  let [from, to, positive] = [Infinity, -Infinity, Infinity];
  for (const x of xs) {
    from = Math.min(from, x[0]);
    to = Math.max(to, x[x.length - 1]);
    const first = x.find((value) => value > 0);
    if (first !== undefined) positive = Math.min(positive, first);
  }
  if (log) return positive < to ? [positive, to] : [to > 0 ? to / 10 : 1, to > 0 ? to : 10];
  if (from < to) return [from, to];
  return Number.isFinite(from) ? [from - 1, from + 1] : [0, 1];
}

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
