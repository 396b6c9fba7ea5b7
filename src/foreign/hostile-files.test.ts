/** Files made to do harm, and damaged ones: each ends in one line, and nothing of it runs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BellmanError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { crc32 } from '../storage/crc32.ts';
import { readForeignModel } from './foreign-model.ts';
import { readStoredZip } from './stored-zip.ts';

const folder = fileURLToPath(new URL('../../test/oracle/fixtures/foreign/', import.meta.url));
const read = (name: string) => new Uint8Array(readFileSync(folder + name));
const latin = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const spec = { inputShape: [4], inputDType: 'float32', actions: 2 } as const;

/** A way to spoil an archive's entry. */
interface Spoiled {
  readonly method?: number;
  readonly flags?: number;
  readonly checksum?: number;
  /** Where the directory says that the entry begins, instead of where it does. */
  readonly local?: number;
}

/** An archive of stored entries. */
function zip(entries: readonly (readonly [name: string, content: Uint8Array, spoiled?: Spoiled])[]): Uint8Array {
  const parts: number[] = [];
  const directory: number[] = [];
  const le = (value: number, bytes: number) =>
    Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
  for (const [name, content, spoiled = {}] of entries) {
    const { method = 0, flags = 0, checksum, local } = spoiled;
    const at = parts.length;
    const common = [
      ...le(flags, 2),
      ...le(method, 2),
      ...le(0, 4),
      ...le(checksum ?? crc32(content, 0), 4),
      ...le(content.length, 4),
      ...le(content.length, 4),
      ...le(name.length, 2),
      ...le(0, 2),
    ];
    for (const byte of [...le(0x04034b50, 4), ...le(20, 2), ...common, ...latin(name)]) parts.push(byte);
    for (const byte of content) parts.push(byte);
    const place = [...le(0, 2), ...le(0, 2), ...le(0, 2), ...le(0, 4), ...le(local ?? at, 4)];
    for (const byte of [...le(0x02014b50, 4), ...le(20, 2), ...le(20, 2), ...common, ...place, ...latin(name)])
      directory.push(byte);
  }
  const end = [...le(0x06054b50, 4), ...le(0, 4), ...le(entries.length, 2), ...le(entries.length, 2)];
  return Uint8Array.from([...parts, ...directory, ...end, ...le(directory.length, 4), ...le(parts.length, 4), 0, 0]);
}

const torch = (pickle: string | Uint8Array, content = new Uint8Array(16)) =>
  zip([
    ['m/data.pkl', typeof pickle === 'string' ? latin(pickle) : pickle],
    ['m/data/0', content],
  ]);

const open = (bytes: Uint8Array) => () => readForeignModel(bytes, 'model.pth').build(spec);
const refused = (message: string) =>
  expect.objectContaining({
    code: expect.stringMatching(/BAD_FILE|MISMATCH/),
    message: expect.stringContaining(message),
  });

/** A persistent id of a storage with four singles, with the type and length given. */
const storage = (type = 'FloatStorage', length = '\x04') =>
  `(X\x07\0\0\0storagectorch\n${type}\nX\x01\0\0\x000X\x03\0\0\0cpuK${length}tQ`;
/** A dict with one tensor of the given shape and strides (texts of opcodes) at an offset. */
const tensor = (shape: string, strides: string, offset = 'K\0', from = storage()) =>
  `\x80\x02}X\x08\0\0\0a.weightctorch._utils\n_rebuild_tensor_v2\n(${from}${offset}(${shape}t(${strides}t\x89ccollections\nOrderedDict\n)RtRs.`;

describe('hostile pickles', () => {
  it('the form itself is read: one layer of four weights', () => {
    const content = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
    const built = readForeignModel(torch(tensor('K\x01K\x04', 'K\x04K\x01'), content), 'model.pth').build({
      ...spec,
      actions: 1,
    });
    expect([...built.weights['a.weight']]).toEqual([1, 2, 3, 4]);
  });

  it.each([
    [
      'a call of the system',
      '\x80\x02cposix\nsystem\nX\x02\0\0\0id\x85R.',
      'asks for posix.system, and nothing of it is run',
    ],
    ['a call of eval', '\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.', 'asks for builtins.eval'],
    [
      'a dotted name',
      '\x80\x04\x8c\x0bcollections\x8c\x1bOrderedDict.fromkeys.__self\x93.',
      'asks for collections.OrderedDict.fromkeys',
    ],
    ['a name with escapes', '\x80\x02c\x1b[2Jx\ny\n.', 'asks for ?[2Jx.y'],
    ['an endless name', `\x80\x02c${'x'.repeat(5000)}\ny\n.`, 'a damaged pickle'],
    ['a new object', '\x80\x02ccollections\nOrderedDict\n)\x81.', 'opcode 0x81'],
    ['an instance', '\x80\x02(iposix\nsystem\n.', 'opcode 0x69'],
    ['an object', '\x80\x02(cposix\nsystem\no.', 'asks for posix.system'],
    ['an extension', '\x80\x02\x82\x01.', 'opcode 0x82'],
    ['state for a list', '\x80\x02]}b.', 'a damaged pickle'],
    ['a call of what is no function', '\x80\x02K\x01)R.', 'a damaged pickle'],
    ['a call of a type', '\x80\x02ctorch\nFloatStorage\n)R.', 'a damaged pickle'],
    ['an empty stack', '\x80\x02.', 'a damaged pickle'],
    ['a pop below a mark', '\x80\x02K\x01(0.', 'a damaged pickle'],
    ['an unknown memo', '\x80\x02j\xff\xff\xff\xff.', 'a damaged pickle'],
    ['a protocol of the future', '\x80\x09N.', 'unknown protocol'],
    ['no end', '\x80\x02}', 'a damaged pickle'],
    ['a list within itself', '\x80\x02]q\0h\0a.', 'no state dict'],
    ['a dict within itself', '\x80\x02}q\0X\x01\0\0\0ah\0s.', 'no state dict'],
    ['a tuple doubled 30,000 times', `\x80\x02K\x01${'2\x86'.repeat(30_000)}.`, 'no state dict'],
    ['30,000 marks', `\x80\x02${'('.repeat(30_000)}.`, 'a damaged pickle'],
    ['text longer than the file', '\x80\x02X\xff\xff\xff\x7fa.', 'a damaged pickle'],
  ])('%s', (_, pickle, message) => {
    expect(open(torch(pickle))).toThrow(refused(message));
  });

  it.each([
    ['more elements than stored', tensor('K\x02K\x04', 'K\x04K\x01'), 'larger than its storage'],
    ['an offset behind the end', tensor('K\x01K\x04', 'K\x04K\x01', 'K\x01'), 'larger than its storage'],
    ['one element repeated a billion times', tensor('J\0\0\0\x40K\x01', 'K\0K\0'), 'larger than its storage'],
    ['lengths whose product overflows', tensor('J\0\0\0\x40J\0\0\0\x40', 'K\0K\0'), 'larger than its storage'],
    ['a negative length', tensor('J\xff\xff\xff\xffK\x04', 'K\x04K\x01'), 'damaged shape'],
    ['a negative stride', tensor('K\x01K\x04', 'K\x04J\xff\xff\xff\xff'), 'damaged shape'],
    [
      'an unknown element type',
      tensor('K\x01K\x04', 'K\x04K\x01', 'K\0', storage('QUInt8Storage')),
      'asks for torch.QUInt8Storage',
    ],
    [
      'a storage longer than its part',
      tensor('K\x02K\x04', 'K\x04K\x01', 'K\0', storage('FloatStorage', '\x08')),
      'has 16 bytes instead of 32',
    ],
    ['a type that is text', tensor('K\x01K\x04', 'K\x04K\x01', 'K\0', 'X\x01\0\0\0xQ'), 'does not know'],
    ['no rows', tensor('K\0K\x04', 'K\x04K\x01'), 'is empty'],
  ])('a tensor with %s', (_, pickle, message) => {
    expect(open(torch(pickle))).toThrow(refused(message));
  });

  it('an endless pickle', () => {
    const endless = new Uint8Array(2 ** 24 + 100).fill(0x4e);
    endless.set([0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]);
    expect(open(endless)).toThrow(refused('a pickle of more than 16777216 bytes'));
  });
});

describe('hostile archives', () => {
  const content = latin('\x80\x02}.');
  it.each([
    ['other contents', zip([['readme.txt', content]]), 'not one that torch.save wrote'],
    ['nothing', zip([]), 'not one that torch.save wrote'],
    ['a compressed part', zip([['m/data.pkl', content, { method: 8 }]]), 'is compressed'],
    ['an encrypted part', zip([['m/data.pkl', content, { flags: 1 }]]), 'is encrypted'],
    ['a wrong checksum', zip([['m/data.pkl', content, { checksum: 1 }]]), 'wrong checksum'],
    [
      'a part twice',
      zip([
        ['a', content],
        ['a', content],
      ]),
      'two parts "a"',
    ],
    [
      'overlapping parts',
      zip([
        ['a', content],
        ['b', content, { local: 0 }],
      ]),
      'overlap',
    ],
    ['a part behind the end', zip([['a', content, { local: 1e6 }]]), 'is damaged'],
    [
      'a big-endian model',
      zip([
        ['m/data.pkl', content],
        ['m/byteorder', latin('big')],
      ]),
      'big-endian',
    ],
    ['a missing storage', zip([['m/data.pkl', latin(tensor('K\x01K\x04', 'K\x04K\x01'))]]), 'data/0 is missing'],
    ['a policy without description', zip([['policy.pth', content]]), 'without "data"'],
    [
      'a description that is no JSON',
      zip([
        ['policy.pth', content],
        ['data', content],
      ]),
      'no JSON',
    ],
    [
      'a description that is a list',
      zip([
        ['policy.pth', content],
        ['data', latin('[]')],
      ]),
      'no JSON object',
    ],
    [
      'a policy that is no state dict',
      zip([
        ['policy.pth', content],
        ['data', latin('{}')],
      ]),
      'not one that torch.save wrote',
    ],
    [
      'an actor',
      torch(tensor('K\x01K\x04', 'K\x04K\x01').replace('\x08\0\0\0a.weight', '\x11\0\0\0action_net.weight')),
      'holds a policy (action_net.weight), not action values',
    ],
    ['a normalisation', torch(tensor('K\x04', 'K\x01')), 'a.weight [4] is no weight of a fully connected layer'],
  ])('%s', (_, bytes, message) => {
    expect(open(bytes)).toThrow(refused(message));
  });

  it('a directory of more parts than any model has', () => {
    const bytes = zip([['a', content]]);
    // Count 0xffff asks for the directory of large archives, which is not there.
    bytes.fill(0xff, bytes.length - 12, bytes.length - 10);
    expect(open(bytes)).toThrow(refused('truncated ZIP archive'));
  });
});

describe('damaged files', () => {
  const names = ['book-cart-pole.dat', 'before-1.6.dat', 'checkpoint.pth', 'float16.pth', 'protocol-4.pth'];
  const attempt = (bytes: Uint8Array, what: string) => {
    try {
      open(bytes)();
      return 'opened';
    } catch (error) {
      if (!(error instanceof BellmanError) || error.message.includes('\n')) throw new Error(what, { cause: error });
      return 'refused';
    }
  };

  it.each(names)('%s: every truncation is refused', (name) => {
    const bytes = read(name);
    for (let length = 0; length < bytes.length; length += 7) {
      expect(attempt(bytes.subarray(0, length), `${name} cut to ${length}`)).toBe('refused');
    }
  });

  it.each(names)('%s: changed bytes are refused in one line, or harmless', (name) => {
    const bytes = read(name);
    const random = new Generator(11);
    let noticed = 0;
    for (let i = 0; i < 400; i++) {
      const changed = bytes.slice();
      for (let n = random.integers(1, 5); n > 0; n--) changed[random.integers(changed.length)] = random.integers(256);
      if (attempt(changed, `${name}, change ${i}`) === 'refused') noticed++;
    }
    expect(noticed).toBeGreaterThan(50);
  });

  it.each([
    'book-cart-pole.dat',
    'checkpoint.pth',
    'protocol-4.pth',
  ])('%s: changed pickles with right checksums', (name) => {
    const entries = readStoredZip(read(name), (problem) => {
      throw new Error(problem);
    });
    const [pickle] = [...entries.keys()].filter((key) => key.endsWith('data.pkl'));
    const rest = [...entries].filter(([key]) => key !== pickle).map(([key, entry]) => [key, entry.bytes()] as const);
    const original = entries.get(pickle)!.bytes();
    expect(attempt(zip([[pickle, original], ...rest]), name)).toBe('opened');
    const random = new Generator(12);
    let noticed = 0;
    for (let i = 0; i < 400; i++) {
      const changed = original.slice();
      for (let n = random.integers(1, 4); n > 0; n--) changed[random.integers(changed.length)] = random.integers(256);
      if (attempt(zip([[pickle, changed], ...rest]), `${name}, change ${i}`) === 'refused') noticed++;
    }
    expect(noticed).toBeGreaterThan(200);
  });
});
