import { join } from 'node:path';
import * as z from 'zod';
import '../../atari/atari-family.ts';
import { GAMES } from '../../atari/games/index.ts';
import { idName } from '../../atari/names.ts';
import { differencesOf } from '../../core/differences.ts';
import { FileFormatError, MismatchError, OptionError, UnknownNameError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { environmentIds, isRegistered } from '../../envs/registry.ts';
import { everydayEnvironment } from '../../recipes/choose-recipe.ts';
import { readFileChecked, writeFileAtomic } from '../files/atomic-file.ts';
import { kindOf } from '../files/folder.ts';
import { parseJsonFile } from '../files/parse-json-file.ts';
import { SUITE_FILE } from './suite-file.ts';

const shape = z.strictObject({
  recipe: z.string().min(1),
  /** Ids of environments. */
  games: z.array(z.string().min(1)).min(1),
  seeds: z.array(z.int().min(0)).min(1),
  /** Units of each training; null for the recipe's. */
  steps: z.int().min(1).nullable(),
  set: z.record(z.string(), z.unknown()),
  kwargs: z.record(z.string(), z.unknown()),
  evaluation: z.strictObject({
    episodes: z.int().min(1),
    epsilon: z.number().min(0).max(1),
    /** Of Atari games; null for the model's own. */
    protocol: z.string().nullable(),
  }),
  /** Of the package that began it. */
  version: z.string(),
});

/** What a suite trains and how it scores: `suite.json`, and the form of a file that describes one. */
export type SuiteSettings = z.infer<typeof shape>;

/** A part of them, as a file or a command line gives it. */
export type SuiteRequest = Partial<Omit<SuiteSettings, 'evaluation'>> & {
  readonly evaluation?: Partial<SuiteSettings['evaluation']>;
};

/** What is not said. Where a game's own number of episodes matters the protocol's papers say it. */
const USUAL = { seeds: [0, 1, 2], steps: null, set: {}, kwargs: {} } as const;
const EVALUATION = { episodes: 30, epsilon: 0.01, protocol: null } as const;

/** Settings with nothing left open. @throws OptionError where the recipe or the games are missing, or something is listed twice. */
export function settleSuite(request: SuiteRequest, version: string): SuiteSettings {
  const { recipe, games } = request;
  if (recipe === undefined) throw new OptionError('recipe', recipe, 'a recipe, an algorithm or a file that says it');
  if (games === undefined || games.length === 0) {
    throw new OptionError('--games', games, 'environments or Atari games, such as pong,breakout or CartPole-v1');
  }
  const evaluation = { ...EVALUATION, ...request.evaluation };
  const { seeds, steps, set, kwargs } = { ...USUAL, ...request };
  const envs = games.map(environmentOf);
  const settings = { recipe, games: envs, seeds: [...seeds], steps, set, kwargs, evaluation, version };
  const twice = settings.games.find((game, i) => settings.games.indexOf(game) < i);
  if (twice !== undefined) throw new OptionError('--games', twice, 'each game once');
  const labels = settings.games.map(labelOf);
  const clash = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (clash >= 0) throw new OptionError('--games', settings.games[clash], 'games whose folders differ');
  return settings;
}

/** Name of a game's folder. */
export const labelOf = (env: string): string => env.replace(/[^\w.-]+/g, '-').replace(/^[-.]+/, '');

/**
 * The environment that a word means: an id, ALE's name of a game (`space_invaders`, `space-invaders`: its cartridge, without frame
 * skip), or an everyday word such as `pole`. What names a module or Python is left as it is.
 * @throws UnknownNameError with the nearest name.
 */
export function environmentOf(word: string): string {
  if (isRegistered(word) || word.includes(':')) return word;
  const bare = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, '');
  const game = GAMES.find(({ name }) => bare(name) === bare(word));
  const id = game === undefined ? everydayEnvironment(word) : `${idName(game.name)}NoFrameskip-v4`;
  if (id !== undefined) return id;
  const known = [...environmentIds(), ...GAMES.map(({ name }) => name)];
  throw new UnknownNameError('environment', word, known, nearest(word, known));
}

/** Reads a file that describes a suite. @throws FileFormatError when it is no such file. */
export function readSuiteFile(path: string): SuiteRequest {
  const content = parse(path);
  const { version: _, ...request } = checked(
    shape.partial().extend({ evaluation: shape.shape.evaluation.partial().optional() }),
    content,
    path,
  );
  return request as SuiteRequest;
}

/** What a suite's folder was begun with; undefined for a folder that is none. */
export function readSuite(folder: string): SuiteSettings | undefined {
  const path = join(folder, SUITE_FILE);
  return kindOf(path) === undefined ? undefined : checked(shape, parse(path), path);
}

export function writeSuite(folder: string, settings: SuiteSettings): void {
  writeFileAtomic(join(folder, SUITE_FILE), `${JSON.stringify(settings, null, 2)}\n`);
}

const parse = (path: string): unknown =>
  parseJsonFile(readFileChecked(path).toString('utf8'), path, 'It holds the settings of a suite.');

function checked<T>(schema: z.ZodType<T>, content: unknown, path: string): T {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue.path.join('.');
  throw new FileFormatError(path, `${place === '' ? '' : `${place}: `}${issue.message}`, 'See docs/guide/suite.md.');
}

/**
 * What a suite goes on with: the folder's settings, with games and seeds added to them.
 * @throws MismatchError in one line with all that differs.
 */
export function continueSuite(folder: string, begun: SuiteSettings, asked: SuiteSettings): SuiteSettings {
  const differences = [
    ...differencesOf(omitLists(begun), omitLists(asked)),
    ...missing('games', begun.games, asked.games),
    ...missing('seeds', begun.seeds, asked.seeds),
  ];
  if (differences.length > 0) {
    throw new MismatchError(
      `${folder} was begun with other settings: ${differences.join('; ')}. Use those, or another folder (--dir).`,
    );
  }
  return asked;
}

const omitLists = ({ games: _, seeds: __, ...rest }: SuiteSettings) => rest;

function missing<T>(name: string, before: readonly T[], now: readonly T[]): string[] {
  const left = before.filter((one) => !now.includes(one));
  return left.length === 0 ? [] : [`${name} ${left.join(', ')} left out`];
}
