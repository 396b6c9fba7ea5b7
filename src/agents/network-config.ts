import * as z from 'zod/mini';
import { type PartOf, part } from './config-part.ts';
import { positive, whole } from './number-schemas.ts';
import { type NETWORK_KINDS, ownNetwork, ownValueHead, type VALUE_KINDS } from './own-kinds.ts';

const layers = {
  /** Layer normalisation before every ReLU, before those of the fully connected layers, or nowhere. */
  layerNorm: z.enum(['all', 'dense', 'none']),
  /** Whether value and advantages come from two streams (Wang et al. 2016). */
  dueling: z.boolean(),
  /** Noise of the fully connected layers; they explore then, and epsilon is usually 0. `sigma` is its first size, times the
   * root of a layer's inputs. */
  noisy: z.nullable(z.readonly(z.strictObject({ sigma: positive(100) }))),
  /** A layer of long short-term memory between the hidden layers and the action values, for tasks that one observation does
   * not show (Hausknecht & Stone 2015). Without it, as without this key, nothing is remembered. */
  lstm: z.optional(z.nullable(z.readonly(z.strictObject({ units: whole(1, 65_536) })))),
};
const pictures = z.strictObject({
  ...layers,
  /** Whether pictures are brought to mean 0 and variance 1, each observation by itself, instead of being divided by 255. */
  standardizeInput: z.boolean(),
});

/** Networks by kind. Those for pictures are named after their papers, or the side of what they see. */
export const networkSchemas = {
  /** Fully connected layers for vectors, with the widths of the hidden ones. */
  mlp: z.strictObject({
    hiddenSizes: z.readonly(z.array(whole(1, 65_536)).check(z.minLength(1), z.maxLength(8))),
    ...layers,
  }),
  'dqn-2013': pictures,
  nature: pictures,
  'half-42': pictures,
  'small-42': pictures,
  /** Residual sections of 16, 32 and 32 channels. */
  impala: z.extend(pictures, {
    /** Times so many channels. */
    scale: whole(1, 64),
    /** Width of the fully connected layer. */
    hiddenSize: whole(1, 65_536),
    /** Side of the adaptive max-pool after the sections; null for none. */
    pool: z.nullable(whole(1, 64)),
    /** Whether the residual convolutions are divided by their largest singular value. */
    spectralNorm: z.boolean(),
  }),
} as const satisfies Readonly<Record<(typeof NETWORK_KINDS)[number], z.ZodMiniObject>>;

/** What the network gives for each action, and how that is learned. */
export const valueSchemas = {
  /** Its value. */
  scalar: z.strictObject({ loss: z.enum(['mse', 'huber']) }),
  /** A distribution over fixed atoms, evenly spaced from vMin to vMax. */
  categorical: z.strictObject({ atoms: whole(2, 10_000), vMin: z.number(), vMax: z.number() }),
  /** A histogram over bins of equal width from vMin to vMax, learned from Gaussians with a deviation of `sigma` bins. */
  'hl-gauss': z.strictObject({
    bins: whole(2, 10_000),
    vMin: z.number(),
    vMax: z.number(),
    sigma: positive(1000),
  }),
  /** So many quantiles. */
  quantile: z.strictObject({ quantiles: whole(1, 10_000) }),
  /** Its quantile function, at any fractions. */
  implicit: z.strictObject({
    /** Of the embedding of a fraction. */
    cosines: whole(1, 10_000),
    /** Fractions drawn for each prediction. */
    taus: whole(1, 10_000),
    /** Fractions drawn for each target. */
    targetTaus: whole(1, 10_000),
    /** Evenly spaced fractions of which action values are the mean. */
    actingTaus: whole(1, 10_000),
  }),
} as const satisfies Readonly<Record<(typeof VALUE_KINDS)[number], z.ZodMiniObject>>;

export type NetworkConfig = PartOf<typeof networkSchemas>;
export type ValuesConfig = PartOf<typeof valueSchemas>;

export const networkPart = part('network', networkSchemas, ownNetwork);
export const valuesPart = part('values', valueSchemas, ownValueHead);
