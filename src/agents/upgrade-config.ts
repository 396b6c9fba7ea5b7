/**
 * Configurations of earlier versions in today's form. Version 0.1.0 and what came before 0.2.0 had flat keys, those of every
 * variant at once, and lacked some that came later.
 */

type Data = Readonly<Record<string, unknown>>;

/** Today's name of each flat key that has another one now. */
export const RENAMED_KEYS: Readonly<Record<string, string>> = {
  frameSize: 'preprocessing.frameSize',
  noopMax: 'preprocessing.noopMax',
  frameSkip: 'preprocessing.frameSkip',
  frameStack: 'preprocessing.frameStack',
  episodicLife: 'preprocessing.episodicLife',
  hiddenSizes: 'network.hiddenSizes',
  layerNorm: 'network.layerNorm',
  standardizeInput: 'network.standardizeInput',
  dueling: 'network.dueling',
  noisy: 'network.noisy',
  noisySigma: 'network.noisy.sigma',
  loss: 'values.loss',
  atoms: 'values.atoms',
  vMin: 'values.vMin',
  vMax: 'values.vMax',
  quantiles: 'values.quantiles',
  doubleQ: 'bootstrap.kind=double',
  munchausenAlpha: 'bootstrap.alpha',
  munchausenTemperature: 'bootstrap.temperature',
  munchausenClip: 'bootstrap.clip',
  priorityAlpha: 'replay.alpha',
  priorityBetaStart: 'replay.betaStart',
  priorityBetaFinal: 'replay.betaFinal',
  priorityBetaSteps: 'replay.betaSteps',
  priorityEpsilon: 'replay.epsilon',
  replayCompression: 'replay.compression',
};

/** What the flat `preprocessing` and its neighbours say, as a part; a part of an earlier version in today's form. Not checked. */
export function upgradePreprocessing(flat: Data): Data {
  const { preprocessing, frameSize, noopMax, frameSkip, frameStack, episodicLife } = flat;
  if (typeof preprocessing !== 'string')
    return flat['kind'] === 'none' ? { actionBins: null, ...flat } : { ...OLD_PROTOCOL, ...flat };
  if (preprocessing === 'none') return { kind: 'none', actionBins: null };
  const edition = preprocessing === 'atari-second-edition' ? 'second' : 'third';
  return { kind: 'atari', edition, frameSize, noopMax, ...OLD_PROTOCOL, frameSkip, frameStack, episodicLife };
}

/** What versions did that did not say it. */
const OLD_PROTOCOL = { stickyActions: null, fireReset: true } as const;

function upgradeNetwork(flat: Data): Data {
  const { network: kind, hiddenSizes, dueling = false, noisy = false, noisySigma: sigma } = flat;
  const { layerNorm = 'none', standardizeInput = false } = flat;
  const layers = { layerNorm, dueling, noisy: noisy === true ? { sigma } : null };
  return kind === 'mlp' ? { kind, hiddenSizes, ...layers } : { kind, ...layers, standardizeInput };
}

/** Today's form of a DQN configuration; one that has it already stays as it is. Not checked. */
export function upgradeDqnConfig(given: Data): Data {
  const config: Data = { actionMasks: false, truncatedAsTerminal: false, ...given };
  if (!isFlat(config)) return withPreprocessing(config);
  const { values = 'scalar', loss, atoms, vMin, vMax, quantiles } = config;
  const { munchausenAlpha: alpha = 0, munchausenTemperature: temperature, munchausenClip: clip, doubleQ } = config;
  const { replay = 'uniform', replayCompression: compression = 'none', environments = 1 } = config;
  return {
    ...withoutRenamed(config),
    environments,
    preprocessing: upgradePreprocessing(config),
    network: upgradeNetwork(config),
    values: {
      kind: values,
      ...(values === 'scalar' ? { loss } : values === 'categorical' ? { atoms, vMin, vMax } : { quantiles }),
    },
    bootstrap:
      Number(alpha) > 0
        ? { kind: 'munchausen', alpha, temperature, clip }
        : { kind: doubleQ === true ? 'double' : 'greedy' },
    replay:
      replay === 'uniform'
        ? { kind: replay, compression }
        : {
            kind: replay,
            alpha: config['priorityAlpha'],
            betaStart: config['priorityBetaStart'],
            betaFinal: config['priorityBetaFinal'],
            betaSteps: config['priorityBetaSteps'],
            epsilon: config['priorityEpsilon'],
            compression,
          },
    targetUpdateRate: 1,
  };
}

/** The same for PQN. */
export function upgradePqnConfig(given: Data): Data {
  const config: Data = { actionMasks: false, ...given };
  if (!isFlat(config)) return withPreprocessing(config);
  return {
    ...withoutRenamed(config),
    preprocessing: upgradePreprocessing(config),
    network: upgradeNetwork(config),
  };
}

/** The same for the cross-entropy method, whose keys were never flat. */
export const upgradeCrossEntropyConfig = (given: Data): Data => withPreprocessing({ actionMasks: false, ...given });

/** With today's form of the part that says what a network sees. */
function withPreprocessing(config: Data): Data {
  const { preprocessing } = config;
  if (typeof preprocessing !== 'object' || preprocessing === null) return config;
  return { ...config, preprocessing: upgradePreprocessing(preprocessing as Data) };
}

const isFlat = (config: Data): boolean => typeof config['network'] === 'string';

const withoutRenamed = (config: Data): Data =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !Object.hasOwn(RENAMED_KEYS, key)));
