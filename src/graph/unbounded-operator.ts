/** What a model from elsewhere must not bring a runtime to: work without an end, and tensors that no network has. */
import { type ModelProto, type NodeProto, onnxInt64, type TensorProto } from './onnx-schema.ts';

/** Operators whose length of work no file bounds. No network of values needs any. */
const ENDLESS: readonly string[] = ['Loop', 'Scan'];

/** Operators that make a tensor of any size out of some numbers, and which of their inputs those are. */
const SIZED: Readonly<Record<string, number>> = { ConstantOfShape: 0, Expand: 1, Tile: 1, Resize: 3 };

/** Elements of one tensor: 512 MB of float32. */
const MOST_ELEMENTS = 2 ** 27;

/**
 * The first operator of a model that may never end or makes a giant tensor, in words; undefined without one. Sizes are known
 * where a file states them; those that it has computed are not.
 */
export function unboundedOperator({ graph, functions }: ModelProto): string | undefined {
  const waiting: Pick<ModelProto['graph'], 'node' | 'initializer'>[] = [
    graph,
    ...functions.map(({ node }) => ({ node: [...node], initializer: [] })),
  ];
  const sizes = new Map<string, number>();
  const sized: NodeProto[] = [];
  for (let inner = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    for (const tensor of inner.initializer) note(sizes, tensor.name, tensor);
    for (const node of inner.node) {
      if (ENDLESS.includes(node.opType)) return `the operator ${node.opType}, which may never end`;
      if (Object.hasOwn(SIZED, node.opType)) sized.push(node);
      for (const { t, g, graphs = [] } of node.attribute) {
        if (t !== undefined && node.opType === 'Constant') note(sizes, node.output[0] ?? '', t);
        waiting.push(...(g === undefined ? graphs : [g, ...graphs]));
      }
    }
  }
  const giant = sized.find((node) => (sizes.get(node.input[SIZED[node.opType]] ?? '') ?? 0) > MOST_ELEMENTS);
  return giant && `the operator ${giant.opType}, which makes a tensor of more than ${MOST_ELEMENTS} elements`;
}

/** Notes how many elements a shape of 64-bit integers asks for. */
function note(sizes: Map<string, number>, name: string, { dataType, rawData, int64Data = [] }: TensorProto): void {
  if (dataType !== onnxInt64) return;
  const raw = rawData ?? new Uint8Array(0);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const lengths = Array.from({ length: Math.min(raw.length >> 3, MOST_AXES) }, (_, i) => view.getBigInt64(8 * i, true));
  const all = [...lengths.map(Number), ...int64Data.slice(0, MOST_AXES)];
  // The same name within another graph may be another tensor: the larger counts.
  const size = all.reduce((product, length) => product * Math.max(Math.abs(length), 1), 1);
  sizes.set(name, Math.max(size, sizes.get(name) ?? 0));
}

/** Of a shape; longer lists of integers are indices. */
const MOST_AXES = 64;
