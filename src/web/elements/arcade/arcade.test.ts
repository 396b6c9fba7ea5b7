import { describe, expect, it } from 'vitest';
import { aleCartridge } from '../../../../test/support/ale-cartridges.ts';
import { ACTION_NAMES, Action, PRESSED } from '../../../atari/actions.ts';
import { Ale } from '../../../atari/ale.ts';
import { JOYSTICK } from '../../../atari/console/console.ts';
import { FileFormatError, MismatchError } from '../../../core/errors.ts';
import { ArcadeMachine, actionPressing } from './arcade-machine.ts';
import { Joystick } from './joystick.ts';

const pong = aleCartridge('pong');
const { up, down, left, right, fire } = JOYSTICK;
/** Hands that never rest. */
const hand = (frame: number): number => [Action.UP, Action.FIRE, Action.DOWN, Action.NOOP][Math.floor(frame / 7) % 4];
const played = (frames: number): ArcadeMachine => {
  const machine = new ArcadeMachine(pong);
  for (let i = 0; i < frames; i++) machine.play(hand(i));
  return machine;
};
const screen = (machine: ArcadeMachine): Uint8Array => machine.picture().data.slice() as Uint8Array;

describe('ArcadeMachine', () => {
  it('plays as the console does, without sticky actions', () => {
    const ale = new Ale(pong, { repeatActionProbability: 0 });
    let reward = 0;
    for (let i = 0; i < 200; i++) reward += ale.act(hand(i));
    const machine = played(200);
    expect([machine.frame, machine.score]).toEqual([200, reward]);
    expect(screen(machine)).toEqual(ale.screenRgb());
  });
  it('winds back to frames as they were, and plays them again alike', () => {
    const machine = played(90);
    const later = screen(machine);
    const at60 = screen(played(60));
    for (let i = 0; i < 5; i++) expect(machine.back()).toBe(true);
    expect(machine.frame).toBe(60);
    expect(screen(machine)).toEqual(at60);
    for (let i = 60; i < 90; i++) machine.play(hand(i));
    expect(screen(machine)).toEqual(later);
  });
  it('winds back to the start and no farther', () => {
    const machine = played(20);
    expect(machine.secondsBack).toBeCloseTo(20 / 60, 9);
    for (let i = 0; i < 9; i++) machine.back();
    expect([machine.frame, machine.back(), machine.secondsBack]).toEqual([0, false, 0]);
    expect(screen(machine)).toEqual(screen(new ArcadeMachine(pong)));
  });
  it('goes on from a saved file', async () => {
    const machine = played(100);
    const file = new Uint8Array(await machine.save('1').arrayBuffer());
    const other = new ArcadeMachine(pong);
    other.load(file, 'pong.state');
    expect([other.frame, other.score]).toEqual([100, machine.score]);
    for (let i = 100; i < 150; i++) for (const one of [machine, other]) one.play(hand(i));
    expect(screen(other)).toEqual(screen(machine));
    expect(() => new ArcadeMachine(aleCartridge('tennis')).load(file, 'pong.state')).toThrow(MismatchError);
    file[file.length - 20] ^= 1;
    expect(() => other.load(file, 'pong.state')).toThrow(FileFormatError);
    expect(other.frame).toBe(150);
  });
  it('goes on where an agent is', () => {
    const ale = new Ale(pong, { seed: 3 });
    for (let i = 0; i < 50; i++) ale.act(Action.UP);
    const machine = new ArcadeMachine(pong);
    machine.take(ale.saveState());
    expect(screen(machine)).toEqual(ale.screenRgb());
  });
  it('rests when the game is over, until it is reset', () => {
    const machine = new ArcadeMachine(pong);
    for (let i = 0; i < 20_000 && !machine.over; i++) machine.play(Action.NOOP);
    expect([machine.over, machine.score]).toEqual([true, -21]);
    const { frame } = machine;
    machine.play(Action.NOOP);
    expect(machine.frame).toBe(frame);
    machine.back();
    expect(machine.over).toBe(false);
    machine.reset();
    expect([machine.over, machine.score]).toEqual([false, 0]);
  });
});

it('actionPressing is the action of what is held; opposites cancel', () => {
  for (const name of ACTION_NAMES) expect(actionPressing(PRESSED[Action[name]])).toBe(Action[name]);
  expect(actionPressing(up | down | fire)).toBe(Action.FIRE);
  expect(actionPressing(left | right | up)).toBe(Action.UP);
  // The paddle of Pong goes up as it turns right.
  expect(new ArcadeMachine(pong).paddles).toBe(true);
  expect([up, down | fire, left, up | left].map((bits) => actionPressing(bits, true))).toEqual([
    Action.RIGHT,
    Action.LEFTFIRE,
    Action.LEFT,
    Action.NOOP,
  ]);
});

describe('Joystick', () => {
  it('is held by keys, and lets go of them', () => {
    const stick = new Joystick();
    expect([stick.press('ArrowUp', true), stick.press('KeyD', true), stick.press('KeyQ', true)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(stick.pressed()).toBe(up | right);
    stick.press('ArrowUp', false);
    stick.press('Space', true);
    expect(stick.pressed()).toBe(right | fire);
    stick.letGo();
    expect(stick.pressed()).toBe(0);
  });
  it.each([
    [0.5, 0.5, 0],
    [0.5, 0.1, up],
    [0.9, 0.9, down | right],
    [0.2, 0.45, left],
  ])('leans as the finger lies at %f, %f', (x, y, bits) => {
    const stick = new Joystick();
    stick.lean(x, y);
    stick.fire = true;
    expect(stick.pressed()).toBe(bits | fire);
    stick.release();
    stick.fire = false;
    expect(stick.pressed()).toBe(0);
  });
  it('is held by a gamepad', () => {
    const pad = (axes: number[], ...on: number[]) => ({
      axes,
      buttons: Array.from({ length: 16 }, (_, i) => ({ pressed: on.includes(i), touched: false, value: 0 })),
    });
    const stick = new Joystick();
    expect(stick.pressed([null, pad([-0.9, 0.1], 0)])).toBe(left | fire);
    expect(stick.pressed([pad([0, 0], 12, 15)])).toBe(up | right);
  });
});
