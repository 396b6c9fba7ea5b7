/** What a translated program is made of besides its code: one function's locals, and what it calls of the machine. */

/** Locals of the translated function; the first is its parameter, how many instructions may follow. */
export const LOCAL = {
  left: 0, a: 1, x: 2, y: 3, sp: 4, pc: 5, zv: 6, nv: 7, v: 8, c: 9, d: 10, i: 11, cycles: 12,
  block: 13, value: 14, address: 15, sum: 16,
} as const; // biome-ignore format: a table
export const LOCALS = 16;

/** Functions of the machine, in the order of their import. */
export const IMPORTS = [
  { name: 'step', parameters: 1, results: 1 },
  { name: 'tiaRead', parameters: 3, results: 1 },
  { name: 'tiaWrite', parameters: 4, results: 1 },
  { name: 'ioRead', parameters: 3, results: 1 },
  { name: 'ioWrite', parameters: 3, results: 1 },
  { name: 'cartridgeWrite', parameters: 3, results: 0 },
  { name: 'timerRounds', parameters: 3, results: 1 },
  { name: 'pull', parameters: 3, results: 1 },
] as const;
export const CALL = {
  step: 0,
  tiaRead: 1,
  tiaWrite: 2,
  ioRead: 3,
  ioWrite: 4,
  cartridgeWrite: 5,
  timerRounds: 6,
  pull: 7,
};
/** The machine's global that says that the frame is over. */
export const STOPPED = 0;
