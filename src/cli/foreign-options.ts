import { advise } from '../core/advise.ts';
import { nearest } from '../core/nearest.ts';
import { shellWord } from '../core/shell-word.ts';

const NUMBER_OF_STEPS =
  'the number of steps is --set maxSteps=N (with a table --set maxIterations=N), or --stop-after N for now';

/** Options of the textbooks' programs and of other libraries, with what bellman has for them. */
const foreign: Readonly<Record<string, string>> = {
  '-m': 'to play a model: bellman play FILE',
  '--model': 'to play a model: bellman play FILE',
  '--no-vis': 'nothing is drawn while it trains; bellman play RUN shows the agent',
  '--dev': 'the device is --device cpu, wasm, kernels, webgpu or cuda',
  '--cuda': 'the device is --device cuda',
  '-r': 'to film test episodes while it trains: --record-every N; to film an agent: bellman play RUN -r FILE',
  '--record': 'to film test episodes while it trains: --record-every N; to film an agent: bellman play RUN -r FILE',
  '-n': 'the name of a run is its folder: --run FOLDER',
  '--name': 'the name of a run is its folder: --run FOLDER',
  '-e': 'the environment is --env ID',
  '--env-id': 'the environment is --env ID',
  '--algo': 'the algorithm comes first: bellman train dqn --env ID',
  '--total-timesteps': NUMBER_OF_STEPS,
  '--n-timesteps': NUMBER_OF_STEPS,
  '--max-steps': NUMBER_OF_STEPS,
  '--steps': NUMBER_OF_STEPS,
  '--run-dir': 'the folder of a run is --run FOLDER',
  '--dir': 'the folder of a run is --run FOLDER',
  '-s': 'the seed is --seed N',
  '--learning-rate': 'a setting is --set learningRate=X',
  '--lr': 'a setting is --set learningRate=X',
  '--gamma': 'a setting is --set gamma=X',
  '--batch-size': 'a setting is --set batchSize=N',
  '--buffer-size': 'a setting is --set bufferSize=N',
  '--n-steps': 'a setting is --set nStep=N',
  '--learning-starts': 'a setting is --set learningStarts=N',
  '--track': 'logs for TensorBoard are always written: tensorboard --logdir runs',
  '--tensorboard-log': 'logs for TensorBoard are always written: tensorboard --logdir runs',
};

/** The answer to more names than one, and to `--resume` without a folder. @param words behind `train`. */
export function misplacedWord(message: string, words: readonly string[]): string | undefined {
  if (message.includes("'--resume <folder>' argument missing"))
    return `--resume: which run? ${advise('runs')} lists them, the last first: --resume FOLDER.`;
  if (!message.includes('too many arguments')) return undefined;
  const setting = words.find((word) => /^[\w.]+=/.test(word));
  if (setting !== undefined) return `a setting is --set ${shellWord(setting)}.`;
  return 'one recipe or algorithm is trained at a time; an environment is --env ID, a setting --set KEY=VALUE.';
}

/** Settings that are often tried as options. */
export const oftenSet: readonly string[] = [
  'gamma',
  'learningRate',
  'batchSize',
  'bufferSize',
  'nStep',
  'learningStarts',
  'trainInterval',
  'targetUpdateInterval',
  'epsilonStart',
  'epsilonFinal',
  'epsilonDecaySteps',
  'rewardBound',
  'maxSteps',
];

/** The answer to an unknown option of `train` that other programs have, or that is a setting; undefined for others. */
export function foreignOption(message: string): string | undefined {
  const option = /unknown option '(--?[\w-]+)/.exec(message)?.[1];
  if (option === undefined) return undefined;
  const advice = foreign[option] ?? settingAdvice(option, message);
  return advice === undefined
    ? undefined
    : `no option ${option}: ${advice.replaceAll(/bellman (?=play|train)/g, advise(''))}.`;
}

function settingAdvice(option: string, message: string): string | undefined {
  // An option of `train` itself is nearer.
  if (message.includes('Did you mean') || !option.startsWith('--')) return undefined;
  const name = option.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const near = nearest(name, oftenSet);
  return near === undefined ? undefined : `a setting is --set ${near}=X`;
}
