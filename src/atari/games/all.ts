import { adventure } from './adventure.ts';
import { airRaid } from './air-raid.ts';
import { alien } from './alien.ts';
import { amidar } from './amidar.ts';
import { assault } from './assault.ts';
import { asterix } from './asterix.ts';
import { asteroids } from './asteroids.ts';
import { atlantis } from './atlantis.ts';
import { atlantis2 } from './atlantis2.ts';
import { backgammon } from './backgammon.ts';
import { bankHeist } from './bank-heist.ts';
import { basicMath } from './basic-math.ts';
import { battleZone } from './battle-zone.ts';
import { beamRider } from './beam-rider.ts';
import { berzerk } from './berzerk.ts';
import { blackjack } from './blackjack.ts';
import { bowling } from './bowling.ts';
import { boxing } from './boxing.ts';
import { breakout } from './breakout.ts';
import { carnival } from './carnival.ts';
import { casino } from './casino.ts';
import { centipede } from './centipede.ts';
import { chopperCommand } from './chopper-command.ts';
import { crazyClimber } from './crazy-climber.ts';
import { crossbow } from './crossbow.ts';
import { darkchambers } from './darkchambers.ts';
import { defender } from './defender.ts';
import { demonAttack } from './demon-attack.ts';
import { donkeyKong } from './donkey-kong.ts';
import { doubleDunk } from './double-dunk.ts';
import { earthworld } from './earthworld.ts';
import { elevatorAction } from './elevator-action.ts';
import { enduro } from './enduro.ts';
import { entombed } from './entombed.ts';
import { et } from './et.ts';
import { fishingDerby } from './fishing-derby.ts';
import { flagCapture } from './flag-capture.ts';
import { freeway } from './freeway.ts';
import { frogger } from './frogger.ts';
import { frostbite } from './frostbite.ts';
import { galaxian } from './galaxian.ts';
import type { Game } from './game.ts';
import { gopher } from './gopher.ts';
import { gravitar } from './gravitar.ts';
import { hangman } from './hangman.ts';
import { hauntedHouse } from './haunted-house.ts';
import { hero } from './hero.ts';
import { humanCannonball } from './human-cannonball.ts';
import { iceHockey } from './ice-hockey.ts';
import { jamesbond } from './jamesbond.ts';
import { journeyEscape } from './journey-escape.ts';
import { kaboom } from './kaboom.ts';
import { kangaroo } from './kangaroo.ts';
import { keystoneKapers } from './keystone-kapers.ts';
import { kingKong } from './king-kong.ts';
import { klax } from './klax.ts';
import { koolaid } from './koolaid.ts';
import { krull } from './krull.ts';
import { kungFuMaster } from './kung-fu-master.ts';
import { laserGates } from './laser-gates.ts';
import { lostLuggage } from './lost-luggage.ts';
import { marioBros } from './mario-bros.ts';
import { miniatureGolf } from './miniature-golf.ts';
import { montezumaRevenge } from './montezuma-revenge.ts';
import { mrDo } from './mr-do.ts';
import { msPacman } from './ms-pacman.ts';
import { nameThisGame } from './name-this-game.ts';
import { othello } from './othello.ts';
import { pacman } from './pacman.ts';
import { phoenix } from './phoenix.ts';
import { pitfall } from './pitfall.ts';
import { pitfall2 } from './pitfall2.ts';
import { pong } from './pong.ts';
import { pooyan } from './pooyan.ts';
import { privateEye } from './private-eye.ts';
import { qbert } from './qbert.ts';
import { riverraid } from './riverraid.ts';
import { roadRunner } from './road-runner.ts';
import { robotank } from './robotank.ts';
import { seaquest } from './seaquest.ts';
import { sirLancelot } from './sir-lancelot.ts';
import { skiing } from './skiing.ts';
import { solaris } from './solaris.ts';
import { spaceInvaders } from './space-invaders.ts';
import { spaceWar } from './space-war.ts';
import { starGunner } from './star-gunner.ts';
import { superman } from './superman.ts';
import { surround } from './surround.ts';
import { tennis } from './tennis.ts';
import { tetris } from './tetris.ts';
import { ticTacToe3d } from './tic-tac-toe-3d.ts';
import { timePilot } from './time-pilot.ts';
import { trondead } from './trondead.ts';
import { turmoil } from './turmoil.ts';
import { tutankham } from './tutankham.ts';
import { upNDown } from './up-n-down.ts';
import { venture } from './venture.ts';
import { videoCheckers } from './video-checkers.ts';
import { videoChess } from './video-chess.ts';
import { videoCube } from './video-cube.ts';
import { videoPinball } from './video-pinball.ts';
import { wizardOfWor } from './wizard-of-wor.ts';
import { wordZapper } from './word-zapper.ts';
import { yarsRevenge } from './yars-revenge.ts';
import { zaxxon } from './zaxxon.ts';

/** The games, in alphabetical order of their names. */
export const GAMES: readonly Game[] = [
  adventure,
  airRaid,
  alien,
  amidar,
  assault,
  asterix,
  asteroids,
  atlantis,
  atlantis2,
  backgammon,
  bankHeist,
  basicMath,
  battleZone,
  beamRider,
  berzerk,
  blackjack,
  bowling,
  boxing,
  breakout,
  carnival,
  casino,
  centipede,
  chopperCommand,
  crazyClimber,
  crossbow,
  darkchambers,
  defender,
  demonAttack,
  donkeyKong,
  doubleDunk,
  earthworld,
  elevatorAction,
  enduro,
  entombed,
  et,
  fishingDerby,
  flagCapture,
  freeway,
  frogger,
  frostbite,
  galaxian,
  gopher,
  gravitar,
  hangman,
  hauntedHouse,
  hero,
  humanCannonball,
  iceHockey,
  jamesbond,
  journeyEscape,
  kaboom,
  kangaroo,
  keystoneKapers,
  kingKong,
  klax,
  koolaid,
  krull,
  kungFuMaster,
  laserGates,
  lostLuggage,
  marioBros,
  miniatureGolf,
  montezumaRevenge,
  mrDo,
  msPacman,
  nameThisGame,
  othello,
  pacman,
  phoenix,
  pitfall,
  pitfall2,
  pong,
  pooyan,
  privateEye,
  qbert,
  riverraid,
  roadRunner,
  robotank,
  seaquest,
  sirLancelot,
  skiing,
  solaris,
  spaceInvaders,
  spaceWar,
  starGunner,
  superman,
  surround,
  tennis,
  tetris,
  ticTacToe3d,
  timePilot,
  trondead,
  turmoil,
  tutankham,
  upNDown,
  venture,
  videoCheckers,
  videoChess,
  videoCube,
  videoPinball,
  wizardOfWor,
  wordZapper,
  yarsRevenge,
  zaxxon,
];
