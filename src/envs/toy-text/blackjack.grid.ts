import type { StateGrid } from '../state-grid.ts';

/**
 * Blackjack's states as in Sutton & Barto, 2nd ed., Figure 5.2 (p. 100): sums 21 to 11 downwards, the dealer's card ace to
 * ten to the right, without and with a usable ace. Actions are S for stick, H for hit. A state is
 * `(sum * 11 + dealer) * 2 + usable`, as the observation's parts are numbered.
 */
export function blackjackGrids(): StateGrid[] {
  return [false, true].map((usable) => {
    const sums = Array.from({ length: usable ? 10 : 11 }, (_, i) => 21 - i);
    const dealt = Array.from({ length: 10 }, (_, i) => i + 1);
    const states = sums.flatMap((sum) => dealt.map((dealer) => (sum * 11 + dealer) * 2 + (usable ? 1 : 0)));
    return {
      rows: sums.length,
      cols: dealt.length,
      cellKinds: states.map(() => 'floor' as const),
      states,
      nStates: 32 * 11 * 2,
      actionArrows: ['S', 'H'],
      rowLabels: sums.map(String),
      colLabels: dealt.map((dealer) => (dealer === 1 ? 'A' : String(dealer))),
      title: `${usable ? '' : 'no '}usable ace: sum, dealer's card`,
    };
  });
}
