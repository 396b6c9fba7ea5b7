export type { ChoiceOptions, IntegerArrays, IntegerType } from './generator.ts';
export { Generator } from './generator.ts';
export { SeedSequence } from './seed-sequence.ts';
