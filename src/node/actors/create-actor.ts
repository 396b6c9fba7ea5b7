import { loadAlgorithm } from '../../algorithms/registry.ts';
import { OptionError } from '../../core/errors.ts';
import type { Actor } from '../../train/actors/actor.ts';
import { useCartridgeFolder } from '../roms/cartridge-folder.ts';
import { nodePlatform } from '../runs/node-platform.ts';
import type { ResolvedRun } from '../runs/resolve-run.ts';

/** What plays the chunks of a run: with one thread and on the processor, wherever the learner is, so that all round alike.
 * @throws OptionError for a run without actors; what making its environment throws. */
export async function createActor(run: ResolvedRun): Promise<Actor> {
  const { actor } = await loadAlgorithm(run.algorithm);
  if (actor === undefined || run.actors === undefined) {
    throw new OptionError('actors', run.actors, `settings of actors, for a run of an algorithm that has them`);
  }
  useCartridgeFolder();
  return actor(run, nodePlatform({ ...run, device: 'cpu', threads: 1 }));
}
