import { SavedState } from './saved-state.ts';
import type { Restorable } from './snapshot.ts';

/** Several things saved and restored as one, in the order in which they are named. */
export function restorableParts(parts: Readonly<Record<string, Restorable>>): Restorable {
  return {
    saveState: () => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.saveState()])),
    restoreState(state) {
      const saved = new SavedState(state, 'state');
      for (const [name, part] of Object.entries(parts)) part.restoreState(saved.part(name));
    },
  };
}
