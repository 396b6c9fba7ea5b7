/** What an arcade needs once it has a cartridge, as one part that is loaded then. */
export { cartridgesIn } from '../../../atari/cartridge-archive.ts';
export { ArcadeMachine, actionPressing } from './arcade-machine.ts';
