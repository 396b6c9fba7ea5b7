/** A round that was not waited for to its end, as the training is to stop: it can be saved as it was before the round. */
export class ActorsStopped extends Error {
  override name = 'ActorsStopped';
}
