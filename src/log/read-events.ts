import { checkBytes } from '../core/check-bytes.ts';
import { FileFormatError } from '../core/errors.ts';
import { WireReader } from '../core/protobuf-wire.ts';
import { MetricsTable } from './metrics-table.ts';
import { maskedCrc32c } from './tensorboard.ts';

/** True for bytes that begin as an event file does: a first record of at most some hundred bytes. */
export function looksLikeEvents(bytes: Uint8Array): boolean {
  checkBytes(bytes);
  if (bytes.length < 16 || bytes[4] !== 0 || bytes[5] !== 0 || bytes[6] !== 0 || bytes[7] !== 0) return false;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true) === maskedCrc32c(bytes.subarray(0, 8));
}

/**
 * Reads the scalars of a TensorBoard event file (`TensorBoardSink` tells the format), those of TensorFlow 2 too, which hides them in
 * tensors. Reading ends at a record that is cut or damaged: a run may be writing still.
 * @param path how messages call the file.
 * @throws FileFormatError for bytes that are no event file.
 */
export function readEvents(bytes: Uint8Array, path: string): { table: MetricsTable; problem: string | undefined } {
  if (!looksLikeEvents(bytes)) {
    throw new FileFormatError(path, 'it does not begin as an event file of TensorBoard', 'Give one that is whole.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const table = new MetricsTable();
  for (let at = 0, record = 1; at < bytes.length; record++) {
    const data = recordAt(bytes, view, at);
    const values = data === undefined ? undefined : scalarsOf(data);
    if (data === undefined || values === undefined) {
      return {
        table,
        problem: `${path}: record ${record} is cut or damaged; ${table.length} rows before it were read.`,
      };
    }
    if (Object.keys(values).length > 2) table.append(values);
    at += 16 + data.length;
  }
  return { table, problem: undefined };
}

function recordAt(bytes: Uint8Array, view: DataView, at: number): Uint8Array | undefined {
  if (at + 16 > bytes.length) return undefined;
  const length = Number(view.getBigUint64(at, true));
  if (at + 16 + length > bytes.length) return undefined;
  if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes.subarray(at, at + 8))) return undefined;
  const data = bytes.subarray(at + 12, at + 12 + length);
  return view.getUint32(at + 12 + length, true) === maskedCrc32c(data) ? data : undefined;
}

/** Step, time and values of an Event message; undefined when it is none. */
function scalarsOf(data: Uint8Array): Record<string, number> | undefined {
  const reader = new WireReader(data);
  const row: Record<string, number> = { step: 0, time: 0 };
  try {
    while (reader.pos < reader.len) {
      const key = reader.uint32();
      if (key >>> 3 === 1) row['time'] = reader.double();
      else if (key >>> 3 === 2) row['step'] = Number(reader.int64());
      else if (key >>> 3 === 5) readSummary(reader, row);
      else reader.skip(key & 7, key >>> 3);
    }
  } catch {
    return undefined;
  }
  return row;
}

function readSummary(reader: WireReader, row: Record<string, number>): void {
  const end = reader.uint32() + reader.pos;
  while (reader.pos < end) {
    const key = reader.uint32();
    if (key >>> 3 !== 1) {
      reader.skip(key & 7, key >>> 3);
      continue;
    }
    const valueEnd = reader.uint32() + reader.pos;
    let tag = '';
    let value: number | undefined;
    while (reader.pos < valueEnd) {
      const field = reader.uint32();
      if (field >>> 3 === 1) tag = reader.string();
      else if (field >>> 3 === 2) value = reader.float();
      else if (field >>> 3 === 8) value = scalarTensor(reader);
      else reader.skip(field & 7, field >>> 3);
    }
    // The names of a row are the format's own.
    if (value !== undefined && tag !== '' && tag !== 'step' && tag !== 'time') row[tag] = value;
  }
}

const DT_FLOAT = 1;

/** TensorProto of one float: dtype 1, tensor_content 4 or float_val 5; undefined for any other. */
function scalarTensor(reader: WireReader): number | undefined {
  const end = reader.uint32() + reader.pos;
  let dtype = 0;
  let value: number | undefined;
  while (reader.pos < end) {
    const field = reader.uint32();
    if (field >>> 3 === 1) dtype = reader.uint32();
    else if (field >>> 3 === 4) {
      const content = reader.bytes();
      if (content.length === 4) value = new DataView(content.buffer, content.byteOffset).getFloat32(0, true);
    } else if (field >>> 3 === 5) {
      if ((field & 7) === 2) {
        const packedEnd = reader.uint32() + reader.pos;
        while (reader.pos < packedEnd) value = reader.float();
      } else value = reader.float();
    } else reader.skip(field & 7, field >>> 3);
  }
  return dtype === DT_FLOAT ? value : undefined;
}
