import type { BoardRun } from './messages.ts';

/** Runs that are the same but for chance. */
export interface BoardGroup {
  readonly key: string;
  readonly name: string;
  readonly runs: readonly BoardRun[];
}

/**
 * Groups runs by what they train, those of one folder apart from those of another. Those that train come first, the newest at the
 * top, and stay where they are while they log; then the others, the one that changed last first.
 */
export function groupRuns(runs: readonly BoardRun[]): BoardGroup[] {
  const members = new Map<string, BoardRun[]>();
  for (const run of runs) {
    const key = `${folderOf(run.id)}\n${run.group}`;
    const group = members.get(key);
    if (group === undefined) members.set(key, [run]);
    else group.push(run);
  }
  const bySeed = (a: BoardRun, b: BoardRun): number => (a.seed ?? 0) - (b.seed ?? 0) || (a.id < b.id ? -1 : 1);
  const groups = [...members].map(([key, list]) => ({ key, name: nameOf(list), runs: list.toSorted(bySeed) }));
  const place = (group: BoardGroup): number =>
    Math.max(...group.runs.map(({ started, changed }) => (isRunning(group) ? (started ?? 0) : changed)));
  return distinct(groups).sort(
    (a, b) => Number(isRunning(b)) - Number(isRunning(a)) || place(b) - place(a) || (a.key < b.key ? -1 : 1),
  );
}

const isRunning = ({ runs }: BoardGroup): boolean => runs.some(({ state }) => state === 'running');

const folderOf = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('/')));

/** The folder of seeds, the run itself, or what the names of several runs have in common. */
function nameOf(runs: readonly BoardRun[]): string {
  const [first] = runs;
  if (runs.length === 1) return first!.id;
  const folder = folderOf(first!.id);
  if (folder !== '') return folder;
  const stems = new Set(runs.map(({ id }) => id.replace(/-seed\d+(-\d+)?$/, '')));
  return stems.size === 1 ? [...stems][0]! : (first!.recipe ?? first!.id);
}

/** Groups of one name get a number, which they keep however the list is ordered: they differ in their settings. */
function distinct(groups: readonly BoardGroup[]): BoardGroup[] {
  const seen = new Map<string, number>();
  const first = ({ runs }: BoardGroup): string => runs.map(({ id }) => id).sort()[0]!;
  return groups
    .toSorted((a, b) => (first(a) < first(b) ? -1 : 1))
    .map((group) => {
      const count = (seen.get(group.name) ?? 0) + 1;
      seen.set(group.name, count);
      return count === 1 ? group : { ...group, name: `${group.name} (${count})` };
    });
}

/** Groups, and runs in them, that have every word of a search in what the list shows of them. */
export function searchGroups(groups: readonly BoardGroup[], text: string): BoardGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...groups];
  const shown = ({ id, recipe, env, algorithm, state, seed }: BoardRun): string =>
    [id, recipe, env, algorithm, state, seed === null ? '' : `seed ${seed}`].join(' ').toLowerCase();
  return groups.flatMap((group) => {
    const runs = group.runs.filter((run) => words.every((word) => shown(run).includes(word)));
    return runs.length === 0 ? [] : [{ ...group, runs }];
  });
}
