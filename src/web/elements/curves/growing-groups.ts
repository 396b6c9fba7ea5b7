import { MetricsTable } from '../../../log/metrics-table.ts';
import type { CurveGroup, CurveRun } from './curve-data.ts';
import { placeOfFile } from './group-files.ts';
import { columnsOf } from './load-curves.ts';

/** Adds rows and files to groups of curves. Groups and runs that are not touched keep their objects: they are not computed again. */
export class GrowingGroups {
  readonly #tables = new Map<string, MetricsTable>();

  /** The groups with rows added to a run, which is made where it is missing. */
  withRows(
    groups: readonly CurveGroup[],
    group: string,
    run: string,
    columns: Readonly<Record<string, ArrayLike<number>>>,
  ): readonly CurveGroup[] {
    const key = JSON.stringify([group, run]);
    const known = groups.find(({ name }) => name === group);
    const old = known?.runs.find(({ name }) => name === run);
    let table = this.#tables.get(key);
    if (table === undefined || old === undefined) {
      table = new MetricsTable(old?.columns);
      this.#tables.set(key, table);
    }
    table.appendColumns(columns);
    return withRun(groups, group, { name: run, columns: columnsOf(table) }, old);
  }

  /** The groups with a file's run, where its path says. A name that is taken gets a number. */
  withFile(groups: readonly CurveGroup[], path: string, columns: CurveRun['columns']): readonly CurveGroup[] {
    const { group, run } = placeOfFile(path);
    const taken = (name: string): boolean =>
      groups.some((one) => one.name === group && one.runs.some((other) => other.name === name));
    let name = run;
    for (let n = 2; taken(name); n++) name = `${run} (${n})`;
    return withRun(groups, group, { name, columns });
  }
}

/** @param old the run in whose place it stands. */
function withRun(
  groups: readonly CurveGroup[],
  group: string,
  run: CurveRun,
  old?: CurveRun | undefined,
): readonly CurveGroup[] {
  const known = groups.find(({ name }) => name === group);
  if (known === undefined) return [...groups, { name: group, runs: [run] }];
  const runs = old === undefined ? [...known.runs, run] : known.runs.map((one) => (one === old ? run : one));
  return groups.map((one) => (one === known ? { ...known, runs } : one));
}
