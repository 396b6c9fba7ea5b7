import {
  BALL_HEIGHT,
  BALL_WIDTH,
  FIELD_BOTTOM,
  FIELD_TOP,
  OPPONENT_X,
  PADDLE_HEIGHT,
  PADDLE_WIDTH,
  PLAYER_X,
  type PongGame,
  SCREEN_HEIGHT,
  SCREEN_WIDTH,
} from './pong-rules.ts';

/** Indices into `PONG_PALETTE`. */
const BACKGROUND = 0;
const WHITE = 1;
const GREEN = 2;
const ORANGE = 3;
const BLACK = 4;

/** The five colours on the screen as the 2600 shows them (NTSC): background, walls and ball, player, opponent, black. */
export const PONG_PALETTE = Uint8Array.of(144, 72, 17, 236, 236, 236, 92, 186, 92, 213, 130, 74, 0, 0, 0);

/** Rows of each digit from the top, 3 bits each, a bit being 4x4 pixels. */
const DIGITS: readonly (readonly number[])[] = [
  [7, 5, 5, 5, 7],
  [2, 2, 2, 2, 2],
  [7, 1, 7, 4, 7],
  [7, 1, 3, 1, 7],
  [5, 5, 7, 1, 1],
  [7, 4, 7, 1, 7],
  [4, 4, 7, 5, 7],
  [7, 1, 1, 1, 1],
  [7, 5, 7, 5, 7],
  [7, 5, 7, 1, 1],
];
const CELL = 4;
const DIGIT_TOP = 1;
/** Left column of the tens; the ones stand 16 columns further right. */
const OPPONENT_SCORE_X = 20;
const PLAYER_SCORE_X = 100;

/**
 * A picture of the game, updated by repainting only what moved.
 *
 * `colours` holds one pixel for each palette entry, so the same code paints RGB, brightness or palette indices.
 *
 * Pixels are the cartridge's, with three exceptions: right of column 127 the cartridge switches the ball late in the
 * line, so that parts of it may stand a row higher; it shows a point one frame later; and its first two frames after
 * power-on have other colours.
 */
export class PongPicture {
  /** [210, 160, channels] row-major. */
  readonly data: Uint8Array;
  private readonly channels: number;
  private readonly colours: Uint8Array;
  // What `data` shows at present; -1000 is nowhere.
  private ballX = -1000;
  private ballY = -1000;
  private playerY = -1000;
  private opponentY = -1000;
  private playerScore = -1;
  private opponentScore = -1;

  constructor(channels: 1 | 3, colours: Uint8Array) {
    this.channels = channels;
    this.colours = colours;
    this.data = new Uint8Array(SCREEN_HEIGHT * SCREEN_WIDTH * channels);
    this.fill(0, 0, SCREEN_WIDTH, SCREEN_HEIGHT, BACKGROUND);
    this.fill(0, FIELD_TOP - 10, SCREEN_WIDTH, 10, WHITE);
    this.fill(0, FIELD_BOTTOM + 1, SCREEN_WIDTH, SCREEN_HEIGHT - FIELD_BOTTOM - 1, WHITE);
    // The console leaves a short black mark in the corner.
    this.fill(0, 0, 8, 1, BLACK);
  }

  /** Brings the picture up to date. */
  draw(game: PongGame): void {
    const ballX = game.ballVisible ? game.ballX : -1000;
    const ballY = game.ballY;
    const playerY = game.playerY;
    const opponentY = game.opponentY;
    const ballMoved = ballX !== this.ballX || ballY !== this.ballY;
    // The ball is painted over the paddles, so a paddle that it touched is painted again.
    if (ballMoved) this.fillInField(this.ballX, this.ballY, BALL_WIDTH, BALL_HEIGHT, BACKGROUND);
    if (playerY !== this.playerY || (ballMoved && near(this.ballX, PLAYER_X))) {
      if (playerY !== this.playerY) this.fillInField(PLAYER_X, this.playerY, PADDLE_WIDTH, PADDLE_HEIGHT, BACKGROUND);
      this.fillInField(PLAYER_X, playerY, PADDLE_WIDTH, PADDLE_HEIGHT, GREEN);
      this.playerY = playerY;
    }
    if (opponentY !== this.opponentY || (ballMoved && near(this.ballX, OPPONENT_X))) {
      if (opponentY !== this.opponentY)
        this.fillInField(OPPONENT_X, this.opponentY, PADDLE_WIDTH, PADDLE_HEIGHT, BACKGROUND);
      this.fillInField(OPPONENT_X, opponentY, PADDLE_WIDTH, PADDLE_HEIGHT, ORANGE);
      this.opponentY = opponentY;
    }
    this.fillInField(ballX, ballY, BALL_WIDTH, BALL_HEIGHT, WHITE);
    this.ballX = ballX;
    this.ballY = ballY;
    if (game.playerScore !== this.playerScore) {
      this.playerScore = game.playerScore;
      this.drawScore(PLAYER_SCORE_X, game.playerScore, GREEN);
    }
    if (game.opponentScore !== this.opponentScore) {
      this.opponentScore = game.opponentScore;
      this.drawScore(OPPONENT_SCORE_X, game.opponentScore, ORANGE);
    }
  }

  private drawScore(x: number, score: number, colour: number): void {
    this.fill(x, DIGIT_TOP, 28, 5 * CELL, BACKGROUND);
    if (score >= 10) this.drawDigit(x, Math.floor(score / 10), colour);
    this.drawDigit(x + 16, score % 10, colour);
  }

  private drawDigit(x: number, digit: number, colour: number): void {
    const rows = DIGITS[digit];
    for (let row = 0; row < 5; row++) {
      for (let column = 0; column < 3; column++) {
        if ((rows[row] >> (2 - column)) & 1) this.fill(x + column * CELL, DIGIT_TOP + row * CELL, CELL, CELL, colour);
      }
    }
  }

  /** Fills the part of a rectangle that lies between the walls. */
  private fillInField(x: number, y: number, width: number, height: number, colour: number): void {
    if (x < 0) return;
    const top = y < FIELD_TOP ? FIELD_TOP : y;
    const bottom = y + height > FIELD_BOTTOM + 1 ? FIELD_BOTTOM + 1 : y + height;
    const right = x + width > SCREEN_WIDTH ? SCREEN_WIDTH : x + width;
    if (bottom > top) this.fill(x, top, right - x, bottom - top, colour);
  }

  private fill(x: number, y: number, width: number, height: number, colour: number): void {
    const data = this.data;
    const colours = this.colours;
    if (this.channels === 1) {
      const value = colours[colour];
      for (let row = y; row < y + height; row++) {
        const start = row * SCREEN_WIDTH + x;
        for (let i = start; i < start + width; i++) data[i] = value;
      }
      return;
    }
    const red = colours[3 * colour];
    const green = colours[3 * colour + 1];
    const blue = colours[3 * colour + 2];
    for (let row = y; row < y + height; row++) {
      const start = 3 * (row * SCREEN_WIDTH + x);
      for (let i = start; i < start + 3 * width; i += 3) {
        data[i] = red;
        data[i + 1] = green;
        data[i + 2] = blue;
      }
    }
  }
}

function near(ballX: number, paddleX: number): boolean {
  return ballX > paddleX - BALL_WIDTH && ballX < paddleX + PADDLE_WIDTH;
}
