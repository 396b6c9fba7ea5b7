import { join } from 'node:path';
import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { isObject } from '../core/is-object.ts';
import { shellWord } from '../core/shell-word.ts';
import { kindOf } from '../node/files/folder.ts';
import { checkPictureName, pictureFormats, writePicture } from '../node/files/picture-file.ts';
import { type RecordedRun, readRun, runsIn } from '../node/runs/run-metrics.ts';
import { SUITE_FILE } from '../node/suite/suite-file.ts';
import { type Curve, drawCurves, type Level } from '../plot/curve-picture.ts';
import { aggregate, type Series, smooth } from '../plot/curves.ts';
import type { Spread } from '../plot/seed-band.ts';
import type { JsonObject } from '../runs/json.ts';
import { groupOf } from '../runs/run-identity.ts';
import { ALLOW_CODE_HELP, examples, finiteNumber, oneOf, optionName, wholeNumber } from './command.ts';

const axes = ['steps', 'episodes', 'time'] as const;
type Axis = (typeof axes)[number];
const spreadNames: readonly Spread[] = ['std', 'ci', 'quartiles', 'range', 'none'];

interface PlotOptions {
  readonly out?: string;
  readonly x: Axis;
  readonly y?: string;
  readonly smooth: number;
  readonly spread: Spread;
  readonly title?: string;
  readonly yRange?: readonly [number, number];
  readonly level?: readonly Level[];
  readonly values?: boolean;
  readonly q?: boolean;
  readonly profile?: boolean;
  readonly aggregates?: boolean;
  readonly history?: boolean;
  readonly parallel?: boolean;
  readonly slices?: boolean;
  readonly importances?: boolean;
  readonly scale: number;
  readonly allowCode?: boolean;
}

export function configure(command: Command): void {
  command
    .argument(
      '<run...>',
      'folders of runs, or of several runs of different seeds; NAME=FOLDER names a line; the file of a study',
    )
    .option(
      '-o, --out <file>',
      `picture to write: ${pictureFormats.join(' or ')} (default: curves.svg, values.svg, profile.svg …)`,
    )
    .option('--x <axis>', `horizontal axis: ${axes.join(', ')}`, oneOf('--x', axes), 'steps')
    .option('--y <name>', 'what to draw, a name of metrics.jsonl (default: reward_mean, else reward)')
    .option('--smooth <n>', 'mean over so many values', wholeNumber('--smooth', 1), 1)
    .option(
      '--spread <kind>',
      `band of several seeds: ${spreadNames.join(', ')}`,
      oneOf('--spread', spreadNames),
      'std',
    )
    .option('--y-range <low,high>', 'ends of the vertical axis', range)
    .option('--level <value=text>', 'a level to compare with; repeatable', level)
    .option('--title <text>', 'heading')
    .option('--values', "value table and policy of one tabular run's best table, instead of curves")
    .option('--q', 'the same for Q: the value of each action in each cell')
    .option('--profile', 'of suites: the share of runs above each human-normalised score (their default)')
    .option('--aggregates', 'of suites: median, interquartile mean, mean and optimality gap with their intervals')
    .option('--history', 'of a study: the value of each trial and the best so far (its default)')
    .option('--parallel', 'of a study: its trials as lines through an axis for each setting')
    .option('--slices', 'of a study: the value of its trials by each setting')
    .option('--importances', 'of a study: how much of what the trials differ by each setting explains')
    .option('--allow-code', ALLOW_CODE_HELP)
    .option('--scale <n>', 'pixels of a PNG for each unit of the picture', finiteNumber('--scale', 0.1, 8), 2)
    .addHelpText(
      'after',
      examples(
        'bellman plot runs/sarsa runs/q-learning --x episodes -o curves.png',
        'bellman plot SARSA=runs/sarsa "Q-learning=runs/q-learning" --y training_reward --smooth 5 --level -13=optimal',
        'bellman plot runs/lake --values -o lake.png',
        'bellman plot runs/lake --q -o lake-q.png',
        'bellman plot PQN=runs/suite-pqn DQN=runs/suite-dqn --aggregates -o aggregates.svg',
        'bellman plot runs/tune-dqn-cart-pole.log --parallel -o parallel.png',
      ),
    )
    .action(plot);
}

/** Options of curves alone, and of pixels alone. */
const OF_CURVES = ['x', 'y', 'smooth', 'spread', 'yRange', 'level'] as const;

/** What is drawn instead of curves, with the file that it goes to. */
const KINDS = {
  values: 'values.svg',
  q: 'q.svg',
  profile: 'profile.svg',
  aggregates: 'aggregates.svg',
  history: 'history.svg',
  parallel: 'parallel.svg',
  slices: 'slices.svg',
  importances: 'importances.svg',
} as const;
type Kind = keyof typeof KINDS;

/** @throws OptionError for two kinds of picture, or an option that would change nothing. */
function checkOptions(options: PlotOptions, kind: Kind | undefined, out: string, command: Command): void {
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const asked = (Object.keys(KINDS) as Kind[]).filter((name) => options[name] === true);
  if (asked.length > 1) {
    throw new OptionError(`--${asked[1]}`, true, `one of ${asked.map((name) => `--${name}`).join(' and ')}`);
  }
  const idle = kind === undefined ? undefined : OF_CURVES.find(given);
  if (idle !== undefined) {
    throw new OptionError(optionName(idle), options[idle], `an option of curves, not of --${kind}`);
  }
  if (given('scale') && !/\.png$/i.test(out))
    throw new OptionError('--scale', options.scale, 'an option of .png pictures');
}

async function plot(folders: readonly string[], options: PlotOptions, command: Command): Promise<void> {
  const asked = (Object.keys(KINDS) as Kind[]).find((name) => options[name] === true);
  const kind = asked ?? usualKind(folders);
  const out = options.out ?? (kind === undefined ? 'curves.svg' : KINDS[kind]);
  checkPictureName('--out', out);
  checkOptions(options, kind, out, command);
  const { svg, lines = [] } = await pictureOf(kind, folders, options);
  await writePicture(out, svg, options.scale);
  for (const line of lines) console.log(line);
  console.log(`Picture ${out}`);
}

async function pictureOf(
  kind: Kind | undefined,
  folders: readonly string[],
  options: PlotOptions,
): Promise<{ readonly svg: string; readonly lines?: readonly string[] }> {
  if (kind === undefined) return { svg: curvePicture(folders, options) };
  if (kind === 'q') return { svg: await qPicture(folders, options) };
  if (kind === 'values') return { svg: await valuePicture(folders, options) };
  if (isStudyPicture(kind)) {
    if (folders.length !== 1) throw new OptionError(`--${kind}`, `${folders.length} studies`, 'one study');
    const { studyPicture } = await import('./plot-study.ts');
    return { svg: studyPicture(kind, folders[0], options.title) };
  }
  const { aggregatePicture, describeImprovement, profilePicture } = await import('./plot-suite.ts');
  const named = folders.map(namedFolder);
  const svg = kind === 'profile' ? profilePicture(named, options) : aggregatePicture(named, options);
  return { svg, lines: describeImprovement(named) };
}

/** `NAME=FOLDER`, unless there is a folder of that whole name. */
function namedFolder(folder: string): { readonly name: string | undefined; readonly path: string } {
  const [, name, path] = kindOf(folder) === undefined ? (/^([^=]+)=(.+)$/.exec(folder) ?? []) : [];
  return { name, path: path ?? folder };
}

/** What is drawn where nothing is asked for: undefined for curves. */
function usualKind(folders: readonly string[]): Kind | undefined {
  if (folders.every((folder) => isSuite(namedFolder(folder).path))) return 'profile';
  return kindOf(folders[0]) === 'file' ? 'history' : undefined;
}

const STUDY_KINDS = ['history', 'parallel', 'slices', 'importances'] as const;
const isStudyPicture = (kind: Kind): kind is (typeof STUDY_KINDS)[number] =>
  (STUDY_KINDS as readonly string[]).includes(kind);

const isSuite = (folder: string): boolean => kindOf(join(folder, SUITE_FILE)) === 'file';

async function valuePicture(folders: readonly string[], { title, allowCode }: PlotOptions): Promise<string> {
  if (folders.length !== 1) throw new OptionError('--values', `${folders.length} runs`, 'one run');
  const [path] = folders;
  const [{ importStored, readTable }, { gridsOf, gridsPerRow }, { makeFromKwargs }, { drawValueTable }] =
    await Promise.all([
      import('../node/runs/load-agent.ts'),
      import('../tabular/grids-of.ts'),
      import('../envs/registry.ts'),
      import('../tabular/value-picture.ts'),
    ]);
  const { model, modelPath } = await readTable(path);
  await importStored({ env: model.env, envKwargs: model.envOptions }, modelPath, allowCode);
  const grids = gridsOf(makeFromKwargs(model.env, model.envOptions).unwrapped, Float64Array.from(model.q), {
    ...model,
    masks: model.actionMasks === null ? undefined : Int8Array.from(model.actionMasks),
  });
  if (grids.length === 0) throw new MismatchError(`${modelPath}: ${model.env} is no grid that could be drawn.`);
  return drawValueTable(grids, { title: title ?? model.env, subtitle: path, perRow: gridsPerRow(grids) });
}

async function qPicture(folders: readonly string[], { title, allowCode }: PlotOptions): Promise<string> {
  if (folders.length !== 1) throw new OptionError('--q', `${folders.length} runs`, 'one run');
  const [path] = folders;
  const [{ importStored, readTable }, { gridsPerRow }, { makeFromKwargs }, { isGridWorld }, { drawQTable }] =
    await Promise.all([
      import('../node/runs/load-agent.ts'),
      import('../tabular/grids-of.ts'),
      import('../envs/registry.ts'),
      import('../envs/state-grid.ts'),
      import('../tabular/q-picture.ts'),
    ]);
  const { model, modelPath } = await readTable(path);
  await importStored({ env: model.env, envKwargs: model.envOptions }, modelPath, allowCode);
  const env = makeFromKwargs(model.env, model.envOptions).unwrapped;
  const grids = isGridWorld(env) ? env.stateGrids(model.cells) : [];
  if (grids.length === 0) {
    throw new MismatchError(
      `${modelPath}: ${model.env} is no grid that could be drawn. --q draws lakes, cliffs, taxis, Blackjack and a pole in cells; as text: ${advise(`model ${shellWord(path)} --q`)}`,
    );
  }
  return drawQTable(grids, model.q, {
    title: title ?? `Q of ${model.env}`,
    subtitle: path,
    perRow: gridsPerRow(grids),
  });
}

interface Group {
  readonly name: string | undefined;
  readonly runs: RecordedRun[];
}

function curvePicture(folders: readonly string[], options: PlotOptions): string {
  const groups = groupRuns(folders);
  const runs = groups.flatMap((group) => group.runs);
  const name =
    options.y ?? (runs.every(({ rows }) => rows.some((row) => 'reward_mean' in row)) ? 'reward_mean' : 'reward');
  const labels = labelGroups(groups);
  const drawn = groups.map((group, i): Curve => {
    const all = group.runs.map((run) => seriesOf(run, options.x, name));
    const band = aggregate(
      all.map((series) => smooth(series, options.smooth)),
      options.spread,
    );
    // A single run of a network shows its games too.
    const hasDots = runs.length === 1 && name === 'reward_mean' && runs[0].rows.some((row) => 'reward' in row);
    const dots = hasDots ? seriesOf(group.runs[0], options.x, 'reward') : undefined;
    return { label: labels[i], band, runs: all.length, dots };
  });
  const [unit, curves] = options.x === 'time' ? timeUnit(drawn) : ['', drawn];
  const environments = [...new Set(runs.map(({ config }) => String(config['env'])))];
  const details = [
    ...(options.smooth > 1 ? [`mean over ${options.smooth} values`] : []),
    ...(runs.length === 1 && name === 'reward_mean' ? ['dots: episodes; line: mean of the last ones'] : []),
  ];
  return drawCurves(curves, {
    title: options.title ?? environments.join(', '),
    subtitle: details.length > 0 ? details.join(' · ') : undefined,
    xLabel: { steps: stepsLabel(runs), episodes: 'episodes', time: `time, ${unit}` }[options.x],
    yLabel: yLabels[name] ?? name,
    spread: options.spread,
    yRange: options.yRange,
    levels: options.level ?? [],
  });
}

const yLabels: Readonly<Record<string, string>> = {
  reward: 'reward of an episode',
  reward_mean: 'mean reward of the last episodes',
  eval_reward: 'mean reward of an evaluation',
  training_reward: 'reward of a training episode',
};

/** Named folders are groups; other runs belong together when only their seeds differ. */
function groupRuns(folders: readonly string[]): Group[] {
  const groups = new Map<string, Group>();
  for (const folder of folders) {
    const { name, path } = namedFolder(folder);
    for (const run of runsIn(path).map(readRun)) {
      const key = name ?? groupOf(run.config);
      if (!groups.has(key)) groups.set(key, { name, runs: [] });
      groups.get(key)?.runs.push(run);
    }
  }
  return [...groups.values()];
}

/** Names a group by what it has apart from the others: its algorithm, its environment, values of its configuration. */
function labelGroups(groups: readonly Group[]): string[] {
  const facts = groups.map(({ runs: [run] }) => {
    const { algorithm, env, envKwargs, config } = run.config;
    // Not the characters of a text, where somebody wrote one.
    const values: JsonObject = { ...(isObject(envKwargs) ? envKwargs : {}), ...(isObject(config) ? config : {}) };
    return { algorithm: String(algorithm), env: String(env), values };
  });
  const differs = <T>(of: (fact: (typeof facts)[number]) => T) => new Set(facts.map(of)).size > 1;
  const names = (fact: (typeof facts)[number]): string[] => {
    const parts = differs(({ algorithm }) => algorithm) || facts.length === 1 ? [fact.algorithm] : [];
    if (differs(({ env }) => env)) parts.push(fact.env);
    return parts;
  };
  return groups.map((group, i) => {
    if (group.name !== undefined) return group.name;
    const parts = names(facts[i]);
    // Values tell apart what algorithm and environment do not.
    const alike = facts.filter((other) => names(other).join() === parts.join());
    const keys = [...new Set(alike.flatMap(({ values }) => Object.keys(values)))];
    for (const key of keys) {
      const value = JSON.stringify(facts[i].values[key]);
      if (alike.some(({ values }) => JSON.stringify(values[key]) !== value)) parts.push(`${key}=${value}`);
    }
    return parts.length > 0 ? parts.join(' ') : `run ${i + 1}`;
  });
}

/** @throws MismatchError when the run has logged no such value yet. */
function seriesOf({ path, rows }: RecordedRun, axis: Axis, name: string): Series {
  const used = rows.map((row, i) => ({ row, episode: row['episodes'] ?? i + 1 })).filter(({ row }) => name in row);
  if (used.length === 0) {
    const known = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
      (key) => !['step', 'time'].includes(key),
    );
    throw new MismatchError(
      `${path} has logged no ${name}${known.length > 0 ? `; it has ${known.slice(0, 20).join(', ')}` : ' yet, nor anything else'}.`,
    );
  }
  const start = rows[0].time;
  const x = used.map(({ row, episode }) =>
    axis === 'time' ? row.time - start : axis === 'episodes' ? episode : (row['env_steps'] ?? row.step),
  );
  return { x, y: used.map(({ row }) => row[name]) };
}

/** Counts time in seconds, minutes or hours, as fits the longest. */
function timeUnit(curves: readonly Curve[]): [string, Curve[]] {
  const longest = Math.max(...curves.map(({ band }) => band.x[band.x.length - 1]));
  const [unit, seconds] = longest > 7200 ? ['h', 3600] : longest > 120 ? ['min', 60] : ['s', 1];
  const shrink = (x: readonly number[]) => x.map((value) => value / Number(seconds));
  const scaled = curves.map(({ band, dots, ...rest }) => ({
    ...rest,
    band: { ...band, x: shrink(band.x) },
    dots: dots === undefined ? undefined : { ...dots, x: shrink(dots.x) },
  }));
  return [String(unit), scaled];
}

const stepsLabel = (runs: readonly RecordedRun[]): string =>
  runs.some(({ config }) => ['value-iteration', 'q-iteration'].includes(String(config['algorithm'])))
    ? 'environment steps, with the test steps it learns from'
    : 'environment steps';

function range(text: string): [number, number] {
  const ends = text.split(',').map(Number);
  if (ends.length !== 2 || !(ends[0] < ends[1]) || !ends.every(Number.isFinite)) {
    throw new OptionError('--y-range', text, 'two numbers, the lower first, such as -100,0');
  }
  return [ends[0], ends[1]];
}

function level(text: string, previous: readonly Level[] = []): Level[] {
  const [, value, label] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (value === undefined || !Number.isFinite(Number(value))) {
    throw new OptionError('--level', text, 'a number and its name, such as -13=optimal');
  }
  return [...previous, { value: Number(value), label }];
}
