export type { BoxArrays, BoxType } from './box.ts';
export { Box } from './box.ts';
export type { DiscreteOptions } from './discrete.ts';
export { Discrete } from './discrete.ts';
export { SeededSpace } from './seeded-space.ts';
