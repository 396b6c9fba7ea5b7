/** A thread of `makeWorkerVectorEnv`. */
import { parentPort } from 'node:worker_threads';
import { serveVectorEnv } from '../../vector/serve-vector-env.ts';
import { useCartridgeFolder } from '../roms/cartridge-folder.ts';
import { importEnvironment } from '../runs/import-environment.ts';

if (parentPort !== null) {
  const port = parentPort;
  useCartridgeFolder();
  serveVectorEnv(
    {
      postMessage: (message) => port.postMessage(message),
      onMessage: (handler) => port.on('message', handler),
    },
    importEnvironment,
  );
}
