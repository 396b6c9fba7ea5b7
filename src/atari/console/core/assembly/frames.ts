// Frames, and their pictures when they are asked for.
import { displayStop } from './beam';
import { LIVE, PICTURE, PICTURE_SIZE } from './layout';
import { forgetMapped, isMapped, mappingDone, translate } from './mapped-picture';
import { refreshAll } from './object-masks';
import { run } from './processor';
import {
  CYCLES, DPC_CYCLES, DUMP_END, DUMPING, FRAME_OFFSET, get, GREYED, JAMMED, LAST_ACCESS, LOG_INDEX, NEXT_BLOCK, PARTIAL,
  PICTURE_INDEX, SCANLINES, set, TIMER_READ_AT, TIMER_SET, VBLANK_PORT, VSYNC, VSYNC_DONE,
} from './state';
import { goOn, limitFrames } from './tia-port';
import { COLOR, LAST, LAST_HMOVE, ROW, TIA_SIZE, TO_END } from './tia-state';
import {
  catchUp, closeLog, closeLogs, drawAlong, eager, emptyLog, endLog, log, mapping, noteEnd, openLog, pictureAt, previousLog,
  replay, resetLogs, resumeLog, stopDrawing,
} from './write-log';

let pal: bool = false;
let top: i32 = 34;
let lines: i32 = 210;
/** For each frame, the last one in bit 0, whether its picture was asked for, and that through a table. */
let asked: i32 = 0;
let askedMapped: i32 = 0;

export function configureFrames(isPal: bool, yStart: i32, height: i32): void {
  pal = isPal;
  top = yStart;
  lines = height;
  limitFrames((isPal ? 343 : 291) * 76);
}

function startFrame(): void {
  noteEnd();
  set(PICTURE_INDEX, get(PICTURE_INDEX) ^ 1);
  set(LOG_INDEX, (get(LOG_INDEX) + 1) % 3);
  const cycles = get(CYCLES);
  const offset = cycles % 76;
  // Clocks are counted from this frame's first line now.
  const gone = cycles - offset;
  set(CYCLES, offset);
  set(FRAME_OFFSET, offset);
  set(DUMP_END, get(DUMP_END) - gone);
  set(TIMER_SET, get(TIMER_SET) - gone);
  set(TIMER_READ_AT, get(TIMER_READ_AT) - gone);
  set(DPC_CYCLES, get(DPC_CYCLES) - gone);
  set(VSYNC_DONE, get(VSYNC_DONE) - gone * 3);
  set(LIVE + LAST_HMOVE, get(LIVE + LAST_HMOVE) - gone * 3);
  set(LAST_ACCESS, 0);
  set(LIVE + LAST, top * 228);
  set(LIVE + TO_END, 228);
  set(LIVE + ROW, 0);
  if (pal) {
    for (let o: usize = 0; o < 16; o += 4) {
      const p = LIVE + COLOR + o;
      set(p, get(SCANLINES) & 1 ? get(p) | 1 : get(p) & 0xfe);
    }
  }
  set(GREYED, 0);
  openLog(pal ? get(SCANLINES) & 1 : 0);
  // Most hosts look at every frame, at none, or at some of every second or fourth.
  asked <<= 1;
  askedMapped <<= 1;
  drawAlong(((asked | askedMapped) & 16) != 0, (asked & 16) == 0);
}

/** One frame, or what 25,000 instructions do of it. */
export function runFrame(): void {
  run(beginFrame(), false);
  endFrame();
}

/** Says how many instructions may follow. */
export function beginFrame(): i32 {
  if (!get(PARTIAL)) startFrame();
  set(PARTIAL, 1);
  forgetMapped();
  goOn();
  return get(JAMMED) ? 0 : 25000;
}

export function endFrame(): void {
  catchUp();
  endLog();
  if (get(PARTIAL)) {
    stopDrawing();
    bringUp();
    if (!get(GREYED)) greyOut();
    set(GREYED, 1);
  } else {
    set(SCANLINES, get(CYCLES) / 76);
    set(GREYED, 0);
    // Lines that this frame did not reach keep what was there two frames ago.
    if (get(LAST_ACCESS) < displayStop) replay(previousLog(2));
    else if (eager && get(LIVE + LAST) >= displayStop) {
      // A log whose picture was only drawn through the table is kept, as an unseen one's.
      if (mapping) mappingDone();
      else closeLog(log);
    }
    stopDrawing();
  }
}

/** The picture's rest is dimmed when a frame does not end. */
function greyOut(): void {
  const from = max(get(CYCLES) / 76, top);
  const picture = PICTURE + get(PICTURE_INDEX) * PICTURE_SIZE;
  for (let p = picture + (from - top) * 160; p < picture + lines * 160; p++) store<u8>(p, (load<u8>(p) & 15) >> 1);
}

function bringUp(): void {
  if (get(PARTIAL)) replay(previousLog(2));
  replay(get(LOG_INDEX));
}

/** Brings the picture of the last frame up to date. */
export function draw(): void {
  asked |= 1;
  bringUp();
}

/** Brings the picture of the last frame through WANTED_TABLE up to date, in TRANSLATED. */
export function drawMapped(): void {
  askedMapped |= 1;
  if (isMapped()) return;
  bringUp();
  translate(pictureAt(get(PICTURE_INDEX)), lines);
}

/** All pictures up to date and no writes left to replay, but for the frame that is under way: before a state is saved. */
export function settle(): void {
  resumeLog();
  stopDrawing();
  forgetMapped();
  replay(previousLog(1));
  bringUp();
  emptyLog();
  // Equal machines have equal states, whoever looked at their pictures: what is only kept for speed is made anew.
  refreshAll(LIVE);
  set(NEXT_BLOCK, 0);
  if (get(PARTIAL)) refreshAll(log);
  else memory.copy(log, LIVE, TIA_SIZE);
  closeLogs(get(PARTIAL) != 0);
}

export function resetFrames(): void {
  set(CYCLES, 0);
  set(FRAME_OFFSET, 0);
  set(VSYNC, 0);
  set(VSYNC_DONE, 0x7fffffff);
  set(DUMPING, 0);
  set(DUMP_END, 0);
  set(LAST_ACCESS, 0);
  set(SCANLINES, 0);
  set(VBLANK_PORT, 0);
  memory.fill(PICTURE, 0, PICTURE_SIZE << 1);
  resetLogs();
  forgetMapped();
  openLog(0);
}
