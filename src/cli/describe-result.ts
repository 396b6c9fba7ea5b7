import { join } from 'node:path';
import { makeFromKwargs } from '../envs/registry.ts';
import { FrozenLakeEnv } from '../envs/toy-text/frozen-lake.ts';
import { TaxiEnv } from '../envs/toy-text/taxi.ts';
import { writeFileAtomic } from '../node/atomic-file.ts';
import type { TrainingOutcome } from '../node/run-training.ts';
import { greedyActions } from '../tabular/action-values.ts';
import { frozenLakeGrid, type GridDescription, taxiGrids } from '../tabular/grid.ts';
import { renderPolicies, renderPolicyArrows, renderValueTable, sideBySide } from '../tabular/grid-text.ts';
import { drawValueTable } from '../tabular/value-picture.ts';
import { TabularTraining } from '../train/tabular-training.ts';

/** Name of the picture of values and policy in a run's folder. */
export const PICTURE_FILE = 'values.svg';

/**
 * After a tabular training: prints the value table and the policy as arrows and draws both as a picture in the run's
 * folder. Other trainings, and environments that are no grid, show nothing.
 */
export function describeResult({ path, run, training }: TrainingOutcome, print: (text: string) => void): void {
  if (!(training instanceof TabularTraining)) return;
  const { agent } = training;
  const env = makeFromKwargs(run.env, run.envKwargs).unwrapped;
  const values = agent.stateValues();
  const policy = greedyActions(agent.actionValues(), agent.nActions);
  const colour = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  let grids: readonly GridDescription[];
  if (env instanceof FrozenLakeEnv) {
    const grid = frozenLakeGrid(env.desc, values, policy);
    grids = [grid];
    print(
      sideBySide([`Values\n${renderValueTable(grid, { colour })}`, `Policy\n${renderPolicyArrows(grid, { colour })}`]),
    );
  } else if (env instanceof TaxiEnv) {
    grids = taxiGrids(values, policy);
    print(renderPolicies(grids, 4, { colour }));
  } else return;
  const picture = join(path, PICTURE_FILE);
  const subtitle = `${run.algorithm}, seed ${run.seed}, ${training.step} iterations`;
  writeFileAtomic(picture, drawValueTable(grids, { title: run.env, subtitle }));
  print(`Picture ${picture}`);
}
