import type { Env, RenderMode } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { environmentEntry, makeFromKwargs } from '../envs/registry.ts';

/** A render mode, or what an environment has of the two, the first before the second; else nothing is drawn. */
export type WantedMode = Exclude<RenderMode, null> | 'picture-or-text' | 'text-or-picture';

const PREFERRED: Readonly<Record<string, readonly string[]>> = {
  'picture-or-text': ['rgb_array', 'ansi'],
  'text-or-picture': ['ansi', 'rgb_array'],
};

/**
 * Makes a registered environment that draws as wanted. Which modes it has is known only of one that is made, with all the
 * options that it needs.
 * @param kwargs arguments as `makeFromKwargs` takes them.
 * @throws MismatchError when it does not draw that way.
 */
export function makeDrawn(
  id: string,
  kwargs: Readonly<Record<string, unknown>>,
  wanted: WantedMode | undefined,
): Env<unknown, unknown> {
  const plain = makeFromKwargs(id, kwargs);
  if (wanted === undefined || plain.renderMode === wanted) return plain;
  const hasOption = 'renderMode' in environmentEntry(id).options;
  const modes: readonly string[] = hasOption ? (plain.metadata?.renderModes ?? []) : [];
  const preferred = PREFERRED[wanted];
  const mode = preferred === undefined ? wanted : preferred.find((known) => modes.includes(known));
  if (preferred !== undefined && (mode === undefined || plain.renderMode !== null)) return plain;
  if (mode === undefined || !modes.includes(mode)) {
    plain.close();
    throw new MismatchError(
      mode === 'rgb_array'
        ? `${id} draws no pictures: it can be played and evaluated, but neither filmed nor rendered.`
        : `${id} has no text for a terminal.`,
    );
  }
  plain.close();
  return makeFromKwargs(id, { ...kwargs, render_mode: mode });
}
