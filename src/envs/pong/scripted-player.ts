import { FIELD_BOTTOM, FIELD_TOP, KNOB_STEP, PADDLE_HEIGHT, PADDLE_ORIGIN, PLAYER_X, PongGame } from './pong-rules.ts';

const NOOP = 0;
const FIRE = 1;
const UP = 2;
const DOWN = 3;
/** Added to NOOP's successors UP and DOWN for the same with the button held. */
const WITH_FIRE = 2;

/** Where the paddle waits while the ball is away: its middle in the field's. */
const WAITING = Math.round((FIELD_TOP + FIELD_BOTTOM) / 2) + PADDLE_ORIGIN - PADDLE_HEIGHT / 2;

/** How good it is to reach a place with the paddle; rows between ball and opponent lie in between. */
const WON = 1000;
const LOST = -1000;

/** State of play to think in; every use overwrites it. */
const scratch = new PongGame(false);
/** The thinking stops at each point, so no serve is ever drawn. */
const noServes = { integers: () => 0 };

/**
 * A strong player that reads the state of play instead of the screen. It works out where the ball will arrive, plays
 * the ways of meeting it there to the end of the exchange in its head, with fire and without, and takes the one that
 * passes the opponent most clearly. A yardstick for what a good policy can reach, and proof that the game can be won.
 *
 * @param frameSkip frames for which the returned action will be held.
 * @returns an action of `PongEnv`.
 */
export function scriptedPongAction(game: PongGame, frameSkip = 1): number {
  const perAction = KNOB_STEP * frameSkip;
  if (!game.ballVisible || game.velocityX < 0) return turn(Math.round((WAITING * 256 - game.knob) / perAction), false);
  const state = game.save();
  const arrival = rowOfArrival(state);
  // All numbers of turns that could bring some part of the paddle to the ball, and one more on each side.
  const highest = (arrival + PADDLE_ORIGIN - PADDLE_HEIGHT) * 256;
  const lowest = (arrival + PADDLE_ORIGIN + 3) * 256;
  const first = Math.floor((highest - game.knob) / perAction);
  const last = Math.ceil((lowest - game.knob) / perAction);
  let best = Number.NEGATIVE_INFINITY;
  let action = NOOP;
  for (let turns = first; turns <= last; turns++) {
    for (const fire of [false, true]) {
      const value = outcome(state, turns, fire, frameSkip);
      if (value <= best) continue;
      best = value;
      action = turn(turns, fire);
    }
  }
  return action;
}

function turn(turns: number, fire: boolean): number {
  if (turns === 0) return fire ? FIRE : NOOP;
  return (turns < 0 ? UP : DOWN) + (fire ? WITH_FIRE : 0);
}

/** The ball's row when it reaches the player's paddle. */
function rowOfArrival(state: Int32Array): number {
  scratch.restore(state);
  while (scratch.ballX + 1 < PLAYER_X) scratch.moveBall();
  return scratch.ballY;
}

/** What comes of holding the joystick for some actions (negative: up) and then letting go. */
function outcome(state: Int32Array, turns: number, fire: boolean, frameSkip: number): number {
  scratch.restore(state);
  const direction = turns < 0 ? -1 : 1;
  let held = Math.abs(turns) * frameSkip;
  for (let hit = false; ; ) {
    const point = scratch.advance(held-- > 0 ? direction : 0, fire, noServes);
    if (point !== 0) return point > 0 ? WON : LOST;
    if (scratch.velocityX < 0) hit = true;
    // The opponent got it: nearer to an end of the paddle is better.
    else if (hit) return Math.abs(scratch.velocityY);
  }
}
