/** The worker of a training in a page: what `startTraining` starts. It does what it is told through its messages. */
import type { Port } from './protocol.ts';
import { serveTraining } from './serve-training.ts';

const scope = globalThis as unknown as Port & { close(): void };
serveTraining(scope, () => scope.close());
