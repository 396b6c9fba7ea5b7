/**
 * Plants faults in the training loops and in what tunes them, one at a time, in a copy of the sources, and sees that a test dies of each.
 *
 *     npx tsx scripts/planted-faults.ts [NAME …]      only faults whose names contain one of these
 *
 * Ends with 1 when a fault survives, or when its patch no longer applies: mend the patch then, do not drop it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Fault {
  readonly name: string;
  readonly file: string;
  /** Text that stands in the file once. */
  readonly find: string;
  readonly replace: string;
}

const DQN = 'src/train/dqn-training.ts';
const PQN = 'src/train/pqn-training.ts';

export const FAULTS: readonly Fault[] = [
  {
    name: 'rewards never clipped',
    file: 'src/train/network-training.ts',
    find: 'if (!clip) return rewards;',
    replace: 'return rewards;',
  },
  {
    name: 'truncated episodes stored as terminated',
    file: 'src/replay/stored-replay.ts',
    find: 'terminated, !terminated, last[n]',
    replace: 'true, false, last[n]',
  },
  {
    name: 'learning rate never falls',
    file: DQN,
    find: 'learner.optimizer.learningRate = learningRateAt(config, progress.step);',
    replace: '',
  },
  {
    name: 'target network never synced',
    file: DQN,
    find: 'if (schedule.syncs(before, progress.step)) learner.syncTarget(config.targetUpdateRate);',
    replace: '',
  },
  {
    name: 'beta never annealed',
    file: 'src/replay/prioritized.ts',
    find: 'if (final !== start) this.beta = interpolate(start, final, steps, step);',
    replace: '',
  },
  {
    name: 'priorities never updated',
    file: DQN,
    find: 'replay.updatePriorities(batch.indices, learner.errors);',
    replace: '',
  },
  {
    name: 'importance weights all 1',
    file: 'src/train/create-dqn-training.ts',
    find: "weighted: config.replay.kind === 'prioritized',",
    replace: 'weighted: false,',
  },
  {
    name: 'gradientSteps ignored',
    file: 'src/train/update-schedule.ts',
    find: 'multiples(this.#intervals.trainInterval, before, step) * this.#intervals.gradientSteps',
    replace: 'multiples(this.#intervals.trainInterval, before, step)',
  },
  {
    name: 'trainInterval ignored',
    file: 'src/train/update-schedule.ts',
    find: 'return multiples(this.#intervals.trainInterval, before, step) *',
    replace: 'return (step - before) *',
  },
  {
    name: 'gradient never clipped',
    file: 'src/agents/gradient-step.ts',
    find: 'if (this.#clipNorm > 0) clipGradientNorm(this.#gradient, this.#clipNorm);',
    replace: '',
  },
  {
    name: 'epsilon stays at its start',
    file: DQN,
    find: 'progress.epsilon = epsilonAt(config, before + 1);',
    replace: 'progress.epsilon = config.epsilonStart;',
  },
  {
    name: 'PQN: value after a truncation left out',
    file: PQN,
    find: 'this.#bootstrap(at, await learner.qValuesFollowing(this.#truncated), TRUNCATED, masks);',
    replace: '',
  },
  {
    name: 'PQN: minibatches not shuffled',
    file: 'src/train/rollout.ts',
    find: 'const order = shuffling.permutation(rows) as number[];',
    replace: 'const order = Array.from({ length: rows }, (_, i) => i);',
  },
  {
    name: '"solved" without a full window',
    file: 'src/train/progress.ts',
    find: ' && games >= rewardWindow',
    replace: '',
  },
  {
    name: 'action masks: ignored in targets',
    file: 'src/agents/dqn.ts',
    find: 'next: (q) => allowedValues(q, masks?.next)',
    replace: 'next: (q) => q',
  },
  {
    name: 'action masks: ignored in exploration',
    file: DQN,
    find: 'drawExploration(progress.epsilon, coins, dice, spec.actions, actions, actionMasks)',
    replace: 'drawExploration(progress.epsilon, coins, dice, spec.actions, actions)',
  },
  {
    name: 'action masks: ignored in acting',
    file: DQN,
    find: 'fillGreedy(await learner.qValues(this.observations), spec.actions, actions, actionMasks)',
    replace: 'fillGreedy(await learner.qValues(this.observations), spec.actions, actions)',
  },
  {
    name: 'action masks: of the step after the action instead of the horizon',
    file: 'src/replay/transition-stream.ts',
    find: 'masks.read(this.observations[slot] + 1, out.nextActionMasks',
    replace: 'masks.read(this.observations[first] + 1, out.nextActionMasks',
  },
  {
    name: "action masks: the next episode's where one ended",
    file: 'src/replay/stored-replay.ts',
    find: 'last[n], n, finalMasks?.[n])',
    replace: 'last[n], n, masks?.[n])',
  },
  {
    name: 'PQN: action masks ignored in targets',
    file: PQN,
    find: 'const best = masks === undefined ? argMax(q, from, actions) : argMaxAllowed(q, masks, from, actions);',
    replace: 'const best = argMax(q, from, actions);',
  },
  {
    name: 'TPE: more trials than a tenth are good',
    file: 'src/tune/tpe-sampler.ts',
    find: 'Math.min(Math.ceil(GOOD_SHARE * ranked.length), MOST_GOOD)',
    replace: 'Math.ceil(GOOD_SHARE * ranked.length)',
  },
  {
    name: 'TPE: pruned trials ranked by value, however far they got',
    file: 'src/tune/tpe-sampler.ts',
    find: 'compare(stepB, stepA) || ',
    replace: '',
  },
  {
    name: 'TPE: normal kernels not truncated',
    file: 'src/tune/parzen-estimator.ts',
    find: 'out[k] += log - inside[k];',
    replace: 'out[k] += log;',
  },
  {
    name: 'successive halving: judged at every report',
    file: 'src/tune/successive-halving-pruner.ts',
    find: 'if (this.#stepOf(rung) <= before) continue;',
    replace: '',
  },
  {
    name: 'successive halving: rungs at equal distances',
    file: 'src/tune/successive-halving-pruner.ts',
    find: 'this.#reductionFactor ** (this.#minEarlyStoppingRate + rung)',
    replace: '(1 + this.#minEarlyStoppingRate + rung)',
  },
  {
    name: 'actors play with weights of another age',
    file: 'src/train/actors/rounds.ts',
    find: 'return Math.max(0, round - this.#settings.lag);',
    replace: 'return Math.max(0, round - this.#settings.lag - 1);',
  },
  {
    name: 'a chunk counted twice',
    file: 'src/train/actors/rounds.ts',
    find: 'const plays = await Promise.all(this.#ahead[0]);',
    replace: 'const plays = (await Promise.all(this.#ahead[0])).map((_, __, all) => all[0]);',
  },
  {
    name: 'actors answer with what they were not asked for',
    file: 'src/train/actors/rounds.ts',
    find: 'return checked(await this.#actors.play({ actor, round, version, state }), actor, round, version);',
    replace: 'return this.#actors.play({ actor, round, version, state });',
  },
  {
    name: "actors' priorities of the wrong transitions",
    file: 'src/train/actors/dqn-actor-training.ts',
    find: 'slots.push(store.slotOf(n, number));',
    replace: 'slots.push(store.slotOf(0, number));',
  },
];

/** @throws Error unless the fault's text stands in its file exactly once. */
export function plant({ name, file, find, replace }: Fault, text: string): string {
  const [before, ...rest] = text.split(find);
  if (rest.length !== 1) {
    throw new Error(
      `"${name}" no longer applies: its text stands ${rest.length} times in ${file}, not once.\n  ${find}`,
    );
  }
  return `${before}${replace}${rest[0]}`;
}

/** What tests the loops, in seconds. */
const TESTS = [
  'examples',
  'src/train/actors',
  'src/train/progress.test.ts',
  'src/train/action-masks.test.ts',
  'src/replay',
  'src/tune/tpe.test.ts',
  'src/tune/pruners.test.ts',
];

function main(wanted: readonly string[]): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const faults = FAULTS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  const copy = mkdtempSync(join(tmpdir(), 'bellman-faults-'));
  try {
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
    for (const file of files.split('\n')) {
      if (file !== '' && existsSync(join(root, file))) cpSync(join(root, file), join(copy, file), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const passes = () =>
      spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--bail=1', ...TESTS], {
        cwd: copy,
        stdio: 'ignore',
      }).status === 0;
    if (!passes()) throw new Error('The tests fail before any fault is planted.');
    const survivors = faults.filter((fault) => {
      const path = join(copy, fault.file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, plant(fault, text));
      const survived = passes();
      writeFileSync(path, text);
      console.log(`${survived ? 'SURVIVED' : 'killed  '} ${fault.name}`);
      return survived;
    });
    console.log(`${faults.length - survivors.length} of ${faults.length} faults killed`);
    if (survivors.length > 0) process.exitCode = 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
