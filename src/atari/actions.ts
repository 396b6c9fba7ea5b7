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

/** Parts of an action: UP, DOWN, LEFT, RIGHT of the stick and FIRE, as bits. */
export const STICK_UP = 1;
export const STICK_DOWN = 2;
export const STICK_LEFT = 4;
export const STICK_RIGHT = 8;
export const FIRE_BUTTON = 16;

/** The parts of each action, by code. */
export const ACTION_PARTS: Uint8Array = Uint8Array.from(ACTION_NAMES, (name) => {
  const has = (part: string, bit: number): number => (name.includes(part) ? bit : 0);
  return (
    has('UP', STICK_UP) |
    has('DOWN', STICK_DOWN) |
    has('LEFT', STICK_LEFT) |
    has('RIGHT', STICK_RIGHT) |
    has('FIRE', FIRE_BUTTON)
  );
});
