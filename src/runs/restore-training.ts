import { BellmanError, MismatchError, show } from '../core/errors.ts';
import type { Checkpoint } from '../storage/checkpoint-format.ts';
import type { Training } from '../train/training.ts';

/** What is wrong with a state that a part has stumbled over. */
const describe = (error: unknown): string => {
  if (error instanceof BellmanError) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  return `its state is not one of ours (${text.split('\n')[0]!.slice(0, 200)})`;
};

/**
 * Gives a training the state of a checkpoint. A checksum is no signature: whatever a checkpoint holds, it is refused here or
 * the training can go on from it.
 * @param file as messages name it.
 * @throws MismatchError when the checkpoint does not fit; the training is of no use then.
 */
export function restoreTraining(
  training: Training,
  { header, snapshot }: Checkpoint,
  algorithm: string,
  file: string,
): void {
  if (header.kind !== algorithm) {
    throw new MismatchError(`${file}: the checkpoint is of ${show(header.kind)}, the run of ${algorithm}.`);
  }
  try {
    training.restoreState(snapshot);
  } catch (error) {
    throw new MismatchError(`${file} does not fit the run's configuration: ${describe(error)}`);
  }
  if (training.step !== header.step) {
    throw new MismatchError(
      `${file} does not fit the run: it says step ${header.step} and holds ${show(training.step)}.`,
    );
  }
}
