import { MismatchError } from '../../core/errors.ts';
import { makeFromKwargs } from '../../envs/registry.ts';
import { isGridWorld } from '../../envs/state-grid.ts';
import { gridsOf, gridsPerRow } from '../../tabular/grids-of.ts';
import { drawQTable } from '../../tabular/q-picture.ts';
import { drawValueTable } from '../../tabular/value-picture.ts';
import { importStored, readTable } from '../runs/load-agent.ts';

/** Cells that a picture may have; those of a stranger's map may be millions. */
const MOST_CELLS = 20_000;

/**
 * The best table of a tabular run as pictures: V with the policy, and Q.
 * @returns SVG documents with their titles; none where the environment is no grid.
 * @throws BellmanError where there is no table, or it does not fit.
 */
export async function drawTables(path: string, allowCode: boolean): Promise<{ title: string; svg: string }[]> {
  const { model, modelPath } = await readTable(path);
  await importStored({ env: model.env, envKwargs: model.envOptions }, modelPath, allowCode);
  const env = makeFromKwargs(model.env, model.envOptions);
  try {
    const bare = env.unwrapped;
    const stateGrids = isGridWorld(bare) ? bare.stateGrids(model.cells) : [];
    const cells = stateGrids.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
    if (cells > MOST_CELLS) throw new MismatchError(`A grid of ${cells} cells is too large for a picture.`);
    if (cells === 0) return [];
    const masks = model.actionMasks === null ? undefined : Int8Array.from(model.actionMasks);
    const grids = gridsOf(bare, Float64Array.from(model.q), { ...model, masks });
    const perRow = gridsPerRow(grids);
    return [
      {
        title: 'Values and policy',
        svg: drawValueTable(grids, { title: model.env, subtitle: 'state values, best actions', perRow }),
      },
      {
        title: 'Action values',
        svg: drawQTable(stateGrids, model.q, { title: model.env, subtitle: 'value of each action', perRow }),
      },
    ];
  } finally {
    env.close();
  }
}
