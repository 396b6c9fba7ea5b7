import * as z from 'zod';
import { differencesOf } from '../../core/differences.ts';
import { FileFormatError, MismatchError } from '../../core/errors.ts';
import type { SearchSpace } from '../../tune/search-space.ts';
import type { Direction } from '../../tune/trial.ts';
import type { JournalFile } from './journal-file.ts';
import type { StoredStudy } from './journal-format.ts';

/** What a trial is worth: the score of its final models, or what they took to their bound. */
export const OBJECTIVES = ['score', 'steps', 'minutes'] as const;
export type Objective = (typeof OBJECTIVES)[number];
export const SAMPLERS = ['tpe', 'random', 'sobol', 'grid'] as const;
export type SamplerName = (typeof SAMPLERS)[number];
export const PRUNERS = ['none', 'asha', 'median'] as const;
export type PrunerName = (typeof PRUNERS)[number];

const shape = z.strictObject({
  recipe: z.string().min(1),
  env: z.string().min(1),
  kwargs: z.record(z.string(), z.unknown()),
  /** Values that all trials have in place of the recipe's. */
  set: z.record(z.string(), z.unknown()),
  space: z.record(z.string(), z.looseObject({ kind: z.enum(['float', 'int', 'choice']) })),
  objective: z.enum(OBJECTIVES),
  /** Mean reward above which a training has reached what is asked of it; null for none. */
  bound: z.number().nullable(),
  /** Units of each training, at most. */
  steps: z.int().min(1),
  /** Of each trial. */
  seeds: z.array(z.int().min(0)).min(1),
  /** How final models are scored; null for the training's own mean. */
  evaluation: z.strictObject({ episodes: z.int().min(1), epsilon: z.number().min(0).max(1) }).nullable(),
  sampler: z.enum(SAMPLERS),
  /** Of what the sampler draws. */
  samplerSeed: z.int().min(0),
  pruner: z.enum(PRUNERS),
  /** Of the package that began it. */
  version: z.string(),
});

/** What a study tries and how it counts: an attribute of the study in its journal. */
export type StudySettings = Omit<z.infer<typeof shape>, 'space'> & { readonly space: SearchSpace };

/** The attribute's name. */
export const SETTINGS = 'bellman';

export const directionOf = (objective: Objective): Direction => (objective === 'score' ? 'maximize' : 'minimize');

/** What a trial's value is, in words. */
export const objectiveName = ({ objective, bound }: Pick<StudySettings, 'objective' | 'bound'>): string =>
  objective === 'score' ? 'score' : `${objective} to ${bound}`;

/** The study of `bellman tune` in a journal; undefined for a file that holds none yet. @throws MismatchError for another program's. */
export function studyIn(journal: JournalFile): { study: StoredStudy; settings: StudySettings } | undefined {
  const studies = journal.read();
  const study = studies.find(({ attributes }) => SETTINGS in attributes);
  if (study === undefined) {
    if (studies.length === 0) return undefined;
    throw new MismatchError(
      `${journal.path} holds ${studies.map(({ name }) => `"${name}"`).join(', ')}, which \`bellman tune\` did not begin. Name another file (--study).`,
    );
  }
  const result = shape.safeParse(study.attributes[SETTINGS]);
  if (result.success) return { study, settings: result.data as unknown as StudySettings };
  const [issue] = result.error.issues;
  const problem = `${issue.path.join('.')}: ${issue.message}`;
  throw new FileFormatError(journal.path, problem, 'The study is of another version, or damaged. Begin another one.');
}

/** @throws MismatchError in one line with all that differs. */
export function refuseOther(path: string, begun: StudySettings, asked: StudySettings): void {
  const differences = differencesOf(begun, asked);
  if (differences.length === 0) return;
  throw new MismatchError(
    `${path} was begun with other settings: ${differences.join('; ')}. Use those, or another file (--study).`,
  );
}
