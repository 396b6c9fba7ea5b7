/** `bellman plot` of a study: history, parallel coordinates, slices, importances. */
import { FileFormatError, MismatchError } from '../core/errors.ts';
import { kindOf } from '../node/files/folder.ts';
import { JournalFile } from '../node/tune/journal-file.ts';
import type { StudyTrial } from '../node/tune/journal-format.ts';
import { objectiveName, SETTINGS, studyIn } from '../node/tune/study-settings.ts';
import {
  drawImportances,
  drawParallelCoordinates,
  drawSlices,
  drawStudyHistory,
  type StudyPictureOptions,
} from '../plot/study-picture.ts';
import { importances } from '../tune/importance.ts';
import type { SearchSpace } from '../tune/search-space.ts';
import type { Direction } from '../tune/trial.ts';

export type StudyPicture = 'history' | 'parallel' | 'slices' | 'importances';

interface ShownStudy {
  readonly name: string;
  readonly direction: Direction;
  readonly objective: string;
  readonly space: SearchSpace;
  readonly trials: readonly StudyTrial[];
}

/** The study of `bellman tune` in a journal, or the only one that there is. @throws MismatchError where none can be shown. */
function shownStudy(path: string): ShownStudy {
  if (kindOf(path) === undefined) throw new FileFormatError(path, 'no such file', 'Check the path.');
  const journal = new JournalFile(path);
  const all = journal.read();
  if (all.length === 0)
    throw new FileFormatError(path, 'a journal without a study', 'Give a file that `bellman tune` made.');
  const ours = all.some(({ attributes }) => SETTINGS in attributes) ? studyIn(journal) : undefined;
  const study = ours?.study ?? all[0];
  if (ours === undefined && all.length > 1) {
    throw new MismatchError(
      `${path} holds ${all.length} studies: ${all.map(({ name }) => `"${name}"`).join(', ')}. One can be drawn.`,
    );
  }
  if (study.directions.length !== 1) {
    throw new MismatchError(
      `${path}: "${study.name}" has ${study.directions.length} objectives. Studies of one can be drawn.`,
    );
  }
  const settings = ours?.settings;
  const objective = settings === undefined ? 'value' : objectiveName(settings);
  const trials = study.trials.filter(({ waiting }) => !waiting);
  if (!trials.some(({ value }) => value !== null && Number.isFinite(value))) {
    throw new MismatchError(`${path}: no trial of "${study.name}" has a finite value yet: there is nothing to draw.`);
  }
  // Of a study of others what its trials say.
  const found = Object.assign({}, ...trials.map(({ distributions }) => distributions)) as SearchSpace;
  return {
    name: settings === undefined ? study.name : `${settings.recipe} on ${settings.env}`,
    direction: study.directions[0],
    objective,
    space: settings?.space ?? found,
    trials,
  };
}

/** @returns an SVG document. */
export function studyPicture(kind: StudyPicture, path: string, title: string | undefined): string {
  const { name, direction, objective, space, trials } = shownStudy(path);
  if (kind !== 'history' && Object.keys(space).length === 0) {
    throw new MismatchError(`${path}: the trials of "${name}" have no settings: --${kind} has nothing to draw.`);
  }
  const heading = {
    history: `${trials.length} trials of ${name}`,
    parallel: `Trials of ${name}`,
    slices: `Trials of ${name}`,
    importances: `Importance of the settings of ${name}`,
  }[kind];
  const options: StudyPictureOptions = { title: title ?? heading, objective, direction };
  switch (kind) {
    case 'history':
      return drawStudyHistory(trials, options);
    case 'parallel':
      return drawParallelCoordinates(space, trials, options);
    case 'slices':
      return drawSlices(space, trials, options);
    case 'importances':
      return drawImportances(importances(space, trials), options);
  }
}
