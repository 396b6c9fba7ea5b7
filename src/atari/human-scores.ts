import { gameOfAtariId } from './atari-ids.ts';

/** What a random player and a person score in a game. */
export interface ReferenceScores {
  /** Actions drawn uniformly. */
  readonly random: number;
  /** A professional tester of games. */
  readonly human: number;
}

/** Where they come from, and how they were played. */
export const REFERENCE_SOURCE =
  'DQN Zoo, dqn_zoo/atari_data.py (Mnih et al. 2015; Wang et al. 2016): up to 30 no-ops, no sticky actions, at most 108,000 frames';

/** By ALE's names, the 57 games of the literature. Of the other games no person's scores of this kind are published. */
const SCORES: Readonly<Record<string, ReferenceScores>> = {
  alien: { random: 227.8, human: 7127.7 },
  amidar: { random: 5.8, human: 1719.5 },
  assault: { random: 222.4, human: 742 },
  asterix: { random: 210, human: 8503.3 },
  asteroids: { random: 719.1, human: 47_388.7 },
  atlantis: { random: 12_850, human: 29_028.1 },
  bank_heist: { random: 14.2, human: 753.1 },
  battle_zone: { random: 2360, human: 37_187.5 },
  beam_rider: { random: 363.9, human: 16_926.5 },
  berzerk: { random: 123.7, human: 2630.4 },
  bowling: { random: 23.1, human: 160.7 },
  boxing: { random: 0.1, human: 12.1 },
  breakout: { random: 1.7, human: 30.5 },
  centipede: { random: 2090.9, human: 12_017 },
  chopper_command: { random: 811, human: 7387.8 },
  crazy_climber: { random: 10_780.5, human: 35_829.4 },
  defender: { random: 2874.5, human: 18_688.9 },
  demon_attack: { random: 152.1, human: 1971 },
  double_dunk: { random: -18.6, human: -16.4 },
  enduro: { random: 0, human: 860.5 },
  fishing_derby: { random: -91.7, human: -38.7 },
  freeway: { random: 0, human: 29.6 },
  frostbite: { random: 65.2, human: 4334.7 },
  gopher: { random: 257.6, human: 2412.5 },
  gravitar: { random: 173, human: 3351.4 },
  hero: { random: 1027, human: 30_826.4 },
  ice_hockey: { random: -11.2, human: 0.9 },
  jamesbond: { random: 29, human: 302.8 },
  kangaroo: { random: 52, human: 3035 },
  krull: { random: 1598, human: 2665.5 },
  kung_fu_master: { random: 258.5, human: 22_736.3 },
  montezuma_revenge: { random: 0, human: 4753.3 },
  ms_pacman: { random: 307.3, human: 6951.6 },
  name_this_game: { random: 2292.3, human: 8049 },
  phoenix: { random: 761.4, human: 7242.6 },
  pitfall: { random: -229.4, human: 6463.7 },
  pong: { random: -20.7, human: 14.6 },
  private_eye: { random: 24.9, human: 69_571.3 },
  qbert: { random: 163.9, human: 13_455 },
  riverraid: { random: 1338.5, human: 17_118 },
  road_runner: { random: 11.5, human: 7845 },
  robotank: { random: 2.2, human: 11.9 },
  seaquest: { random: 68.4, human: 42_054.7 },
  skiing: { random: -17_098.1, human: -4336.9 },
  solaris: { random: 1236.3, human: 12_326.7 },
  space_invaders: { random: 148, human: 1668.7 },
  star_gunner: { random: 664, human: 10_250 },
  surround: { random: -10, human: 6.5 },
  tennis: { random: -23.8, human: -8.3 },
  time_pilot: { random: 3568, human: 5229.2 },
  tutankham: { random: 11.4, human: 167.6 },
  up_n_down: { random: 533.4, human: 11_693.2 },
  venture: { random: 0, human: 1187.5 },
  video_pinball: { random: 16_256.9, human: 17_667.9 },
  wizard_of_wor: { random: 563.5, human: 4756.5 },
  yars_revenge: { random: 3092.9, human: 54_576.9 },
  zaxxon: { random: 32.5, human: 9173.3 },
};

/** ALE's names of the games that have reference scores, in their order. */
export const REFERENCE_GAMES: readonly string[] = Object.keys(SCORES);

/**
 * A random player's and a person's score.
 * @param game ALE's name (`space_invaders`), or the id of an environment (`ALE/SpaceInvaders-v5`, `SpaceInvadersNoFrameskip-v4`).
 * @returns undefined for a game without, and for other environments.
 */
export function referenceScores(game: string): ReferenceScores | undefined {
  const name = gameOfAtariId(game) ?? game;
  return Object.hasOwn(SCORES, name) ? SCORES[name] : undefined;
}

/**
 * (score - random) / (human - random): 0 is a random player, 1 a person (Mnih et al. 2015).
 * @param game as for `referenceScores`.
 * @returns undefined where no reference is known.
 */
export function humanNormalizedScore(game: string, score: number): number | undefined {
  const known = referenceScores(game);
  return known === undefined ? undefined : (score - known.random) / (known.human - known.random);
}
