/**
 * Reads state dicts that `torch.save` wrote: a ZIP archive with a pickle and an entry for each storage, or before PyTorch 1.6
 * pickles with the storages behind them. Names and numbers are read; nothing in the file is run.
 */
import { FileFormatError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import { PickleGlobal, PickleObject, type PickleValue, type UnpickleOptions, unpickle } from './pickle.ts';
import { type Fail, readStoredZip, type ZipEntry } from './stored-zip.ts';

/** Weights by PyTorch's names, such as `fc.0.weight`, in the file's order. */
export type StateDict = ReadonlyMap<string, TorchTensor>;

const CURE = "Save the network's weights in PyTorch: torch.save(net.state_dict(), FILE).";

/** Most elements that one model's weights may have: 256 MiB of singles. */
const MOST_ELEMENTS = 2 ** 26;
/** Most axes of a tensor. */
const MOST_AXES = 8;

/** How the elements of a storage are stored. */
interface ElementType {
  readonly bytes: number;
  read(view: DataView, at: number): number;
}

const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  Float: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  Double: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  Half: { bytes: 2, read: (view, at) => half(view.getUint16(at, true)) },
  BFloat16: { bytes: 2, read: (view, at) => bfloat16(view.getUint16(at, true)) },
  Long: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  Int: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  Short: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  Char: { bytes: 1, read: (view, at) => view.getInt8(at) },
  Byte: { bytes: 1, read: (view, at) => view.getUint8(at) },
  Bool: { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/** Elements that tensors share. */
class TorchStorage extends PickleObject {
  readonly kind = 'storage';
  readonly type: ElementType;
  readonly length: number;
  /** Set once it is known where the elements lie. */
  content: (() => Uint8Array) | undefined;
  constructor(type: ElementType, length: number) {
    super();
    this.type = type;
    this.length = length;
  }
}

/** A tensor of a file; its elements are read when they are asked for. */
export class TorchTensor extends PickleObject {
  readonly kind = 'tensor';
  readonly shape: readonly number[];
  readonly #storage: TorchStorage;
  readonly #offset: number;
  readonly #strides: readonly number[];

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    super();
    this.#storage = storage;
    this.#offset = offset;
    this.shape = shape;
    this.#strides = strides;
  }

  /** The elements, row-major, rounded to singles. Fresh memory. */
  elements(): Float32Array {
    const { type, content } = this.#storage;
    const bytes = content!();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const out = new Float32Array(sizeOf(this.shape));
    const index = this.shape.map(() => 0);
    let at = this.#offset;
    for (let i = 0; i < out.length; i++) {
      out[i] = type.read(view, at * type.bytes);
      for (let axis = index.length - 1; axis >= 0; axis--) {
        at += this.#strides[axis];
        if (++index[axis] < this.shape[axis]) break;
        at -= this.#strides[axis] * this.shape[axis];
        index[axis] = 0;
      }
    }
    return out;
  }
}

/** Whether bytes begin as `torch.save` begins a file. */
export function isTorchFile(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 || (bytes[0] === 0x50 && bytes[1] === 0x4b);
}

/**
 * @param path how messages call the file.
 * @throws FileFormatError when it is damaged, holds anything but weights, or would have to be run.
 */
export function readStateDict(bytes: Uint8Array, path: string): StateDict {
  const fail: Fail = (problem) => {
    throw new FileFormatError(path, problem, CURE);
  };
  const value = bytes[0] === 0x80 ? readLegacy(bytes, fail) : readArchive(readStoredZip(bytes, fail), fail);
  return findWeights(value, fail);
}

/** The form since PyTorch 1.6. */
function readArchive(entries: ReadonlyMap<string, ZipEntry>, fail: Fail): PickleValue {
  const pickle = [...entries.keys()].find((name) => name === 'data.pkl' || /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined) return fail('a ZIP archive, but not one that torch.save wrote');
  const root = pickle.slice(0, -'data.pkl'.length);
  if ([...entries.keys()].some((name) => name.startsWith(`${root}code/`))) {
    return fail('a TorchScript program, whose code would have to run');
  }
  const order = entries.get(`${root}byteorder`)?.bytes();
  if (order !== undefined && new TextDecoder().decode(order) !== 'little') fail('written on a big-endian machine');
  const storages = new Map<string, TorchStorage>();
  const persistent = (id: PickleValue) =>
    storageOf(id, storages, fail, (key, storage) => {
      const entry = entries.get(`${root}data/${key}`);
      if (entry === undefined) return fail(`its part data/${show(key)} is missing`);
      storage.content = () => {
        const content = entry.bytes();
        return content.length === storage.length * storage.type.bytes
          ? content
          : fail(
              `its part data/${show(key)} has ${content.length} bytes instead of ${storage.length * storage.type.bytes}`,
            );
      };
    });
  return unpickle(entries.get(pickle)!.bytes(), 0, { ...torchNames(fail), persistent, fail }).value;
}

const MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_VERSION = 1001;

/** The form before PyTorch 1.6. */
function readLegacy(bytes: Uint8Array, fail: Fail): PickleValue {
  const names = torchNames(fail);
  let at = 0;
  const next = (persistent?: UnpickleOptions['persistent']): PickleValue => {
    const { value, end } = unpickle(bytes, at, { ...names, ...(persistent && { persistent }), fail });
    at = end;
    return value;
  };
  if (next() !== MAGIC || next() !== LEGACY_VERSION) fail('a pickle, but not one that torch.save wrote');
  next();
  const storages = new Map<string, TorchStorage>();
  const value = next((id) => storageOf(id, storages, fail));
  const keys = next();
  if (!Array.isArray(keys)) return fail('a damaged pickle');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    const from = at + 8;
    if (storage === undefined || storage.content !== undefined || from > bytes.length) return fail('a damaged file');
    if (Number(view.getBigInt64(at, true)) !== storage.length) return fail('a damaged file');
    at = from + storage.length * storage.type.bytes;
    if (at > bytes.length) return fail('a truncated file');
    const content = bytes.subarray(from, at);
    storage.content = () => content;
  }
  if ([...storages.values()].some(({ content }) => content === undefined)) fail('a truncated file');
  return value;
}

/** A persistent id of PyTorch: ('storage', type, key, place, number of elements), in old files with a view, None. */
function storageOf(
  id: PickleValue,
  storages: Map<string, TorchStorage>,
  fail: Fail,
  found?: (key: string, storage: TorchStorage) => void,
): TorchStorage {
  const [what, named, key, , length, view] = Array.isArray(id) ? id : [];
  const name = named instanceof PickleGlobal ? /^torch\.(\w+)Storage$/.exec(named.name)?.[1] : undefined;
  const type = name === undefined ? undefined : ELEMENT_TYPES[name];
  if (
    what !== 'storage' ||
    type === undefined ||
    typeof key !== 'string' ||
    !isLength(length) ||
    (view ?? null) !== null
  ) {
    return fail('weights stored in a way that this reader does not know');
  }
  const known = storages.get(key);
  if (known !== undefined) return known.type === type && known.length === length ? known : fail('a damaged pickle');
  const storage = new TorchStorage(type, length);
  found?.(key, storage);
  storages.set(key, storage);
  return storage;
}

const isLength = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** The names that state dicts are made of. */
function torchNames(fail: Fail): Pick<UnpickleOptions, 'find' | 'refuse'> {
  const call = (name: string, run: PickleGlobal['call']) => new PickleGlobal(name, run);
  const tensor = ([storage, offset, shape, strides]: readonly PickleValue[]) => {
    if (!(storage instanceof TorchStorage) || !isLength(offset) || !Array.isArray(shape) || !Array.isArray(strides)) {
      return fail('a damaged pickle');
    }
    if (
      !shape.every(isLength) ||
      !strides.every(isLength) ||
      shape.length !== strides.length ||
      shape.length > MOST_AXES
    ) {
      return fail('a tensor with a damaged shape');
    }
    const last = shape.includes(0) ? 0 : 1 + offset + shape.reduce((sum, n, i) => sum + (n - 1) * strides[i], 0);
    if (last > storage.length || sizeOf(shape) > storage.length)
      return fail('a tensor that is larger than its storage');
    return new TorchTensor(storage, offset, shape, strides);
  };
  const known = new Map<string, PickleGlobal>();
  const calls: Readonly<Record<string, NonNullable<PickleGlobal['call']>>> = {
    'collections.OrderedDict': (args) => (args.length === 0 ? new Map() : fail('a damaged pickle')),
    'torch._utils._rebuild_tensor_v2': tensor,
    'torch._utils._rebuild_parameter': ([value]) => (value instanceof TorchTensor ? value : fail('a damaged pickle')),
    'torch.Size': ([sizes]) => (Array.isArray(sizes) ? sizes : fail('a damaged pickle')),
  };
  for (const [name, run] of Object.entries(calls)) known.set(name, call(name, run));
  for (const type of Object.keys(ELEMENT_TYPES)) {
    known.set(`torch.${type}Storage`, new PickleGlobal(`torch.${type}Storage`));
  }
  return {
    find: (name) => known.get(name),
    refuse: (name) => {
      const program = /^(__main__|torch\.nn|lib|dqn_model)\b|Net|DQN|Model|Module/.test(name);
      const what = program ? 'holds a whole network, not its weights alone' : 'is no state dict';
      return fail(`${what}: its pickle asks for ${show(name)}, and nothing of it is run`);
    },
  };
}

const show = (name: string): string =>
  (name.length > 60 ? `${name.slice(0, 57)}...` : name).replace(/[^\x20-\x7e]/g, '?');

/** The map of names to tensors: the whole, or the one within that holds a network's weights. */
function findWeights(value: PickleValue, fail: Fail): StateDict {
  const own = asWeights(value);
  if (own !== undefined) return bounded(own, fail);
  if (value instanceof TorchTensor) return fail('a single tensor, not the weights of a network');
  if (!(value instanceof Map)) return fail('no state dict');
  const inner = [...value].flatMap(([name, part]) => {
    const weights = typeof name === 'string' && !/optim/i.test(name) ? asWeights(part) : undefined;
    return weights === undefined ? [] : [[name as string, weights] as const];
  });
  const online = inner.length > 1 ? inner.filter(([name]) => !/target|tgt/i.test(name)) : inner;
  if (online.length === 1) return bounded(online[0][1], fail);
  const names = online.map(([name]) => show(name)).join(', ');
  return fail(online.length === 0 ? 'no state dict' : `holds the weights of several networks (${names})`);
}

function asWeights(value: PickleValue): Map<string, TorchTensor> | undefined {
  if (!(value instanceof Map) || value.size === 0) return undefined;
  const weights = new Map<string, TorchTensor>();
  for (const [name, tensor] of value) {
    if (typeof name !== 'string' || !(tensor instanceof TorchTensor)) return undefined;
    weights.set(name, tensor);
  }
  return weights;
}

function bounded(weights: StateDict, fail: Fail): StateDict {
  const elements = [...weights.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return elements <= MOST_ELEMENTS ? weights : fail(`${elements} weights, allowed are ${MOST_ELEMENTS}`);
}

/** IEEE 754 half precision. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a single. */
function bfloat16(bits: number): number {
  scratch.setUint32(0, bits * 65536);
  return scratch.getFloat32(0);
}
