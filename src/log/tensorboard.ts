import { crc32c } from '@aws-crypto/crc32c';
import { WireWriter } from '../core/protobuf-wire.ts';
import type { ByteOutput, LogSink } from './sink.ts';

/**
 * TensorBoard's event file: a sequence of TFRecords, each a serialised `Event` message
 * (tensorflow/core/util/event.proto, framework/summary.proto; the framing is described in
 * tensorflow/core/lib/io/record_writer.h). Only scalars, texts and hyper-parameters are written, so the few messages are written field by
 * field instead of through a schema.
 */
export class TensorBoardSink implements LogSink {
  readonly #output: ByteOutput;
  readonly #now: () => number;

  /**
   * @param now milliseconds since the Unix epoch.
   * @param continued true when `output` goes on with a file that has its first record already.
   */
  constructor(output: ByteOutput, now: () => number, continued = false) {
    this.#output = output;
    this.#now = now;
    if (!continued) output.write(eventsFileStart(now()));
  }

  /** Values are stored as 32-bit floats, which is all that TensorBoard shows. */
  scalars(step: number, values: Readonly<Record<string, number>>): void {
    this.#output.write(tfRecord(scalarEvent(this.#now() / 1000, step, values)));
  }

  /** Shown as Markdown on TensorBoard's text page. */
  text(step: number, name: string, text: string): void {
    this.#output.write(tfRecord(textEvent(this.#now() / 1000, step, name, text)));
  }

  /**
   * What the run was made from, for TensorBoard's table of hyper-parameters (its plugin `hparams`), in which each run is a row. Once,
   * at the start.
   */
  hyperparameters(values: Readonly<Record<string, number | string | boolean>>): void {
    this.#output.write(tfRecord(hyperparametersEvent(this.#now() / 1000, values)));
  }

  flush(): void {
    this.#output.flush();
  }

  close(): void {
    this.#output.close();
  }
}

/** The name that TensorBoard looks for; `extra` tells two files of one second apart. */
export function eventsFileName(nowMilliseconds: number, host: string, extra = '0'): string {
  // TensorBoard takes any name with "tfevents" in it; the seconds are padded so that names sort by time.
  const seconds = String(Math.floor(nowMilliseconds / 1000)).padStart(10, '0');
  return `events.out.tfevents.${seconds}.${host.replace(/[^A-Za-z0-9-]/g, '-')}.${extra}`;
}

/** The first record of every events file. */
export function eventsFileStart(nowMilliseconds: number): Uint8Array {
  const event = new WireWriter();
  event.uint32(DOUBLE(1)).double(nowMilliseconds / 1000);
  event.uint32(BYTES(3)).string('brain.Event:2');
  return tfRecord(event.finish());
}

// A field's key: its number and how it is encoded.
const VARINT = (field: number): number => field << 3;
const DOUBLE = (field: number): number => (field << 3) | 1;
const BYTES = (field: number): number => (field << 3) | 2;
const FLOAT = (field: number): number => (field << 3) | 5;

function eventHead(seconds: number, step: number): WireWriter {
  const event = new WireWriter();
  event.uint32(DOUBLE(1)).double(seconds);
  event.uint32(VARINT(2)).int64(step);
  return event;
}

/** Event { wall_time = 1, step = 2, summary = 5 { value = 1 { tag = 1, simple_value = 2 } } }. */
function scalarEvent(seconds: number, step: number, values: Readonly<Record<string, number>>): Uint8Array {
  const event = eventHead(seconds, step);
  event.uint32(BYTES(5)).fork();
  for (const [tag, value] of Object.entries(values)) {
    event.uint32(BYTES(1)).fork();
    event.uint32(BYTES(1)).string(tag);
    event.uint32(FLOAT(2)).float(value);
    event.join();
  }
  event.join();
  return event.finish();
}

const DT_STRING = 7;

/** The value has a string tensor (8) and metadata (9) that name the text plugin. */
function textEvent(seconds: number, step: number, tag: string, text: string): Uint8Array {
  const event = eventHead(seconds, step);
  event.uint32(BYTES(5)).fork().uint32(BYTES(1)).fork();
  event.uint32(BYTES(1)).string(tag);
  event.uint32(BYTES(8)).fork();
  event.uint32(VARINT(1)).int32(DT_STRING);
  event.uint32(BYTES(2)).fork().uint32(BYTES(2)).fork().uint32(VARINT(1)).int64(1).join().join();
  event.uint32(BYTES(8)).string(text);
  event.join();
  event.uint32(BYTES(9)).fork().uint32(BYTES(1)).fork().uint32(BYTES(1)).string('text').join().join();
  event.join().join();
  return event.finish();
}

const DT_FLOAT = 1;

/**
 * The value has an empty tensor and, as content of its metadata, `HParamsPluginData { session_start_info = 3 { hparams = 1
 * (a map to google.protobuf.Value), start_time_secs = 5 } }` (tensorboard/plugins/hparams/plugin_data.proto).
 */
function hyperparametersEvent(
  seconds: number,
  values: Readonly<Record<string, number | string | boolean>>,
): Uint8Array {
  const content = new WireWriter();
  content.uint32(BYTES(3)).fork();
  for (const [key, value] of Object.entries(values)) {
    content.uint32(BYTES(1)).fork().uint32(BYTES(1)).string(key).uint32(BYTES(2)).fork();
    // A Value is one of several: its field is written whatever it holds.
    if (typeof value === 'number') content.uint32(DOUBLE(2)).double(value);
    else if (typeof value === 'string') content.uint32(BYTES(3)).string(value);
    else content.uint32(VARINT(4)).bool(value);
    content.join().join();
  }
  content.uint32(DOUBLE(5)).double(seconds).join();
  const event = new WireWriter();
  event.uint32(DOUBLE(1)).double(seconds);
  event.uint32(BYTES(5)).fork().uint32(BYTES(1)).fork();
  event.uint32(BYTES(1)).string('_hparams_/session_start_info');
  event.uint32(BYTES(8)).fork().uint32(VARINT(1)).int32(DT_FLOAT);
  event.uint32(BYTES(2)).fork().uint32(BYTES(2)).fork().join().join().join();
  event.uint32(BYTES(9)).fork().uint32(BYTES(1)).fork().uint32(BYTES(1)).string('hparams');
  event.uint32(BYTES(2)).bytes(content.finish()).join().join();
  event.join().join();
  return event.finish();
}

/** Length (u64), masked CRC-32C of the length, data, masked CRC-32C of the data. */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

/** Rotated and shifted, so that the checksum of data that holds checksums is not degenerate (record_writer.h). */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
