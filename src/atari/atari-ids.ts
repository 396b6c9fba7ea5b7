import { type EnvEntry, envEntry } from '../core/env-entry.ts';
import { AtariEnv, type AtariOptions } from './atari-env.ts';
import { GAMES } from './games/index.ts';
import { idName, titleOf } from './names.ts';

/**
 * Environment ids of Atari games, as people know them (ale-py 0.12 and before): for each game
 *
 * | id                                        | frames a step | sticky |
 * |-------------------------------------------|---------------|--------|
 * | `ALE/Pong-v5`, `ALE/Pong-ram-v5`          | 4             | 0.25   |
 * | `PongNoFrameskip-v4`                      | 1             | 0      |
 * | `PongDeterministic-v4`                    | 4 (SpaceInvaders 3) | 0 |
 * | `Pong-v4`                                 | 2, 3 or 4     | 0      |
 * | `-v0` instead of `-v4`                    | the same      | 0.25   |
 * | `Pong-ram...` of each                     | the same      | the same |
 *
 * Episodes are truncated after 108,000 frames, half an hour.
 */
export type AtariId =
  | `ALE/${string}-v5`
  | `${string}NoFrameskip-v${0 | 4}`
  | `${string}Deterministic-v${0 | 4}`
  | `${string}-ram-v${0 | 4}`;

export type AtariEntry = EnvEntry<AtariOptions, AtariEnv>;

const MAX_FRAMES = 108_000;
const FORM = /^(?:ALE\/(\w+?)(-ram)?-v5|(\w+?)(-ram)?(NoFrameskip|Deterministic)?-v([04]))$/;

const gameOfId = new Map(GAMES.map((game) => [idName(game.name), game]));

const optionTexts: AtariEntry['options'] = {
  mode: "game mode; default the game's first",
  difficulty: 'difficulty switches, bit 0 left, bit 1 right; default 0',
  obsType: 'rgb, grayscale or ram',
  frameskip: 'frames a step, or [low, high) to draw it',
  repeatActionProbability: 'sticky actions: probability of repeating the last action in a frame',
  fullActionSpace: 'all 18 actions; default only those that do something',
  continuous: 'actions are [radius, angle, fire] of a stick; default false',
  continuousActionThreshold: 'how far the stick must lean; default 0.5',
  maxNumFramesPerEpisode: 'frames after which an episode is truncated, null for no limit; default 108000',
  soundObs: 'false only: there is no sound',
  renderMode: 'rgb_array or null',
};

/** ALE's name of the game that an id means, such as `space_invaders`; undefined for other ids. */
export function gameOfAtariId(id: string): string | undefined {
  const [, v5Name, , oldName] = FORM.exec(id) ?? [];
  return gameOfId.get(v5Name ?? oldName)?.name;
}

/** The entry of an Atari id; undefined for other ids. */
export function atariEntry(id: string): AtariEntry | undefined {
  const parts = FORM.exec(id);
  if (parts === null) return undefined;
  const [, v5Name, v5Ram, oldName, oldRam, flavour, version] = parts;
  const game = gameOfId.get(v5Name ?? oldName);
  if (game === undefined) return undefined;
  const sticky = v5Name !== undefined || version === '0';
  const defaults: AtariOptions = {
    obsType: v5Ram !== undefined || oldRam !== undefined ? 'ram' : 'rgb',
    frameskip: frameskip(game.name, v5Name !== undefined ? 'v5' : flavour),
    repeatActionProbability: sticky ? 0.25 : 0,
    maxNumFramesPerEpisode: MAX_FRAMES,
  };
  return envEntry({
    create: (options: AtariOptions) => {
      const given = Object.entries(options).filter(([, value]) => value !== undefined);
      return new AtariEnv({ ...defaults, ...Object.fromEntries(given), game: game.name });
    },
    summary: `${titleOf(game.name)} of the Atari 2600, on its cartridge`,
    options: optionTexts,
    implied: { ...defaults },
  });
}

function frameskip(game: string, flavour: string | undefined): NonNullable<AtariOptions['frameskip']> {
  switch (flavour) {
    case 'v5':
      return 4;
    case 'NoFrameskip':
      return 1;
    // With 4 the invaders' shots, drawn on every second frame, would never be seen.
    case 'Deterministic':
      return game === 'space_invaders' ? 3 : 4;
    default:
      return [2, 5];
  }
}

/** All ids, 14 for each game. */
export function atariIds(): string[] {
  return GAMES.flatMap(({ name }) => {
    const names = [idName(name), `${idName(name)}-ram`];
    return [
      ...names.map((full) => `ALE/${full}-v5`),
      ...names.flatMap((full) =>
        ['NoFrameskip', 'Deterministic', ''].flatMap((flavour) => [`${full}${flavour}-v0`, `${full}${flavour}-v4`]),
      ),
    ];
  });
}
