import { BellmanError } from '../core/errors.ts';
import { checkedRange, formatDistribution } from './parse-space.ts';
import type { Distribution, FloatRange, SearchSpace, Settings, SettingValue } from './search-space.ts';

/** Settles a run with some settings in place of the recipe's. @throws BellmanError where the recipe refuses them. */
export type SettleSettings = (settings: Settings) => Promise<unknown>;

/**
 * Checks a space against a recipe: its keys are the recipe's, and the recipe accepts both ends of each range and every choice. An end that
 * is refused by itself is tried with the first and with the last values of the other keys, as it may need them
 * (`replay.alpha=0.4..0.8` with `replay.kind=uniform,prioritized`). Not every point of a space must be accepted: `batchSize` may exceed
 * `bufferSize`, say. A trial at such a point fails with the recipe's line, and counts for nothing.
 * @returns the space, with ranges of whole numbers for keys that take only those.
 * @throws BellmanError, in the recipe's words, for an unknown key or a value that is refused.
 */
export async function checkSpace(space: SearchSpace, settle: SettleSettings): Promise<SearchSpace> {
  const checked: [string, Distribution][] = [];
  for (const [key, distribution] of Object.entries(space)) {
    const others = Object.entries(space).filter(([other]) => other !== key);
    const companions: readonly Settings[] = [
      {},
      ...(others.length === 0
        ? []
        : [0, -1].map((at) => Object.fromEntries(others.map(([k, d]) => [k, endsOf(d).at(at)!])))),
    ];
    let companion: Settings = {};
    for (const value of distribution.kind === 'choice' ? distribution.choices : endsOf(distribution)) {
      companion = await findAccepted(key, value, companions, settle);
    }
    const whole = distribution.kind === 'float' && (await takesWholeNumbers(key, distribution, companion, settle));
    checked.push([key, whole ? asWhole(key, distribution) : distribution]);
  }
  return Object.fromEntries(checked);
}

/** The low and the high end of a range, the first and the last choice. */
export function endsOf(distribution: Distribution): readonly SettingValue[] {
  if (distribution.kind !== 'choice') return [distribution.low, distribution.high];
  return [distribution.choices[0], distribution.choices.at(-1)!];
}

/** The first of some companions with which a value is accepted. @throws BellmanError that it was refused with by itself. */
async function findAccepted(
  key: string,
  value: SettingValue,
  companions: readonly Settings[],
  settle: SettleSettings,
): Promise<Settings> {
  let first: BellmanError | undefined;
  for (const companion of companions) {
    const refusal = await refusalOf(settle, { ...companion, [key]: value });
    if (refusal === undefined) return companion;
    first ??= refusal;
  }
  throw first;
}

/** Whether a fraction just below a whole high end, which is accepted with the companion, is refused. */
async function takesWholeNumbers(
  key: string,
  { low, high }: FloatRange,
  companion: Settings,
  settle: SettleSettings,
): Promise<boolean> {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) return false;
  return (await refusalOf(settle, { ...companion, [key]: high - 0.5 })) !== undefined;
}

const asWhole = (key: string, range: FloatRange): Distribution =>
  checkedRange(key, formatDistribution(range), { ...range, kind: 'int' });

async function refusalOf(settle: SettleSettings, settings: Settings): Promise<BellmanError | undefined> {
  try {
    await settle(settings);
    return undefined;
  } catch (error) {
    // Anything else is a bug, or a disk that fails.
    if (error instanceof BellmanError) return error;
    throw error;
  }
}
