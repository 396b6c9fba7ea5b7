import { greedyActions } from '../../../tabular/action-values.ts';
import { backup, type CompiledModel, compileModel } from '../../../tabular/compiled-model.ts';
import { type Plan, valueIteration } from '../../../tabular/planners.ts';
import { policyEvaluation, startValue } from '../../../tabular/policy-evaluation.ts';
import type { Account } from './account.ts';
import { Curve } from './curve.ts';
import { reachableStates } from './lake-map.ts';
import type { LakeState, LiveSettings, MethodName } from './lake-state.ts';
import { makeTrack, type Track } from './track.ts';
import { makeWorld, type World } from './world.ts';

/** What one method has come to. */
export interface TrackReport {
  readonly name: MethodName;
  readonly kind: Track['kind'];
  readonly work: number;
  readonly rounds: number;
  readonly converged: boolean;
  readonly position: number;
  /** [nStates] */
  readonly values: Float64Array;
  /** [nStates, nActions] */
  readonly actionValues: Float64Array;
  /** [nStates] */
  readonly visits: Float64Array;
  /** Largest |V - V*| of the states that an episode can reach; NaN where V* has no bound. */
  readonly distance: number;
  /** Value of the start under the greedy policy; NaN where it has no bound. */
  readonly score: number;
  /** States whose greedy action is a best one, of those in which actions are taken. */
  readonly optimalStates: number;
  /** When the greedy policy became optimal everywhere, which it still is. */
  readonly optimalSince: { readonly work: number; readonly rounds: number } | undefined;
  /** What the last single step did. */
  readonly account: Account | undefined;
  readonly curve: { readonly work: Float64Array; readonly score: Float64Array; readonly distance: Float64Array };
}

export interface LabReport {
  readonly tracks: readonly TrackReport[];
  /** V* of the start; NaN where it has no bound. */
  readonly bestScore: number;
  /** From the smallest to the largest of 0 and V* of the states that an episode can reach; NaN where V* has no bound. */
  readonly range: readonly [low: number, high: number];
  /** States that an episode can reach and in which actions are taken. */
  readonly countedStates: number;
  /** Whether all methods are done. */
  readonly done: boolean;
}

/** Sweeps after which values that still move are taken to have no bound. */
const MAX_SWEEPS = 20_000;
const EVALUATION_SWEEPS = 3000;
/** Sweeps of a policy's evaluation end when values move by less than this share of the best. */
const EVALUATION_TOLERANCE = 1e-6;

interface Member {
  readonly track: Track;
  readonly curve: Curve;
  optimalSince: TrackReport['optimalSince'];
  account: Account | undefined;
  /** The greedy policy that `score` is of. */
  policy: Int32Array;
  /** [nStates] V of that policy. */
  evaluated: Float64Array;
  score: number;
  distance: number;
  optimalStates: number;
}

/** Methods on one world, in step with each other: all do the same number of units. */
export class Lab {
  #state: LakeState;
  #world: World;
  #model: CompiledModel;
  #best: Plan;
  #members: Member[];

  constructor(state: LakeState) {
    this.#state = state;
    this.#world = makeWorld(state);
    this.#model = compileModel(this.#world.model);
    this.#best = this.#plan();
    this.#members = state.methods.map((name) => this.#join(name));
  }

  #plan(): Plan {
    return valueIteration(this.#model, { gamma: this.#state.gamma, maxSweeps: MAX_SWEEPS });
  }

  #join(name: MethodName): Member {
    const { nStates } = this.#world.model;
    const track = makeTrack(name, this.#world, this.#state, this.#state.seed);
    // To know what a policy is worth takes long where states are many.
    const interval = nStates > 200 ? 4 * nStates : Math.max(1, Math.round(nStates / 8));
    const member: Member = {
      ...{ track, curve: new Curve(interval), optimalSince: undefined, account: undefined },
      ...{
        policy: new Int32Array(0),
        evaluated: new Float64Array(nStates),
        score: Number.NaN,
        distance: Number.NaN,
        optimalStates: 0,
      },
    };
    this.#sample(member);
    return member;
  }

  /** Whether more work changes nothing. */
  get done(): boolean {
    return this.#members.every(({ track }) => track.converged);
  }

  /** Runs every method for a number of units. @returns those that were done, of all methods together. */
  advance(units: number): number {
    let done = 0;
    for (const member of this.#members) {
      const { track } = member;
      const start = track.work;
      const end = start + units;
      while (track.work < end && !track.converged) {
        const before = track.work;
        track.run(Math.max(1, Math.min(end, member.curve.due) - before));
        if (track.work >= member.curve.due || track.converged) this.#sample(member);
      }
      if (track.work > start) member.account = undefined;
      done += track.work - start;
    }
    return done;
  }

  /** One unit of every method that is not done, with its numbers. */
  step(): void {
    for (const member of this.#members) {
      if (member.track.converged) continue;
      member.account = member.track.step();
      this.#sample(member, member.track.work >= member.curve.due);
    }
  }

  /** Every method to the end of its sweep or episode. */
  finishRounds(): void {
    for (const member of this.#members) {
      member.track.finishRound();
      member.account = undefined;
      this.#sample(member, member.track.work >= member.curve.due);
    }
  }

  /** Settings and methods that may change while it learns. A method that is new begins at its beginning. */
  change(change: Partial<LiveSettings> & { readonly methods?: readonly MethodName[] }): void {
    const { gamma } = this.#state;
    this.#state = { ...this.#state, ...change };
    if (this.#state.gamma !== gamma) this.#best = this.#plan();
    const members = [...this.#members];
    this.#members = this.#state.methods.map((name) => {
      const i = members.findIndex(({ track }) => track.name === name);
      return i < 0 ? this.#join(name) : members.splice(i, 1)[0];
    });
    for (const { track } of this.#members) track.change(this.#state);
    this.#judgeAnew();
  }

  /** Another world of as many states: what was learned stays, and is judged by the new truth. */
  moveTo(state: LakeState): void {
    this.#state = { ...state, ...{ methods: this.#state.methods } };
    this.#world = makeWorld(state);
    this.#model = compileModel(this.#world.model);
    this.#best = this.#plan();
    for (const { track } of this.#members) track.moveTo(this.#world);
    this.#judgeAnew();
  }

  #judgeAnew(): void {
    for (const member of this.#members) {
      member.policy = new Int32Array(0);
      member.account = undefined;
      this.#sample(member, false);
    }
  }

  /** @param point whether the curve gets a point. */
  #sample(member: Member, point = true): void {
    const { track } = member;
    const { nStates, nActions } = this.#model;
    const { values: truth, actionValues: q, converged } = this.#best;
    const policy = greedyActions(track.actionValues(), nActions);
    if (member.policy.length === 0 || policy.some((action, state) => action !== member.policy[state])) {
      member.policy = policy;
      this.#evaluate(member);
    }
    const values = track.stateValues();
    let distance = 0;
    let optimalStates = 0;
    for (let state = 0; state < nStates; state++) {
      if (!this.#counts(state)) continue;
      const size = Math.max(1, Math.abs(truth[state]));
      distance = Math.max(distance, Math.abs(values[state] - truth[state]));
      if (q[state * nActions + policy[state]] >= truth[state] - 1e-9 * size) optimalStates++;
    }
    member.distance = converged ? distance : Number.NaN;
    member.optimalStates = converged ? optimalStates : 0;
    const best = startValue(this.#world.model, truth);
    // The worth tells policies apart that go in circles where that costs nothing: their actions all look best.
    const optimal =
      optimalStates === this.#countedStates && member.score >= best - 1e-3 * Math.max(1, Math.abs(best)) && converged;
    if (!optimal) member.optimalSince = undefined;
    else member.optimalSince ??= { work: track.work, rounds: track.rounds };
    if (point) member.curve.add(track.work, member.score, member.distance);
  }

  /** Whether an action is ever taken in a state. */
  #counts(state: number): boolean {
    return this.#world.reachable[state] === 1 && this.#world.ends[state] === 0;
  }

  get #countedStates(): number {
    return this.#world.reachable.reduce((sum, _, state) => sum + (this.#counts(state) ? 1 : 0), 0);
  }

  /** What the greedy policy is worth at the start. */
  #evaluate(member: Member): void {
    const { gamma } = this.#state;
    const { policy } = member;
    const tolerance = EVALUATION_TOLERANCE * Math.max(1, ...this.#range().filter(Number.isFinite).map(Math.abs));
    const options = { tolerance, maxSweeps: EVALUATION_SWEEPS, start: member.evaluated };
    const { values, converged } = policyEvaluation(this.#model, policy, gamma, options);
    member.evaluated = converged ? values : new Float64Array(values.length);
    // States that go on for ever do not matter where the policy never leads to them from the start.
    const settled = (state: number): boolean =>
      Math.abs(backup(this.#model, values, gamma, state, policy[state]) - values[state]) <= tolerance;
    const met = converged ? [] : [...reachableStates(this.#world.model, policy).entries()];
    const bounded = met.every(([state, reached]) => reached === 0 || this.#world.ends[state] === 1 || settled(state));
    member.score = bounded ? startValue(this.#world.model, values) : Number.NaN;
  }

  #range(): readonly [number, number] {
    const { values, converged } = this.#best;
    if (!converged) return [Number.NaN, Number.NaN];
    const { reachable } = this.#world;
    const counted = [0, ...values.filter((_, state) => reachable[state] === 1)];
    return [Math.min(...counted), Math.max(...counted)];
  }

  /** What all have come to: copies.
   * @param exact whether worth and error are those of now, not of the curve's last point. */
  report(exact: boolean): LabReport {
    return {
      done: this.done,
      range: this.#range(),
      countedStates: this.#countedStates,
      bestScore: this.#best.converged ? startValue(this.#world.model, this.#best.values) : Number.NaN,
      tracks: this.#members.map((member) => {
        const { track, curve, account } = member;
        // While it hurries only the curve's points are worth the time.
        if (exact) this.#sample(member, false);
        const { name, kind, work, rounds, converged, position } = track;
        return {
          ...{ name, kind, work, rounds, converged, position },
          values: track.stateValues().slice(),
          actionValues: track.actionValues().slice(),
          visits: track.visits.slice(),
          distance: member.distance,
          optimalStates: member.optimalStates,
          score: member.score,
          optimalSince: member.optimalSince,
          account,
          curve: {
            work: Float64Array.of(...curve.work, work),
            score: Float64Array.of(...curve.score, member.score),
            distance: Float64Array.of(...curve.distance, member.distance),
          },
        };
      }),
    };
  }
}
