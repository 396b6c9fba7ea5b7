export { ConsoleSink, type FormatLine, type LineOutput, plainLine } from './console.ts';
export { JsonlSink, parseMetricsLine } from './jsonl.ts';
export { MemoryOutput, MemorySink } from './memory.ts';
export { MetricsReader } from './metrics-reader.ts';
export { MetricsTable } from './metrics-table.ts';
export { looksLikeEvents, readEvents } from './read-events.ts';
export { type ByteOutput, type LogSink, TeeSink } from './sink.ts';
export { eventsFileName, eventsFileStart, maskedCrc32c, TensorBoardSink, tfRecord } from './tensorboard.ts';
