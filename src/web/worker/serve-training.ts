import { OrderError } from '../../core/errors.ts';
import { errorFacts } from './error-facts.ts';
import { HostedTraining } from './hosted-training.ts';
import type { FromWorker, Port, ToWorker, TrainingCalls } from './protocol.ts';

/**
 * Trains for whoever is at the other end of a channel: what a worker does. One training for a channel.
 * @param ended called when the other end has closed the training.
 */
export function serveTraining(port: Port, ended: () => void = () => {}): void {
  let hosted: HostedTraining | undefined;
  let started = false;
  const post = (message: FromWorker, transfer: Transferable[] = []): void => port.postMessage(message, transfer);

  const answer = async (message: ToWorker): Promise<TrainingCalls[ToWorker['call']]['answer']> => {
    if (message.call === 'start') {
      if (started) throw new OrderError('This worker trains already.');
      started = true;
      const { start, options } = message.argument;
      const begun = await HostedTraining.start(start, options, (events, transfer) => post({ events }, transfer));
      hosted = begun.hosted;
      return begun.facts;
    }
    const training = hosted;
    if (training === undefined) {
      if (message.call === 'close') return undefined;
      throw new OrderError('The training has not started yet.');
    }
    switch (message.call) {
      case 'run':
        return training.run(message.argument);
      case 'pause':
        return training.pause();
      case 'step':
        return training.step(message.argument);
      case 'watch':
        return training.watch(message.argument);
      case 'close':
        return training.close();
      case 'set':
        return training.between(() => training.set(message.argument));
      case 'checkpoint':
        return training.between(() => training.checkpoint());
      case 'model':
        return training.between(() => training.model(message.argument));
      case 'qvalues':
        return training.between(() => training.qvalues());
      case 'evaluate':
        return training.between(() => training.evaluate(message.argument));
    }
  };

  port.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
    const { id, call } = data;
    try {
      const result = await answer(data);
      // The bytes of a checkpoint are made for the page; models may be the ones that are kept.
      post({ id, answer: result }, call === 'checkpoint' ? [(result as Uint8Array).buffer as ArrayBuffer] : []);
    } catch (error) {
      post({ id, error: errorFacts(error) });
    }
    if (call === 'close') ended();
  };
}
