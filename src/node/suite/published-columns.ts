import { publishedScores } from '../../atari/published-scores.ts';
import { MismatchError } from '../../core/errors.ts';
import type { OtherScores } from './suite-table.ts';

/** Conditions of the scores in a table. */
export interface TableConditions {
  /** Of the Atari games; undefined where they have none of the protocols with a name. */
  readonly protocol: string | undefined;
  /** Of each run; undefined where they are not known. */
  readonly frames: number | undefined;
}

/** Frames of runs that are meant to be the same differ by what a step or a rollout passes over. */
const SAME_FRAMES = 0.02;

/**
 * Columns of published scores for a table.
 * @param ids of `PUBLISHED_SCORES`.
 * @throws MismatchError where protocol or frames differ, in one line; UnknownNameError for others.
 */
export function publishedColumns(ids: readonly string[], { protocol, frames }: TableConditions): OtherScores[] {
  return ids.map((id): OtherScores => {
    const { title, scored, source, ...published } = publishedScores(id);
    const known = Object.keys(published.frames).map(Number);
    const same = known.find((count) => frames !== undefined && Math.abs(frames - count) <= SAME_FRAMES * count);
    const differences = [
      ...(published.protocol === protocol
        ? []
        : [`protocol ${published.protocol}, here ${protocol ?? 'none of them'}`]),
      ...(same !== undefined ? [] : [`${known.map(million).join(', ')} frames, here ${million(frames)}`]),
    ];
    if (differences.length > 0 || same === undefined) {
      throw new MismatchError(`${id} does not go beside these scores: ${differences.join('; ')}.`);
    }
    const note = `${title}: ${scored}; ${million(same)} frames; ${source}.`;
    return { title, note, scores: published.frames[same] };
  });
}

const million = (frames: number | undefined): string =>
  frames === undefined ? 'no' : `${(frames / 1e6).toLocaleString('en-US', { maximumFractionDigits: 3 })}M`;
