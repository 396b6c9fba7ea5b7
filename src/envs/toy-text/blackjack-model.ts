import type { Outcome, TabularModel } from '../tabular-model.ts';

/** Probability of each card's value, 1 for an ace: a deck without end. */
const cards = Array.from({ length: 10 }, (_, i) => ({ value: i + 1, probability: (i === 9 ? 4 : 1) / 13 }));

/** Sums up to 31, the dealer's card up to 10, usable ace or not: as the observation's parts, row-major. */
const stateOf = (sum: number, dealer: number, usable: boolean): number => (sum * 11 + dealer) * 2 + (usable ? 1 : 0);
const N_STATES = 32 * 11 * 2;

/** A hand as it counts: the sum, and whether an ace in it counts 11. */
interface Hand {
  readonly sum: number;
  readonly usable: boolean;
}

function withCard({ sum, usable }: Hand, card: number): Hand {
  if (card === 1 && sum + 11 <= 21) return { sum: sum + 11, usable: true };
  const next = sum + card;
  return next > 21 && usable ? { sum: next - 10, usable: false } : { sum: next, usable };
}

/** Probability of each final sum of a dealer who stops at 17 or more; 0 stands for beyond 21, and `natural` is apart. */
function dealerEnds(card: number): { readonly sums: ReadonlyMap<number, number>; readonly natural: number } {
  const sums = new Map<number, number>();
  let natural = 0;
  const play = (hand: Hand, probability: number, count: number): void => {
    if (hand.sum >= 17) {
      const end = hand.sum > 21 ? 0 : hand.sum;
      sums.set(end, (sums.get(end) ?? 0) + probability);
      if (count === 2 && hand.sum === 21) natural += probability;
      return;
    }
    for (const next of cards) play(withCard(hand, next.value), probability * next.probability, count + 1);
  };
  play(withCard({ sum: 0, usable: false }, card), 1, 1);
  return { sums, natural };
}

/**
 * The true dynamics of Blackjack, as exact as its observation allows. That does not tell a natural (an ace and a ten dealt)
 * from a sum of 21 that was drawn: with `sab` they pay differently, and sticking at 21 with a usable ace counts as a natural,
 * which it is in most games. No decision depends on it: nobody hits at 21.
 * @param options `sab` and `natural` as in `BlackjackOptions`.
 */
export function blackjackModel({ sab = true, natural = false } = {}): TabularModel {
  const transitions: Outcome[][][] = Array.from({ length: N_STATES }, (_, state) => {
    const over = { probability: 1, nextState: state, reward: 0, terminated: true };
    return [[over], [over]];
  });
  const initialStateDistribution = new Float64Array(N_STATES);
  const end = (state: number, probability: number, reward: number): Outcome => ({
    probability,
    nextState: state,
    reward,
    terminated: true,
  });
  for (const dealer of cards) {
    const { sums, natural: dealerNatural } = dealerEnds(dealer.value);
    for (const first of cards) {
      for (const second of cards) {
        const { sum, usable } = withCard(withCard({ sum: 0, usable: false }, first.value), second.value);
        const start = stateOf(sum, dealer.value, usable);
        initialStateDistribution[start] += dealer.probability * first.probability * second.probability;
      }
    }
    for (let sum = 4; sum <= 21; sum++) {
      for (const usable of [false, true]) {
        if (usable && sum < 12) continue;
        const state = stateOf(sum, dealer.value, usable);
        const isNatural = usable && sum === 21;
        const stick = [...sums].flatMap(([dealt, probability]) => {
          const reward = Math.sign(sum - dealt);
          if (!isNatural) return [end(state, probability, reward)];
          if (!sab) return [end(state, probability, reward === 1 && natural ? 1.5 : reward)];
          const draws = dealt === 21 ? dealerNatural : 0;
          return [end(state, draws, 0), end(state, probability - draws, 1)];
        });
        const hit = cards.map(({ value, probability }) => {
          const next = withCard({ sum, usable }, value);
          const nextState = stateOf(next.sum, dealer.value, next.usable);
          return { probability, nextState, reward: next.sum > 21 ? -1 : 0, terminated: next.sum > 21 };
        });
        transitions[state] = [stick, hit];
      }
    }
  }
  return { nStates: N_STATES, nActions: 2, transitions, initialStateDistribution };
}
