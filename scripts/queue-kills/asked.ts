/** What the workers of `queue-kills` are asked for: seeds of one training, or a study. Each is asked for in the same words with a queue and without. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { FolderStore } from '../../src/node/store/folder-store.ts';
import { fetchRun, RUN_FOLDERS } from '../../src/node/store/stored-run.ts';
import { JournalFile } from '../../src/node/tune/journal-file.ts';
import { OPERATION, type StudyTrial, stateCode } from '../../src/node/tune/journal-format.ts';
import { trialId } from '../../src/node/tune/run-study.ts';
import { studyIn } from '../../src/node/tune/study-settings.ts';

export interface Places {
  readonly alone: string;
  readonly results: string;
  readonly store: string;
}

export interface Asked {
  /** The program that has it all trained on this machine, one after the other in `jobs` places. */
  alone(jobs: number): string[];
  /** The program that waits for the workers, at first and after it was killed. */
  begin(): string[];
  again(): string[];
  /** Trainings that are in the store whole. */
  done(): number;
  /** What is wrong in the results, each in words; what the program printed last is at hand. */
  faults(said: string): Promise<string[]>;
}

/** `bellman train --seeds`. */
export function askedSeeds({ alone, results, store }: Places, count: number, steps: number): Asked {
  const training = [
    'train',
    'dqn',
    '--env',
    'CartPole-v1',
    '--set',
    `maxSteps=${steps}`,
    '--set',
    'learningStarts=200',
  ];
  const seeds = ['--reward', '1000', '--seeds', `0..${count - 1}`, '--json'];
  const begin = () => [...training, ...seeds, '--queue', '--store', store, '--run', results];
  return {
    alone: (jobs) => [...training, ...seeds, ...onThisMachine(jobs), '--keep-last', '--run', alone],
    begin,
    again: begin,
    done: () => resultsBelow(store),
    async faults(said) {
      const report = JSON.parse(said.trim().split('\n').at(-1) ?? '{}') as {
        seeds?: { seed: number; failed: boolean }[];
      };
      const listed = (report.seeds ?? []).filter(({ failed }) => !failed).map(({ seed }) => seed);
      return Array.from({ length: count }, (_, seed) => seed).flatMap((seed) => {
        const times = listed.filter((one) => one === seed).length;
        if (times !== 1) return [`seed ${seed}: ${times} times in the results`];
        const same = factsOf(join(alone, `seed${seed}`)) === factsOf(join(results, `seed${seed}`));
        return same ? [] : [`seed ${seed}: other bits`];
      });
    },
  };
}

/** `bellman tune`: settings drawn by the number of the trial alone, so that the order in which trials end changes none. */
export function askedStudy({ alone, results, store }: Places, count: number, steps: number): Asked {
  const study = (folder: string) => join(folder, 'study.log');
  const length = ['--trials', `${count}`, '--retrain-seeds', '0', '--json'];
  const wish = [
    ...['tune', 'dqn', '--env', 'CartPole-v1', '--space', 'learningRate=1e-4..1e-2:log', 'gamma=0.9,0.98,0.99'],
    ...['--set', 'learningStarts=200', '--reward', '1000', '--steps', `${steps}`, '--seeds', '1', '--episodes', '0'],
    ...['--sampler', 'random', ...length],
  ];
  return {
    alone: (jobs) => [...wish, ...onThisMachine(jobs), '--study', study(alone)],
    begin: () => [...wish, '--queue', '--study', study(results)],
    again: () => ['tune', '--resume', study(results), ...length, '--queue'],
    done: () => resultsBelow(store),
    async faults() {
      const expected = trialsOf(study(alone));
      const found = trialsOf(study(results));
      const endings = endingsOf(study(results));
      const fetched = join(results, 'fetched');
      const faults: string[] = [];
      if (found.length !== count) faults.push(`${found.length} trials in the study`);
      for (const [number, trial] of expected.entries()) {
        const one = found[number];
        const say = (what: string) => faults.push(`trial ${number}: ${what}`);
        if (one?.state !== 'complete') say(`${one?.state ?? 'not there'}`);
        else if (endings.get(number) !== 1) say(`ended ${endings.get(number)} times`);
        else if (!isDeepStrictEqual(one.settings, trial.settings)) say('other settings');
        else if (one.value !== trial.value) say(`value ${one.value}, alone ${trial.value}`);
        else {
          const run = (of: StudyTrial) => `${trialId(String(of.attributes['runs']), number)}/seed0`;
          await fetchRun(new FolderStore(store), run(one), fetched);
          if (factsOf(join(fetched, run(one))) !== factsOf(join(alone, run(trial)))) say('other bits');
        }
      }
      return faults;
    },
  };
}

const onThisMachine = (jobs: number): string[] => [
  ...['--jobs', `${jobs}`, '--threads', '1', '--checkpoint-every', '1'],
];

const trialsOf = (path: string): readonly StudyTrial[] => studyIn(new JournalFile(path))?.study.trials ?? [];

/** How often a journal says that a trial is complete: readers go by the first. */
function endingsOf(path: string): Map<number, number> {
  const times = new Map<number, number>();
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
    const { op_code: code, state, trial_id: id } = JSON.parse(line) as Record<string, number>;
    if (code === OPERATION.trialState && state === stateCode('complete')) times.set(id!, (times.get(id!) ?? 0) + 1);
  }
  return times;
}

/** Runs below a store that have a result. */
function resultsBelow(folder: string): number {
  if (!existsSync(folder)) return 0;
  if (existsSync(join(folder, 'result.json'))) return 1;
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  // A run's own folders have none.
  const names = below.map(({ name }) => name).filter((name) => !RUN_FOLDERS.includes(name));
  return names.reduce((sum, name) => sum + resultsBelow(join(folder, name)), 0);
}

/** What of a run is the same on every machine: all logged values but times, and the bytes of its models. */
function factsOf(run: string): string {
  const rows = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const kept = rows.map((line) => {
    const { time: _, speed: __, ...row } = JSON.parse(line) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(row).filter(([name]) => !/second|speed|per_second/.test(name)));
  });
  const models = readdirSync(join(run, 'models')).sort();
  const bytes = models.map((name) => readFileSync(join(run, 'models', name)).toString('base64'));
  return JSON.stringify([kept, models, bytes]);
}
