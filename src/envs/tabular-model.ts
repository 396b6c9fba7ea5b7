/** One way in which a state-action pair can turn out. */
export interface Outcome {
  readonly probability: number;
  readonly nextState: number;
  readonly reward: number;
  /** The task ends with this transition: nothing follows, whatever `nextState` says. */
  readonly terminated: boolean;
}

/** The true dynamics of an environment with numbered states and actions (Gymnasium's `env.unwrapped.P`). */
export interface TabularModel {
  readonly nStates: number;
  readonly nActions: number;
  /** `transitions[state][action]`: every outcome; probabilities of one list sum to 1. */
  readonly transitions: readonly (readonly (readonly Outcome[])[])[];
  /** [nStates] probability that an episode starts in each state; sums to 1. */
  readonly initialStateDistribution: Float64Array;
}
