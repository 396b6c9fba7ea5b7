import type { Command } from 'commander';
import type { Env } from '../core/env.ts';
import { FileFormatError } from '../core/errors.ts';
import { formatCount } from '../core/format-count.ts';
import { excerpt, printable, printableJson } from '../core/printable.ts';
import { sizeOf } from '../core/shape.ts';
import { readFileChecked } from '../node/files/atomic-file.ts';
import { kindOf } from '../node/files/folder.ts';
import { modelFile } from '../node/runs/load-agent.ts';
import { greedyAction } from '../storage/table-model.ts';
import { formatValue, isPlayable } from '../tabular/grid.ts';
import { ALLOW_CODE_HELP, examples } from './command.ts';
import { fact } from './fact.ts';
import { layTable } from './table.ts';

export function configure(command: Command): void {
  command
    .argument('<run-or-model>', 'folder of a run, any .onnx model, a best-table.json, a model of PyTorch or SB3')
    .option('--q', 'of a table: the value of each action in each state')
    .option('--allow-code', ALLOW_CODE_HELP)
    .option('--json', 'one JSON object')
    .addHelpText('after', examples('bellman model runs/dqn-cart-pole-seed0-1', 'bellman model runs/lake --q'))
    .action(async (path: string, options: { q?: boolean; json?: boolean; allowCode?: boolean }) => {
      const { q, json, allowCode } = options;
      if (q) {
        for (const line of await actionValueLines(path, json === true, process.stdout.columns ?? 200, allowCode))
          console.log(line);
        return;
      }
      const facts = await describeModel(path);
      if (json) console.log(printableJson(facts));
      else for (const line of linesOf(facts, process.stdout.columns || 200)) console.log(line);
    });
}

interface Value {
  readonly name: string;
  /** Element type, such as `float32`. */
  readonly type: string;
  /** A free length is its name. */
  readonly shape: readonly (number | string)[];
}

interface Layer {
  /** Kind of layer, such as `Conv` or `Gemm`; null where the file has weights only. */
  readonly kind: string | null;
  /** Its weights, with their shapes. */
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** What a model's file says of itself. */
export interface ModelFacts {
  readonly model: string;
  readonly form: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly layers: readonly Layer[];
  readonly parameters: number;
  /** Where it comes from: environment, preprocessing, recipe, as far as the file says. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads a model without running it.
 * @throws FileFormatError when the file is no model. */
export async function describeModel(path: string): Promise<ModelFacts> {
  const model = modelFile(path);
  if (kindOf(model) !== 'file') throw new FileFormatError(model, 'no such model', 'Give a run or a model file.');
  const bytes = readFileChecked(model);
  const { isForeignModel, readForeignModel } = await import('../foreign/foreign-model.ts');
  if (isForeignModel(bytes)) {
    const { weights } = readForeignModel(bytes, model);
    const layers = [...weights].map(([name, { shape }]) => ({ kind: null, weights: [{ name, shape }] }));
    return { model, form: 'weights of PyTorch', inputs: [], outputs: [], layers, ...counted(layers), metadata: {} };
  }
  return model.endsWith('.json') ? describeTable(model, bytes) : describeOnnx(model, bytes);
}

const counted = (layers: readonly Layer[]): { parameters: number } => ({
  parameters: layers.flatMap(({ weights }) => weights).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
});

async function describeTable(model: string, bytes: Uint8Array): Promise<ModelFacts> {
  const { decodeTable } = await import('../storage/table-model.ts');
  const { env, envOptions, nStates, nActions, cells, actionBins } = decodeTable(new TextDecoder().decode(bytes), model);
  const layers = [{ kind: 'table', weights: [{ name: 'q', shape: [nStates, nActions] }] }];
  return {
    model,
    form: 'table of action values',
    inputs: [{ name: 'state', type: 'int32', shape: [] }],
    outputs: [{ name: 'q', type: 'float64', shape: [nActions] }],
    layers,
    ...counted(layers),
    metadata: {
      env,
      env_kwargs: JSON.stringify(envOptions),
      ...(cells === null ? {} : { cells: JSON.stringify(cells) }),
      ...(actionBins === null ? {} : { action_bins: JSON.stringify(actionBins) }),
    },
  };
}

/** Element types of ONNX that models of agents have; others are shown by their number. */
const types: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  11: 'float64',
};

async function describeOnnx(model: string, bytes: Uint8Array): Promise<ModelFacts> {
  const { decodeModel } = await import('../graph/onnx-schema.ts');
  let proto: import('../graph/onnx-schema.ts').ModelProto;
  try {
    proto = decodeModel(bytes);
  } catch (cause) {
    throw new FileFormatError(model, 'no model that bellman knows', 'Give an .onnx file, a table or a run.', { cause });
  }
  if (!proto.irVersion || proto.graph === undefined || proto.graph.output.length === 0) {
    throw new FileFormatError(model, 'no model that bellman knows', 'Give an .onnx file, a table or a run.');
  }
  const { graph } = proto;
  const shapes = new Map(graph.initializer.map(({ name, dims }) => [name, dims.map(Number)]));
  const value = ({ name, type }: (typeof graph.input)[number]): Value => {
    const { elemType = 0, shape } = type?.tensorType ?? {};
    const lengths = (shape?.dim ?? []).map(({ dimParam, dimValue }) => dimParam || Number(dimValue ?? 0));
    return { name, type: types[elemType] ?? `type ${elemType}`, shape: lengths };
  };
  const used = new Set<string>();
  const layers = graph.node.flatMap(({ opType, input }): Layer[] => {
    // Numbers alone, as a scale of 1/255 or a target shape, are no layer's weights.
    const weights = input.flatMap((name) => {
      const shape = shapes.get(name);
      if (shape === undefined || used.has(name) || sizeOf(shape) <= 1) return [];
      used.add(name);
      return [{ name, shape }];
    });
    return weights.length === 0 || opType === 'Reshape' ? [] : [{ kind: opType, weights }];
  });
  return {
    model,
    form: proto.producerName === '' ? 'ONNX' : `ONNX, written by ${proto.producerName}`,
    inputs: graph.input.filter(({ name }) => !shapes.has(name)).map(value),
    outputs: graph.output.map(value),
    layers,
    ...counted(layers),
    metadata: Object.fromEntries(proto.metadataProps.map(({ key, value: text }) => [key, text])),
  };
}

/** Characters of a text of a model that people are shown; `--json` gives all. */
const LONGEST_FACT = 2000;

/** A text of metadata for people: what is JSON without its signs, `kind atari, frameSkip 4, score (mean 18.53, std 4.32)`. */
export function readable(text: string): string {
  if (text.length > LONGEST_FACT) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  return valueText(value, false);
}

function valueText(value: unknown, inside: boolean): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = Array.isArray(value)
    ? value.map((entry) => valueText(entry, true))
    : Object.entries(value).map(([key, entry]) => `${key} ${valueText(entry, true)}`);
  const text = parts.join(', ') || 'none';
  return inside ? `(${text})` : text;
}

/** The same for people. */
function linesOf({ model, form, inputs, outputs, layers, parameters, metadata }: ModelFacts, width: number): string[] {
  const signature = (values: readonly Value[]) =>
    excerpt(values.map(({ name, type, shape }) => `${name} ${type}[${shape.join(', ')}]`).join(', '), LONGEST_FACT) ||
    'not said';
  const rows = layers.map(({ kind, weights }) => {
    const size = weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return [
      kind ?? '',
      weights.map(({ name }) => name).join(', '),
      weights.map(({ shape }) => shape.join('x')).join(', '),
      formatCount(size),
    ];
  });
  const columns = [
    { title: 'layer' },
    { title: 'weights' },
    { title: 'shapes' },
    { title: 'parameters', align: 'right' },
  ] as const;
  return [
    `${printable(model)}: ${excerpt(form, 200)}`,
    ...fact('inputs', signature(inputs), width),
    ...fact('outputs', signature(outputs), width),
    ...fact('parameters', formatCount(parameters), width),
    ...Object.entries(metadata).flatMap(([key, text]) =>
      fact(excerpt(key, 100), excerpt(readable(text), LONGEST_FACT), width),
    ),
    '',
    ...layTable(columns, rows, width),
  ];
}

/**
 * Q of each state that has a place on the environment's grids, or of all, with the best action.
 * @param json whether as one JSON object: actions, and rows of `[state, ...values]`.
 * @throws MismatchError when the model is no table.
 */
async function actionValueLines(
  path: string,
  json: boolean,
  width: number,
  allowCode: boolean | undefined,
): Promise<string[]> {
  const [
    { importStored, readTable },
    { makeFromKwargs },
    { actionMeanings },
    { isGridWorld },
    { withDiscreteActions },
  ] = await Promise.all([
    import('../node/runs/load-agent.ts'),
    import('../envs/registry.ts'),
    import('../envs/action-meanings.ts'),
    import('../envs/state-grid.ts'),
    import('../wrappers/discretize-action.ts'),
  ]);
  const { model, modelPath } = await readTable(path);
  await importStored({ env: model.env, envKwargs: model.envOptions }, modelPath, allowCode);
  const { nStates, nActions, q } = model;
  const env = makeFromKwargs(model.env, model.envOptions) as Env<unknown, number>;
  const meanings = actionMeanings(withDiscreteActions(env, model.actionBins));
  const actions = Array.from({ length: nActions }, (_, action) => meanings?.[action] ?? String(action));
  const grids = isGridWorld(env.unwrapped) ? env.unwrapped.stateGrids(model.cells) : [];
  const places = grids.flatMap(({ cols, states, cellKinds, rowLabels, colLabels, title }) =>
    states.flatMap((state, cell) => {
      if (!isPlayable(cellKinds[cell]!)) return [];
      const [row, col] = [Math.floor(cell / cols), cell % cols];
      const place = `(${rowLabels?.[row] ?? row}, ${colLabels?.[col] ?? col})`;
      return [{ state, place: title === undefined ? place : `${title} ${place}` }];
    }),
  );
  const all = places.length > 0 ? places : Array.from({ length: nStates }, (_, state) => ({ state, place: '' }));
  const valuesOf = (state: number): readonly number[] => q.slice(state * nActions, (state + 1) * nActions);
  if (json) return [printableJson({ actions, rows: all.map(({ state }) => [state, ...valuesOf(state)]) })];
  const rows = all.map(({ state, place }) => {
    const values = valuesOf(state);
    const learned = values.some((value) => value !== 0);
    return [String(state), place, ...values.map(formatValue), learned ? actions[greedyAction(model, state)]! : ''];
  });
  const columns = [
    { title: 'state', align: 'right' },
    { title: places.length > 0 ? 'row, column' : '' },
    ...actions.map((title) => ({ title, align: 'right' }) as const),
    { title: 'best', leaves: 1 },
  ] as const;
  return layTable(columns, rows, width);
}
