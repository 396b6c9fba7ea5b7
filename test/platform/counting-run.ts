/**
 * A run whose whole state is a counter and an array that depends on it: a program for tests that kill it.
 *
 *     tsx counting-run.ts new|resume FOLDER LAST_STEP
 *
 * Logs each step, saves every third, and prints `ready` once it holds the run. Time is the step, so that two runs that
 * did the same are equal byte by byte.
 */
import { createRun, openRun, type RunDirectory } from '../../src/node/runs/run-directory.ts';

const [mode, path, last] = process.argv.slice(2);
let step = 0;
// Some steps lie more than a second apart, so that the logs are flushed between checkpoints too.
const now = (): number => 1_700_000_000_000 + step * 700;

let run: RunDirectory;
let state = new Uint32Array(200_000);
if (mode === 'new') {
  run = createRun({ path, config: {}, id: 'counting', version: '0', now });
} else {
  const opened = openRun(path, { version: '0', now });
  run = opened.begin();
  for (const note of opened.notes) console.log(note);
  if (opened.checkpoint !== undefined) {
    const saved = opened.checkpoint.snapshot as { step: number; state: Uint32Array<ArrayBuffer> };
    step = saved.step;
    state = saved.state;
  }
  console.log(`from ${step}`);
}
console.log('ready');
while (step < Number(last)) {
  step++;
  for (let i = 0; i < state.length; i++) state[i] = Math.imul(state[i], 1664525) + step + i;
  run.log.scalars(step, { first: state[0], last: state[state.length - 1] });
  if (step % 10 === 0) run.saveBest(new Uint8Array(state.buffer.slice(0, 1000)), { step });
  if (step % 3 === 0) run.saveCheckpoint(step, 'counting', { step, state: state.slice() });
}
run.saveCheckpoint(step, 'counting', { step, state });
run.close();
