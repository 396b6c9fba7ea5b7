import { expect, it } from 'vitest';
import { joinBytes } from './join-bytes.ts';

it('has the bytes of all parts, one after the other', () => {
  expect(joinBytes([])).toEqual(new Uint8Array(0));
  expect(joinBytes([Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3, 4, 5)])).toEqual(
    Uint8Array.of(1, 2, 3, 4, 5),
  );
  const part = Uint8Array.of(7);
  const whole = joinBytes([part]);
  part[0] = 8;
  expect(whole).toEqual(Uint8Array.of(7));
});
