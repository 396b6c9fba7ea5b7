/** How a step left its episode. */
export const GOES_ON = 0;
/** Nothing follows. */
export const TERMINATED = 1;
/** Cut from outside: the last observation still has a value. */
export const TRUNCATED = 2;
