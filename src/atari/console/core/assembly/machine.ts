// What the host and translated programs call: configuring, the power switch, and the parts' own functions.
import { configure } from './beam';
import { rd } from './bus';
import { configureCartridge, FE, kind, remap, resetCartridge } from './cartridge';
import { initDpc } from './dpc';
import { configureFrames, resetFrames } from './frames';
import { LIVE } from './layout';
import { resetProcessor } from './processor';
import { resetRiot } from './riot';
import { CYCLES, get, PC, set } from './state';
import { resetTia } from './tia-state';
import { buildTables } from './tia-tables';

export { cartridgeWrite, remap } from './cartridge';
export { beginFrame, draw, drawMapped, endFrame, runFrame, settle } from './frames';
export { ioRead, ioWrite, pull } from './bus';
export { interpreted, step, useBlocks } from './processor';
export { timerRounds } from './riot';
export { stopped, tiaRead, tiaWrite } from './tia-port';

export function setup(cartridge: i32, size: i32, bankCount: i32, hot: i32, ram: i32, isPal: bool, yStart: i32, height: i32, hmoveBlanks: bool): void {
  configure(yStart, height, hmoveBlanks);
  configureFrames(isPal, yStart, height);
  configureCartridge(cartridge, size, bankCount, hot, ram);
}

/** The power switch. `timer`: what the RIOT's timer happens to be at; the cartridge's memory comes from the host. */
export function reset(timer: i32): void {
  resetTia(LIVE);
  resetRiot(timer);
  resetFrames();
  resetCartridge();
  resetProcessor();
  set(PC, 0x1000);
  remap();
  const low = rd(0xfffc, 0, 0);
  set(PC, low | (rd(0xfffd, 0, low) << 8));
  if (kind == FE) remap();
}

/** A byte as the processor would read it now, side effects and all. */
export function peek(address: i32): i32 {
  return rd(address & 0xffff, get(CYCLES), 0);
}

/** Once in the memory's life. */
export function init(): void {
  buildTables();
  initDpc();
}
