import { z } from 'zod';
import { type PartOf, part } from './config-part.ts';

const positiveInt = z.int().min(1);

/** How raw observations become the network's input. */
export const preprocessingSchemas = {
  /** Vectors as they are. */
  none: z.strictObject({}),
  /** Frames of a game, by the wrappers of one of the textbook's editions. */
  atari: z.strictObject({
    edition: z.enum(['second', 'third']),
    /** Side of the square picture that the network sees; with the second edition's wrappers 84 or 42. */
    frameSize: positiveInt.min(8).max(210),
    /** Up to so many random no-ops after a reset; 0 for none. */
    noopMax: z.int().min(0).max(1000),
    /** Emulator frames per environment step. */
    frameSkip: positiveInt.max(60),
    /** Frames stacked into one observation. */
    frameStack: positiveInt.max(16),
    /** Whether losing a life ends a training episode. */
    episodicLife: z.boolean(),
  }),
} as const;

/** What decides what the network sees; saved with a model so that `play` sees the same. */
export type PreprocessingConfig = PartOf<typeof preprocessingSchemas>;

export const preprocessingPart = part('preprocessing', preprocessingSchemas);
