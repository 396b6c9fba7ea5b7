/** One run of a suite, in its folder: `GAME/seedN`, with what is known of it beside it. */
import { join } from 'node:path';
import { FileFormatError, show } from '../../core/errors.ts';
import { noteScore, placeAt, type RunPlace, readRecord, secondsOf } from '../jobs/run-place.ts';
import { labelOf } from './suite-settings.ts';
import type { SuiteScore } from './suite-table.ts';

export interface SuiteMember extends RunPlace {
  readonly env: string;
  readonly seed: number;
}

export const memberOf = (folder: string, env: string, seed: number): SuiteMember => ({
  env,
  seed,
  ...placeAt(join(folder, labelOf(env), `seed${seed}`)),
});

/** Its score; undefined while there is none. @throws FileFormatError for a damaged file, and for one of another run. */
export function readScore({ env, seed, file }: SuiteMember): SuiteScore | undefined {
  const { score } = readRecord(file, ({ returns }) => Array.isArray(returns) && returns.length > 0);
  // Files of earlier versions do not say whose they are.
  if (score !== undefined && ((score['env'] ?? env) !== env || (score['seed'] ?? seed) !== seed)) {
    const other = `the score of ${show(score['env'])}, seed ${show(score['seed'])}, and not of ${env}, seed ${seed}`;
    throw new FileFormatError(file, other, 'Put it where it belongs, or delete it: the run is scored again.');
  }
  return score === undefined ? undefined : { env, seed, ...(score as Omit<SuiteScore, 'env' | 'seed'>) };
}

export function writeScore(member: SuiteMember, score: Omit<SuiteScore, 'env' | 'seed' | 'seconds'>): SuiteScore {
  const whole = { env: member.env, seed: member.seed, ...score, seconds: secondsOf(member) };
  noteScore(member, whole);
  return whole;
}
