import { join } from 'node:path';
import { frameRateOf } from '../../core/frame-rate.ts';
import { pixelAspectOf } from '../../core/pixel-aspect.ts';
import { renderFrame } from '../../core/render.ts';
import { makeDrawn } from '../../runs/make-drawn.ts';
import { type EpisodeRecord, playEpisode } from '../../train/evaluate.ts';
import type { ExportedModel } from '../../train/training.ts';
import { openVideoFile } from '../files/video-file.ts';
import { openModel } from './load-agent.ts';
import type { ResolvedRun } from './resolve-run.ts';
import { stepFileName } from './run-layout.ts';

/** Longer games are filmed up to here. */
const LONGEST_SECONDS = 120;

/** @throws MismatchError when the run's environment draws no pictures. */
export function checkDraws({ env, envKwargs }: Pick<ResolvedRun, 'env' | 'envKwargs'>): void {
  makeDrawn(env, envKwargs, 'rgb_array').close();
}

/**
 * Films an episode that a model plays greedily in an environment of its own, from the run's seed: nothing is learned from it,
 * and the training goes on as it would have without.
 * @returns what was played, and the file, `step-000001000.mp4` in `folder`.
 */
export async function recordTestEpisode(
  { content, fileName }: ExportedModel,
  { env: id, envKwargs, seed }: Pick<ResolvedRun, 'env' | 'envKwargs' | 'seed'>,
  step: number,
  folder: string,
): Promise<EpisodeRecord & { readonly file: string }> {
  const agent = await openModel({ content, path: fileName }, { env: id, envKwargs, renderMode: 'rgb_array' });
  try {
    const { env } = agent;
    const fps = frameRateOf(env);
    const file = join(folder, stepFileName(step, '.mp4'));
    const video = await openVideoFile(file, { fps, pixelAspect: pixelAspectOf(env) });
    try {
      const onState = () => video.frame(renderFrame(env));
      const maxSteps = Math.ceil(LONGEST_SECONDS * fps);
      const episode = await playEpisode(env, agent.act, { seed, maxSteps, onState });
      await video.close();
      return { ...episode, file };
    } catch (error) {
      video.abort();
      throw error;
    }
  } finally {
    await agent.close();
  }
}
