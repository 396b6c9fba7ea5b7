import { MismatchError } from '../../core/errors.ts';
import type { JsonObject } from '../../runs/json.ts';
import { checkIdentity, identityOf } from '../../runs/run-identity.ts';
import { readCheckpointFile } from './checkpoint-file.ts';
import { createRun, type OpenedRun, type OpenRunOptions } from './run-directory.ts';

/**
 * Opens a checkpoint that lies by itself, one that a page saved say: it goes on in a run of its own, which `begin` makes.
 * @param path the new run's folder; by default a numbered one under `runs/`.
 * @throws FileFormatError when it is damaged or none, MismatchError when it does not hold its run's configuration.
 */
export function openCheckpoint(
  file: string,
  { version, now, path }: OpenRunOptions & { readonly path?: string | undefined },
): OpenedRun {
  const checkpoint = readCheckpointFile(file);
  const { header, snapshot } = checkpoint;
  const config = header.config as JsonObject | undefined;
  if (config === undefined) {
    throw new MismatchError(
      `${file} holds no configuration, as checkpoints of versions before 0.2: resume the folder of its run.`,
    );
  }
  const note = checkIdentity(file, header, identityOf(config));
  return {
    config,
    checkpoint,
    checkpointPath: file,
    notes: note === undefined ? [] : [note],
    begin() {
      const { id, recipe, seed } = config;
      // Anyone may have written the file: a name is no path.
      const name = `${String(recipe).replace(/[^\w.-]+/g, '-')}-seed${Number(seed)}`;
      const directory = createRun({ config, version, now, path, name, id: typeof id === 'string' ? id : undefined });
      directory.saveCheckpoint(header.step, header.kind, snapshot);
      return directory;
    },
    close() {},
  };
}
