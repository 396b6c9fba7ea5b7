import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { blend } from './action-values.ts';
import { type DynaQConfig, parseDynaQConfig } from './config.ts';
import { OnlineAgent } from './online-agent.ts';
import { qLearningTarget } from './q-learning.ts';
import type { AgentOptions } from './tabular-agent.ts';

/**
 * What Dyna-Q remembers of a deterministic world: for each state and action that was tried the reward and the state that
 * followed last, and which states and actions those are, in the order in which they were first tried.
 */
class LastOutcomes {
  /** [pairs] R */
  readonly rewards: Float64Array;
  /** [pairs] S', or its complement (~S', negative) when the episode terminated there. */
  readonly nextStates: Int32Array;
  /** [nStates] states in which an action was tried; the first `count` are in use. */
  readonly states: Int32Array;
  /** [nStates, nActions] actions tried in each state; the first `tried[state]` of a row are in use. */
  readonly actions: Int32Array;
  /** [nStates] */
  readonly tried: Int32Array;
  count = 0;
  private readonly known: Uint8Array;

  constructor(nStates: number, nActions: number) {
    const pairs = nStates * nActions;
    this.rewards = new Float64Array(pairs);
    this.nextStates = new Int32Array(pairs);
    this.states = new Int32Array(nStates);
    this.actions = new Int32Array(pairs);
    this.tried = new Int32Array(nStates);
    this.known = new Uint8Array(pairs);
  }

  record(state: number, action: number, reward: number, nextState: number, terminated: boolean): void {
    const nActions = this.actions.length / this.tried.length;
    const pair = state * nActions + action;
    this.rewards[pair] = reward;
    this.nextStates[pair] = terminated ? ~nextState : nextState;
    if (this.known[pair] === 1) return;
    this.known[pair] = 1;
    if (this.tried[state] === 0) this.states[this.count++] = state;
    this.actions[state * nActions + this.tried[state]++] = action;
  }

  saveState(): Snapshot {
    const { count, rewards, nextStates, states, actions, tried, known } = this;
    const copies = Object.entries({ rewards, nextStates, states, actions, tried, known });
    return { count, ...Object.fromEntries(copies.map(([name, array]) => [name, array.slice()])) };
  }
  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'model');
    const nStates = this.tried.length;
    const nActions = this.actions.length / nStates;
    this.count = saved.whole('count', 0, nStates);
    saved.into('rewards', this.rewards, -Number.MAX_VALUE, Number.MAX_VALUE);
    saved.into('nextStates', this.nextStates, ~(nStates - 1), nStates - 1);
    saved.into('states', this.states, 0, nStates - 1);
    saved.into('actions', this.actions, 0, nActions - 1);
    saved.into('tried', this.tried, 0, nActions);
    saved.into('known', this.known, 0, 1);
    saved.require(this.#agrees(), 'known', 'the pairs that states, actions and tried list, each once');
  }

  /** Whether the lists name each known pair once, and no other. */
  #agrees(): boolean {
    const { count, states, actions, tried, known } = this;
    const nActions = actions.length / tried.length;
    const listed = new Set<number>();
    let length = 0;
    for (const state of states.subarray(0, count)) {
      if (tried[state] === 0) return false;
      length += tried[state];
      for (let i = 0; i < tried[state]; i++) listed.add(state * nActions + actions[state * nActions + i]);
    }
    const total = known.reduce((sum, bit) => sum + bit, 0);
    const all = tried.reduce((sum, n) => sum + n, 0);
    return (
      length === listed.size && length === all && length === total && [...listed].every((pair) => known[pair] === 1)
    );
  }
}

/**
 * Tabular Dyna-Q (Sutton 1990; Sutton & Barto, 2nd ed., section 8.2, p. 164): Q-learning that after every step repeats
 * `planningSteps` updates with what a model says of states and actions tried before, drawn at random. The model is the
 * book's, for a deterministic world: what happened last is what will happen.
 */
export class DynaQAgent extends OnlineAgent<DynaQConfig> {
  private readonly model = new LastOutcomes(this.nStates, this.nActions);

  constructor(options: AgentOptions<DynaQConfig>) {
    super(options, parseDynaQConfig);
  }

  protected learn(): void {
    const { state } = this;
    const action = this.epsilonGreedy(state);
    const outcome = this.act(action);
    const { reward, observation: nextState, terminated } = outcome;
    this.update(state, action, reward, nextState, terminated);
    this.model.record(state, action, reward, nextState, terminated);
    this.moveOn(outcome);
    this.plan();
  }

  private plan(): void {
    const { q, generator, nActions, config } = this;
    const { planningSteps, gamma } = config;
    const { count, states, actions, tried, rewards, nextStates } = this.model;
    for (let i = 0; i < planningSteps; i++) {
      const state = states[generator.integers(count)];
      const pair = state * nActions + actions[state * nActions + generator.integers(tried[state])];
      const terminated = nextStates[pair] < 0;
      const next = terminated ? ~nextStates[pair] : nextStates[pair];
      const target = qLearningTarget(q, nActions, rewards[pair], next, terminated, gamma, this.masks?.of(next));
      blend(q, pair, target, this.stepSize(pair));
    }
  }

  private update(state: number, action: number, reward: number, nextState: number, terminated: boolean): void {
    const { q, nActions, masks } = this;
    const target = qLearningTarget(q, nActions, reward, nextState, terminated, this.config.gamma, masks?.of(nextState));
    const pair = state * nActions + action;
    blend(q, pair, target, this.stepSize(pair));
  }

  protected override saveOwnState(): Snapshot {
    return this.model.saveState();
  }
  protected override restoreOwnState(state: Snapshot): void {
    this.model.restoreState(state);
  }
}
