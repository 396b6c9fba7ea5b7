import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError } from '../../core/errors.ts';
import { booleanOption, checkOptionNames, type OptionNames, renderModeOption } from '../../core/options.ts';
import type { Generator } from '../../core/random/generator.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { Tuple } from '../../spaces/tuple.ts';
import { SeededEnv } from '../seeded-env.ts';
import type { GridWorld, StateGrid } from '../state-grid.ts';
import { BlackjackDrawing, type CardSuit } from './blackjack.draw.ts';
import { blackjackGrids } from './blackjack.grid.ts';

/** Actions of Blackjack. */
export const blackjackActions = { stick: 0, hit: 1 } as const;

/** The player's sum, the dealer's open card (1 for an ace), whether the player holds a usable ace (0 or 1). */
export type BlackjackObservation = [sum: number, dealer: number, usableAce: number];

export interface BlackjackOptions {
  /** A win with an ace and a ten in the first two cards pays 1.5. Default false. */
  readonly natural?: boolean | undefined;
  /** The rules of Sutton and Barto's book: an ace and a ten win against anything but the same. Wins over `natural`.
   * Default false; Blackjack-v1 switches it on. */
  readonly sab?: boolean | undefined;
  readonly renderMode?: 'ansi' | 'rgb_array' | null | undefined;
}

const OPTIONS: OptionNames<BlackjackOptions> = {
  natural: true,
  sab: true,
  renderMode: true,
};

/** Values of the thirteen cards of a suit; jack, queen and king count 10. */
const DECK = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10];
/** Suits and faces in the order in which they are drawn for the picture. */
const SUITS: readonly CardSuit[] = ['C', 'D', 'H', 'S'];
const FACES = ['J', 'Q', 'K'] as const;

/** A hand of an endless deck: cards matter only by their sum, the aces, and whether the first two are a natural. */
interface Hand {
  /** Sum with every ace as 1. */
  hard: number;
  hasAce: boolean;
  count: number;
  /** Value of the first card. */
  first: number;
}

/**
 * Blackjack: come closer to 21 than the dealer without going beyond (R. S. Sutton and A. G. Barto, "Reinforcement
 * Learning: An Introduction", 2nd ed., example 5.1, page 93). Cards come from an endless deck. Jack, queen and king count
 * 10; an ace counts 11 ("usable") where that does not go beyond 21, else 1. The dealer takes cards up to a sum of 17.
 *
 * Actions, Discrete(2)
 *
 * | action | meaning                      |
 * |-------:|------------------------------|
 * |      0 | stick: the dealer plays      |
 * |      1 | hit: take another card       |
 *
 * Observation, Tuple(Discrete(32), Discrete(11), Discrete(2))
 *
 * | index | meaning                                 | values  |
 * |------:|-----------------------------------------|---------|
 * |     0 | the player's sum                        | 4 to 31 |
 * |     1 | the dealer's open card, 1 for an ace    | 1 to 10 |
 * |     2 | whether the player holds a usable ace   | 0, 1    |
 *
 * Reward: 1 for a win, -1 for a loss, 0 for a draw and for each card taken. A natural (an ace and a ten in the first two
 * cards) pays as `natural` and `sab` say.
 *
 * Start: two cards for the dealer, one of them hidden, and two for the player.
 *
 * End: terminated when the player sticks or goes beyond 21. There is no time limit.
 *
 * Arguments: see `BlackjackOptions`. The `ansi` mode is this project's own.
 *
 * Version history (Gymnasium's)
 * - v1: naturals corrected.
 * - v0: first version.
 */
export class BlackjackEnv extends SeededEnv<BlackjackObservation, number, RgbFrame | string> implements GridWorld {
  readonly metadata: EnvMetadata = { renderModes: ['ansi', 'rgb_array'], renderFps: 4 };
  protected override readonly stateName: string = 'Blackjack';
  readonly observationSpace = new Tuple([new Discrete(32), new Discrete(11), new Discrete(2)]);
  readonly actionSpace: Discrete = new Discrete(2);
  readonly renderMode: RenderMode;

  readonly #natural: boolean;
  readonly #sab: boolean;
  #drawing: BlackjackDrawing | undefined;
  readonly #dealer: Hand = { hard: 0, hasAce: false, count: 0, first: 0 };
  readonly #player: Hand = { hard: 0, hasAce: false, count: 0, first: 0 };
  /** Name of the dealer's open card, which only the picture shows. */
  #rank = 'A';
  #suit: CardSuit = 'S';

  /** @throws OptionError for an option out of range, UnknownNameError for one of another name. */
  constructor(options: BlackjackOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    this.renderMode = renderModeOption(options.renderMode, ['ansi', 'rgb_array']);
    this.#natural = booleanOption('natural', options.natural, false);
    this.#sab = booleanOption('sab', options.sab, false);
  }

  reset(options?: ResetOptions): ResetResult<BlackjackObservation> {
    const generator = this.begin(options);
    deal(this.#dealer, generator);
    deal(this.#player, generator);
    const { first } = this.#dealer;
    this.#suit = generator.choice(SUITS);
    this.#rank = first === 1 ? 'A' : first === 10 ? generator.choice(FACES) : String(first);
    return { observation: this.#observation(), info: {} };
  }

  step(action: number): StepResult<BlackjackObservation> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    if (action !== 0 && action !== 1) throw new ActionError(action, 'Discrete(2)');
    const player = this.#player;
    let reward = 0;
    let terminated = true;
    if (action === 1) {
      take(player, this.generator as Generator);
      if (player.hard > 21) reward = -1;
      else terminated = false;
    } else {
      const dealer = this.#dealer;
      while (best(dealer) < 17) take(dealer, this.generator as Generator);
      reward = Math.sign(best(player) - score(dealer));
      if (isNatural(player)) {
        if (this.#sab && !isNatural(dealer)) reward = 1;
        else if (!this.#sab && this.#natural && reward === 1) reward = 1.5;
      }
    }
    if (terminated) this.phase = 'over';
    return { observation: this.#observation(), reward, terminated, truncated: false, info: {} };
  }

  #observation(): BlackjackObservation {
    const player = this.#player;
    return [best(player), this.#dealer.first, hasUsableAce(player) ? 1 : 0];
  }

  getActionMeanings(): readonly string[] {
    return Object.keys(blackjackActions);
  }

  stateGrids(): readonly StateGrid[] {
    return blackjackGrids();
  }

  protected draw(): RgbFrame | string {
    const [sum, , ace] = this.#observation();
    // The hidden card stays hidden until the dealer has played.
    const dealt = this.phase === 'over' && sum <= 21 ? best(this.#dealer) : null;
    const open = { rank: this.#rank, suit: this.#suit };
    if (this.renderMode === 'ansi') {
      const card = `${open.rank}${{ C: '\u2663', D: '\u2666', H: '\u2665', S: '\u2660' }[open.suit]}`;
      const dealer = dealt === null ? `${card} ?` : `${card} ... ${dealt}`;
      return `dealer  ${dealer}\nplayer  ${sum}${ace === 1 ? ' with a usable ace' : ''}\n`;
    }
    this.#drawing ??= new BlackjackDrawing();
    return this.#drawing.draw({ sum, usableAce: ace === 1, dealer: this.#dealer.first, dealt, ...open });
  }

  protected saveOwnState(): Snapshot {
    return { dealer: { ...this.#dealer }, player: { ...this.#player }, rank: this.#rank, suit: this.#suit };
  }

  protected restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'Blackjack');
    restoreHand(saved.part('dealer'), this.#dealer);
    restoreHand(saved.part('player'), this.#player);
    this.#rank = saved.text('rank', 2);
    this.#suit = saved.oneOf('suit', SUITS);
  }
}

function restoreHand(state: Snapshot, hand: Hand): void {
  const saved = new SavedState(state, 'hand');
  hand.hard = saved.whole('hard', 0, 31);
  hand.hasAce = saved.flag('hasAce');
  hand.count = saved.whole('count', 0, 22);
  hand.first = saved.whole('first', 0, 10);
}

function deal(hand: Hand, generator: Generator): void {
  hand.hard = 0;
  hand.hasAce = false;
  hand.count = 0;
  take(hand, generator);
  hand.first = hand.hard;
  take(hand, generator);
}

function take(hand: Hand, generator: Generator): void {
  const card = DECK[generator.integers(DECK.length)];
  hand.hard += card;
  hand.hasAce ||= card === 1;
  hand.count++;
}

function hasUsableAce(hand: Hand): boolean {
  return hand.hasAce && hand.hard <= 11;
}

/** The sum with an ace as 11 where that does not go beyond 21. */
function best(hand: Hand): number {
  return hasUsableAce(hand) ? hand.hard + 10 : hand.hard;
}

/** `best`, or 0 beyond 21. */
function score(hand: Hand): number {
  const sum = best(hand);
  return sum > 21 ? 0 : sum;
}

function isNatural(hand: Hand): boolean {
  return hand.count === 2 && hand.hasAce && hand.hard === 11;
}
