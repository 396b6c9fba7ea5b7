import { OrderError } from '../core/errors.ts';

/** Whose turn it is at a runner: one run at a time, and none after the release. */
export class RunTurn {
  #state: 'idle' | 'running' | 'released' = 'idle';

  /** @throws OrderError when no run may begin now. */
  check(): void {
    if (this.#state === 'released') throw new OrderError('This runner was released.');
    if (this.#state === 'running') {
      throw new OrderError('This runner is still busy with another run; await it first.');
    }
  }

  begin(): void {
    this.#state = 'running';
  }

  end(): void {
    this.#state = 'idle';
  }

  /** @returns whether there is anything left to free. @throws OrderError while a run is under way. */
  release(): boolean {
    if (this.#state === 'running') {
      throw new OrderError('This runner is still busy; await its run before the release.');
    }
    const held = this.#state !== 'released';
    this.#state = 'released';
    return held;
  }
}
