/**
 * The rules of Pong as the Atari 2600 cartridge plays them (Video Olympics' game 1 in its stand-alone release), without
 * pictures. They were found by watching the cartridge's screen and memory while scripted players held the paddles, so
 * constants that look odd are measurements:
 *
 * - The ball moves 1 pixel a frame sideways. A hit with the fire button held makes it 1 faster, up to 4; the opponent
 *   returns it at the speed that it had. A serve starts again at 1.
 * - Up and down it moves -2, -1, 0, 1 or 2 rows a frame (seldom -3), chosen only by the part of the paddle that hit it.
 * - The player's paddle follows the knob through the console's smoothing: it is updated on every second frame and then
 *   covers half of what is left, so it starts softly and runs out by a few rows.
 * - The opponent moves 2 rows a frame towards the ball, also when the ball flies away from it, and rests on every eighth
 *   frame. 1.75 rows a frame is less than the steepest ball's 2: that is how it is beaten.
 * - After a point the ball comes back at the middle 63 frames later and flies on in its old direction, to the loser.
 *
 * Two things are not the cartridge's. It has no randomness at all, and neither serves nor anything else vary; here a
 * serve's row and slope are drawn unless `variedServes` is false. And somebody else may steer the opponent: its paddle then
 * follows a knob as the player's does, one row further up, and fire counts for it too.
 */

export const SCREEN_WIDTH = 160;
export const SCREEN_HEIGHT = 210;
/** First and last row between the two walls. */
export const FIELD_TOP = 34;
export const FIELD_BOTTOM = 193;
export const PADDLE_WIDTH = 4;
export const PADDLE_HEIGHT = 16;
export const BALL_WIDTH = 2;
export const BALL_HEIGHT = 4;
/** Left columns of the paddles. */
export const OPPONENT_X = 16;
export const PLAYER_X = 140;
export const WINNING_SCORE = 21;
export const MAX_SPEED = 4;
/** Frames from a reset to the first serve, and from a point to the next. */
export const FIRST_SERVE_FRAMES = 59;
export const SERVE_FRAMES = 63;

/** Ball's columns from which a point is counted in the next frame. */
const OUT_LEFT = 3;
const OUT_RIGHT = 156;
/** Ball's rows from which it turns at a wall. */
const TURN_TOP = 31;
const TURN_BOTTOM = 192;
/** The middle, from where serves start one step later. */
const SERVE_X = 79;
const SERVE_Y = 114;

/** The knob's reach and its middle, and how far a joystick direction turns it in a frame (5.76 rows), in 256ths of a
 * paddle row. It turns further than the paddle goes, so the paddle stands still for a while after a long push. */
export const KNOB_MIN = 3771;
export const KNOB_MAX = 52653;
export const KNOB_STEP = 1474;
const KNOB_START = (KNOB_MIN + KNOB_MAX) / 2;
/** First and last position that the console reads from the knob; it reads even ones only. */
const READ_MIN = 38;
const READ_MAX = 204;
const PADDLE_START = 109;
/** Paddle position of the screen's first row. */
export const PADDLE_ORIGIN = 14;

/** Draws serves; a `Generator` is one. */
export interface ServeSource {
  /** An integer in [low, high), or in [0, low). */
  integers(low: number, high?: number): number;
}

/** Slope, in rows a frame, that a paddle gives to a ball whose top is `offset` rows below the paddle's: -2 to 2, and -3
 * for a ball that only just touches from above. */
export function slopeAfterHit(offset: number): number {
  return Math.ceil(offset / 4) - 2;
}

/** Who moves the left paddle: the cartridge's program, or the caller. */
export type PongOpponent = 'built-in' | 'steered';
export type PongSide = 'player' | 'opponent';

/** A game of Pong. Rows grow downwards; positions are the top left corners of what is drawn. */
export class PongGame {
  readonly variedServes: boolean;
  readonly opponent: PongOpponent;
  /** Points of the two sides, 0 to 21. */
  playerScore = 0;
  opponentScore = 0;
  ballVisible = false;
  ballX = 0;
  ballY = 0;
  /** Columns a frame, ±1 to ±4; positive flies to the player. */
  velocityX = -1;
  /** Rows a frame, -3 to 3; positive flies down. */
  velocityY = 1;
  /** Always odd; above the field while the opponent waits there for a serve. */
  opponentY = -15;
  /** Where the player's knob stands. */
  knob = KNOB_START;
  /** The player's paddle, 38 to 203; `playerY` is where it is drawn. */
  paddle = PADDLE_START;
  /** Frames since the reset. */
  frame = 0;
  /** Frames until the next serve; 0 while the ball is in play. */
  serveIn = FIRST_SERVE_FRAMES;
  /** What a steered opponent holds; the caller sets them before a frame. */
  opponentDirection: -1 | 0 | 1 = 0;
  opponentFires = false;
  /** Where a steered opponent's knob stands, and its paddle. */
  opponentKnob = KNOB_START;
  opponentPaddle = PADDLE_START;

  constructor(variedServes: boolean, opponent: PongOpponent = 'built-in') {
    this.variedServes = variedServes;
    this.opponent = opponent;
    if (opponent === 'steered') this.opponentY = steeredRow(PADDLE_START);
  }

  /** The opponent's hand lets go. */
  reset(): void {
    this.restore(this.opponent === 'steered' ? INITIAL_STEERED_STATE : INITIAL_STATE);
  }

  get over(): boolean {
    return this.playerScore === WINNING_SCORE || this.opponentScore === WINNING_SCORE;
  }

  /** Top row of the player's paddle, always even. */
  get playerY(): number {
    return ((this.paddle + 1) & ~1) - PADDLE_ORIGIN;
  }

  /**
   * Turns a side's knob at once to where its paddle's top row will be `row`; the paddle covers half of what is left on every
   * second frame. Only a steered opponent has a knob.
   */
  turnKnob(side: PongSide, row: number): void {
    const knob = Math.min(KNOB_MAX, Math.max(KNOB_MIN, Math.round((row + PADDLE_ORIGIN) * 256)));
    if (side === 'player') this.knob = knob;
    else this.opponentKnob = knob;
  }

  /**
   * Plays one frame.
   * @param serves draws the serves; not used when they do not vary.
   * @returns 1 when the player scores in this frame, -1 when the opponent does, else 0.
   */
  advance(direction: -1 | 0 | 1, fire: boolean, serves: ServeSource): number {
    this.frame++;
    this.movePaddles(direction);
    if (this.serveIn > 0) {
      this.ballVisible = false;
      if (--this.serveIn === 0) this.serve(serves);
      else this.moveOpponent();
      return 0;
    }
    if (this.ballX <= OUT_LEFT || this.ballX >= OUT_RIGHT) {
      this.moveOpponent();
      this.serveIn = SERVE_FRAMES;
      if (this.velocityX < 0) {
        this.playerScore++;
        return 1;
      }
      this.opponentScore++;
      return -1;
    }
    this.moveBall();
    this.moveOpponent();
    this.bounceOffPaddles(fire);
    return 0;
  }

  private movePaddles(direction: -1 | 0 | 1): void {
    const moves = (this.frame & 1) === 0;
    if (moves) this.paddle = smoothed(this.paddle, this.knob);
    this.knob = turned(this.knob, direction);
    if (this.opponent === 'built-in') return;
    if (moves) this.opponentPaddle = smoothed(this.opponentPaddle, this.opponentKnob);
    this.opponentKnob = turned(this.opponentKnob, this.opponentDirection);
    this.opponentY = steeredRow(this.opponentPaddle);
  }

  /** Part of a frame: the ball, with its turns at the walls. */
  moveBall(): void {
    this.ballX += this.velocityX;
    // The wall gives an extra row on the way back.
    if (this.velocityY < 0 && this.ballY <= TURN_TOP) {
      this.velocityY = -this.velocityY;
      this.ballY++;
    } else if (this.velocityY > 0 && this.ballY >= TURN_BOTTOM) {
      this.velocityY = -this.velocityY;
      this.ballY--;
    }
    this.ballY += this.velocityY;
  }

  /** Part of a frame: the opponent, where the program moves it. */
  moveOpponent(): void {
    if ((this.frame & 7) === 2 || this.opponent === 'steered') return;
    const target = (this.ballVisible ? this.ballY : -PADDLE_ORIGIN) - 1;
    if (this.opponentY < target) this.opponentY += 2;
    else if (this.opponentY > target) this.opponentY -= 2;
  }

  private bounceOffPaddles(fire: boolean): void {
    // A ball that reaches wall and paddle at once turns at the wall only.
    if (this.ballY <= TURN_TOP || this.ballY >= TURN_BOTTOM) return;
    // The ball's last row passes the player's paddle untouched.
    if (touches(this.ballX, this.ballY, BALL_HEIGHT - 1, PLAYER_X, this.playerY)) {
      this.velocityX = -Math.min(MAX_SPEED, Math.abs(this.velocityX) + (fire ? 1 : 0));
      this.velocityY = slopeAfterHit(this.ballY + PADDLE_ORIGIN - this.paddle);
    } else if (touches(this.ballX, this.ballY, BALL_HEIGHT, OPPONENT_X, this.opponentY)) {
      const steered = this.opponent === 'steered';
      this.velocityX = Math.min(MAX_SPEED, Math.abs(this.velocityX) + (steered && this.opponentFires ? 1 : 0));
      const top = steered ? this.opponentPaddle - PADDLE_ORIGIN : this.opponentY + 1;
      this.velocityY = slopeAfterHit(this.ballY - top);
    }
  }

  private serve(serves: ServeSource): void {
    this.velocityX = this.velocityX < 0 ? -1 : 1;
    let row = SERVE_Y;
    if (this.variedServes) {
      this.velocityY = 2 * serves.integers(2) - 1;
      // By even numbers, because the opponent's paddle, which jumps to the ball, lives on odd rows.
      row += 2 * serves.integers(-6, 7);
    } else {
      this.velocityY = this.velocityY < 0 ? -1 : 1;
    }
    this.ballX = SERVE_X + this.velocityX;
    this.ballY = row + this.velocityY;
    this.ballVisible = true;
    if (this.opponent === 'steered') return;
    this.opponentY = row - 1;
    this.moveOpponent();
  }

  /** The whole state but the generator; four numbers longer where the opponent is steered. */
  save(): Int32Array {
    const steered = [this.opponentKnob, this.opponentPaddle, this.opponentDirection, this.opponentFires ? 1 : 0];
    return Int32Array.of(
      this.playerScore,
      this.opponentScore,
      this.ballVisible ? 1 : 0,
      this.ballX,
      this.ballY,
      this.velocityX,
      this.velocityY,
      this.opponentY,
      this.knob,
      this.paddle,
      this.frame,
      this.serveIn,
      ...(this.opponent === 'steered' ? steered : []),
    );
  }

  restore(state: Int32Array): void {
    this.playerScore = state[0];
    this.opponentScore = state[1];
    this.ballVisible = state[2] === 1;
    this.ballX = state[3];
    this.ballY = state[4];
    this.velocityX = state[5];
    this.velocityY = state[6];
    this.opponentY = state[7];
    this.knob = state[8];
    this.paddle = state[9];
    this.frame = state[10];
    this.serveIn = state[11];
    if (this.opponent === 'built-in') return;
    this.opponentKnob = state[12];
    this.opponentPaddle = state[13];
    this.opponentDirection = state[14] as -1 | 0 | 1;
    this.opponentFires = state[15] === 1;
  }
}

/** What the console makes of a paddle whose knob stands there. */
function smoothed(paddle: number, knob: number): number {
  return (paddle + Math.min(READ_MAX, Math.max(READ_MIN, (knob >> 9) << 1))) >> 1;
}

function turned(knob: number, direction: number): number {
  return Math.min(KNOB_MAX, Math.max(KNOB_MIN, knob + direction * KNOB_STEP));
}

/** Top row of a steered opponent's paddle: odd, as the built-in one's. */
function steeredRow(paddle: number): number {
  return ((paddle + 1) & ~1) - PADDLE_ORIGIN - 1;
}

function touches(ballX: number, ballY: number, ballHeight: number, paddleX: number, paddleY: number): boolean {
  return (
    ballX + BALL_WIDTH > paddleX &&
    ballX < paddleX + PADDLE_WIDTH &&
    ballY + ballHeight > paddleY &&
    ballY < paddleY + PADDLE_HEIGHT
  );
}

const INITIAL_STATE = new PongGame(false).save();
const INITIAL_STEERED_STATE = new PongGame(false, 'steered').save();
