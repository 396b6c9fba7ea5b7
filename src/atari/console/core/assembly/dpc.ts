// The display processor chip of Pitfall II: eight data fetchers, three of which can play music, and a random number.
import { ROM } from './layout';
import {
  DPC_BOTTOM, DPC_COUNTER, DPC_CYCLES, DPC_FLAG, DPC_FRACTION, DPC_MUSIC, DPC_RANDOM, DPC_TOP, get, set,
} from './state';

export function clockRandom(): void {
  const r = get(DPC_RANDOM);
  // Feedback is the complement of the parity of bits 3, 4, 5 and 7.
  const tap = ((r >> 3) & 7) | ((r >> 4) & 8);
  set(DPC_RANDOM, ((r << 1) | (~popcnt(tap) & 1)) & 0xff);
}

function playMusic(cyc: i32): void {
  const passed = cyc - get(DPC_CYCLES);
  set(DPC_CYCLES, cyc);
  const clocks = (15750.0 * (passed as f64)) / 1193191.66666667 + load<f64>(DPC_FRACTION);
  const whole = clocks as i32;
  store<f64>(DPC_FRACTION, clocks - (whole as f64));
  if (whole <= 0) return;
  for (let x = 5; x <= 7; x++) {
    if (!load<u8>(DPC_MUSIC + x - 5)) continue;
    const topValue = load<u8>(DPC_TOP + x) as i32;
    const counter = load<u16>(DPC_COUNTER + (x << 1)) as i32;
    let low = 0;
    if (topValue) {
      low = (counter & 0xff) - (whole % (topValue + 1));
      if (low < 0) low += topValue + 1;
    }
    if (low <= (load<u8>(DPC_BOTTOM + x) as i32)) store<u8>(DPC_FLAG + x, 0);
    else if (low <= topValue) store<u8>(DPC_FLAG + x, 0xff);
    store<u16>(DPC_COUNTER + (x << 1), (counter & 0x700) | low);
  }
}

export function dpcRead(off: i32, cyc: i32): i32 {
  const n = off & 7;
  const counter = load<u16>(DPC_COUNTER + (n << 1)) as i32;
  if ((counter & 0xff) == (load<u8>(DPC_TOP + n) as i32)) store<u8>(DPC_FLAG + n, 0xff);
  else if ((counter & 0xff) == (load<u8>(DPC_BOTTOM + n) as i32)) store<u8>(DPC_FLAG + n, 0);
  let result = 0;
  const data = load<u8>(ROM + 0x2000 + 2047 - counter) as i32;
  const flag = load<u8>(DPC_FLAG + n) as i32;
  switch (off >> 3) {
    case 0:
      if (n < 4) result = get(DPC_RANDOM);
      else {
        playMusic(cyc);
        let on = 0;
        for (let m = 0; m < 3; m++) if (load<u8>(DPC_MUSIC + m) && load<u8>(DPC_FLAG + 5 + m)) on |= 1 << m;
        // Amplitudes of the mixed channels.
        result = on == 0 ? 0 : on == 1 ? 4 : on == 2 ? 5 : on == 3 ? 9 : on == 4 ? 6 : on == 5 ? 10 : on == 6 ? 11 : 15;
      }
      break;
    case 1:
      result = data;
      break;
    case 2:
      result = data & flag;
      break;
    case 7:
      result = flag;
      break;
  }
  if (n < 5 || !load<u8>(DPC_MUSIC + n - 5)) {
    store<u16>(DPC_COUNTER + (n << 1), ((load<u16>(DPC_COUNTER + (n << 1)) as i32) - 1) & 0x7ff);
  }
  return result;
}

export function dpcWrite(off: i32, v: i32): void {
  const n = off & 7;
  const counter = load<u16>(DPC_COUNTER + (n << 1)) as i32;
  switch ((off >> 3) & 7) {
    case 0:
      store<u8>(DPC_TOP + n, v);
      store<u8>(DPC_FLAG + n, 0);
      break;
    case 1:
      store<u8>(DPC_BOTTOM + n, v);
      break;
    case 2: {
      const music = n >= 5 && load<u8>(DPC_MUSIC + n - 5);
      store<u16>(DPC_COUNTER + (n << 1), (counter & 0x700) | (music ? (load<u8>(DPC_TOP + n) as i32) : v));
      break;
    }
    case 3:
      store<u16>(DPC_COUNTER + (n << 1), ((v & 7) << 8) | (counter & 0xff));
      if (n >= 5) store<u8>(DPC_MUSIC + n - 5, v & 0x10);
      break;
    case 6:
      set(DPC_RANDOM, 1);
      break;
  }
}

export function resetDpc(): void {
  set(DPC_CYCLES, 0);
  store<f64>(DPC_FRACTION, 0);
}

/** Once in the memory's life. */
export function initDpc(): void {
  set(DPC_RANDOM, 1);
}
