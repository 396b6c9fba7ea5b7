import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { loadAlgorithm } from '../../src/algorithms/registry.ts';
import { CartridgeError, type Console, createConsole } from '../../src/atari/console/index.ts';
import { commands } from '../../src/cli/commands.ts';
import { joinBytes } from '../../src/core/join-bytes.ts';
import { make } from '../../src/envs/index.ts';
import { importCartridges } from '../../src/node/roms/import-cartridges.ts';
import { openModel } from '../../src/node/runs/load-agent.ts';
import { fromJson, resolveRun, toJson } from '../../src/node/runs/resolve-run.ts';
import { readRun } from '../../src/node/runs/run-metrics.ts';
import { smooth } from '../../src/plot/curves.ts';
import { SumTree } from '../../src/replay/index.ts';
import { Box, Discrete, MultiBinary, MultiDiscrete } from '../../src/spaces/index.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/storage/checkpoint-format.ts';
import { decodeTable } from '../../src/storage/table-model.ts';
import { forge, forgeries, goOn, originals } from './forged-checkpoints.ts';
import { gamesToMutate } from './games.ts';
import { drawFrom, randomCartridge } from './random-cartridge.ts';
import { applyChanges, applyEdits, changes, edits, type Fuzzed } from './strangers.ts';

/** For inputs that are files. `cleanUp` removes it. */
const folder = mkdtempSync(join(tmpdir(), 'bellman-fuzz-'));
export const cleanUp = (): void => rmSync(folder, { recursive: true, force: true });

const fail = (text: string): never => {
  throw new Error(text);
};
const kind = <T>(fuzzed: Fuzzed<T>): Fuzzed => fuzzed as unknown as Fuzzed;

const goodCheckpoint = Buffer.concat(
  encodeCheckpoint(
    { step: 7, weights: Float32Array.of(1, 2, 3), generator: { state: BigUint64Array.of(1n), spare: null }, big: 5n },
    { kind: 'dqn', version: '1.0.0', step: 7, logs: { 'metrics.jsonl': 10 }, logSums: { 'metrics.jsonl': 1 } },
  ),
);

const checkpoints = kind({
  name: 'checkpoints',
  count: 10_000,
  inputs: edits,
  attempt: (list) => {
    const bytes = applyEdits(goodCheckpoint, list);
    decodeCheckpoint(bytes, 'a.bck');
    // A checksum stands over all of it.
    if (!goodCheckpoint.equals(bytes)) fail('a damaged checkpoint was read');
  },
});

const headers = kind({
  name: 'checkpoints with right checksums',
  count: 5000,
  inputs: changes,
  attempt: (list) => {
    const good = { kind: 'dqn', version: '1.0.0', step: 7, logs: { 'metrics.jsonl': 10 }, run: { id: 'x' } };
    const forged = applyChanges(good, list) as never;
    const { header } = decodeCheckpoint(Buffer.concat(encodeCheckpoint({ step: 7 }, forged)), 'a.bck');
    if (!Number.isSafeInteger(header.step) || header.step < 0) fail('a step that is none');
    if (Object.values(header.logs ?? {}).some((length) => !Number.isSafeInteger(length) || length < 0))
      fail('a length');
  },
});

const states = async (): Promise<Fuzzed> => {
  const good = await originals();
  return kind({
    name: 'checkpoints with forged states',
    count: 10_000,
    inputs: fc.record({ of: fc.nat(good.length - 1), forgery: forgeries }),
    attempt: ({ of, forgery }) => goOn(good[of]!, forge(good[of]!.state, forgery)),
  });
};

/** A console that some frames were played on, of a random cartridge; undefined where there is none. */
function consoleOf(seed: number, games: readonly Uint8Array[]): Console | undefined {
  const { image, options } = randomCartridge(drawFrom(seed), games);
  try {
    const console = createConsole(image, options);
    for (let frame = 0; frame < 4; frame++) console.runFrame();
    return console;
  } catch (error) {
    if (error instanceof CartridgeError) return undefined;
    throw error;
  }
}

const consoles = (): Fuzzed => {
  const games = gamesToMutate();
  const seeds = Array.from({ length: 40 }, (_, seed) => seed).filter((seed) => consoleOf(seed, games) !== undefined);
  return kind({
    name: 'consoles',
    count: 2000,
    // Most of a state is pictures: half of the changes are where the registers stand.
    inputs: fc.record({ of: fc.nat(seeds.length - 1), inRegisters: fc.boolean(), list: edits }),
    attempt: ({ of, inRegisters, list }) => {
      const console = consoleOf(seeds[of]!, games)!;
      const good = console.saveState();
      const end = inRegisters ? REGISTERS_END : good.length;
      console.restoreState(joinBytes([applyEdits(good.subarray(0, end), list), good.subarray(end)]));
      for (let frame = 0; frame < 12; frame++) console.runFrame();
      if (console.screen().length !== console.height * 160) fail('a picture of another size');
      console.saveState();
    },
  });
};
/** Bytes of a console's state in front of its memories and pictures. */
const REGISTERS_END = 0x600;

const readModel = (name: string): Uint8Array => readFileSync(new URL(`../../models/${name}`, import.meta.url));

/** Opens a model, plays a step, and closes it. */
async function tryModel(content: Uint8Array | string, path: string): Promise<void> {
  const agent = await openModel({ content, path }, { env: path.endsWith('.json') ? undefined : 'CartPole-v1' });
  try {
    const { observation, info } = agent.env.reset({ seed: 1 });
    const action = await agent.act(observation, info);
    if (!agent.env.actionSpace.contains(action)) fail(`an action of ${String(action)}`);
  } finally {
    await agent.close();
  }
}

const models = (): Fuzzed => {
  const good = readModel('pole.onnx');
  return kind({
    name: 'models',
    count: 5000,
    inputs: edits,
    attempt: (list) => tryModel(applyEdits(good, list), 'a.onnx'),
  });
};

const tables = (): Fuzzed => {
  const good: unknown = JSON.parse(Buffer.from(readModel('lake.json')).toString('utf8'));
  return kind({
    name: 'tables',
    count: 5000,
    inputs: changes,
    attempt: async (list) => {
      const text = JSON.stringify(applyChanges(good, list));
      const { q, nStates, nActions } = decodeTable(text, 'a.json');
      if (q.length !== nStates * nActions) fail('a table of another size');
      await tryModel(text, 'a.json');
    },
  });
};

const configs = async (): Promise<Fuzzed> => {
  const asked = [{ recipe: 'q-learning', env: 'FrozenLake-v1' }, { recipe: 'dqn-cart-pole' }];
  const good = await Promise.all(
    asked.map(async (one) =>
      toJson(await resolveRun({ ...one, seed: 1, device: 'cpu', threads: 1, set: {} }), '1.0.0', 'bellman train'),
    ),
  );
  return kind({
    name: 'configurations',
    count: 5000,
    inputs: fc.record({ of: fc.nat(good.length - 1), list: changes }),
    attempt: async ({ of, list }) => {
      // As text: what JSON lacks is not there.
      const json = JSON.parse(JSON.stringify(applyChanges(good[of], list)) ?? 'null');
      if (typeof json !== 'object' || json === null || Array.isArray(json)) return;
      const run = await fromJson(json, 'runs/x');
      const { parse } = await loadAlgorithm(run.algorithm);
      if (JSON.stringify({ ...parse(run.config) }) !== JSON.stringify(run.config))
        fail('a configuration that is not one');
      if (!Number.isSafeInteger(run.threads) || run.threads < 1 || run.threads > 256) fail('threads');
      if (run.env.includes(':') || run.algorithm.includes(':')) fail('code');
    },
  });
};

const metrics = (): Fuzzed => {
  const run = join(folder, 'run');
  mkdirSync(run);
  writeFileSync(join(run, 'config.json'), '{}');
  const rows = Array.from({ length: 4 }, (_, i) => ({ step: i, time: 1.5 + i, reward_mean: i, loss: 0.5 }));
  const line = fc.record({ at: fc.nat(3), list: changes });
  return kind({
    name: 'metrics',
    count: 5000,
    inputs: fc.record({ line: fc.option(line), bytes: fc.option(edits) }),
    attempt: ({ line, bytes }) => {
      const lines = rows.map((row, i) => JSON.stringify(line?.at === i ? (applyChanges(row, line.list) ?? 0) : row));
      const text = Buffer.from(`${lines.join('\n')}\n`);
      writeFileSync(join(run, 'metrics.jsonl'), bytes === null ? text : applyEdits(text, bytes));
      const read = readRun(run).rows;
      if (read.some(({ step, time }) => typeof step !== 'number' || typeof time !== 'number'))
        fail('a row without a step');
      const { x, y } = smooth({ x: read.map(({ step }) => step), y: read.map((row) => row['loss'] as number) }, 2);
      if (![...x, ...y].every(Number.isFinite)) fail('a point that cannot be drawn');
    },
  });
};

const archives = (): Fuzzed => {
  process.env['BELLMAN_ROMS'] = join(folder, 'roms');
  const files = {
    'a/x.bin': new Uint8Array(2048).fill(7),
    'ale_py/roms/y.bin': Uint8Array.of(1, 2, 3),
    'read.me': Uint8Array.of(5),
  };
  const good = [zipSync(files, { level: 9 }), zipSync(files, { level: 0 })];
  return kind({
    name: 'zips and wheels',
    count: 2000,
    inputs: fc.record({ of: fc.nat(1), ending: fc.constantFrom('zip', 'whl'), list: edits }),
    attempt: ({ of, ending, list }) => {
      const path = join(folder, `a.${ending}`);
      writeFileSync(path, applyEdits(good[of]!, list));
      if (importCartridges([path]).games.length > 0) fail('a cartridge out of nothing');
    },
  });
};

/** The program without what its commands do. */
async function parser(): Promise<Command> {
  const program = new Command('bellman').exitOverride().configureOutput({ writeOut() {}, writeErr() {} });
  for (const entry of commands) {
    const command = program
      .command(entry.name)
      .exitOverride()
      .configureOutput({ writeOut() {}, writeErr() {} });
    (await entry.load()).configure(command);
    for (const one of [command, ...command.commands]) one.exitOverride().action(() => {});
  }
  return program;
}

const commandLines = async (): Promise<Fuzzed> => {
  const words = (await parser()).commands.flatMap((command) => command.options.map(({ long }) => long ?? ''));
  const names = commands.map(({ name }) => name);
  const value = fc.oneof(
    fc.constantFrom(
      ...['-1', '0', '1e9', '1e999', 'NaN', '', ' ', '{', '{}', '[]', 'a=b', '=', 'gamma={', '0..9', '9..0'],
    ),
    fc.constantFrom(
      ...['0..1e9', '-', '--', '\u001b[2J', 'runs/../..', 'CartPole-v1', '84x84', '0x0', '1,2', 'x'.repeat(5000)],
    ),
    fc.string({ maxLength: 12 }),
    fc.constantFrom(...words),
  );
  return kind({
    name: 'command lines',
    count: 5000,
    inputs: fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string()),
      fc.array(value, { maxLength: 6 }),
    ),
    attempt: async ([name, args]) => {
      await (await parser()).parseAsync([name, ...args], { from: 'user' });
    },
    refusals: (error) => error instanceof CommanderError,
  });
};

const anything = fc.oneof(
  fc.anything({ maxDepth: 2, withBigInt: true, withTypedArray: true, withNullPrototype: false }),
  fc.constantFrom(...[-1, 0, 1, 1.5, Number.NaN, Infinity, 2 ** 31, 2 ** 53, '0', [0], 0n, Symbol('x'), () => 1]),
);

/** Public calls whose arguments users write by hand. */
const calls: Readonly<Record<string, (a: never, b: never) => unknown>> = {
  Discrete: (a, b) => new Discrete(a, b === undefined ? undefined : { start: b }),
  MultiBinary: (a) => new MultiBinary(a),
  MultiDiscrete: (a) => new MultiDiscrete(a),
  'Box bounds': (a, b) => new Box(a, b, [2], 'float32'),
  'Box shape': (a, b) => new Box(0, 1, a, b),
  SumTree: (a) => new SumTree(a),
  make: (a) => make(a),
  'FrozenLake options': (a, b) => make('FrozenLake-v1', { mapName: a, isSlippery: b } as never),
  'CartPole step': (a) => {
    const env = make('CartPole-v1');
    env.reset({ seed: 1 });
    env.step(a as number);
  },
  'Pendulum step': (a) => {
    const env = make('Pendulum-v1');
    env.reset({ seed: 1 });
    env.step(a);
  },
  'Taxi reset': (a) => make('Taxi-v3').reset({ seed: a }),
};

const apiCalls = kind({
  name: 'API calls',
  count: 20_000,
  inputs: fc.tuple(fc.constantFrom(...Object.keys(calls)), anything, anything),
  attempt: ([name, a, b]) => calls[name]!(a as never, b as never),
});

export const fuzzedKinds = async (): Promise<readonly Fuzzed[]> => [
  checkpoints,
  headers,
  await states(),
  consoles(),
  models(),
  tables(),
  await configs(),
  metrics(),
  archives(),
  await commandLines(),
  apiCalls,
];
