/**
 * Reads the part of Python's pickle format that tensors and plain values are written in (protocols 2 to 5, opcodes as in
 * Python's documentation of `pickletools`). A pickle is a program that may name any function of Python to be called; here
 * the reader calls functions of its own, handed in by name, and everything else ends it. Nothing is ever run.
 *
 * Work and memory grow with the number of bytes: an opcode takes at least one and puts at most one value on the stack.
 */
import type { Fail } from './stored-zip.ts';

/** What pickles hold here. Tuples and lists are arrays; both dicts and OrderedDicts are maps. Values may contain themselves. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleGlobal
  | PickleObject;

/** Whatever the functions of the caller made. */
export abstract class PickleObject {
  /** Tells apart what structure alone does not. */
  abstract readonly kind: string;
}

/** A class or function of Python that the caller knows. */
export class PickleGlobal {
  readonly name: string;
  /** What a call gives; absent for what is only named. */
  readonly call: ((args: readonly PickleValue[]) => PickleValue) | undefined;
  constructor(name: string, call?: (args: readonly PickleValue[]) => PickleValue) {
    this.name = name;
    this.call = call;
  }
}

export interface UnpickleOptions {
  /** @param name such as `collections.OrderedDict`. @returns undefined to refuse it. */
  readonly find: (name: string) => PickleGlobal | undefined;
  /** What a persistent id stands for. */
  readonly persistent?: (id: PickleValue) => PickleValue;
  /** How a refused name is reported. */
  readonly refuse: (name: string) => never;
  readonly fail: Fail;
}

/** Longest pickle; that of a network is some kilobytes, as its numbers lie elsewhere. */
const LONGEST = 2 ** 24;

/**
 * Reads one pickle.
 * @returns its value and the position behind it.
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  { find, persistent, refuse, fail }: UnpickleOptions,
): { value: PickleValue; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
  const last = Math.min(bytes.length, start + LONGEST);
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  const memo = new Map<number, PickleValue>();
  let at = start;

  const damaged = (): never => fail('a damaged pickle');
  const take = (length: number): number => {
    const from = at;
    at += length;
    if (at > last) return last < bytes.length ? fail(`a pickle of more than ${LONGEST} bytes`) : damaged();
    return from;
  };
  const slice = (length: number) => bytes.subarray(take(length), at);
  const string = (length: number) => text.decode(slice(length));
  const u8 = () => view.getUint8(take(1));
  const u16 = () => view.getUint16(take(2), true);
  const u32 = () => view.getUint32(take(4), true);
  const u64 = () => Number(view.getBigUint64(take(8), true));
  const line = () => {
    const to = bytes.indexOf(0x0a, at);
    if (to < 0 || to - at > 1000) return damaged();
    const from = at;
    at = to + 1;
    return text.decode(bytes.subarray(from, to));
  };
  const floor = () => marks.at(-1) ?? 0;
  const pop = (): PickleValue => (stack.length > floor() ? stack.pop()! : damaged());
  const top = (): PickleValue => (stack.length > floor() ? stack.at(-1)! : damaged());
  const popMark = (): PickleValue[] => {
    const mark = marks.pop();
    return mark === undefined ? damaged() : stack.splice(mark);
  };
  const popTuple = (length: number) => {
    if (stack.length - floor() < length) damaged();
    stack.push(stack.splice(stack.length - length));
  };
  const put = (index: number) => memo.set(index, top());
  const get = (index: number) => stack.push(memo.has(index) ? memo.get(index)! : damaged());
  const setItems = (target: PickleValue, items: readonly PickleValue[]) => {
    if (!(target instanceof Map) || items.length % 2 !== 0) return damaged();
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  };
  const append = (target: PickleValue, items: readonly PickleValue[]) => {
    if (!Array.isArray(target)) return damaged();
    for (const item of items) target.push(item);
  };
  const global = (name: string) => stack.push(find(name) ?? refuse(name));
  const call = () => {
    const [args, callable] = [pop(), pop()];
    if (!(callable instanceof PickleGlobal) || callable.call === undefined || !Array.isArray(args)) return damaged();
    stack.push(callable.call(args));
  };
  const integer = (length: number) => {
    let value = 0n;
    const from = take(length);
    for (let i = at - 1; i >= from; i--) value = (value << 8n) | BigInt(bytes[i]);
    value = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  };

  for (;;) {
    const opcode = u8();
    switch (opcode) {
      case 0x80: // PROTO
        if (u8() > 5) return fail('a pickle of an unknown protocol');
        break;
      case 0x95: // FRAME: how much to read at once
        u64();
        break;
      case 0x2e: // STOP
        return { value: pop(), end: at };
      case 0x28: // MARK
        marks.push(stack.length);
        break;
      case 0x30: // POP
        pop();
        break;
      case 0x31: // POP_MARK
        popMark();
        break;
      case 0x32: // DUP
        stack.push(top());
        break;
      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
        stack.push(true);
        break;
      case 0x89: // NEWFALSE
        stack.push(false);
        break;
      case 0x4a: // BININT
        stack.push(view.getInt32(take(4), true));
        break;
      case 0x4b: // BININT1
        stack.push(u8());
        break;
      case 0x4d: // BININT2
        stack.push(u16());
        break;
      case 0x8a: // LONG1
        stack.push(integer(u8()));
        break;
      case 0x47: // BINFLOAT
        stack.push(view.getFloat64(take(8)));
        break;
      case 0x58: // BINUNICODE
      case 0x54: // BINSTRING
        stack.push(string(u32()));
        break;
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING
        stack.push(string(u8()));
        break;
      case 0x42: // BINBYTES
        stack.push(slice(u32()));
        break;
      case 0x43: // SHORT_BINBYTES
        stack.push(slice(u8()));
        break;
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        popTuple(opcode - 0x84);
        break;
      case 0x74: // TUPLE
        stack.push(popMark());
        break;
      case 0x61: {
        // APPEND
        const item = pop();
        append(top(), [item]);
        break;
      }
      case 0x65: {
        // APPENDS
        const items = popMark();
        append(top(), items);
        break;
      }
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x73: {
        // SETITEM
        const [value, key] = [pop(), pop()];
        setItems(top(), [key, value]);
        break;
      }
      case 0x75: {
        // SETITEMS
        const items = popMark();
        setItems(top(), items);
        break;
      }
      case 0x71: // BINPUT
        put(u8());
        break;
      case 0x72: // LONG_BINPUT
        put(u32());
        break;
      case 0x94: // MEMOIZE
        put(memo.size);
        break;
      case 0x68: // BINGET
        get(u8());
        break;
      case 0x6a: // LONG_BINGET
        get(u32());
        break;
      case 0x63: // GLOBAL
        global(`${line()}.${line()}`);
        break;
      case 0x93: {
        // STACK_GLOBAL
        const [name, module] = [pop(), pop()];
        if (typeof name !== 'string' || typeof module !== 'string') return damaged();
        global(`${module}.${name}`);
        break;
      }
      case 0x52: // REDUCE
        call();
        break;
      case 0x62: // BUILD: attributes, such as the `_metadata` of a state dict, which nothing here reads
        pop();
        if (!(top() instanceof Map)) return damaged();
        break;
      case 0x51: // BINPERSID
        stack.push(persistent === undefined ? damaged() : persistent(pop()));
        break;
      default:
        return fail(`a pickle with opcode 0x${opcode.toString(16).padStart(2, '0')}, which state dicts do not have`);
    }
  }
}
