import { describe, expect, it } from 'vitest';
import type { Env, EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../core/env.ts';
import { ActionError, BellmanError, OrderError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { Box, Dict, Discrete } from '../spaces/index.ts';
import { assertEnvironment, type CheckRule, checkEnvironment } from './check-environment.ts';
import { makeFromKwargs } from './registry.ts';

/** A walk on a line with random gusts: correct, and the base of all the faulty ones. */
class Walk implements Env<Float32Array, number> {
  readonly observationSpace: Space<Float32Array> = new Box(-10, 10, [2]);
  readonly actionSpace: Space<number> = new Discrete(2);
  metadata: EnvMetadata = { renderModes: ['rgb_array', 'ansi'], renderFps: 10 };
  renderMode: RenderMode;
  readonly unwrapped: Env = this;
  protected generator: Generator | undefined;
  protected phase: 'new' | 'running' | 'over' = 'new';
  protected place = 0;
  protected time = 0;

  constructor({ renderMode }: { renderMode: RenderMode } = { renderMode: null }) {
    this.renderMode = renderMode;
  }
  protected observe(): Float32Array {
    return Float32Array.of(this.place, this.time / 10);
  }
  reset(options?: ResetOptions): ResetResult<Float32Array> {
    if (options?.seed !== undefined) this.generator = new Generator(options.seed);
    this.generator ??= Generator.fromEntropy();
    this.place = this.generator.uniform(-1, 1);
    this.time = 0;
    this.phase = 'running';
    return { observation: this.observe(), info: {} };
  }
  step(action: number): StepResult<Float32Array> {
    if (this.phase !== 'running') throw new OrderError('Call reset() first.');
    if (!this.actionSpace.contains(action)) throw new ActionError(action, String(this.actionSpace));
    this.place += (action === 0 ? -1 : 1) + 0.1 * (this.generator as Generator).normal();
    this.time++;
    const terminated = Math.abs(this.place) > 5;
    const truncated = this.time === 40;
    if (terminated || truncated) this.phase = 'over';
    return {
      observation: this.observe(),
      reward: -Math.abs(this.place),
      terminated,
      truncated,
      info: { time: this.time },
    };
  }
  render(): RgbFrame | string | undefined {
    if (this.renderMode === null) return undefined;
    if (this.renderMode === 'ansi') return `place ${this.place}`;
    return { width: 4, height: 2, data: new Uint8Array(24) };
  }
  close(): void {}
  saveState(): Snapshot {
    const { phase, place, time } = this;
    return { phase, place, time, generator: this.generator?.saveState() ?? null };
  }
  restoreState(state: Snapshot): void {
    const saved = state as { phase: 'new'; place: number; time: number; generator: Snapshot };
    this.phase = saved.phase;
    this.place = saved.place;
    this.time = saved.time;
    this.generator = undefined;
    if (saved.generator !== null) {
      this.generator = new Generator(0);
      this.generator.restoreState(saved.generator);
    }
  }
}

type Options = { renderMode: RenderMode };
type WalkClass = new (options?: Options) => Walk;

/** Changes what `step` returns. */
function stepReturns(change: (result: StepResult<Float32Array>) => object): WalkClass {
  return class extends Walk {
    override step(action: number) {
      const result = super.step(action);
      return { ...result, ...change(result) } as StepResult<Float32Array>;
    }
  };
}

let processWide = 0;

const faults: Record<string, [CheckRule, WalkClass]> = {
  'no render method': [
    'interface',
    class extends Walk {
      override render = undefined as unknown as () => undefined;
    },
  ],
  'constructor throws': [
    'interface',
    class extends Walk {
      constructor(options?: Options) {
        super(options);
        throw new Error('no licence');
      }
    },
  ],
  'observation space missing': [
    'observation-space',
    class extends Walk {
      override observationSpace = undefined as unknown as Box;
    },
  ],
  'space refuses its own samples': [
    'action-space',
    class extends Walk {
      override actionSpace = Object.assign(new Discrete(2), { sample: () => 2 });
    },
  ],
  'space made anew at each access': [
    'action-space',
    class extends Walk {
      constructor(options?: Options) {
        super(options);
        Object.defineProperty(this, 'actionSpace', { get: () => new Discrete(2) });
      }
    },
  ],
  'unknown render mode': [
    'metadata',
    class extends Walk {
      override metadata = { renderModes: ['human'] as unknown as ['ansi'], renderFps: 10 };
    },
  ],
  'no frames a second': [
    'metadata',
    class extends Walk {
      override metadata: EnvMetadata = { renderModes: ['ansi'], renderFps: 0 };
    },
  ],
  'step before reset allowed': [
    'step-before-reset',
    class extends Walk {
      constructor(options?: Options) {
        super(options);
        this.phase = 'running';
        this.generator = new Generator(0);
      }
    },
  ],
  'step before reset throws something else': [
    'step-before-reset',
    class extends Walk {
      override step(action: number) {
        if (this.phase === 'new') throw new TypeError('generator is undefined');
        return super.step(action);
      }
    },
  ],
  'reset gives the bare observation': [
    'reset-result',
    class extends Walk {
      override reset(options?: ResetOptions) {
        return super.reset(options).observation as unknown as ResetResult<Float32Array>;
      }
    },
  ],
  'reset without info': [
    'reset-result',
    class extends Walk {
      override reset(options?: ResetOptions) {
        return { observation: super.reset(options).observation } as ResetResult<Float32Array>;
      }
    },
  ],
  'reset without options throws': [
    'reset-result',
    class extends Walk {
      override reset(options?: ResetOptions) {
        return super.reset({ seed: (options as ResetOptions).seed });
      }
    },
  ],
  'reset observation of another type': [
    'reset-result',
    class extends Walk {
      override reset(options?: ResetOptions) {
        const { observation, info } = super.reset(options);
        return { observation: Array.from(observation) as unknown as Float32Array, info };
      }
    },
  ],
  'observation out of bounds, late': [
    'step-result',
    stepReturns(({ observation, info }) => ({
      observation: info['time'] === 3 ? observation.map(() => 11) : observation,
    })),
  ],
  'observation NaN': [
    'step-result',
    stepReturns(({ observation }) => ({ observation: observation.map(() => Number.NaN) })),
  ],
  'reward NaN': ['step-result', stepReturns(() => ({ reward: Number.NaN }))],
  'reward missing': ['step-result', stepReturns(() => ({ reward: undefined }))],
  'terminated as number': ['step-result', stepReturns(({ terminated }) => ({ terminated: terminated ? 1 : 0 }))],
  'truncated missing': ['step-result', stepReturns(() => ({ truncated: undefined }))],
  'info null': ['step-result', stepReturns(() => ({ info: null }))],
  'step throws midway': [
    'step-result',
    stepReturns(({ info }) => {
      if (info['time'] === 2) throw new RangeError('table too short');
      return {};
    }),
  ],
  'reset without a seed draws anew, in an episode that does not end': [
    'seeding',
    class extends Walk {
      override reset(options?: ResetOptions) {
        const result = super.reset(options);
        if (options?.seed !== undefined) return result;
        this.place = Math.random();
        return { ...result, observation: this.observe() };
      }
      override step(action: number) {
        // No end within the check.
        this.time = 0;
        this.place = Math.max(-1, Math.min(1, this.place));
        return super.step(action);
      }
    },
  ],
  'every seed is the same': [
    'seeding',
    class extends Walk {
      override reset(options?: ResetOptions) {
        return super.reset(options?.seed === undefined ? options : { seed: 17 });
      }
    },
  ],
  'reset ignores the seed': [
    'reset-determinism',
    class extends Walk {
      override reset(options?: ResetOptions) {
        return super.reset({ options: options?.options });
      }
    },
  ],
  'step draws from outside the seed': ['step-determinism', stepReturns(() => ({ reward: processWide++ }))],
  'state survives a reset': [
    'step-determinism',
    class extends Walk {
      protected total = 0;
      override step(action: number) {
        this.total++;
        return { ...super.step(action), info: { total: this.total } };
      }
    },
  ],
  'step after the end allowed': [
    'step-after-end',
    class extends Walk {
      override step(action: number) {
        if (this.phase === 'over') this.phase = 'running';
        return super.step(action);
      }
    },
  ],
  'bad action taken': [
    'bad-action',
    class extends Walk {
      override step(action: number) {
        return super.step(action === 1 ? 1 : 0);
      }
    },
  ],
  'bad action throws something else': [
    'bad-action',
    class extends Walk {
      override step(action: number) {
        if (!this.actionSpace.contains(action) && this.phase === 'running') throw new RangeError('bad action');
        return super.step(action);
      }
    },
  ],
  'bad action moves the generator': [
    'bad-action',
    class extends Walk {
      override step(action: number) {
        this.generator?.random();
        return super.step(action);
      }
    },
  ],
  'frame of the wrong size': [
    'render',
    class extends Walk {
      override render() {
        return this.renderMode === 'rgb_array' ? { width: 4, height: 2, data: new Uint8Array(8) } : super.render();
      }
    },
  ],
  'text where a frame was asked for': [
    'render',
    class extends Walk {
      override render() {
        return this.renderMode === null ? undefined : 'walk';
      }
    },
  ],
  'render draws random numbers': [
    'render',
    class extends Walk {
      override render() {
        this.generator?.random();
        return super.render();
      }
    },
  ],
  'render mode ignored': [
    'render',
    class extends Walk {
      constructor(_options?: Options) {
        super();
      }
    },
  ],
  'render throws': [
    'render',
    class extends Walk {
      override render(): undefined {
        throw new Error('no font');
      }
    },
  ],
  'generator not saved': [
    'save-restore',
    class extends Walk {
      override restoreState(state: Snapshot) {
        const { generator } = this;
        super.restoreState(state);
        this.generator = generator;
      }
    },
  ],
  'restores only into itself': [
    'save-restore',
    class extends Walk {
      private gusts = 0.5;
      override reset(options?: ResetOptions) {
        this.gusts = 1;
        return super.reset(options);
      }
      override step(action: number) {
        const result = super.step(action);
        return { ...result, reward: result.reward * this.gusts };
      }
    },
  ],
  'snapshot with a class instance': [
    'snapshot',
    class extends Walk {
      override saveState() {
        return { ...(super.saveState() as object), when: new Map() as unknown as Snapshot };
      }
    },
  ],
  'snapshot that is the live state': [
    'snapshot',
    class extends Walk {
      private readonly live = new Float64Array(1);
      override step(action: number) {
        this.live[0]++;
        return super.step(action);
      }
      override saveState() {
        return { ...(super.saveState() as object), live: this.live };
      }
    },
  ],
  'observation buffer reused': [
    'aliasing',
    class extends Walk {
      private readonly buffer = new Float32Array(2);
      protected override observe() {
        this.buffer.set(super.observe());
        return this.buffer;
      }
    },
  ],
  'observation views of one memory': [
    'aliasing',
    class extends Walk {
      private readonly buffer = new Float32Array(2);
      protected override observe() {
        this.buffer.set(super.observe());
        return this.buffer.subarray(0, 2);
      }
    },
  ],
  'close works once': [
    'close',
    class extends Walk {
      private closed = false;
      override close() {
        if (this.closed) throw new Error('already closed');
        this.closed = true;
      }
    },
  ],
};

describe('checkEnvironment', () => {
  it('finds nothing in a correct environment, made by a factory or given as such', () => {
    expect(checkEnvironment((options) => new Walk(options))).toEqual([]);
    expect(checkEnvironment(new Walk())).toEqual([]);
    expect(checkEnvironment(new Walk({ renderMode: 'rgb_array' }), { seed: 9, steps: 50 })).toEqual([]);
  });

  for (const [name, [rule, Faulty]] of Object.entries(faults)) {
    it(`finds: ${name}`, () => {
      const problems = checkEnvironment((options) => new Faulty(options));
      expect(problems.map((problem) => problem.rule)).toContain(rule);
      for (const { message } of problems) expect(message).toMatch(/^[^\n]+\.$/);
    });
  }

  // A fault that shows under other names too would make the report hard to read.
  const secondary = new Set([
    'constructor throws',
    'step throws midway',
    'step draws from outside the seed',
    'state survives a reset',
    'reset ignores the seed',
  ]);
  it('names one rule for most faults', () => {
    for (const [name, [rule, Faulty]] of Object.entries(faults)) {
      if (secondary.has(name)) continue;
      const rules = checkEnvironment((options) => new Faulty(options)).map((problem) => problem.rule);
      expect({ name, rules }).toEqual({ name, rules: [rule] });
    }
  });

  it('allows an image that is overwritten, and looks into dictionaries', () => {
    class Dictionary implements Env {
      readonly observationSpace: Space;
      readonly actionSpace = new Discrete(2);
      readonly metadata: EnvMetadata = { renderModes: [], renderFps: 1 };
      readonly renderMode = null;
      readonly unwrapped: Env = this;
      private readonly walk = new Walk();
      private readonly memory: Uint8Array;
      constructor(size: number) {
        this.observationSpace = new Dict({ image: new Box(0, 255, [size], 'uint8'), place: new Box(-10, 10, [2]) });
        this.memory = new Uint8Array(size);
      }
      private wrap<R extends { observation: Float32Array }>(result: R) {
        this.memory.fill(100 + 10 * result.observation[0]);
        return { ...result, observation: { image: this.memory, place: result.observation } };
      }
      reset(options?: ResetOptions) {
        return this.wrap(this.walk.reset(options));
      }
      step(action: unknown) {
        return this.wrap(this.walk.step(action as number));
      }
      render() {
        return undefined;
      }
      close() {}
      saveState() {
        return this.walk.saveState();
      }
      restoreState(state: Snapshot) {
        this.walk.restoreState(state);
      }
    }
    expect(checkEnvironment(() => new Dictionary(7056))).toEqual([]);
    expect(checkEnvironment(() => new Dictionary(10)).map(({ rule }) => rule)).toEqual(['aliasing']);
  });

  it.each([
    'FrozenLake-v1',
    'Taxi-v4',
    'CliffWalkingSlippery-v1',
    'Blackjack-v1',
    'CartPole-v1',
    'MountainCar-v0',
    'MountainCarContinuous-v0',
    'Acrobot-v1',
    'Pendulum-v1',
  ])('passes %s', (id) => {
    const factory = ({ renderMode }: Options) => makeFromKwargs(id, { render_mode: renderMode });
    expect(checkEnvironment(factory, { steps: 220 })).toEqual([]);
  });
});

describe('assertEnvironment', () => {
  it('throws one line that names every problem', () => {
    expect(() => assertEnvironment(new Walk())).not.toThrow();
    const Faulty = stepReturns(() => ({ reward: 'much', info: null }));
    let error: unknown;
    try {
      assertEnvironment(new Faulty());
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(BellmanError);
    expect((error as BellmanError).code).toBe('BAD_ENVIRONMENT');
    expect((error as BellmanError).message).toBe(
      '1 problem in the environment: step-result: step() number 0 gave the reward "much", not a finite number.',
    );
  });
});
