import { envEntry } from '../../core/env-entry.ts';
import { BlackjackEnv, type BlackjackOptions } from './blackjack.ts';

/** The registry entry of Blackjack. */
export const blackjackEntries = {
  'Blackjack-v1': envEntry({
    create: (options: BlackjackOptions) => new BlackjackEnv({ ...options, sab: options.sab ?? true }),
    summary: 'play cards against a dealer',
    actions: ['take no more cards', 'take one more card'],
    options: {
      natural: 'a win with ace and ten pays 1.5, where sab is false; default false',
      sab: "the rules of Sutton and Barto's book; default true",
      renderMode: 'ansi, rgb_array or null',
    },
  }),
};
