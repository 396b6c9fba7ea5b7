import type { Env } from '../../../core/env.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { AcrobotEnv } from '../../../envs/classic-control/acrobot.ts';
import { CartPoleEnv } from '../../../envs/classic-control/cart-pole.ts';
import { MountainCarEnv } from '../../../envs/classic-control/mountain-car.ts';
import { PendulumEnv } from '../../../envs/classic-control/pendulum.ts';
import { withDiscreteActions } from '../../../wrappers/discretize-action.ts';

/** A small problem of control that the element shows. */
export interface ControlTask {
  readonly id: string;
  readonly name: string;
  /** Without its time limit, which `steps` is. */
  create(): Env<Float32Array, number>;
  readonly steps: number;
  readonly actions: readonly string[];
  /** Recipes that learn it, by the names of their algorithms; the first is the one to begin with. */
  readonly recipes: Readonly<Record<string, string>>;
  /** Mean return of 100 episodes at which it counts as solved. */
  readonly solved: number | undefined;
  /** Ends of the scales of returns and of values. */
  readonly returns: readonly [low: number, high: number];
  readonly values: readonly [low: number, high: number];
  readonly framesPerSecond: number;
  /** Where in the picture's width the thing is, from 0 to 1. */
  middle(observation: Float32Array): number;
  /** What is to be done, for people. */
  readonly aim: string;
  /** What a push acts on, for people. */
  readonly pushed: string;
  /** Changes a velocity in the environment's own saved state. @param direction -1 is to the left. */
  push(own: Snapshot, direction: number): Snapshot;
}

/** The same numbers with `change` added to one. */
function changed(own: Snapshot, index: number, change: number, limit = Number.POSITIVE_INFINITY): Float64Array {
  const state = Float64Array.from(own as Float64Array);
  state[index] = Math.min(limit, Math.max(-limit, state[index] + change));
  return state;
}

export const CONTROL_TASKS = [
  {
    id: 'CartPole-v1',
    name: 'CartPole',
    create: () => new CartPoleEnv(),
    framesPerSecond: 50,
    middle: ([x]) => 0.5 + x / 5.3,
    steps: 500,
    actions: ['push left', 'push right'],
    recipes: { PQN: 'pqn-cart-pole', DQN: 'dqn-cart-pole', StreamQ: 'stream-q-cart-pole' },
    solved: 475,
    returns: [0, 500],
    values: [0, 50],
    aim: 'Keep the pole upright: a point for each of 500 steps.',
    pushed: 'the pole',
    push: (own, direction) => changed(own, 3, 0.55 * direction),
  },
  {
    id: 'MountainCar-v0',
    name: 'MountainCar',
    create: () => new MountainCarEnv(),
    framesPerSecond: 30,
    middle: ([x]) => (x + 1.25) / 1.9,
    steps: 200,
    actions: ['drive left', 'coast', 'drive right'],
    recipes: { DQN: 'dqn-mountain-car' },
    solved: -110,
    returns: [-200, -80],
    values: [-60, 0],
    aim: 'Reach the flag by swinging up first: a point less for each step.',
    pushed: 'the car',
    push: (own, direction) => pushedCar(own, direction),
  },
  {
    id: 'Acrobot-v1',
    name: 'Acrobot',
    create: () => new AcrobotEnv(),
    framesPerSecond: 15,
    middle: () => 0.5,
    steps: 500,
    actions: ['turn one way', 'hang', 'turn the other'],
    recipes: { DQN: 'dqn-acrobot' },
    solved: -100,
    returns: [-500, -60],
    values: [-60, 0],
    aim: 'Swing the tip above the line: a point less for each step.',
    pushed: 'the lower link',
    push(own, direction) {
      const [theta1, theta2] = own as Float64Array;
      return changed(own, 3, 3 * direction * Math.sign(Math.cos(theta1 + theta2)), 9 * Math.PI);
    },
  },
  {
    id: 'Pendulum-v1',
    name: 'Pendulum',
    create: () => withDiscreteActions(new PendulumEnv() as Env as Env<unknown, number>, 5) as Env<Float32Array, number>,
    framesPerSecond: 30,
    middle: () => 0.5,
    steps: 200,
    actions: ['−1.6 N m', '−0.8 N m', '0', '0.8 N m', '1.6 N m'],
    recipes: { DQN: 'dqn-pendulum' },
    solved: undefined,
    returns: [-1600, 0],
    values: [-200, 0],
    aim: 'Swing up and stand still; leaning, speed and effort cost points.',
    pushed: 'the rod',
    push(own, direction) {
      const { state, torque } = own as { readonly state: Snapshot; readonly torque: Snapshot };
      // Upright a turn to the right is clockwise, which is negative; hanging it is the other way round.
      return { state: changed(state, 1, -3 * direction * Math.sign(Math.cos((state as Float64Array)[0])), 8), torque };
    },
  },
] as const satisfies readonly ControlTask[];

function pushedCar(own: Snapshot, direction: number): Snapshot {
  return changed(own, 1, 0.025 * direction, 0.07);
}

/** The task of an id or of its name. */
export function taskNamed(word: string): ControlTask | undefined {
  const tasks: readonly ControlTask[] = CONTROL_TASKS;
  return tasks.find(({ id, name }) => id === word || name.toLowerCase() === word.toLowerCase());
}

/** The task of an id or of its name; the first for another word. */
export function taskOf(word: string): ControlTask {
  return taskNamed(word) ?? CONTROL_TASKS[0];
}
