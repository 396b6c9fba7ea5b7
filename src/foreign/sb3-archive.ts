/** Reads what Stable-Baselines3 saves: a ZIP archive with the weights as PyTorch writes them and a JSON that describes them. */
import { FileFormatError, MismatchError } from '../core/errors.ts';
import type { ZipEntry } from './stored-zip.ts';
import { readStateDict, type StateDict } from './torch-file.ts';

/** A model of Stable-Baselines3. */
export interface Sb3Model {
  readonly weights: StateDict;
  readonly activation: 'relu' | 'tanh';
  /** Of the observations that it was trained on; undefined where the archive does not say. */
  readonly observationShape: readonly number[] | undefined;
  readonly actions: number | undefined;
}

/** Name of the entry that tells such an archive from others. */
export const SB3_WEIGHTS = 'policy.pth';

const CURE = 'Give what model.save(FILE) of Stable-Baselines3 wrote, or the state dict of a PyTorch network.';
/** Longest description; it is some 20 kB. */
const LONGEST = 2 ** 24;

/**
 * Reads weights, and of the description what is plain JSON; its pickled parts are left alone.
 * @throws FileFormatError when it is damaged, MismatchError for a network that is not known.
 */
export function readSb3Archive(entries: ReadonlyMap<string, ZipEntry>, path: string): Sb3Model {
  const fail = (problem: string): never => {
    throw new FileFormatError(path, problem, CURE);
  };
  const policy = entries.get(SB3_WEIGHTS);
  if (policy === undefined) return fail(`an archive without ${SB3_WEIGHTS}`);
  const data = describe(entries.get('data')?.bytes(), fail);
  const weights = readStateDict(policy.bytes(), `${path}/${SB3_WEIGHTS}`);
  const kwargs = data['policy_kwargs'];
  const named = textOf(field(kwargs, 'activation_fn'));
  const kind = /(\w+)'?>?$/.exec(named ?? 'ReLU')![1].toLowerCase();
  if (kind !== 'relu' && kind !== 'tanh') {
    throw new MismatchError(`${path}: its layers end in ${kind}; known are ReLU and Tanh.`);
  }
  if (field(kwargs, 'normalize_images') === false) {
    throw new MismatchError(`${path}: was trained with normalize_images=False, known is division by 255.`);
  }
  const shape = field(data['observation_space'], '_shape');
  const n = Number(field(data['action_space'], 'n'));
  return {
    weights,
    activation: kind,
    observationShape: Array.isArray(shape) && shape.every(Number.isInteger) ? shape : undefined,
    actions: Number.isInteger(n) && n > 0 ? n : undefined,
  };
}

function describe(bytes: Uint8Array | undefined, fail: (problem: string) => never): Record<string, unknown> {
  if (bytes === undefined) return fail('an archive without "data", the description of the model');
  if (bytes.length > LONGEST) return fail(`its "data" has ${bytes.length} bytes, allowed are ${LONGEST}`);
  try {
    const data: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  } catch {
    return fail('its "data" is no JSON');
  }
  return fail('its "data" is no JSON object');
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
