import { type FamilyConfig, PLAIN_DQN } from '../agents/dqn-config.ts';
import { cite, type Recipe } from './recipe.ts';

const off = (paper: string) => cite(`not used by this recipe; value of ${paper}`);
const noisy = off('Fortunato et al. 2018');
const categorical = off('Bellemare et al. 2017');
const munchausen = off('Vieillard et al. 2020');
const prioritized = off('Schaul et al. 2016');
const absent = cite('plain DQN (Mnih et al. 2015)');

/** Values and sources of a recipe that uses none of the family's later parts. */
export const plainDqn = {
  config: PLAIN_DQN,
  sources: {
    noisy: absent,
    noisySigma: noisy,
    values: absent,
    atoms: categorical,
    vMin: categorical,
    vMax: categorical,
    quantiles: off('Dabney et al. 2018'),
    munchausenAlpha: absent,
    munchausenTemperature: munchausen,
    munchausenClip: munchausen,
    replay: absent,
    priorityAlpha: prioritized,
    priorityBetaStart: prioritized,
    priorityBetaFinal: prioritized,
    priorityBetaSteps: prioritized,
    priorityEpsilon: prioritized,
    replayCompression: absent,
    standardizeInput: absent,
    environments: absent,
    targetUpdateRate: absent,
  },
} as const satisfies Pick<Recipe<FamilyConfig>, 'config' | 'sources'>;
