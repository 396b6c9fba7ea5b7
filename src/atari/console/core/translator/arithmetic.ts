/** What instructions compute, with their flags. */
import { LOCAL } from './translated-function.ts';
import { type CodeWriter, OP } from './wasm-code.ts';

const { a, zv, nv, v, c, d, i, value, sum } = LOCAL;

/** Both flags from the value on the stack. */
function setFlags(w: CodeWriter): void {
  w.tee(zv).set(nv);
}

/** A register and its flags from the value on the stack. */
export function loadRegister(w: CodeWriter, register: number): void {
  w.tee(register).tee(zv).set(nv);
}

/** LOCAL.value up or down by one, with flags. */
export function stepValue(w: CodeWriter, by: number): void {
  w.get(value).const(1).op(by).const(0xff).op(OP.and).tee(value);
  setFlags(w);
}

export function shift(w: CodeWriter, name: string, register: number): void {
  const leftwards = name === 'asl' || name === 'rol';
  const bitIn = name === 'rol' ? 0 : name === 'ror' ? 7 : -1;
  if (bitIn >= 0) w.get(c).const(bitIn).op(OP.shl).set(sum);
  w.get(register);
  if (leftwards) w.const(7).op(OP.shrU).set(c);
  else w.const(1).op(OP.and).set(c);
  w.get(register)
    .const(1)
    .op(leftwards ? OP.shl : OP.shrU)
    .const(0xff)
    .op(OP.and);
  if (bitIn >= 0) w.get(sum).op(OP.or);
  w.tee(register);
  setFlags(w);
}

/** A register with LOCAL.value. */
export function compare(w: CodeWriter, register: number): void {
  w.get(register).get(value).op(OP.sub).const(0xff).op(OP.and);
  setFlags(w);
  w.get(register).get(value).op(OP.geU).set(c);
}

/** LOCAL.value to A or from it, in binary. */
export function add(w: CodeWriter, name: 'adc' | 'sbc'): void {
  w.get(a).get(value);
  if (name === 'adc') w.op(OP.add).get(c).op(OP.add).set(sum);
  else w.op(OP.sub).const(1).op(OP.sub).get(c).op(OP.add).set(sum);
  // Overflow: both inputs' signs differ from the result's.
  w.get(a).get(value).op(OP.xor);
  if (name === 'adc') w.const(-1).op(OP.xor);
  w.get(a).get(sum).op(OP.xor).op(OP.and).const(0x80).op(OP.and).set(v);
  if (name === 'adc') w.get(sum).const(8).op(OP.shrU).set(c);
  else w.get(sum).const(0).op(OP.geS).set(c);
  w.get(sum).const(0xff).op(OP.and);
  loadRegister(w, a);
}

/** The processor's flags as a byte on the stack of WebAssembly. */
export function pushStatus(w: CodeWriter): void {
  w.get(nv).const(0x80).op(OP.and).const(0x30).op(OP.or);
  w.const(0x40).const(0).get(v).op(OP.select).op(OP.or);
  w.get(d).const(3).op(OP.shl).op(OP.or).get(i).const(2).op(OP.shl).op(OP.or);
  w.const(0).const(2).get(zv).op(OP.select).op(OP.or).get(c).op(OP.or);
}

/** The processor's flags from the byte on the stack of WebAssembly. */
export function setStatus(w: CodeWriter): void {
  w.tee(nv).tee(value).const(0x40).op(OP.and).set(v);
  w.get(value).const(3).op(OP.shrU).const(1).op(OP.and).set(d);
  w.get(value).const(2).op(OP.shrU).const(1).op(OP.and).set(i);
  w.get(value).const(-1).op(OP.xor).const(2).op(OP.and).set(zv);
  w.get(value).const(1).op(OP.and).set(c);
}
