import { greedyActions } from '../../../tabular/action-values.ts';
import { type CompiledModel, compileModel } from '../../../tabular/compiled-model.ts';
import { type Plan, valueIteration } from '../../../tabular/planners.ts';
import { policyEvaluation, startValue } from '../../../tabular/policy-evaluation.ts';
import type { Account } from './account.ts';
import { Curve } from './curve.ts';
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
  /** When the greedy policy became optimal, which it still is. */
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
  /** Whether all methods are done. */
  readonly done: boolean;
}

/** Sweeps after which values that still move are taken to have no bound. */
const MAX_SWEEPS = 20_000;
const EVALUATION_SWEEPS = 3000;

interface Member {
  readonly track: Track;
  readonly curve: Curve;
  optimalSince: TrackReport['optimalSince'];
  account: Account | undefined;
  /** The greedy policy that `score` is of. */
  policy: Int32Array;
  score: number;
  distance: number;
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
    const interval = Math.max(1, Math.round(nStates / 8));
    const member: Member = {
      ...{ track, curve: new Curve(interval), optimalSince: undefined, account: undefined },
      ...{ policy: new Int32Array(0), score: Number.NaN, distance: Number.NaN },
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
    const { reachable, ends, model } = this.#world;
    const values = track.stateValues();
    let distance = 0;
    for (let state = 0; state < nStates; state++) {
      if (reachable[state] === 0 || ends[state] === 1) continue;
      distance = Math.max(distance, Math.abs(values[state] - truth[state]));
    }
    member.distance = converged ? distance : Number.NaN;
    const policy = greedyActions(track.actionValues(), nActions);
    if (member.policy.length === 0 || policy.some((action, state) => action !== member.policy[state])) {
      const options = { tolerance: 1e-9, maxSweeps: EVALUATION_SWEEPS };
      const evaluation = policyEvaluation(this.#model, policy, this.#state.gamma, options);
      member.policy = policy;
      member.score = evaluation.converged ? startValue(model, evaluation.values) : Number.NaN;
    }
    const best = startValue(model, truth);
    let optimal = converged && member.score >= best - 1e-6 * Math.max(1, Math.abs(best));
    for (let state = 0; optimal && state < nStates; state++) {
      if (reachable[state] === 0 || ends[state] === 1) continue;
      optimal = q[state * nActions + policy[state]] >= truth[state] - 1e-9 * Math.max(1, Math.abs(truth[state]));
    }
    if (!optimal) member.optimalSince = undefined;
    else member.optimalSince ??= { work: track.work, rounds: track.rounds };
    if (point) member.curve.add(track.work, member.score, member.distance);
  }

  #range(): readonly [number, number] {
    const { values, converged } = this.#best;
    if (!converged) return [Number.NaN, Number.NaN];
    const { reachable } = this.#world;
    const counted = [0, ...values.filter((_, state) => reachable[state] === 1)];
    return [Math.min(...counted), Math.max(...counted)];
  }

  /** What all have come to: copies. */
  report(): LabReport {
    return {
      done: this.done,
      range: this.#range(),
      bestScore: this.#best.converged ? startValue(this.#world.model, this.#best.values) : Number.NaN,
      tracks: this.#members.map((member) => {
        const { track, curve, optimalSince, account } = member;
        this.#sample(member, false);
        const { name, kind, work, rounds, converged, position } = track;
        return {
          ...{ name, kind, work, rounds, converged, position },
          values: track.stateValues().slice(),
          actionValues: track.actionValues().slice(),
          visits: track.visits.slice(),
          distance: member.distance,
          score: member.score,
          optimalSince: member.optimalSince ?? optimalSince,
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
