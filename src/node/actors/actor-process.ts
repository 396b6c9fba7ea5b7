/** The program of a process that plays chunks for its parent, until that is gone. */
import type { JsonObject } from '../../runs/json.ts';
import type { Actor } from '../../train/actors/actor.ts';
import { decodeChunk, encodePlay } from '../../train/actors/chunk-codec.ts';
import { checksum } from '../files/checksum.ts';
import { toldError } from './told-error.ts';

/** To the process. */
export type ToActor =
  | { readonly kind: 'run'; readonly config: JsonObject; readonly allowCode: boolean }
  | {
      readonly kind: 'play';
      readonly chunk: Uint8Array;
      /** Of the chunk's version, where the process does not have them. */
      readonly weights: Float32Array | undefined;
    };

/** From it, one for each. */
export type FromActor =
  | { readonly kind: 'ready' }
  | { readonly kind: 'played'; readonly play: Uint8Array }
  | { readonly kind: 'failed'; readonly error: ReturnType<typeof toldError> };

let actor: Actor | undefined;
let weights = new Float32Array(0);

async function answer(message: ToActor): Promise<FromActor> {
  if (message.kind === 'run') {
    const [{ createActor }, { fromJson }] = await Promise.all([
      import('./create-actor.ts'),
      import('../runs/resolve-run.ts'),
    ]);
    actor = await createActor(await fromJson(message.config, 'the run', message.allowCode));
    return { kind: 'ready' };
  }
  if (message.weights !== undefined) weights = message.weights.slice();
  const chunk = decodeChunk(message.chunk, checksum);
  return { kind: 'played', play: encodePlay(await actor!.play(chunk, weights), checksum) };
}

process.on('message', (message: ToActor) => {
  answer(message)
    .catch((error: unknown): FromActor => ({ kind: 'failed', error: toldError(error) }))
    .then((said) => process.send?.(said));
});
process.on('disconnect', () => process.exit());
// The one that started this may be gone before this was up.
if (process.connected === false) process.exit();
