/** The page of bench/web.ts: it does what it is told by `globalThis.subject`. */
import { type CreateRunner, compileGraphs } from 'bellman-rl/graph';
import { ortWebRunnerFactory, startTraining } from 'bellman-rl/web';
import * as ort from 'onnxruntime-web/wasm';
import { measures } from './measures.ts';

ort.env.wasm.wasmPaths = '/ort/';
ort.env.wasm.numThreads = 1;
const engines: Readonly<Record<string, CreateRunner>> = {
  kernels: compileGraphs,
  'onnxruntime-web': ortWebRunnerFactory(ort),
};

let work: (() => Promise<number>) | undefined;
export const subject = {
  async prepare(name: string, engine: string): Promise<void> {
    if (name !== 'updates') {
      work = await measures[name].prepare(engines[engine]);
      return;
    }
    const training = await startTraining({
      recipe: 'q-learning-frozen-lake',
      seed: 1,
      set: { testInterval: 1e9, maxIterations: 1e9 },
    });
    work = async () => {
      await training.step(2_000_000);
      return 2_000_000;
    };
    await work();
  },
  work: (): Promise<number> => work!(),
  /** Trains a recipe until it ends. @returns milliseconds since the page was opened, and what it says. */
  async solve(recipe: string, seed: number): Promise<{ ms: number; message: string; step: number }> {
    const training = await startTraining({ recipe, seed });
    const ended = new Promise<{ message: string; step: number }>((resolve) => {
      training.addEventListener('end', ({ detail }) => resolve(detail));
    });
    training.run();
    const { message, step } = await ended;
    return { ms: performance.now(), message, step };
  },
};
Object.assign(globalThis, { subject });
