import type { Env, RenderMode, StepResult } from '../core/env.ts';
import { BellmanError, show } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import {
  continueTrajectory,
  copyValue,
  firstDifference,
  isPlainObject,
  recordTrajectory,
  sameValue,
  type Trajectory,
  type Watcher,
} from '../core/trajectory.ts';

/** What a problem is about; each rule is reported once, with the first case found. */
export type CheckRule =
  | 'interface'
  | 'observation-space'
  | 'action-space'
  | 'metadata'
  | 'step-before-reset'
  | 'reset-result'
  | 'step-result'
  | 'reset-determinism'
  | 'seeding'
  | 'step-determinism'
  | 'step-after-end'
  | 'bad-action'
  | 'render'
  | 'snapshot'
  | 'save-restore'
  | 'aliasing'
  | 'close';

export interface EnvironmentProblem {
  readonly rule: CheckRule;
  /** One line: what happened and what should have. */
  readonly message: string;
}

/** Makes a fresh environment. With it every render mode is tried, and a state is restored into a second environment. */
export type EnvironmentFactory = (options: { renderMode: RenderMode }) => Env;

export interface CheckOptions {
  /** Seed of the episodes and of the actions, which are drawn from the action space. Default 0. */
  seed?: number | undefined;
  /** Length of a trajectory, with resets where episodes end. About seven are made. Default 300. */
  steps?: number | undefined;
}

/**
 * Looks for faults in an environment, in the way of Gymnasium's `check_env`: whether it keeps the promises of `Env`.
 *
 * An environment given as such must not have been reset yet; it is used up: episodes are played, `close` is called.
 * @returns the problems found; empty when there are none.
 */
export function checkEnvironment(subject: Env | EnvironmentFactory, options: CheckOptions = {}): EnvironmentProblem[] {
  const { seed = 0, steps = 300 } = options;
  const problems: EnvironmentProblem[] = [];
  const report: Report = (rule, message) => {
    if (!problems.some((problem) => problem.rule === rule)) problems.push({ rule, message });
  };
  const make = typeof subject === 'function' ? subject : undefined;
  const env = attempt(report, 'interface', 'creating it', () =>
    make === undefined ? (subject as Env) : make({ renderMode: null }),
  );
  if (env === undefined || !checkInterface(env, report)) return problems;
  const actions = attempt(report, 'action-space', 'sampling actions', () => drawActions(env, seed, steps));
  checkMetadata(env, report);
  if (actions === undefined || problems.some(({ rule }) => rule !== 'metadata')) return problems;

  checkStepBeforeReset(env, actions, report);
  if (!checkReset(env, report)) return problems;
  const reference = attempt(report, 'step-result', 'an episode', () =>
    recordTrajectory(env, seed, actions, resultWatcher(env, report)),
  );
  if (reference === undefined) return problems;

  const checks: [CheckRule, () => void][] = [
    ['step-determinism', () => checkDeterminism(env, seed, actions, reference, report)],
    ['seeding', () => checkSeeding(env, seed, actions, report)],
    ['step-after-end', () => checkStepAfterEnd(env, seed, actions, report)],
    ['bad-action', () => checkBadActions(env, seed, actions, reference, report)],
    ['render', () => checkRender(env, make, seed, actions, reference, report)],
    ['save-restore', () => env.metadata.savesEpisodes !== false && checkSaveRestore(env, make, seed, actions, report)],
    ['close', () => checkClose(env, report)],
  ];
  for (const [rule, check] of checks) attempt(report, rule, 'the check', check);
  return problems;
}

/** Throws one error that lists all problems of `checkEnvironment`, if there are any.
 * @throws BellmanError with the code BAD_ENVIRONMENT. */
export function assertEnvironment(subject: Env | EnvironmentFactory, options?: CheckOptions): void {
  const problems = checkEnvironment(subject, options);
  if (problems.length === 0) return;
  const list = problems.map(({ rule, message }) => `${rule}: ${message}`).join(' | ');
  throw new BellmanError(
    'BAD_ENVIRONMENT',
    `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in the environment: ${list}`,
  );
}

type Report = (rule: CheckRule, message: string) => void;

/** Runs a part of the check; an error that it throws becomes a problem, and the result undefined. */
function attempt<T>(report: Report, rule: CheckRule, what: string, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    report(rule, `${what} threw ${describeError(error)}.`);
    return undefined;
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.replaceAll('\n', ' ')}` : show(error);
}

function checkInterface(env: Env, report: Report): boolean {
  for (const method of ['reset', 'step', 'render', 'close', 'saveState', 'restoreState'] as const) {
    if (typeof env[method] !== 'function') report('interface', `${method} is ${show(env[method])}, not a method.`);
  }
  if (typeof env.unwrapped?.step !== 'function') report('interface', 'unwrapped is not an environment.');
  const spacesFine = (['observationSpace', 'actionSpace'] as const).map((name) => checkSpace(env, name, report));
  return typeof env.reset === 'function' && typeof env.step === 'function' && spacesFine.every(Boolean);
}

function checkSpace(env: Env, name: 'observationSpace' | 'actionSpace', report: Report): boolean {
  const rule = name === 'actionSpace' ? 'action-space' : 'observation-space';
  const space: Space | undefined = env[name];
  for (const method of ['sample', 'contains', 'seed', 'saveState', 'restoreState'] as const) {
    if (typeof space?.[method] !== 'function') {
      report(rule, `${name} is ${show(space)}, not a space (it has no method ${method}).`);
      return false;
    }
  }
  if (env[name] !== space) {
    report(rule, `${name} is another object at each access, so that seeding it has no effect.`);
    return false;
  }
  const sample = attempt(report, rule, `${name}.sample()`, () => ({ member: space.sample() }));
  if (sample !== undefined && !space.contains(sample.member)) {
    report(rule, `${name}.sample() gave ${show(sample.member)}, which ${name}.contains() refuses.`);
  }
  return sample !== undefined;
}

function checkMetadata(env: Env, report: Report): void {
  const { renderModes, renderFps } = env.metadata ?? {};
  if (!Array.isArray(renderModes) || !renderModes.every((mode) => mode === 'rgb_array' || mode === 'ansi')) {
    report('metadata', `metadata.renderModes is ${show(renderModes)}, allowed are 'rgb_array' and 'ansi'.`);
    return;
  }
  if (!(renderFps > 0)) report('metadata', `metadata.renderFps is ${show(renderFps)}, not a positive number.`);
  if (env.renderMode !== null && !renderModes.includes(env.renderMode)) {
    report('metadata', `renderMode is ${show(env.renderMode)}, which metadata.renderModes lacks.`);
  }
}

function drawActions(env: Env, seed: number, steps: number): unknown[] {
  env.actionSpace.seed(seed);
  return Array.from({ length: steps }, () => copyValue(env.actionSpace.sample()));
}

/** Reports when the call does not throw an error with this code. */
function expectError(report: Report, rule: CheckRule, what: string, code: string, call: () => unknown): boolean {
  const name = code === 'BAD_ACTION' ? 'ActionError' : 'OrderError';
  try {
    call();
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === code) return true;
    report(rule, `${what} threw ${describeError(error)}; it should throw ${name}.`);
    return true;
  }
  report(rule, `${what} did not throw; it should throw ${name}.`);
  return false;
}

function checkStepBeforeReset(env: Env, actions: readonly unknown[], report: Report): void {
  expectError(report, 'step-before-reset', 'step() before the first reset()', 'WRONG_ORDER', () =>
    env.step(actions[0]),
  );
}

/** A first reset without seed, and one with options. */
function checkReset(env: Env, report: Report): boolean {
  for (const [call, options] of [
    ['reset()', undefined],
    ['reset({ options: {} })', { options: {} }],
  ] as const) {
    const done = attempt(report, 'reset-result', call, () => {
      const result = env.reset(options);
      if (!isPlainObject(result)) {
        report('reset-result', `${call} gave ${show(result)}, not an object { observation, info }.`);
        return false;
      }
      checkObservation(env, result.observation, call, 'reset-result', report);
      if (!isPlainObject(result.info)) report('reset-result', `${call} gave info ${show(result.info)}, not an object.`);
      return true;
    });
    if (done !== true) return false;
  }
  return true;
}

function checkObservation(env: Env, observation: unknown, call: string, rule: CheckRule, report: Report): void {
  if (env.observationSpace.contains(observation)) return;
  report(rule, `${call} gave the observation ${show(observation)}, which is not in ${env.observationSpace}.`);
}

/** Checks every result of a trajectory, and that small observations stay as they were. */
function resultWatcher(env: Env, report: Report): Watcher {
  let previous: unknown;
  let previousCopy: unknown = [];
  const watchObservation = (observation: unknown, call: string): void => {
    const leaves = smallArrays(observation);
    if (smallArrays(previous).some((array) => leaves.includes(array))) {
      report('aliasing', `${call} gave the same array object as the call before; small observations must be fresh.`);
    } else if (!sameValue(smallArrays(previous), previousCopy)) {
      report('aliasing', `${call} changed the observation of the call before; small observations must be fresh.`);
    }
    previous = observation;
    previousCopy = copyValue(leaves);
  };
  return {
    onReset: ({ observation }) => {
      checkObservation(env, observation, 'reset()', 'reset-result', report);
      watchObservation(observation, 'reset()');
    },
    onStep: (result, index) => {
      checkStepResult(env, result, `step() number ${index}`, report);
      watchObservation(result.observation, `step() number ${index}`);
    },
  };
}

function checkStepResult(env: Env, result: StepResult<unknown>, call: string, report: Report): void {
  const rule = 'step-result';
  checkObservation(env, result.observation, call, rule, report);
  if (typeof result.reward !== 'number' || !Number.isFinite(result.reward)) {
    report(rule, `${call} gave the reward ${show(result.reward)}, not a finite number.`);
  }
  for (const part of ['terminated', 'truncated'] as const) {
    if (typeof result[part] !== 'boolean') report(rule, `${call} gave ${part} ${show(result[part])}, not a boolean.`);
  }
  if (!isPlainObject(result.info)) report(rule, `${call} gave info ${show(result.info)}, not an object.`);
}

/** Arrays longer than this count as images, which an environment may overwrite. */
const SMALL = 256;

function smallArrays(value: unknown): object[] {
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).length <= SMALL ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(smallArrays);
  return isPlainObject(value) ? Object.values(value).flatMap(smallArrays) : [];
}

function checkDeterminism(
  env: Env,
  seed: number,
  actions: readonly unknown[],
  reference: Trajectory,
  report: Report,
): void {
  const difference = firstDifference(reference, recordTrajectory(env, seed, actions));
  if (difference === undefined) return;
  const rule = difference.startsWith('reset') ? 'reset-determinism' : 'step-determinism';
  report(rule, `the same seed and actions gave different results twice: ${difference}.`);
}

/** Episodes of a part of the check of seeds, and steps of each: few, since they come many times. */
const SEEDED_EPISODES = 3;
const SEEDED_STEPS = 20;
const SEEDS = 8;

/**
 * Whether episodes after a reset without a seed go on with the generator that the seed before them made, and whether different
 * seeds give different episodes where chance plays a part. (The long trajectory of `checkDeterminism` may be one episode.)
 */
function checkSeeding(env: Env, seed: number, actions: readonly unknown[], report: Report): void {
  const episodes = (first: number): unknown[][] =>
    Array.from({ length: SEEDED_EPISODES }, (_, episode) => {
      const seen: unknown[] = [copyValue(env.reset(episode === 0 ? { seed: first } : undefined).observation)];
      for (const action of actions.slice(0, SEEDED_STEPS)) {
        const { observation, reward, terminated, truncated } = env.step(action);
        seen.push(copyValue(observation), reward, terminated, truncated);
        if (terminated || truncated) break;
      }
      return seen;
    });
  const reference = episodes(seed);
  if (!sameValue(reference, episodes(seed))) {
    report(
      'seeding',
      'the same seed gave other episodes after the first: reset() without a seed must continue with the generator that reset({ seed }) made.',
    );
    return;
  }
  // A console goes on from where it was, so that its episodes differ without any chance.
  if (typeof (env.unwrapped as { lives?: unknown }).lives === 'function') return;
  const [first, ...later] = reference;
  if (later.every((episode) => sameValue(episode, first))) return;
  for (let other = 1; other < SEEDS; other++) if (!sameValue(episodes(seed + other)[0], first)) return;
  report('seeding', `${SEEDS} seeds gave the same episode, though episodes differ: reset({ seed }) ignores the seed.`);
}

function checkStepAfterEnd(env: Env, seed: number, actions: readonly unknown[], report: Report): void {
  env.reset({ seed });
  for (const action of actions) {
    const { terminated, truncated } = env.step(action);
    if (!terminated && !truncated) continue;
    expectError(report, 'step-after-end', "step() after an episode's end", 'WRONG_ORDER', () => env.step(action));
    return;
  }
}

function checkBadActions(
  env: Env,
  seed: number,
  actions: readonly unknown[],
  reference: Trajectory,
  report: Report,
): void {
  env.reset({ seed });
  for (const action of badActions(env.actionSpace, actions[0])) {
    const what = `step(${show(action)}), an action not in ${env.actionSpace},`;
    if (!expectError(report, 'bad-action', what, 'BAD_ACTION', () => env.step(action))) return;
  }
  const { steps } = continueTrajectory(env, false, actions.slice(0, 1));
  if (!sameValue(steps[0], reference.steps[0])) {
    report('bad-action', 'refused actions changed the state: the step after them gave another result.');
  }
}

function badActions(space: Space, good: unknown): unknown[] {
  const candidates: unknown[] = [undefined, null, 'up', Number.NaN, -1, 0.5, 1e9, [], {}];
  const { n, start = 0 } = space as { n?: unknown; start?: unknown };
  if (typeof n === 'number' && typeof start === 'number') candidates.push(start + n, start - 1, String(start));
  if (ArrayBuffer.isView(good) && !(good instanceof DataView)) {
    const array = good as Float32Array;
    candidates.push(
      array.subarray(1),
      array.map(() => Number.NaN),
      array.map(() => 1e30),
      array.map(() => -1e30),
    );
  }
  return candidates.filter((candidate) => !space.contains(candidate));
}

/** Steps that are rendered: enough to see an effect, few enough for slow drawing. */
const RENDERED_STEPS = 20;

function checkRender(
  env: Env,
  make: EnvironmentFactory | undefined,
  seed: number,
  actions: readonly unknown[],
  reference: Trajectory,
  report: Report,
): void {
  const modes: RenderMode[] = make === undefined ? [env.renderMode] : [null, ...env.metadata.renderModes];
  for (const mode of modes) {
    const rendered = make === undefined || mode === null ? env : make({ renderMode: mode });
    if (rendered.renderMode !== mode) {
      report('render', `renderMode is ${show(rendered.renderMode)} where ${show(mode)} was asked for.`);
      continue;
    }
    const draw = () => checkPicture(rendered.render(), mode, report);
    const trajectory = recordTrajectory(rendered, seed, actions.slice(0, RENDERED_STEPS), {
      onReset: draw,
      onStep: draw,
    });
    const difference = firstDifference(reference, trajectory);
    if (difference !== undefined)
      report('render', `render() in mode ${show(mode)} changes the episode: ${difference}.`);
    if (rendered !== env) rendered.close();
  }
}

function checkPicture(picture: unknown, mode: RenderMode, report: Report): void {
  if (mode === null) {
    if (picture !== undefined) report('render', `render() without a mode gave ${show(picture)}, not undefined.`);
    return;
  }
  if (mode === 'ansi') {
    if (typeof picture !== 'string') report('render', `render() in mode "ansi" gave ${show(picture)}, not a string.`);
    return;
  }
  const { width, height, data } = (picture ?? {}) as { width?: unknown; height?: unknown; data?: unknown };
  const sized = Number.isInteger(width) && Number.isInteger(height) && (width as number) > 0 && (height as number) > 0;
  const length = sized ? 3 * (width as number) * (height as number) : 0;
  const bytes = ArrayBuffer.isView(data) && (data as Uint8Array)[Symbol.toStringTag] === 'Uint8Array';
  if (sized && bytes && (data as Uint8Array).length === length) return;
  const got = `${show(width)} x ${show(height)} with data ${bytes ? `of ${(data as Uint8Array).length} bytes` : show(data)}`;
  report('render', `render() in mode "rgb_array" gave ${got}, not a Uint8Array of height * width * 3.`);
}

function checkSaveRestore(
  env: Env,
  make: EnvironmentFactory | undefined,
  seed: number,
  actions: readonly unknown[],
  report: Report,
): void {
  const half = Math.floor(actions.length / 2);
  const { ended } = recordTrajectory(env, seed, actions.slice(0, half));
  const rest = actions.slice(half);
  const saved = env.saveState();
  const odd = notPlain(saved, 'state');
  if (odd !== undefined) report('snapshot', `saveState() holds ${odd}; allowed are plain data and typed arrays.`);
  const savedCopy = copyValue(saved);
  const expected = continueTrajectory(env, ended, rest);
  if (!sameValue(saved, savedCopy)) {
    report('snapshot', 'steps changed a state saved before them: saveState() must copy.');
    return;
  }
  env.restoreState(saved);
  let difference = firstDifference(expected, continueTrajectory(env, ended, rest));
  if (difference !== undefined)
    report('save-restore', `after restoreState() the episode went on differently: ${difference}.`);
  if (!sameValue(saved, savedCopy)) report('snapshot', 'steps after restoreState() changed the state: it must copy.');
  if (make === undefined) return;
  const other = make({ renderMode: null });
  other.restoreState(savedCopy);
  difference = firstDifference(expected, continueTrajectory(other, ended, rest));
  if (difference !== undefined) {
    report('save-restore', `restored into a fresh environment, the episode went on differently: ${difference}.`);
  }
  other.close();
}

/** Describes the first part of a snapshot that is not plain data. */
function notPlain(value: unknown, path: string): string | undefined {
  if (value === null || ['boolean', 'number', 'string', 'bigint'].includes(typeof value)) return undefined;
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? `a DataView at ${path}` : undefined;
  const entries = Array.isArray(value) || isPlainObject(value) ? Object.entries(value) : undefined;
  if (entries === undefined) return `${typeof value === 'object' ? 'a class instance' : typeof value} at ${path}`;
  for (const [key, part] of entries) {
    const odd = notPlain(part, `${path}.${key}`);
    if (odd !== undefined) return odd;
  }
  return undefined;
}

function checkClose(env: Env, report: Report): void {
  env.close();
  attempt(report, 'close', 'a second close()', () => env.close());
}
