import { describe, expect, it } from 'vitest';
import { corridor, ModelEnv } from '../../test/support/model-env.ts';
import type { ResetOptions, ResetResult, StepResult } from './env.ts';
import type { Snapshot } from './snapshot.ts';
import { Wrapper } from './wrapper.ts';

class Drawn extends ModelEnv {
  closed = 0;
  override render(): string {
    return 'a picture';
  }
  override close(): void {
    this.closed++;
  }
}

/** Passes everything on. */
class Through extends Wrapper<number, number> {
  reset(options?: ResetOptions): ResetResult<number> {
    return this.env.reset(options);
  }
  step(action: number): StepResult<number> {
    return this.env.step(action);
  }
}

/** Counts its steps. */
class Counter extends Through {
  count = 0;
  override step(action: number): StepResult<number> {
    this.count++;
    return super.step(action);
  }
  protected override saveOwnState(): Snapshot {
    return this.count;
  }
  protected override restoreOwnState(state: Snapshot): void {
    this.count = state as number;
  }
}

describe('Wrapper', () => {
  it('passes on what a subclass does not change', () => {
    const inner = new Drawn(corridor([1, 2]));
    const env = new Through(new Through(inner));
    expect(env.observationSpace).toBe(inner.observationSpace);
    expect(env.actionSpace).toBe(inner.actionSpace);
    expect(env.metadata).toBe(inner.metadata);
    expect(env.renderMode).toBe(inner.renderMode);
    expect(env.unwrapped).toBe(inner);
    expect(env.render()).toBe('a picture');
    env.close();
    expect(inner.closed).toBe(1);
    env.spec = { id: 'Corridor-v0', options: {} };
    expect([inner.spec, env.spec]).toEqual([
      { id: 'Corridor-v0', options: {} },
      { id: 'Corridor-v0', options: {} },
    ]);
  });

  it('saves and restores a stack as one', () => {
    const make = () => new Counter(new Through(new Counter(new ModelEnv(corridor([1, 2, 3, 4])))));
    const env = make();
    env.reset({ seed: 1 });
    env.step(0);
    env.step(0);
    const saved = env.saveState();
    env.step(0);
    const other = make();
    other.restoreState(saved);
    expect(other.count).toBe(2);
    expect((other.env.unwrapped as ModelEnv).saveState()).not.toEqual((env.env.unwrapped as ModelEnv).saveState());
    expect(other.step(0)).toMatchObject({ observation: 3, reward: 3 });
    expect(other.saveState()).toEqual(env.saveState());
  });
});
