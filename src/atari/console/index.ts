export * from './console.ts';
export { createConsole } from './create-console.ts';
export { MersenneTwister } from './mersenne-twister.ts';
