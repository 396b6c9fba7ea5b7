import { bestValue, stateValuesOf } from '../../../tabular/action-values.ts';
import type { OnlineConfig } from '../../../tabular/config.ts';
import { DoubleQLearningAgent } from '../../../tabular/double-q-learning.ts';
import { DynaQAgent } from '../../../tabular/dyna-q.ts';
import { ExpectedSarsaAgent } from '../../../tabular/expected-sarsa.ts';
import { MonteCarloAgent } from '../../../tabular/monte-carlo.ts';
import type { OnlineAgent } from '../../../tabular/online-agent.ts';
import { QLearningAgent } from '../../../tabular/q-learning.ts';
import { SarsaAgent } from '../../../tabular/sarsa.ts';
import {
  type StepwisePlanner,
  StepwisePolicyIteration,
  StepwiseQIteration,
  StepwiseValueIteration,
} from '../../../tabular/stepwise-planners.ts';
import type { AgentOptions } from '../../../tabular/tabular-agent.ts';
import { type Account, actionTerms } from './account.ts';
import type { LiveSettings, MethodName } from './lake-state.ts';
import { RecordingEnv } from './recording-env.ts';
import type { World } from './world.ts';

/** A method at work on a world. A unit of work is a backup of a planner, an environment step of a learner. */
export interface Track {
  readonly name: MethodName;
  readonly kind: 'planner' | 'learner';
  /** Units so far. */
  readonly work: number;
  /** Sweeps of a planner, episodes of a learner. */
  readonly rounds: number;
  /** Whether more work changes nothing. */
  readonly converged: boolean;
  /** [nStates] backups or visits of each state. */
  readonly visits: Float64Array;
  /** The state that the next backup is of, or where the learner stands. */
  readonly position: number;
  run(units: number): void;
  /** One unit, with its numbers. */
  step(): Account;
  /** To the end of the sweep or episode. */
  finishRound(): void;
  /** [nStates, nActions]; may be the track's own. */
  actionValues(): Float64Array;
  /** [nStates]; may be the track's own. */
  stateValues(): Float64Array;
  change(settings: LiveSettings): void;
  /** Goes on in another world with the values that it has, where that world has as many states. */
  moveTo(world: World): void;
}

export function makeTrack(name: MethodName, world: World, settings: LiveSettings, seed: number): Track {
  if (name === 'value-iteration' || name === 'q-iteration' || name === 'policy-iteration') {
    return new PlannerTrack(name, world, settings);
  }
  return new LearnerTrack(name, world, settings, seed);
}

class PlannerTrack implements Track {
  readonly kind = 'planner';
  readonly name: MethodName;
  readonly visits: Float64Array;
  work = 0;
  readonly #planner: StepwisePlanner;

  constructor(name: 'value-iteration' | 'q-iteration' | 'policy-iteration', world: World, { gamma }: LiveSettings) {
    this.name = name;
    const Planner = {
      'value-iteration': StepwiseValueIteration,
      'q-iteration': StepwiseQIteration,
      'policy-iteration': StepwisePolicyIteration,
    }[name];
    this.#planner = new Planner(world.model, { gamma });
    this.visits = new Float64Array(world.model.nStates);
  }
  get rounds(): number {
    return this.#planner.sweeps;
  }
  get converged(): boolean {
    return this.#planner.converged;
  }
  get position(): number {
    const { next, model } = this.#planner;
    return this.name === 'q-iteration' ? Math.floor(next / model.nActions) : next;
  }

  run(units: number): void {
    for (let i = 0; i < units && !this.#planner.converged; i++) this.#count(this.#planner.step().state);
  }

  #count(state: number): void {
    this.work++;
    this.visits[state]++;
  }

  step(): Account {
    const planner = this.#planner;
    const { model, gamma } = planner;
    const state = this.position;
    const values = planner.stateValues();
    const policy = this.name === 'policy-iteration' ? planner.policy()[state] : -1;
    const single = this.name === 'q-iteration' ? planner.next % model.nActions : policy;
    const chosen = single >= 0 ? [single] : Array.from({ length: model.nActions }, (_, action) => action);
    const actions = chosen.map((action) => actionTerms(model, gamma, state, action, (next) => values[next]));
    const { kind, action, before, after } = planner.step();
    this.#count(state);
    if (kind === 'improvement') return { kind, state, before, after };
    const table = this.name === 'q-iteration' ? 'Q' : 'V';
    return { kind, table, state, action, gamma, actions, before, after };
  }

  finishRound(): void {
    if (this.#planner.converged) return;
    do this.#count(this.position);
    while (!this.#planner.step().last);
  }

  actionValues(): Float64Array {
    return this.#planner.actionValues();
  }
  stateValues(): Float64Array {
    return this.#planner.stateValues();
  }
  change({ gamma }: LiveSettings): void {
    if (gamma !== this.#planner.gamma) this.#planner.changeTo({ gamma });
  }
  moveTo({ model }: World): void {
    this.#planner.changeTo({ model });
  }
}

type LearnerName = Exclude<MethodName, 'value-iteration' | 'q-iteration' | 'policy-iteration'>;

const LEARNERS: Readonly<Record<LearnerName, (options: AgentOptions<OnlineConfig>) => OnlineAgent>> = {
  'q-learning': ({ config, ...rest }) =>
    new QLearningAgent({ ...rest, config: { ...config, behaviour: 'epsilon-greedy' } }),
  sarsa: (options) => new SarsaAgent(options),
  'expected-sarsa': (options) => new ExpectedSarsaAgent(options),
  'double-q-learning': (options) => new DoubleQLearningAgent(options),
  'dyna-q': ({ config, ...rest }) => new DynaQAgent({ ...rest, config: { ...config, planningSteps: PLANNING_STEPS } }),
  'monte-carlo': (options) => new MonteCarloAgent(options),
};

/** Dyna-Q's updates after each step: the middle one of the book's figure 8.2. */
const PLANNING_STEPS = 5;

class LearnerTrack implements Track {
  readonly kind = 'learner';
  readonly converged = false;
  readonly name: LearnerName;
  work = 0;
  #env: RecordingEnv;
  #agent: OnlineAgent;
  #settings: LiveSettings;
  readonly #seed: number;
  /** Of the episode that is being played. */
  #length = 0;
  #total = 0;

  constructor(name: LearnerName, world: World, settings: LiveSettings, seed: number) {
    this.name = name;
    this.#settings = settings;
    this.#seed = seed;
    this.#env = new RecordingEnv(world.makeEnv(), world.model.nStates);
    this.#agent = this.#makeAgent(world);
  }

  #makeAgent(world: World): OnlineAgent {
    const { gamma, alpha, epsilon } = this.#settings;
    const config: OnlineConfig = {
      ...{ gamma, alpha, epsilonStart: epsilon, epsilonFinal: epsilon, epsilonDecaySteps: 0 },
      ...{ testInterval: Number.MAX_SAFE_INTEGER, testEpisodes: 1, rewardBound: null, maxIterations: 1 },
      ...{ cells: null, actionBins: null, actionMasks: false },
    };
    return LEARNERS[this.name]({ env: this.#env, testEnv: world.makeEnv(), config, seed: this.#seed });
  }

  get rounds(): number {
    return this.#env.episodes;
  }
  get visits(): Float64Array {
    return this.#env.visits;
  }
  get position(): number {
    return this.#env.position;
  }

  run(units: number): void {
    const agent = this.#agent;
    for (let i = 0; i < units; i++) agent.iterate();
    this.work += units;
    // Only single steps tell of the episode; what ran in between is not added up.
    this.#length = 0;
    this.#total = 0;
  }

  step(): Account {
    const { name } = this;
    const [agent, env] = [this.#agent, this.#env];
    const { nActions } = agent;
    const q = agent.q.slice();
    const tables = agent instanceof DoubleQLearningAgent ? agent.tables.map((table) => table.slice()) : [];
    agent.iterate();
    this.work++;
    const { state, action, reward, nextState, terminated, ended } = env;
    const pair = state * nActions + action;
    this.#length++;
    this.#total += reward;
    const [length, total] = [this.#length, this.#total];
    if (ended) {
      this.#length = 0;
      this.#total = 0;
    }
    if (name === 'monte-carlo') {
      const moved = agent.q.reduce((count, value, i) => (value === q[i] ? count : count + 1), 0);
      return { kind: 'episode', state, action, length, total, ended, moved };
    }
    const { gamma, alpha } = this.#settings;
    let [before, after] = [q[pair], agent.q[pair]];
    let bootstrap: number;
    let note: number | undefined;
    if (agent instanceof DoubleQLearningAgent) {
      const learner = agent.tables[1][pair] === tables[1][pair] ? 0 : 1;
      note = learner + 1;
      [before, after] = [tables[learner][pair], agent.tables[learner][pair]];
    }
    if (name === 'q-learning' || name === 'dyna-q') bootstrap = terminated ? 0 : bestValue(q, nActions, nextState);
    // What the method put in: its target less the reward.
    else bootstrap = terminated || gamma === 0 ? 0 : ((after - (1 - alpha) * before) / alpha - reward) / gamma;
    if (name === 'dyna-q') {
      note = PLANNING_STEPS;
      after = (1 - alpha) * before + alpha * (reward + gamma * bootstrap);
    }
    return {
      ...{ kind: 'update', method: name, state, action, reward, nextState, terminated },
      ...{ gamma, alpha, before, after, bootstrap, note },
    } as Account;
  }

  finishRound(): void {
    const { episodes } = this.#env;
    while (this.#env.episodes === episodes) this.run(1);
  }

  actionValues(): Float64Array {
    return this.#agent.q;
  }
  stateValues(): Float64Array {
    return stateValuesOf(this.#agent.q, this.#agent.nActions);
  }

  change(settings: LiveSettings): void {
    this.#settings = settings;
    const { gamma, alpha, epsilon } = settings;
    this.#agent.change({ gamma, alpha, epsilonStart: epsilon, epsilonFinal: epsilon });
  }

  moveTo(world: World): void {
    const [agent, env] = [this.#agent, this.#env];
    this.#env = new RecordingEnv(world.makeEnv(), world.model.nStates);
    this.#env.visits.set(env.visits);
    this.#env.episodes = env.episodes;
    this.#agent = this.#makeAgent(world);
    this.#agent.q.set(agent.q);
    if (agent instanceof DoubleQLearningAgent && this.#agent instanceof DoubleQLearningAgent) {
      for (const [i, table] of this.#agent.tables.entries()) table.set(agent.tables[i]);
    }
    // A cell that became an end is worth 0, and is never updated.
    const { nActions } = this.#agent;
    for (const [state, isEnd] of world.ends.entries())
      if (isEnd === 1) this.#agent.q.fill(0, state * nActions, (state + 1) * nActions);
    this.#length = 0;
    this.#total = 0;
  }
}
