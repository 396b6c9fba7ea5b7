import './atari-family.ts';

export {
  ATARI_PROTOCOL_NAMES,
  ATARI_PROTOCOLS,
  type AtariProtocol,
  type AtariProtocolName,
  atariProtocol,
  describeProtocol,
  type ProtocolValues,
  protocolWith,
} from '../wrappers/atari-protocol.ts';
export { ACTION_NAMES, Action, type ActionName, ALL_ACTIONS } from './actions.ts';
export { Ale, type AleOptions, JammedProcessorError, ModeSelectionError } from './ale.ts';
export { AtariEnv, type AtariGameOptions, type AtariOptions } from './atari-env.ts';
export { type AtariId, atariIds } from './atari-ids.ts';
export { AtariVectorEnv, type AtariVectorOptions } from './atari-vector-env.ts';
export { addCartridges, cartridgesIn, type FoundCartridges } from './cartridge-archive.ts';
export { type CartridgeProvider, setCartridgeProvider } from './cartridge-provider.ts';
export {
  addCartridge,
  identifyCartridge,
  MissingCartridgeError,
} from './cartridges.ts';
export {
  CARTRIDGE_TYPES,
  CartridgeError,
  type CartridgeType,
  type Console,
  type ConsoleOptions,
  ConsoleStateError,
  createConsole,
  JOYSTICK,
  SWITCH,
} from './console/index.ts';
export type { Board, Game, GameState, ModeSelection, Peek, Rules } from './games/game.ts';
export { GAMES, gameNamed } from './games/index.ts';
export {
  humanNormalizedScore,
  REFERENCE_GAMES,
  REFERENCE_SOURCE,
  type ReferenceScores,
  referenceScores,
} from './human-scores.ts';
export { PALETTES, type Palette } from './palette.ts';
export { PUBLISHED_SCORES, type PublishedScores, publishedScores } from './published-scores.ts';
export { screenPng } from './screen-png.ts';
