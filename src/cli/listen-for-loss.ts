import { exitCodeOf, type StopSignal } from '../node/runs/stop-requests.ts';
import { complain, onOutputLost } from './standard-output.ts';

/**
 * What becomes of a training when standard output is lost. When its reader left (`| head`) it saves and ends, as other
 * programs end there; where it cannot be written (a full disk, a terminal that is gone) it goes on in silence. The exit
 * code is not 0 in both cases.
 */
export function listenForLoss(): { readonly stop: AbortSignal; ended(): void; isLost(): boolean } {
  const stop = new AbortController();
  let lost = false;
  let ended = false;
  onOutputLost(({ readerLeft, reason }) => {
    lost = true;
    const then = readerLeft ? ' The training is saved and ends.' : ' The training continues.';
    complain(`standard output: ${reason}.${ended ? '' : then}`);
    process.exitCode ||= readerLeft ? exitCodeOf('SIGPIPE') : 1;
    if (readerLeft) stop.abort('SIGPIPE' satisfies StopSignal);
  });
  const end = () => {
    ended = true;
  };
  return { stop: stop.signal, ended: end, isLost: () => lost };
}
