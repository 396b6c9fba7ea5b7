export type { ChoiceOptions, IntegerArrays, IntegerType } from './generator.ts';
export { Generator } from './generator.ts';
export { Pcg64 } from './pcg64.ts';
export { SeedSequence } from './seed-sequence.ts';
