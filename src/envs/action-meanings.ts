import type { Env } from '../core/env.ts';

/**
 * Names of an environment's actions by their numbers, such as `left` or ALE's `RIGHTFIRE`. Undefined where it has none, or
 * where a wrapper has put other actions in their place.
 */
export function actionMeanings(
  env: Pick<Env, 'actionSpace' | 'unwrapped' | 'getActionMeanings'>,
): readonly string[] | undefined {
  const { n } = env.actionSpace as { readonly n?: number };
  // A wrapper that puts other actions in their place may have names for those; others pass nothing on.
  let layer: typeof env | undefined = env;
  while (layer !== undefined) {
    const names = layer.getActionMeanings?.();
    if (names !== undefined) return names.length === n ? names : undefined;
    layer = (layer as { readonly env?: typeof env }).env;
  }
  return undefined;
}
