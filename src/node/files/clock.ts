/** Milliseconds since the Unix epoch. Whoever needs the time of day takes a `Clock` argument. */
export type Clock = () => number;

/** The time of day: the only place in the package that reads it. */
export const systemClock: Clock = () => Date.now();
