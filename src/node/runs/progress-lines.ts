import type { TrainingObserver } from '../../train/training.ts';

/** What is said each time so many units are done: the loss of the updates since the last time, the last test of a table, and
 * where the training stands. Listens to a training; what it has heard is no part of a checkpoint. */
export class ProgressLines {
  #lossSum = 0;
  #meanQSum = 0;
  #updates = 0;
  #test: number | undefined;

  /** Listens, and passes everything on. */
  heard(observer: TrainingObserver): TrainingObserver {
    return {
      ...observer,
      scalars: (step, values) => {
        // Tables alone log `env_steps`: their reward is that of a test.
        if ('env_steps' in values) this.#test = values['reward'];
        observer.scalars?.(step, values);
      },
      update: (report) => {
        this.#lossSum += report.loss;
        this.#meanQSum += report.meanQ;
        this.#updates++;
        observer.update?.(report);
      },
    };
  }

  /** Forgets what it says: the next time it says what came since.
   * @param status of the training. @returns a line, and what to log with it. */
  take(step: number, status: string): { readonly line: string; readonly scalars: Readonly<Record<string, number>> } {
    const parts: string[] = [];
    const scalars: Record<string, number> = {};
    if (this.#updates > 0) {
      const [loss, meanQ] = [this.#lossSum / this.#updates, this.#meanQSum / this.#updates];
      Object.assign(scalars, { loss, mean_q: meanQ });
      parts.push(`loss ${loss.toPrecision(4)}`, `mean Q ${meanQ.toFixed(3)}`);
    }
    if (this.#test !== undefined) parts.push(`test reward ${this.#test.toFixed(3)}`);
    this.#lossSum = this.#meanQSum = this.#updates = 0;
    this.#test = undefined;
    return { line: `${step}: ${[...parts, status].join(', ')}`, scalars };
  }
}
