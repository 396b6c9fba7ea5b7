import * as z from 'zod/mini';
import { type PartOf, part } from './config-part.ts';
import { fraction, whole } from './number-schemas.ts';

const bins = whole(1, 1_000_000);
const BINS = 'null, a whole number such as 5, or one for each number of an action, such as [5,3]';

/** How raw observations become the network's input. */
export const preprocessingSchemas = {
  /** Observations as they are. */
  none: z.strictObject({
    /** Into how many cells each number of a box of actions is divided, so that DQN can act in it: one number for all, or one
     * for each; null where actions are numbered already. */
    actionBins: z.nullable(z.union([bins, z.readonly(z.array(bins))], { error: BINS })),
  }),
  /** Frames of a game, by the wrappers of one of the textbook's editions: the third shows the whole screen, the second a part of it. */
  atari: z.strictObject({
    edition: z.enum(['second', 'third']),
    /** Side of the square picture that the network sees; with the second edition's wrappers 84 or 42. */
    frameSize: whole(8, 210),
    /** Up to so many random no-ops after a reset; 0 for none. */
    noopMax: whole(0, 1000),
    /** Probability, in each frame, of playing the frame before's action again; null for the environment's own. */
    stickyActions: z.nullable(fraction),
    /** Whether FIRE is pressed at an episode's start, in games that have it. */
    fireReset: z.boolean(),
    /** Emulator frames per environment step. */
    frameSkip: whole(1, 60),
    /** Frames stacked into one observation. */
    frameStack: whole(1, 16),
    /** Whether losing a life ends a training episode. */
    episodicLife: z.boolean(),
  }),
} as const;

/** What decides what the network sees; saved with a model so that `play` sees the same. */
export type PreprocessingConfig = PartOf<typeof preprocessingSchemas>;

export const preprocessingPart = part('preprocessing', preprocessingSchemas);
