import { join } from 'node:path';
import type { Command } from 'commander';
import { loadAlgorithm } from '../algorithms/registry.ts';
import { PUBLISHED_SCORES } from '../atari/published-scores.ts';
import { advise } from '../core/advise.ts';
import { formatDuration } from '../core/duration.ts';
import { OptionError } from '../core/errors.ts';
import { formatCount } from '../core/format-count.ts';
import { shellWord } from '../core/shell-word.ts';
import { exitCodeOf } from '../node/runs/stop-requests.ts';
import {
  checkSuite,
  columnsFor,
  type RunningMember,
  runSuite,
  type SuiteEvent,
  TABLE_TEXT,
} from '../node/suite/run-suite.ts';
import type { SuiteMember } from '../node/suite/suite-member.ts';
import {
  labelOf,
  readSuite,
  readSuiteFile,
  type SuiteRequest,
  type SuiteSettings,
  settleSuite,
} from '../node/suite/suite-settings.ts';
import { scoreText, stepsOf } from '../node/suite/suite-table.ts';
import { summarize } from '../stats/summary.ts';
import { codeAmong } from './code-among.ts';
import { definedOnly, examples, finiteNumber, jsonObject, keyValue, wholeNumber } from './command.ts';
import { fact } from './fact.ts';
import { jobsThatFit } from './jobs-that-fit.ts';
import { seedsOrCount } from './seed-list.ts';
import { type Column, layTable } from './table.ts';
import { silentOutput, terminalOutput, textWidth } from './terminal.ts';
import { packageVersion } from './version.ts';
import { wrap } from './wrap.ts';

interface SuiteCommandOptions {
  readonly games?: string[];
  readonly seeds?: number[];
  readonly dir?: string;
  readonly steps?: number;
  readonly jobs?: number;
  readonly set?: Record<string, unknown>;
  readonly kwargs?: Record<string, unknown>;
  readonly episodes?: number;
  readonly epsilon?: number;
  readonly protocol?: string;
  readonly published?: string[];
  readonly device: string;
  readonly threads?: number;
  readonly checkpointEvery: number;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('[recipe-or-file]', 'a recipe or algorithm for all games, or a .json file that describes the suite')
    .option(
      '--games <list>',
      'environments by id or Atari games by name: pong,breakout,CartPole-v1',
      namesOf('--games'),
    )
    .option('--seeds <list>', 'how many seeds, as 3, or which, as 0..9 or 0,3,7 (default: 3)', seedsOrCount('--seeds'))
    .option('--dir <folder>', 'folder of the suite; one that was begun is resumed (default: runs/suite-RECIPE)')
    .option('--steps <n>', "units of each training (default: the recipe's)", wholeNumber('--steps', 1))
    .option('--set <key=value>', "replace one of the recipe's values; repeatable", keyValue('--set'))
    .option('--kwargs <json>', "the environments' options by Gymnasium's names", jsonObject('--kwargs'))
    .option('--episodes <n>', 'whole episodes that score a run (default: 30)', wholeNumber('--episodes', 1))
    .option('--epsilon <p>', 'probability of a random action in them (default: 0.01)', finiteNumber('--epsilon', 0, 1))
    .option('--protocol <name>', "of Atari games in them, as `eval` has it (default: the recipe's own)")
    .option(
      '--published <list>',
      `published scores beside them, at the same frames and protocol: ${PUBLISHED_SCORES.map(({ id }) => id).join(', ')}`,
      namesOf('--published'),
    )
    .option('--jobs <n>', 'runs at the same time (default: what the cores hold)', wholeNumber('--jobs', 1))
    .option('--device <name>', 'where networks run: cpu, wasm, kernels, webgpu or cuda', 'cpu')
    .option(
      '--threads <n>',
      'threads for the networks of a run (default: 2 where they see pictures, else 1)',
      wholeNumber('--threads', 1, 256),
    )
    .option('--checkpoint-every <seconds>', 'time between checkpoints', finiteNumber('--checkpoint-every', 0), 300)
    .option('--json', 'one JSON object at the end instead of text: the table')
    .addHelpText(
      'after',
      examples(
        'bellman suite pqn --games pong,breakout,space_invaders --seeds 3 --dir runs/three-games',
        'bellman suite dqn --games CartPole-v1,Acrobot-v1 --steps 50000',
        'bellman suite --dir runs/three-games',
      ),
    )
    .action(suite);
}

function namesOf(option: string): (text: string) => string[] {
  return (text) => {
    const names = text.split(',').map((name) => name.trim());
    if (names.includes('')) throw new OptionError(option, text, 'names with commas between them');
    return names;
  };
}

async function suite(named: string | undefined, options: SuiteCommandOptions): Promise<void> {
  const { device } = options;
  const { settings, folder } = settingsOf(named, options);
  const begun = readSuite(folder);
  // Before anything is made, and in front of everything that is said.
  const runs = await checkSuite(settings, device, options.threads);
  const { threads } = runs[0];
  const columns = columnsFor(options.published ?? [], settings, runs);
  const { networks, unit } = await loadAlgorithm(runs[0].algorithm);
  const jobs = options.jobs ?? jobsThatFit(networks, threads);
  const total = settings.games.length * settings.seeds.length;
  const output = options.json ? silentOutput : terminalOutput(process.stdout);
  const width = textWidth(process.stdout);
  const say = (lines: readonly string[]): void => {
    for (const line of lines) output.line(line);
  };
  const again = advise(`suite --dir ${shellWord(folder)}`);
  let introduced = false;
  const introduce = () => {
    if (introduced) return;
    introduced = true;
    say(describeSuite(settings, folder, Math.min(jobs, total), begun !== undefined, width));
  };
  try {
    const { table, text, failed, stoppedBy } = await runSuite({
      ...{ folder, settings, runs, columns, device, threads, jobs },
      checkpointEverySeconds: options.checkpointEvery,
      onEvent: (event) => {
        introduce();
        output.line(describeEvent(event, stepsOf(unit)));
      },
      onProgress: (done, running) => {
        if (running.length > 0) output.progress(shareDone(done, running), total, noteOf(done, total, running));
      },
    });
    introduce();
    output.close();
    if (options.json) console.log(JSON.stringify(table));
    else {
      const finished = table.rows.reduce((sum, row) => sum + row.finished, 0);
      say(['', ...fitted(text.trimEnd().split('\n'), width), '']);
      say([
        `${finished} of ${total} runs finished${failed > 0 ? `, ${failed} failed` : ''}. Table: ${join(folder, TABLE_TEXT)}`,
      ]);
      if (finished < total) say([`Resume with: ${again}`]);
      else {
        // Profiles are of human-normalised scores; of other environments there are curves.
        const drawn = table.aggregates === null ? join(folder, labelOf(settings.games[0])) : folder;
        say([`Next: ${advise(`plot ${shellWord(drawn)}`)}`]);
      }
    }
    if (stoppedBy !== undefined) process.exitCode = exitCodeOf(stoppedBy);
    else if (failed > 0) process.exitCode = 1;
  } finally {
    output.close();
  }
}

/** What the command line, a file and a suite that was begun say together, the former before the latter. */
function settingsOf(
  named: string | undefined,
  options: SuiteCommandOptions,
): { readonly settings: SuiteSettings; readonly folder: string } {
  const { games, seeds, steps, set, kwargs, episodes, epsilon, protocol, dir } = options;
  const file = named?.endsWith('.json') === true ? readSuiteFile(named) : {};
  const recipe = named?.endsWith('.json') === true ? file.recipe : named;
  const folder = dir ?? join('runs', `suite-${(recipe ?? '').replace(/[^\w.-]+/g, '-')}`);
  if (recipe === undefined && dir === undefined) {
    throw new OptionError('recipe', recipe, 'a recipe, a file, or with --dir the folder of a suite that was begun');
  }
  const begun = readSuite(folder);
  if (named === undefined && begun === undefined) {
    throw new OptionError('--dir', dir, 'the folder of a suite that was begun; for a new one name a recipe too');
  }
  if (named === undefined && begun !== undefined) refuseCode(begun, folder);
  const { version: _, ...before }: SuiteRequest = begun ?? {};
  const asked = definedOnly({ games, seeds, steps, set, kwargs });
  const evaluation = { ...before.evaluation, ...file.evaluation, ...definedOnly({ episodes, epsilon, protocol }) };
  const request: SuiteRequest = {
    ...before,
    ...file,
    ...(recipe === undefined ? {} : { recipe }),
    ...asked,
    evaluation,
  };
  return { settings: settleSuite(request, packageVersion()), folder };
}

/** @throws OptionError for a suite that names code, which its folder alone, maybe from elsewhere, must not start. */
function refuseCode({ recipe, games, set }: SuiteSettings, folder: string): void {
  const code = codeAmong([recipe, ...games, ...Object.values(set)]);
  if (code !== undefined) {
    throw new OptionError(
      '--dir',
      folder,
      `a suite without code of its own; name the recipe too, as this one runs ${code}`,
    );
  }
}

function describeSuite(settings: SuiteSettings, folder: string, jobs: number, begun: boolean, width: number): string[] {
  const { recipe, games, seeds, steps, evaluation } = settings;
  const { episodes, epsilon, protocol } = evaluation;
  const total = games.length * seeds.length;
  return [
    ...fact('suite', `${recipe} on ${games.join(', ')}`, width),
    ...fact(
      'runs',
      `${total}: ${games.length} game${games.length === 1 ? '' : 's'}, seeds ${seeds.join(', ')}; ${jobs} at a time (--jobs)`,
      width,
    ),
    ...(steps === null ? [] : fact('steps', formatCount(steps), width)),
    ...fact(
      'score',
      `${episodes} whole episode${episodes === 1 ? '' : 's'} each, epsilon ${epsilon}${protocol === null ? '' : `, protocol ${protocol}`}`,
      width,
    ),
    ...fact('folder', `${folder}${begun ? ', begun before: resumed' : ''}`, width),
  ];
}

/** Columns that a narrow terminal leaves out, the first of them first. */
const LEAVING = ['steps', 'frames', 'random', 'human', '95 % interval'];

/** Markdown's lines with their tables laid out for a terminal; elsewhere they stay Markdown. */
function fitted(lines: readonly string[], width: number): string[] {
  if (width === Number.POSITIVE_INFINITY) return [...lines];
  const shown: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i].startsWith('|')) {
      shown.push(...wrap(lines[i], width));
      continue;
    }
    const rows: string[][] = [];
    for (; lines[i]?.startsWith('|'); i++)
      rows.push(
        lines[i]
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    i--;
    const columns = rows[0].map((title, column): Column => {
      const leaves = LEAVING.indexOf(title);
      return { title, align: column === 0 ? 'left' : 'right', ...(leaves < 0 ? {} : { leaves }) };
    });
    shown.push(...layTable(columns, rows.slice(2), width));
  }
  return shown;
}

const nameOf = ({ env, seed }: SuiteMember): string => `${env} seed ${seed}`;

function describeEvent(event: SuiteEvent, unit: string): string {
  const name = nameOf(event.member);
  switch (event.kind) {
    case 'begins':
      return `${name}: begins`;
    case 'resumes':
      return `${name}: resumes from its last checkpoint (it had done ${formatCount(event.step)} ${unit})`;
    case 'scores':
      return `${name}: trained, plays for its score`;
    case 'scored': {
      const { mean, std } = summarize(event.score.returns);
      const minutes = `${(event.score.seconds / 60).toFixed(1)} min`;
      return `${name}: score ${scoreText(mean)} +- ${scoreText(std)}, ${formatCount(event.score.step)} ${unit}, ${minutes}`;
    }
    case 'stopped':
      return `${name}: stopped${event.step === undefined ? '' : ` at step ${formatCount(event.step)}`}`;
    case 'failed':
      return `${name}: failed: ${event.message}`;
  }
}

/** Runs done, those that go on by their part. */
const shareDone = (done: number, running: readonly RunningMember[]): number =>
  running.reduce((sum, { status }) => sum + (status === undefined ? 0 : status.step / status.maxSteps), done);

function noteOf(done: number, total: number, running: readonly RunningMember[]): string {
  const parts = running.map(({ member, status }) => {
    if (status === undefined) return nameOf(member);
    const left = status.progress?.secondsLeft;
    const time = left === null || left === undefined ? '' : `, ${formatDuration(left)} left`;
    return `${nameOf(member)} ${Math.floor((100 * status.step) / status.maxSteps)} %${time}`;
  });
  return `${done} of ${total} runs | ${parts.join(' | ')}`;
}
