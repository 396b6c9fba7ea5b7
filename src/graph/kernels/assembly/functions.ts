/** Functions of one number, in doubles. */

/** e^x in doubles, for results in singles: beyond ±104 those are 0 and infinity. */
export function exponential(x: f64): f64 {
  if (x != x) return x;
  if (x > 104) x = 104;
  if (x < -104) x = -104;
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  let sum = 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  return sum * reinterpret<f64>(<i64>(<i32>k + 1023) << 52);
}

/** The natural logarithm in doubles: 2 artanh((m - 1) / (m + 1)) of the significand. */
export function logarithm(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  const bits = reinterpret<i64>(x);
  let e = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m = m * 0.5;
    e++;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let sum = 1.0 / 19.0;
  sum = sum * q + 1.0 / 17.0;
  sum = sum * q + 1.0 / 15.0;
  sum = sum * q + 1.0 / 13.0;
  sum = sum * q + 1.0 / 11.0;
  sum = sum * q + 1.0 / 9.0;
  sum = sum * q + 1.0 / 7.0;
  sum = sum * q + 1.0 / 5.0;
  sum = sum * q + 1.0 / 3.0;
  sum = sum * q + 1.0;
  return <f64>e * 0.6931471805599453 + 2.0 * s * sum;
}

export function hyperbolicTangent(x: f64): f64 {
  if (x > 20) return 1;
  if (x < -20) return -1;
  if (x < 0.005 && x > -0.005) {
    const q = x * x;
    return x * (1.0 + q * (-1.0 / 3.0 + q * (2.0 / 15.0)));
  }
  const e = exponential(2.0 * x);
  return (e - 1.0) / (e + 1.0);
}
