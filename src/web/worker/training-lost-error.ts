import { BellmanError } from '../../core/errors.ts';

/** A worker that does not load, has died, or was closed while it was asked. */
export class TrainingLostError extends BellmanError {
  override name = 'TrainingLostError';
  constructor(message: string) {
    super('TRAINING_LOST', message);
  }
}
