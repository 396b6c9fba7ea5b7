import { join } from 'node:path';
import type { Cells } from '../core/cells.ts';
import { makeFromKwargs } from '../envs/registry.ts';
import { writeFileAtomic } from '../node/files/atomic-file.ts';
import type { TrainingOutcome } from '../node/runs/run-training.ts';
import type { GridDescription } from '../tabular/grid.ts';
import { renderPolicies, renderPolicyArrows, renderValueTable, sideBySide } from '../tabular/grid-text.ts';
import { gridsOf, gridsPerRow } from '../tabular/grids-of.ts';
import { drawValueTable } from '../tabular/value-picture.ts';
import { EvaluatedTraining } from '../train/evaluated-training.ts';
import { TabularTraining } from '../train/tabular-training.ts';

/** Name of the picture of values and policy in a run's folder. */
export const PICTURE_FILE = 'values.svg';

/**
 * After a tabular training: prints the value table and the policy as arrows and draws both as a picture in the run's
 * folder. Other trainings, and environments that are no grid, show nothing.
 */
export function describeResult({ path, run, training: whole }: TrainingOutcome, print: (text: string) => void): void {
  const training = whole instanceof EvaluatedTraining ? whole.inner : whole;
  if (!(training instanceof TabularTraining)) return;
  const { agent } = training;
  const grids = gridsOf(makeFromKwargs(run.env, run.envKwargs).unwrapped, agent.actionValues(), {
    nActions: agent.nActions,
    masks: agent.actionMasks(),
    cells: (run.config as { cells?: Cells | null }).cells ?? null,
  });
  if (grids.length === 0) return;
  const colour = process.stdout.isTTY === true && process.stdout.getColorDepth() > 1;
  const [grid] = grids;
  if (grids.length > 1) print(renderPolicies(grids, gridsPerLine(grids, process.stdout.columns ?? 80), { colour }));
  else {
    const blocks = [`Values\n${renderValueTable(grid, { colour })}`, `Policy\n${renderPolicyArrows(grid, { colour })}`];
    // A terminal is 80 columns wide: tables of eight cells and more stand above each other.
    print(grid.cols < 8 ? sideBySide(blocks) : blocks.join('\n\n'));
  }
  const picture = join(path, PICTURE_FILE);
  const subtitle = `${run.algorithm}, seed ${run.seed}, ${training.step} iterations`;
  writeFileAtomic(picture, drawValueTable(grids, { title: run.env, subtitle, perRow: gridsPerRow(grids) }));
  print(`Picture ${picture}`);
}

/** As `gridsPerRow`, but no more than a terminal of so many columns holds without breaking lines. */
export function gridsPerLine(grids: readonly GridDescription[], columns: number): number {
  const most = gridsPerRow(grids);
  for (let perRow = most; perRow > 1; perRow--) {
    const lines = renderPolicies(grids, perRow).split('\n');
    if (lines.every((line) => line.length < columns)) return perRow;
  }
  return 1;
}
