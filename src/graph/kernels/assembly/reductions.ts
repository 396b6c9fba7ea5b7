import { exponential, logarithm } from './functions';
import { storeFirst, total } from './lanes';
import { REDUCTION } from './opcodes';
import { address, word } from './words';

export function reduce(at: usize): void {
  const kind = word(at, 2);
  let y = address(at, 3);
  let x = address(at, 4);
  const outer = word(at, 5);
  const length = word(at, 6);
  const inner = word(at, 7);
  const row = <usize>inner << 2;
  if (kind == REDUCTION.sumInts) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let r = 0; r < length; r++) sum += load<i32>(x + <usize>r * row + (<usize>i << 2));
        store<i32>(y, sum);
        y += 4;
      }
      x += <usize>length * row;
    }
    return;
  }
  const isMax = kind == REDUCTION.max;
  const start: f32 = isMax ? -Infinity : 0;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      let sum = f32x4.splat(start);
      const whole = length & ~3;
      let r = 0;
      for (; r < whole; r += 4) {
        sum = isMax ? f32x4.max(sum, v128.load(x)) : f32x4.add(sum, v128.load(x));
        x += 16;
      }
      let s = isMax
        ? max(max(f32x4.extract_lane(sum, 0), f32x4.extract_lane(sum, 1)), max(f32x4.extract_lane(sum, 2), f32x4.extract_lane(sum, 3)))
        : total(sum);
      for (; r < length; r++) {
        s = isMax ? max(s, load<f32>(x)) : s + load<f32>(x);
        x += 4;
      }
      store<f32>(y, s);
      y += 4;
      continue;
    }
    let i = 0;
    for (; i + 16 <= inner; i += 16) {
      let s0 = f32x4.splat(start);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let from = x + (<usize>i << 2);
      for (let r = 0; r < length; r++) {
        if (isMax) {
          s0 = f32x4.max(s0, v128.load(from));
          s1 = f32x4.max(s1, v128.load(from, 16));
          s2 = f32x4.max(s2, v128.load(from, 32));
          s3 = f32x4.max(s3, v128.load(from, 48));
        } else {
          s0 = f32x4.add(s0, v128.load(from));
          s1 = f32x4.add(s1, v128.load(from, 16));
          s2 = f32x4.add(s2, v128.load(from, 32));
          s3 = f32x4.add(s3, v128.load(from, 48));
        }
        from += row;
      }
      v128.store(y, s0);
      v128.store(y, s1, 16);
      v128.store(y, s2, 32);
      v128.store(y, s3, 48);
      y += 64;
    }
    for (; i < inner; i += 4) {
      let s0 = f32x4.splat(start);
      let from = x + (<usize>i << 2);
      for (let r = 0; r < length; r++) {
        s0 = isMax ? f32x4.max(s0, v128.load(from)) : f32x4.add(s0, v128.load(from));
        from += row;
      }
      const left = inner - i;
      if (left >= 4) {
        v128.store(y, s0);
        y += 16;
      } else {
        storeFirst(y, s0, left);
        y += <usize>left << 2;
      }
    }
    x += <usize>length * row;
  }
}

export function argMax(at: usize): void {
  let y = address(at, 2);
  let x = address(at, 3);
  const outer = word(at, 4);
  const length = word(at, 5);
  const inner = word(at, 6);
  const row = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let from = x + (<usize>i << 2);
      let best = load<f32>(from);
      let found = 0;
      for (let r = 1; r < length; r++) {
        from += row;
        const v = load<f32>(from);
        if (v > best) {
          best = v;
          found = r;
        }
      }
      store<i32>(y, found);
      y += 4;
    }
    x += <usize>length * row;
  }
}

export function softmax(at: usize): void {
  const isLog = word(at, 2);
  const y = address(at, 3);
  const x = address(at, 4);
  const outer = word(at, 5);
  const length = word(at, 6);
  const inner = word(at, 7);
  const row = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = <usize>o * <usize>length * row + (<usize>i << 2);
      let highest: f64 = -Infinity;
      for (let r = 0; r < length; r++) highest = max(highest, <f64>load<f32>(x + start + <usize>r * row));
      let sum: f64 = 0;
      for (let r = 0; r < length; r++) sum += exponential(<f64>load<f32>(x + start + <usize>r * row) - highest);
      const lowered = isLog ? logarithm(sum) : 0;
      for (let r = 0; r < length; r++) {
        const place = start + <usize>r * row;
        const v = isLog
          ? <f64>load<f32>(x + place) - highest - lowered
          : exponential(<f64>load<f32>(x + place) - highest) / sum;
        store<f32>(y + place, <f32>v);
      }
    }
  }
}
