import { argMax } from '../../../core/arg-max.ts';
import type { Env } from '../../../core/env.ts';
import { Generator } from '../../../core/random/generator.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { ControlTask } from './tasks.ts';

/** Values of the actions in an observation. */
export type ValuesOf = (observation: Float32Array) => Promise<Float32Array>;

/** Somebody who acts in a task, a step at a time: at random until there is a network. */
export class ControlPlayer {
  readonly task: ControlTask;
  readonly #env: Env<Float32Array, number>;
  readonly #generator: Generator;
  values: ValuesOf | undefined;
  /** Share of actions that are random. */
  epsilon = 0;
  /** What the environment shows now. */
  observation: Float32Array;
  /** The latest values, of the observation before the latest action; undefined without a network. Its own memory. */
  q: Float32Array | undefined;
  /** The latest action; -1 before an episode's first. */
  action = -1;
  explored = false;
  /** The present episode's return and length. */
  reward = 0;
  steps = 0;
  over = false;
  /** Whether the last episode ended by its steps, not by the task. */
  outOfTime = false;

  constructor(task: ControlTask, seed: number) {
    this.task = task;
    this.#env = task.create();
    this.#generator = new Generator(seed);
    this.observation = this.#env.reset({ seed }).observation;
  }

  /** Starts the next episode. */
  restart(): void {
    this.observation = this.#env.reset().observation;
    this.reward = this.steps = 0;
    this.action = -1;
    this.over = this.outOfTime = false;
  }

  /** Acts once; after an episode's end it starts the next one. Not to be called before the last call's promise is fulfilled. */
  async step(): Promise<void> {
    if (this.over) this.restart();
    const q = await this.values?.(this.observation);
    this.q = q?.slice();
    const actions = this.task.actions.length;
    this.explored = q !== undefined && this.epsilon > 0 && this.#generator.random() < this.epsilon;
    this.action = q === undefined || this.explored ? this.#generator.integers(actions) : argMax(q);
    const { observation, reward, terminated } = this.#env.step(this.action);
    this.observation = observation;
    this.reward += reward;
    this.steps++;
    this.outOfTime = !terminated && this.steps >= this.task.steps;
    this.over = terminated || this.outOfTime;
  }

  /** Gives the thing a push; it is felt from the next step on. @param direction -1 to the left, 1 to the right. */
  push(direction: number): void {
    if (this.over) return;
    const env = this.#env.unwrapped;
    const state = env.saveState() as { readonly [key: string]: Snapshot };
    env.restoreState({ ...state, own: this.task.push(state['own'], direction) });
  }
}
