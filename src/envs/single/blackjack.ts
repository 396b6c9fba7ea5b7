/** Importing this module (`bellman-rl/envs/blackjack`) makes Blackjack-v1 known to every `make`. */
import { addEntries } from '../entries.ts';
import { blackjackEntries } from '../toy-text/blackjack.entries.ts';

export {
  BlackjackEnv,
  type BlackjackObservation,
  type BlackjackOptions,
  blackjackActions,
} from '../toy-text/blackjack.ts';

addEntries(blackjackEntries);
