/** A length of time for people, in at most two units, rounded: `40 s`, `12 min`, `1 h 20 min`, `3 d`. @param seconds 0 or more. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 2 * DAY) return inHours(5 * Math.round(seconds / 300));
  return `${Math.round(minutes / DAY)} d`;
}

/** `about 12 min left`, `at most 40 s left`: to five seconds, above twenty of them. */
export function formatTimeLeft(seconds: number, atMost: boolean): string {
  const coarse = seconds < 20 ? seconds : 5 * Math.round(seconds / 5);
  return `${atMost ? 'at most' : 'about'} ${formatDuration(coarse)} left`;
}

/** Minutes in a day. */
const DAY = 24 * 60;

function inHours(minutes: number): string {
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** A time that was measured: to the tenth of a second below a minute, `1 min 5 s` and `2 h 3 min` above. */
export function formatElapsed(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return inHours(Math.round(seconds / 60));
}
