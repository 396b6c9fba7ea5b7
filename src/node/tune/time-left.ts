/** Trainings' worth of work from which on its time says something of the rest. */
const KNOWN_WORK = 0.2;

/** Seconds that the rest takes, by those that a part took; undefined while that is too little to tell. */
export const timeLeft = (seconds: number, done: number, left: number): number | undefined =>
  done < KNOWN_WORK ? undefined : (seconds / done) * left;
