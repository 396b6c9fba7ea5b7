// Writes to the TIA are logged with their times: LIVE takes them when its collisions are read and at the end of the frame,
// and a picture that nobody has asked for yet is drawn from the log of its frame, whose head has the TIA as it began.
import { advance, watch } from './beam';
import {
  IDENTITY, LIVE, LOG, LOG_ENTRIES, LOG_HEADER, LOG_SIZE, PICTURE, PICTURE_SIZE, TABLE, TRANSLATED,
} from './layout';
import { APPLIED, get, LAST_ACCESS, LOG_INDEX, PICTURE_INDEX, set } from './state';
import { LAST, TIA_SIZE } from './tia-state';
import { applyLate, applyWrites, entry } from './tia-writes';

// Fields of a log behind the TIA's state.
const CURSOR: usize = 0x1e0;
const COUNT: usize = 0x1e4;
const END: usize = 0x1e8; // last access of the frame
const INTO: usize = 0x1ec; // picture
const ODD: usize = 0x1f0; // PAL's colour loss

/** This frame's log, and where its next entry goes. */
export let log: usize = LOG;
let next: usize = LOG + LOG_HEADER;
/** Pixels of this frame are drawn as LIVE goes along: of its picture, or of that through TABLE instead. */
export let eager: bool = false;
export let mapping: bool = false;

/** @param throughTable through TABLE, into TRANSLATED, instead of as palette numbers into the frame's picture. */
@inline export function drawAlong(pixels: bool, throughTable: bool): void {
  eager = pixels;
  mapping = throughTable;
}

@inline export function stopDrawing(): void {
  eager = false;
}

@inline export function pictureAt(index: i32): usize {
  return PICTURE + index * PICTURE_SIZE;
}

/** LIVE takes the writes that it has not had: before its collisions are read, and at the end of the frame. */
export function catchUp(): void {
  const first = log + LOG_HEADER;
  if (mapping) watch(eager, true, TRANSLATED, TABLE);
  else watch(eager, true, pictureAt(get(PICTURE_INDEX)), IDENTITY);
  applyWrites(LIVE, first + (get(APPLIED) << 2), next, get(log + ODD));
  set(APPLIED, (next - first) >> 2);
}

/** A write that pictures or collisions can depend on. */
@inline export function logWrite(clock: i32, register: i32, v: i32): void {
  if (next == log + LOG_HEADER + (LOG_ENTRIES << 2)) {
    catchUp();
    stopDrawing();
    replay(get(LOG_INDEX));
    emptyLog();
  }
  // Past any picture a write's time only matters within its line, but for the time since HMOVE.
  const late = clock >= 129960;
  if (late) catchUp();
  store<u32>(next, entry(late ? 129960 + (clock % 228) : clock, register, v));
  next += 4;
  if (late) {
    applyLate(LIVE, clock, register, v, get(log + ODD));
    set(APPLIED, get(APPLIED) + 1);
  }
}

/** Draws what a log holds and has not been drawn. */
export function replay(index: i32): void {
  const past = LOG + index * LOG_SIZE;
  const isThis = index == get(LOG_INDEX);
  if (isThis) set(past + COUNT, (next - past - LOG_HEADER) >> 2);
  const first = past + LOG_HEADER;
  const count = get(past + COUNT);
  watch(true, false, pictureAt(get(past + INTO)), IDENTITY);
  applyWrites(past, first + (get(past + CURSOR) << 2), first + (count << 2), get(past + ODD));
  set(past + CURSOR, count);
  advance(past, isThis ? get(LAST_ACCESS) : get(past + END));
}

@inline export function previousLog(back: i32): i32 {
  return (get(LOG_INDEX) + 3 - back) % 3;
}

/** This frame's log has no writes left that its head has not had. */
export function emptyLog(): void {
  log = LOG + get(LOG_INDEX) * LOG_SIZE;
  next = log + LOG_HEADER;
  set(APPLIED, 0);
  set(log + CURSOR, 0);
  set(log + COUNT, 0);
}

/** A log that has nothing left to draw. */
export function closeLog(past: usize): void {
  set(past + CURSOR, get(past + COUNT));
  set(past + LAST, 0x7fffffff);
}

/** @param oddColors PAL's colour loss in this frame. */
export function openLog(oddColors: i32): void {
  emptyLog();
  memory.copy(log, LIVE, TIA_SIZE);
  set(log + INTO, get(PICTURE_INDEX));
  set(log + ODD, oddColors);
}

/** The frame that the log is of has ended, or the host looks in between. */
@inline export function endLog(): void {
  set(log + COUNT, (next - log - LOG_HEADER) >> 2);
}

/** Its last access, for a replay later on. */
@inline export function noteEnd(): void {
  set(log + END, get(LAST_ACCESS));
}

/** The log that the state says; it was emptied before the state was saved. */
export function resumeLog(): void {
  const current = LOG + get(LOG_INDEX) * LOG_SIZE;
  if (log == current) return;
  log = current;
  next = log + LOG_HEADER;
}

/** No log has anything to draw but, perhaps, that of a frame under way, whose end is still to come. */
export function closeLogs(underWay: bool): void {
  for (let k = 0; k < 3; k++) {
    const past = LOG + k * LOG_SIZE;
    set(past + COUNT, 0);
    set(past + END, 0);
    if (past != log || !underWay) closeLog(past);
  }
}

export function resetLogs(): void {
  closeLogs(false);
  stopDrawing();
}
