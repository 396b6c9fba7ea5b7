/**
 * Messages of protocol buffers by tables of their fields, read and written without generated code, which a page's policy may
 * forbid.
 *
 * As the format wants it: unknown fields are skipped, a message that stands twice is one of both (its lists joined, the later
 * of other values), and lists of numbers may stand together or one by one.
 */
import { WIRE, WireReader, WireWriter } from '../core/protobuf-wire.ts';

/** How one kind of value is encoded. */
interface Scalar {
  readonly wire: number;
  readonly write: (writer: WireWriter, value: never) => void;
  readonly read: (reader: WireReader) => unknown;
}

/** Fields by name, in the order of their numbers: that of the file. */
export type Fields = Readonly<Record<string, Field>>;

export interface Field {
  readonly id: number;
  /** A message's fields as a function, as messages may hold their own kind. */
  readonly type: Scalar | (() => Fields);
  /** Of `optional` fields zeros and empty texts are written, as readers ask whether they are there; of `one` they are left out.
   * Absent lists are read as empty ones. */
  readonly presence: 'one' | 'optional' | 'many';
}

export type Message = Record<string, unknown>;

/** Numbers above 2^53 lose their last digits. */
export const int64: Scalar = {
  wire: WIRE.varint,
  write: (writer, value: number) => writer.int64(value),
  read: (reader) => reader.int64(),
};
export const int32: Scalar = {
  wire: WIRE.varint,
  write: (writer, value: number) => writer.int32(value),
  read: (reader) => reader.int32(),
};
export const float: Scalar = {
  wire: WIRE.fourBytes,
  write: (writer, value: number) => writer.float(value),
  read: (reader) => reader.float(),
};
export const string: Scalar = {
  wire: WIRE.length,
  write: (writer, value: string) => writer.string(value),
  read: (reader) => reader.string(),
};
/** Read as a view of the file. */
export const bytes: Scalar = {
  wire: WIRE.length,
  write: (writer, value: Uint8Array) => writer.bytes(value),
  read: (reader) => reader.bytes(),
};

export const one = (id: number, type: Field['type']): Field => ({ id, type, presence: 'one' });
export const optional = (id: number, type: Field['type']): Field => ({ id, type, presence: 'optional' });
export const many = (id: number, type: Field['type']): Field => ({ id, type, presence: 'many' });

/** Writes those fields that are there. Lists of numbers stand together. */
export function encodeMessage(message: object, fields: Fields): Uint8Array {
  const writer = new WireWriter();
  write(writer, message as Message, fields);
  return writer.finish();
}

function write(writer: WireWriter, message: Message, fields: Fields): void {
  for (const name in fields) {
    const value = message[name];
    const { id, type, presence } = fields[name];
    if (value === undefined || (presence === 'one' && isZero(value))) continue;
    const repeated = presence === 'many';
    const values = repeated ? (value as readonly unknown[]) : [value];
    if (typeof type === 'function') {
      for (const inner of values) {
        write(writer.tag(id, WIRE.length).fork(), inner as Message, type());
        writer.join();
      }
    } else if (repeated && type.wire !== WIRE.length) {
      if (values.length === 0) continue;
      writer.tag(id, WIRE.length).fork();
      for (const number of values) type.write(writer, number as never);
      writer.join();
    } else {
      for (const single of values) type.write(writer.tag(id, type.wire), single as never);
    }
  }
}

const isZero = (value: unknown): boolean =>
  value === 0 || value === '' || (value instanceof Uint8Array && value.length === 0);

/** Messages within messages; deeper files are nobody's. */
const DEEPEST = 100;

/** Reads what the fields name.
 * @throws Error on bytes that are no such message: cut, of other types, or nested too deep. */
export function decodeMessage(content: Uint8Array, fields: Fields): Message {
  const message = empty(fields);
  read(new WireReader(content), content.length, message, fields, DEEPEST);
  return message;
}

function empty(fields: Fields): Message {
  const message: Message = {};
  for (const name in fields) if (fields[name].presence === 'many') message[name] = [];
  return message;
}

function read(reader: WireReader, end: number, message: Message, fields: Fields, depth: number): void {
  if (depth === 0) throw new Error('nested too deep');
  const names = namesOf(fields);
  while (reader.pos < end) {
    const [id, wire] = reader.tag();
    const name = names.get(id);
    if (name === undefined) reader.skip(wire, id);
    else readField(reader, wire, message, name, fields[name], depth);
  }
  if (reader.pos !== end) throw new Error('a message is longer than its place');
}

function readField(
  reader: WireReader,
  wire: number,
  message: Message,
  name: string,
  { type, presence }: Field,
  depth: number,
): void {
  const repeated = presence === 'many';
  const isMessage = typeof type === 'function';
  const expected = isMessage ? WIRE.length : type.wire;
  const together = repeated && expected !== WIRE.length && wire === WIRE.length;
  if (wire !== expected && !together) throw new Error(`${name} is of another type`);
  if (isMessage) {
    const inner = repeated ? undefined : (message[name] as Message | undefined);
    const value = inner ?? empty(type());
    read(reader, endOf(reader), value, type(), depth - 1);
    if (inner === undefined) put(message, name, value, repeated);
  } else if (together) {
    const list = message[name] as unknown[];
    const end = endOf(reader);
    while (reader.pos < end) list.push(type.read(reader));
    if (reader.pos !== end) throw new Error(`${name} is longer than its place`);
  } else {
    put(message, name, type.read(reader), repeated);
  }
}

function put(message: Message, name: string, value: unknown, repeated: boolean): void {
  if (repeated) (message[name] as unknown[]).push(value);
  else message[name] = value;
}

/** The end of what follows, after its length. */
function endOf(reader: WireReader): number {
  const length = reader.length();
  return reader.pos + length;
}

const known = new WeakMap<Fields, ReadonlyMap<number, string>>();

function namesOf(fields: Fields): ReadonlyMap<number, string> {
  let names = known.get(fields);
  if (names === undefined) {
    names = new Map(Object.entries(fields).map(([name, { id }]) => [id, name]));
    known.set(fields, names);
  }
  return names;
}
