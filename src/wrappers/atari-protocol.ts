/**
 * Under what conditions the field plays Atari games for a score. Numbers of different protocols do not compare: sticky actions alone
 * cost most agents points, and where a life is called an episode a score is a part of one.
 *
 * Common to all three: an action lasts four frames, of which the last two are pooled by their maximum (Mnih et al. 2015,
 * Methods); a game's own actions, not all 18; at most 108,000 frames, half an hour; the loss of a life ends an episode in
 * training at most; a score is of a whole game.
 */
import { UnknownNameError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';

/** A protocol's values, by the names that configurations have for them (`preprocessing`). */
export interface AtariProtocol {
  /** Probability, in each frame, of playing the frame before's action again. */
  readonly stickyActions: number;
  /** Up to so many random no-ops at a game's start. */
  readonly noopMax: number;
  /** Whether FIRE is pressed at an episode's start, in games that wait for it. */
  readonly fireReset: boolean;
  /** Frames for each action. */
  readonly frameSkip: 4;
  /** Emulator frames after which a game is truncated. */
  readonly maxFrames: 108_000;
  /** Whether all 18 actions are offered, or those alone that do something in the game. */
  readonly fullActionSpace: false;
  /** Who plays so, and where it is said. */
  readonly source: string;
}

const common = { frameSkip: 4, maxFrames: 108_000, fullActionSpace: false } as const;

export const ATARI_PROTOCOLS = {
  'no-ops': {
    ...{ stickyActions: 0, noopMax: 30, fireReset: true },
    ...common,
    source:
      'Mnih et al. 2015, Extended Data Table 1; Stable-Baselines3, AtariWrapper and NoopResetEnv(30); CleanRL; EnvPool, noop_max 30, use_fire_reset',
  },
  sticky: {
    ...{ stickyActions: 0.25, noopMax: 0, fireReset: false },
    ...common,
    source: 'Machado et al. 2018, section 5.2 and Table 9; Dopamine, atari_lib.create_atari_environment',
  },
  'sticky-no-ops': {
    ...{ stickyActions: 0.25, noopMax: 30, fireReset: false },
    ...common,
    source: 'Clark et al. 2025 (BTR): ALE v5 ids in Gymnasium, AtariPreprocessing with noop_max 30',
  },
} as const satisfies Readonly<Record<string, AtariProtocol>>;

export type AtariProtocolName = keyof typeof ATARI_PROTOCOLS;

export const ATARI_PROTOCOL_NAMES = Object.keys(ATARI_PROTOCOLS) as AtariProtocolName[];

/** A protocol by its name.
 * @throws UnknownNameError with the names that there are. */
export function atariProtocol(name: unknown): AtariProtocol {
  const key = String(name);
  if (Object.hasOwn(ATARI_PROTOCOLS, key)) return ATARI_PROTOCOLS[key as AtariProtocolName];
  const meant = nearest(key, ATARI_PROTOCOL_NAMES);
  const advice = meant === undefined ? `There are ${ATARI_PROTOCOL_NAMES.join(', ')}.` : undefined;
  throw new UnknownNameError('protocol', key, ATARI_PROTOCOL_NAMES, meant, advice);
}

/** What a configuration says of the protocol. */
export interface ProtocolValues {
  /** Null for those of the environment's id. */
  readonly stickyActions: number | null;
  readonly noopMax: number;
  readonly fireReset: boolean;
  readonly frameSkip: number;
}

/** The protocol with these values; undefined when they are none's. */
export function protocolWith(values: ProtocolValues): AtariProtocolName | undefined {
  return ATARI_PROTOCOL_NAMES.find((name) => {
    const { stickyActions, noopMax, fireReset, frameSkip } = ATARI_PROTOCOLS[name];
    return (
      values.stickyActions === stickyActions &&
      values.noopMax === noopMax &&
      values.fireReset === fireReset &&
      values.frameSkip === frameSkip
    );
  });
}

/** One line for people: `no-ops: no sticky actions, up to 30 no-ops, FIRE at the start, 4 frames an action`. */
export function describeProtocol(values: ProtocolValues): string {
  const { stickyActions, noopMax, fireReset, frameSkip } = values;
  const parts = [
    stickyActions === 0 ? 'no sticky actions' : `sticky actions ${stickyActions ?? "of the environment's id"}`,
    noopMax === 0 ? 'no no-ops' : `up to ${noopMax} no-ops`,
    fireReset ? 'FIRE at the start' : 'no FIRE at the start',
    `${frameSkip} frame${frameSkip === 1 ? '' : 's'} an action`,
  ];
  return `${protocolWith(values) ?? 'its own'}: ${parts.join(', ')}`;
}
