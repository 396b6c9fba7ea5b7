import type { Env } from '../core/env.ts';

/**
 * Names of an environment's actions by their numbers, such as `left` or ALE's `RIGHTFIRE`. Undefined where it has none, or
 * where a wrapper has put other actions in their place.
 */
export function actionMeanings(env: Pick<Env, 'actionSpace' | 'unwrapped'>): readonly string[] | undefined {
  const names = env.unwrapped.getActionMeanings?.();
  const { n } = env.actionSpace as { readonly n?: number };
  return names?.length === n ? names : undefined;
}
