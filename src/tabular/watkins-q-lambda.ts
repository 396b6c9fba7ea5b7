import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { bestAction } from './action-values.ts';
import { parseQLambdaConfig, type QLambdaConfig } from './config.ts';
import { OnlineAgent } from './online-agent.ts';
import type { AgentOptions } from './tabular-agent.ts';

const NONE = -1;

/** A trace that has faded below this moves no value any more, and is dropped. */
const FADED = 1e-12;

/**
 * Watkins's Q(lambda) (Watkins 1989; Sutton & Barto, 2nd ed., section 12.10, p. 312; the algorithm as a box in the 1st ed.,
 * Figure 7.14, p. 184): each error teaches all pairs that led to it, by eligibility traces which fade by gamma lambda a
 * step and are cut when an exploring action leaves the greedy policy.
 */
export class WatkinsQLambdaAgent extends OnlineAgent<QLambdaConfig> {
  /** A, already chosen in S; `NONE` at an episode's start. */
  private action = NONE;
  /** [nStates, nActions] e; zero but for the pairs in `eligible`. */
  private readonly traces = new Float64Array(this.q.length);
  /** Pairs with a trace; the first `eligibleCount` are in use. */
  private readonly eligible = new Int32Array(this.q.length);
  private eligibleCount = 0;

  constructor(options: AgentOptions<QLambdaConfig>) {
    super(options, parseQLambdaConfig);
  }

  protected learn(): void {
    const { gamma, lambda } = this.config;
    const { q, nActions, state } = this;
    if (this.action === NONE) this.action = this.epsilonGreedy(state);
    const pair = state * nActions + this.action;
    const outcome = this.act(this.action);
    const { reward, observation: nextState, terminated } = outcome;
    const nextAction = terminated ? NONE : this.epsilonGreedy(nextState);
    const best = nextState * nActions + bestAction(q, nActions, nextState, this.masks?.of(nextState));
    const delta = (terminated ? reward : reward + gamma * q[best]) - q[pair];
    // An action as good as the best one is greedy too ("if A' ties for the max, then A* = A'").
    const greedy = !terminated && q[nextState * nActions + nextAction] === q[best];
    this.mark(pair);
    this.spread(this.stepSize(pair) * delta, greedy ? gamma * lambda : 0);
    const over = this.moveOn(outcome);
    if (over) this.clear();
    this.action = over ? NONE : nextAction;
  }

  private mark(pair: number): void {
    const { traces } = this;
    if (traces[pair] === 0) this.eligible[this.eligibleCount++] = pair;
    traces[pair] = this.config.traces === 'accumulating' ? traces[pair] + 1 : 1;
  }

  /** Q = Q + step e and e = decay e, for all pairs with a trace. */
  private spread(step: number, decay: number): void {
    const { q, traces, eligible } = this;
    let kept = 0;
    for (let i = 0; i < this.eligibleCount; i++) {
      const pair = eligible[i];
      q[pair] += step * traces[pair];
      traces[pair] *= decay;
      if (traces[pair] < FADED) traces[pair] = 0;
      else eligible[kept++] = pair;
    }
    this.eligibleCount = kept;
  }

  private clear(): void {
    for (let i = 0; i < this.eligibleCount; i++) this.traces[this.eligible[i]] = 0;
    this.eligibleCount = 0;
  }

  protected override saveOwnState(): Snapshot {
    const { action, eligibleCount } = this;
    return { action, traces: this.traces.slice(), eligible: this.eligible.slice(0, eligibleCount) };
  }
  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'agent');
    this.action = saved.whole('action', -1, this.nActions - 1);
    saved.into('traces', this.traces);
    const eligible = saved.array('eligible', this.eligible);
    saved.require(new Set(eligible).size === eligible.length, 'eligible', 'each pair once');
    saved.within('eligible', eligible, 0, this.q.length - 1);
    this.eligible.set(eligible);
    this.eligibleCount = eligible.length;
  }
}
