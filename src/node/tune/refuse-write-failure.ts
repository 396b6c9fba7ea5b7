import { BellmanError } from '../../core/errors.ts';
import type { TrainingEnd } from '../jobs/training-job.ts';

/**
 * A full disk says nothing of the settings that were tried: the study stops, and goes on when there is room.
 * @throws BellmanError with the training's own message where it could not write.
 */
export function refuseWriteFailure(end: TrainingEnd): void {
  if (end.kind === 'failed' && end.cause === 'unwritable') throw new BellmanError('CANNOT_WRITE', end.message);
}
