import type { Env } from '../core/env.ts';
import type { Observation } from '../train/preprocessing.ts';
import { bad, type Finding, good } from './finding.ts';

/** Steps after which a picture game must have shown something that moves. */
const WATCHED = 100;

/** Looks at what the network would see: shape, a hash of the first observation, and whether anything moves. */
export function checkView(env: Env<Observation, number>, seed: number): Finding[] {
  env.actionSpace.seed(seed);
  const first = env.reset({ seed }).observation.slice();
  const again = env.reset({ seed }).observation;
  const repeated = first.every((value, i) => value === again[i]);
  const findings: Finding[] = [];
  const detail = `${env.observationSpace}, hash ${hash(first)} for seed ${seed}`;
  findings.push(
    repeated
      ? good('observation', detail)
      : bad(
          'observation',
          `${detail}, but a second reset with that seed differs`,
          'seed every generator of the environment in reset',
        ),
  );
  let changed = 0;
  const previous = first.slice();
  for (let i = 0; i < WATCHED; i++) {
    const { observation, terminated, truncated } = env.step(env.actionSpace.sample());
    if (observation.some((value, j) => value !== previous[j])) changed++;
    previous.set(observation);
    if (terminated || truncated) previous.set(env.reset().observation);
  }
  const moving = `changes in ${changed} of ${WATCHED} random steps`;
  findings.push(
    changed > WATCHED / 10
      ? good('movement', moving)
      : bad(
          'movement',
          moving,
          'a still picture teaches nothing: check cropping and resizing, and whether the game needs FIRE to start',
        ),
  );
  return findings;
}

/** FNV-1a over the bytes, 8 hexadecimal digits: to compare two machines by eye. */
export function hash(observation: Observation): string {
  const bytes = new Uint8Array(observation.buffer, observation.byteOffset, observation.byteLength);
  let h = 0x811c9dc5;
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193);
  return (h >>> 0).toString(16).padStart(8, '0');
}
