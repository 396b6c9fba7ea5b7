import { JOYSTICK } from './console/index.ts';

/** What a player can do with one joystick, by ALE's codes (Bellemare et al. 2013). Paddle games turn LEFT and RIGHT. */
export const Action = {
  NOOP: 0,
  FIRE: 1,
  UP: 2,
  RIGHT: 3,
  LEFT: 4,
  DOWN: 5,
  UPRIGHT: 6,
  UPLEFT: 7,
  DOWNRIGHT: 8,
  DOWNLEFT: 9,
  UPFIRE: 10,
  RIGHTFIRE: 11,
  LEFTFIRE: 12,
  DOWNFIRE: 13,
  UPRIGHTFIRE: 14,
  UPLEFTFIRE: 15,
  DOWNRIGHTFIRE: 16,
  DOWNLEFTFIRE: 17,
} as const;

export type ActionName = keyof typeof Action;
export type Action = (typeof Action)[ActionName];

/** Names by code. */
export const ACTION_NAMES = Object.keys(Action) as readonly ActionName[];

/** All 18 codes. */
export const ALL_ACTIONS: readonly Action[] = Object.values(Action);

/** The console's RESET switch, as a starting action; players cannot press it. ALE's code. */
export const RESET = 40;

/** Codes of names separated by spaces. */
export function actions(names: string): readonly Action[] {
  return names.split(' ').map((name) => Action[name as ActionName]);
}

/** The keys of each action, by code, in one text: w, s, a, d for a direction, the space bar for fire, e for nothing. ale-py's. */
export const ACTION_KEYS: readonly string[] = ACTION_NAMES.map((name) => {
  const part = (text: string, key: string): string => (name.includes(text) ? key : '');
  return part('UP', 'w') + part('DOWN', 's') + part('LEFT', 'a') + part('RIGHT', 'd') + part('FIRE', ' ') || 'e';
});

/** What each action presses, by code, in bits of JOYSTICK. */
export const PRESSED: Uint8Array = Uint8Array.from(ACTION_NAMES, (name) => {
  const part = (text: string, bit: number): number => (name.includes(text) ? bit : 0);
  return (
    part('UP', JOYSTICK.up) |
    part('DOWN', JOYSTICK.down) |
    part('LEFT', JOYSTICK.left) |
    part('RIGHT', JOYSTICK.right) |
    part('FIRE', JOYSTICK.fire)
  );
});
