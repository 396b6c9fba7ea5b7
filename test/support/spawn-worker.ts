/**
 * What starts threads, in tests: from what is built, as programs do, since a thread that starts from the sources compiles
 * them anew; from the sources where it has to load a module of them. vitest puts it in the place of the real one.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as sources from '../../src/node/threads/spawn-worker.ts';

const file = fileURLToPath(new URL('../../dist/node/threads/spawn-worker.js', import.meta.url));
const built = (await import(pathToFileURL(file).href)) as typeof sources;

export const startThread: typeof sources.startThread = (name, workerData, transferList) => {
  const loadsSources = /\.ts"/.test(JSON.stringify({ ...workerData, port: undefined }));
  return (loadsSources ? sources : built).startThread(name, workerData, transferList);
};

export const { spawnWorker } = built;
