import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { MismatchError, show } from '../core/errors.ts';
import type { CheckpointHeader, RunIdentity } from '../storage/checkpoint-format.ts';
import type { Json, JsonObject } from './json.ts';

/** A name for a new run that no other has. */
export function newRunId(): string {
  // Pages without https have no crypto.randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Fields of `config.json` that decide what is learned. Threads and devices round otherwise and learn the same. */
const DECISIVE = ['algorithm', 'env', 'envKwargs', 'seed', 'config', 'evaluation'] as const;

/** What tells a run from all others, by its `config.json`. */
export function identityOf(config: JsonObject): RunIdentity {
  const { id, algorithm, env, seed } = config;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const decisive = DECISIVE.map((key) => sorted(config[key]));
  // Runs without actors have the identity that they had before there were any.
  if (config['actors'] !== undefined) decisive.push(sorted(config['actors']));
  return {
    id: text(id),
    algorithm: text(algorithm),
    env: text(env),
    seed: typeof seed === 'number' ? seed : null,
    config: bytesToHex(sha256(utf8ToBytes(JSON.stringify(decisive)))).slice(0, 16),
  };
}

/** With the keys of its objects in one order, which says nothing. */
function sorted(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === undefined) return null;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

/**
 * Whether a checkpoint is of the run that it lies in. One that says nothing, of an earlier version, counts as the run's.
 * @param file of the checkpoint, for messages.
 * @returns a line for people where the run's configuration was edited since; else undefined.
 * @throws MismatchError when it is of another run.
 */
export function checkIdentity(file: string, { run: saved }: CheckpointHeader, run: RunIdentity): string | undefined {
  if (saved === undefined) return undefined;
  const differs = (key: 'id' | 'algorithm' | 'env' | 'seed'): boolean =>
    saved[key] !== null && run[key] !== null && saved[key] !== run[key];
  if (differs('id') || differs('algorithm') || differs('env') || differs('seed')) {
    throw new MismatchError(
      `${file} is of another run, ${describe(saved)}; this one is ${describe(run)}. Take it away, or put the run's own back.`,
    );
  }
  return saved.config === run.config ? undefined : `The run's configuration was edited after ${file} was saved.`;
}

/** Values of a file, which may hold anything: shown as JSON. */
function describe({ id, algorithm, env, seed }: RunIdentity): string {
  const name = typeof id === 'string' ? ` (${show(id.slice(0, 8))})` : '';
  return `${show(algorithm)} on ${show(env)} with seed ${show(seed)}${name}`;
}

/** What makes two runs the same but for chance: equal keys are of seeds of one training. */
export const groupOf = ({ recipe, algorithm, env, envKwargs, config }: JsonObject): string =>
  JSON.stringify({ recipe, algorithm, env, envKwargs, config });
