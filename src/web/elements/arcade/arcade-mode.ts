export const ARCADE_MODES = ['play', 'model', 'learn'] as const;
/** Who plays: the reader, a model that was given, or a network that learns here. */
export type ArcadeMode = (typeof ARCADE_MODES)[number];
