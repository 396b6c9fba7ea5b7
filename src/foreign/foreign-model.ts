/** Models that other programs wrote: PyTorch's state dicts and the archives of Stable-Baselines3. */
import type { NetworkSpec } from '../agents/network-spec.ts';
import { checkBytes } from '../core/check-bytes.ts';
import { FileFormatError, MismatchError } from '../core/errors.ts';
import { buildForeignNetwork, type ForeignNetwork } from './foreign-network.ts';
import { readSb3Archive, SB3_WEIGHTS } from './sb3-archive.ts';
import { type ForeignLayers, findLayers } from './state-dict-layers.ts';
import { readStoredZip } from './stored-zip.ts';
import { isTorchFile, readStateDict, type StateDict } from './torch-file.ts';

/** A model of another program, read but not yet fitted to an environment. */
export interface ForeignModel {
  /** What wrote it, for people. */
  readonly program: 'PyTorch' | 'Stable-Baselines3';
  readonly weights: StateDict;
  readonly layers: ForeignLayers;
  /** Whether it sees pictures, so that they have to be prepared. */
  readonly pictures: boolean;
  /** @throws MismatchError when it does not fit what the environment gives and takes. */
  build(spec: NetworkSpec): ForeignNetwork;
}

/** Whether a file is one that `readForeignModel` reads, by its first bytes. */
export function isForeignModel(bytes: Uint8Array): boolean {
  return isTorchFile(bytes);
}

/**
 * Reads a model as data; nothing of it is run.
 * @param path how messages call the file.
 * @throws FileFormatError when it is damaged or holds something else, MismatchError for a network of an unknown form.
 */
export function readForeignModel(bytes: Uint8Array, path: string): ForeignModel {
  checkBytes(bytes);
  const entries =
    bytes[0] === 0x50
      ? readStoredZip(bytes, (problem) => {
          const cure =
            'Allowed are files of torch.save(net.state_dict(), FILE) and of model.save(FILE) of Stable-Baselines3.';
          throw new FileFormatError(path, problem, cure);
        })
      : undefined;
  if (entries?.has(SB3_WEIGHTS)) {
    const { weights, activation, observationShape, actions } = readSb3Archive(entries, path);
    const layers = findLayers(weights, path);
    const pictures = layers.convolutions.length > 0;
    const build = (spec: NetworkSpec) => {
      if (actions !== undefined && actions !== spec.actions) {
        throw new MismatchError(`${path} is for ${actions} actions; the environment has ${spec.actions}.`);
      }
      if (observationShape !== undefined && observationShape.join() !== spec.inputShape.join()) {
        const given = `[${spec.inputShape.join(', ')}]`;
        throw new MismatchError(
          `${path} is for observations [${observationShape.join(', ')}]; the environment gives ${given}.`,
        );
      }
      return buildForeignNetwork(layers, spec, path, { activation });
    };
    return { program: 'Stable-Baselines3', weights, layers, pictures, build };
  }
  const weights = readStateDict(bytes, path);
  const layers = findLayers(weights, path);
  return {
    program: 'PyTorch',
    weights,
    layers,
    pictures: layers.convolutions.length > 0,
    build: (spec) => buildForeignNetwork(layers, spec, path),
  };
}
