/** A setting or an option that is misspelled, missing or out of range is named wherever a program makes a training or an agent from it. */
import { describe, expect, it } from 'vitest';
import { OptionError, UnknownNameError } from '../../src/core/errors.ts';
import { interpretGraphs } from '../../src/graph/index.ts';
import { crossEntropyCartPole, dqnCartPole, pqnCartPole, streamQCartPole } from '../../src/recipes/index.ts';
import { recurrentDqnCartPole } from '../../src/recipes/recurrent.ts';
import * as tabular from '../../src/tabular/index.ts';
import * as trainings from '../../src/train/index.ts';
import { makeVec } from '../../src/vector/index.ts';
import { ModelEnv } from '../support/model-env.ts';
import { onlineConfigs, randomModel } from '../support/online-agents.ts';

const settings = { actors: 1, steps: 8, lag: 0, epsilonSpread: 0 };
const spec = { inputShape: [4], inputDType: 'float32', actions: 2 } as const;
const vectorOf = (environments: number) =>
  makeVec('CartPole-v1', environments, { autoresetMode: 'same-step' }) as never;
const neverPlays = { play: () => expect.unreachable('a refused configuration is not played') };

const networks = {
  createDqnTraining: dqnCartPole,
  createRecurrentDqnTraining: recurrentDqnCartPole,
  createPqnTraining: pqnCartPole,
  createStreamQTraining: streamQCartPole,
  createCrossEntropyTraining: crossEntropyCartPole,
  createDqnActorTraining: dqnCartPole,
  createPqnActorTraining: pqnCartPole,
  createDqnActor: dqnCartPole,
  createPqnActor: pqnCartPole,
} as const;

const sampledConfig = {
  ...{ gamma: 0.5, testEpisodes: 1, rewardBound: null, maxIterations: 9, stepsPerIteration: 4 },
  ...{ cells: null, actionBins: null, actionMasks: false },
};
const tables = {
  ValueIterationAgent: sampledConfig,
  QIterationAgent: sampledConfig,
  QLearningAgent: onlineConfigs['q-learning'],
  SarsaAgent: onlineConfigs.sarsa,
  ExpectedSarsaAgent: onlineConfigs['expected-sarsa'],
  DoubleQLearningAgent: onlineConfigs['double-q-learning'],
  NStepSarsaAgent: onlineConfigs['n-step-sarsa'],
  NStepQAgent: onlineConfigs['n-step-q'],
  NStepTreeBackupAgent: onlineConfigs['n-step-tree-backup'],
  WatkinsQLambdaAgent: onlineConfigs['q-lambda'],
  DynaQAgent: onlineConfigs['dyna-q'],
  MonteCarloAgent: onlineConfigs['monte-carlo'],
  MonteCarloExploringStartsAgent: onlineConfigs['monte-carlo-es'],
  OffPolicyMonteCarloAgent: onlineConfigs['off-policy-monte-carlo'],
} as const;
/** Of which an own agent is made. */
const ABSTRACT = ['NStepAgent', 'OnlineAgent', 'SampledModelAgent', 'SampledNStepAgent'];

/** What stands in place of a configuration, made from it and one of its numbers, and what is said of it. */
const wrong = [
  [
    'an unknown key',
    (config: object) => ({ ...config, gama: 0.9 }),
    () => 'configuration: got "gama", allowed is one of ',
  ],
  ['a misspelled key', misspelled, () => 'configuration: got "gama", allowed is one of '],
  [
    'text',
    (config: object, key: string) => ({ ...config, [key]: '0.9' }),
    (key: string) => `${key}: got "0.9", allowed is a`,
  ],
  [
    'NaN',
    (config: object, key: string) => ({ ...config, [key]: Number.NaN }),
    (key: string) => `${key}: got NaN, allowed is`,
  ],
  [
    '1000',
    (config: object, key: string) => ({ ...config, [key]: 1000 }),
    (key: string) => `${key}: got 1000, allowed is`,
  ],
  [
    'nothing',
    (config: object, key: string) => ({ ...config, [key]: undefined }),
    (key: string) => `${key}: got undefined,`,
  ],
  ['no configuration', () => undefined, () => 'configuration: got undefined, allowed is an object of settings.'],
  ['a list', () => [], () => 'configuration: got [], allowed is an object of settings.'],
  ['a name', () => 'dqn', () => 'configuration: got "dqn", allowed is an object of settings.'],
] as const;

function misspelled(config: object, key: string): object {
  const { [key]: value, ...rest } = config as Readonly<Record<string, unknown>>;
  return { ...rest, gama: value };
}

const refusalOf = (made: Promise<unknown>): Promise<unknown> =>
  made.then(
    () => 'accepted',
    (reason) => reason,
  );

/** Whoever plays: a vector, actors, or an actor that makes its vectors. */
const playerOf = (name: string, config: object) => {
  if (!name.includes('Actor')) return { env: vectorOf(numberIn(config, 'environments', 1)) };
  const own = { spec, settings: { ...settings, steps: numberIn(config, 'rolloutSteps', settings.steps) } };
  return name.endsWith('Actor') ? { ...own, makeEnvs: vectorOf } : { ...own, actors: neverPlays };
};

const numberIn = (config: object, key: string, otherwise: number): number =>
  ((config as Readonly<Record<string, unknown>>)[key] as number | undefined) ?? otherwise;

const right = (name: string, config: object) => ({
  ...{ config, seed: 1, createRunner: interpretGraphs },
  ...playerOf(name, config),
});

type Refused = readonly [
  what: string,
  change: object | undefined,
  kind: abstract new (...args: never[]) => Error,
  message: string,
];
const ofAll: readonly Refused[] = [
  ['no options', undefined, OptionError, 'options: got null, allowed is an object.'],
  ['no runner', { createRunner: undefined }, OptionError, 'createRunner: got undefined, allowed is a function'],
  ['no seed', { seed: undefined }, OptionError, 'seed: got undefined, allowed is an integer'],
];
const ofTrainings: readonly Refused[] = [
  ['memoryLimt', { memoryLimt: 5 }, UnknownNameError, 'Unknown option "memoryLimt". Did you mean "memoryLimit"?'],
];
const ofVectors: readonly Refused[] = [
  ['no environments', { env: undefined }, OptionError, 'env: got undefined, allowed is a VectorEnv'],
];
const ofActors: readonly Refused[] = [
  ['sed', { sed: 5 }, UnknownNameError, 'Unknown option "sed". Did you mean "seed"?'],
  ['no spec', { spec: undefined }, OptionError, 'spec: got undefined, allowed is a NetworkSpec'],
  ['no settings', { settings: undefined }, OptionError, 'settings: got undefined, allowed is an object with'],
  [
    'a setting',
    { settings: { ...settings, epsilonSpread: undefined } },
    OptionError,
    'actors.epsilonSpread: got undefined, allowed is a number from 0 to 100.',
  ],
];
const notPlaying = (part: string): Refused => [part, { [part]: 5 }, OptionError, `${part}: got 5, allowed is `];

const refusedOf = (name: string): readonly Refused[] => {
  if (!name.includes('Actor')) return [...ofAll, ...ofTrainings, ...ofVectors];
  return name.endsWith('Actor')
    ? [...ofAll, ...ofActors, notPlaying('makeEnvs')]
    : [...ofAll, ...ofTrainings, ...ofActors, notPlaying('actors')];
};

describe.each(Object.entries(networks))('%s', (name, { config }) => {
  const key = 'gamma' in config ? 'gamma' : 'elitePercentile';
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a test, of all that is exported.
  const create = trainings[name as keyof typeof networks] as (options?: object) => Promise<unknown>;

  it.each(wrong)('refuses %s', async (_, change, message) => {
    const error = await refusalOf(create({ ...right(name, config), config: change(config, key) }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).message).toContain(message(key));
  });

  it.each(refusedOf(name))('refuses options: %s', async (_, change, kind, message) => {
    const error = await refusalOf(create(change && { ...right(name, config), ...change }));
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toContain(message);
  });
});

describe.each(Object.entries(tables))('%s', (name, config) => {
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a test, of all that is exported.
  const Agent = tabular[name as keyof typeof tables] as unknown as new (options: object) => tabular.TabularAgent;
  const model = randomModel(1, 4, 2);
  const agentOf = (changed: unknown) =>
    new Agent({ env: new ModelEnv(model), testEnv: new ModelEnv(model), config: changed, seed: 1 });

  it.each(wrong)('refuses %s', (_, change, message) => {
    expect(() => agentOf(change(config, 'gamma'))).toThrow(OptionError);
    expect(() => agentOf(change(config, 'gamma'))).toThrow(message('gamma'));
  });

  it('goes on as it was when a change is refused', () => {
    const [agent, untouched] = [agentOf(config), agentOf(config)];
    if (!(agent instanceof tabular.OnlineAgent)) return;
    for (const settings of [{ gamma: 1.5 }, { testInterval: 0 }, { epsilonStart: Number.NaN }, { gama: 0.9 }]) {
      expect(() => agent.change(settings)).toThrow(OptionError);
    }
    for (let i = 0; i < 30; i++) expect(agent.iterate()).toEqual(untouched.iterate());
    expect(agent.actionValues()).toEqual(untouched.actionValues());
  });
});

describe.each(Object.entries(tables))('options of %s', (name, config) => {
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a test, of all that is exported.
  const Agent = tabular[name as keyof typeof tables] as unknown as new (options?: object) => tabular.TabularAgent;
  const model = randomModel(1, 4, 2);
  const right = { env: new ModelEnv(model), testEnv: new ModelEnv(model), config, seed: 1 };

  it.each([
    ['sed', { ...right, sed: 5 }, UnknownNameError, 'Unknown option "sed". Did you mean "seed"?'],
    ['no options', undefined, OptionError, 'options: got null, allowed is an object.'],
    ['no environment', { ...right, env: undefined }, OptionError, 'env: got undefined, allowed is an environment.'],
    ['a name', { ...right, testEnv: 'Taxi' }, OptionError, 'testEnv: got "Taxi", allowed is an environment.'],
    ['no seed', { ...right, seed: undefined }, OptionError, 'seed: got undefined, allowed is an integer'],
  ])('are refused: %s', (_, options, kind, message) => {
    expect(() => new Agent(options)).toThrow(kind);
    expect(() => new Agent(options)).toThrow(message);
  });
});

it('every training and every agent is in these tables', () => {
  const creators = Object.keys(trainings).filter((name) => /^create.*(Training|Actor)$/.test(name));
  expect(creators.toSorted()).toEqual(Object.keys(networks).toSorted());
  const agents = Object.keys(tabular).filter((name) => name.endsWith('Agent') && !ABSTRACT.includes(name));
  expect(agents.toSorted()).toEqual(Object.keys(tables).toSorted());
});

it('an agent of one’s own says what its settings are', () => {
  interface Config extends tabular.OnlineConfig {
    readonly courage: number;
  }
  class OwnAgent extends tabular.OnlineAgent<Config> {
    constructor(options: tabular.AgentOptions<Config>) {
      super(options, (given) => {
        const { courage, ...rest } = given as Config;
        if (typeof courage !== 'number') throw new OptionError('courage', courage, 'a number');
        return { ...tabular.parseOnlineConfig(rest), courage };
      });
    }
    protected learn(): void {
      this.moveOn(this.act(this.epsilonGreedy(this.state)));
    }
    protected override saveOwnState(): null {
      return null;
    }
    protected override restoreOwnState(): void {}
  }
  const model = randomModel(1, 4, 2);
  const options = { env: new ModelEnv(model), testEnv: new ModelEnv(model), seed: 1 };
  const config = { ...onlineConfigs.sarsa, courage: 2 };
  expect(new OwnAgent({ ...options, config }).iterate().iteration).toBe(1);
  expect(() => new OwnAgent({ ...options, config: { ...config, courage: 'much' as never } })).toThrow(
    'courage: got "much", allowed is a number.',
  );
});
