import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import { isObject } from '../core/is-object.ts';
import { environmentEntry } from '../envs/registry.ts';
import {
  ATARI_PROTOCOLS,
  type AtariProtocolName,
  type ProtocolValues,
  protocolWith,
} from '../wrappers/atari-protocol.ts';

/** What a network sees of an Atari game. */
export type AtariView = PreprocessingConfig & { readonly kind: 'atari' };

type Kwargs = Readonly<Record<string, unknown>>;

/**
 * What an Atari id has to be told so that frames and sticky actions are those of a preprocessing: `ALE/Seaquest-v5` skips frames and
 * repeats actions by itself, `SeaquestNoFrameskip-v4` does neither.
 * @param kwargs that it is told already, by Gymnasium's names; they stay as they are.
 * @returns what is missing.
 */
export function protocolKwargs(id: string, view: PreprocessingConfig, kwargs: Kwargs): Record<string, unknown> {
  const { implied } = environmentEntry(id);
  if (view.kind !== 'atari' || implied === undefined) return {};
  const { frameskip, repeatActionProbability } = implied;
  const skips = !('frameskip' in kwargs) && frameskip !== 1 && view.frameSkip !== 1;
  const sticks =
    !('repeat_action_probability' in kwargs) &&
    view.stickyActions !== null &&
    repeatActionProbability !== 0 &&
    repeatActionProbability !== view.stickyActions;
  return { ...(skips ? { frameskip: 1 } : {}), ...(sticks ? { repeat_action_probability: 0 } : {}) };
}

/** What a model sees and how its game goes under another protocol than its own. Where FIRE is not pressed for it, lives are not
 * shown to it either: a game is one episode. */
export function underProtocol(name: AtariProtocolName, view: AtariView): AtariView {
  const { stickyActions, noopMax, fireReset, frameSkip } = ATARI_PROTOCOLS[name];
  return { ...view, stickyActions, noopMax, fireReset, frameSkip, episodicLife: view.episodicLife && fireReset };
}

/** Kwargs of a model's own environment, without those that a protocol decides. */
export function withoutProtocol(kwargs: Kwargs): Record<string, unknown> {
  const decided = ['repeat_action_probability', 'max_num_frames_per_episode', 'max_episode_steps'];
  return Object.fromEntries(Object.entries(kwargs).filter(([key]) => !decided.includes(key)));
}

/** What a run's configuration says of the protocol; undefined for runs of no Atari game, and where a file says something else. */
export function protocolValuesOf(config: unknown): ProtocolValues | undefined {
  const { preprocessing } = (isObject(config) ? config : {}) as { readonly preprocessing?: unknown };
  if (!isObject(preprocessing) || preprocessing['kind'] !== 'atari') return undefined;
  const { stickyActions = null, noopMax, fireReset = true, frameSkip } = preprocessing as Partial<AtariView>;
  const sticky = stickyActions === null || typeof stickyActions === 'number';
  if (!sticky || typeof noopMax !== 'number' || typeof fireReset !== 'boolean' || typeof frameSkip !== 'number')
    return undefined;
  return { stickyActions, noopMax, fireReset, frameSkip };
}

/** The name of a run's protocol; undefined where it has none. */
export function protocolOfRun(config: unknown): AtariProtocolName | undefined {
  const values = protocolValuesOf(config);
  return values === undefined ? undefined : protocolWith(values);
}
