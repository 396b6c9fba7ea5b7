import type { Command } from 'commander';
import { makeFromKwargs } from '../envs/registry.ts';
import { traceEnvironment } from '../envs/trace.ts';
import { examples, jsonObject, wholeNumber } from './command.ts';

interface TraceOptions {
  readonly seed: number;
  readonly steps: number;
  readonly kwargs: Record<string, unknown>;
}

/** Lines are written in blocks of about this many characters: a write a line would cost more than the environment. */
const BLOCK = 1 << 16;

export function configure(command: Command): void {
  command
    .argument('<env>', 'environment id')
    .option('--seed <n>', 'seed of the environment and of the action space', wholeNumber('--seed'), 0)
    .option('--steps <n>', 'steps to print', wholeNumber('--steps', 1), 1000)
    .option('--kwargs <json>', "constructor options by Gymnasium's names", jsonObject('--kwargs'), {})
    .addHelpText(
      'after',
      examples(`bellman trace FrozenLake-v1 --seed 7 --steps 100 --kwargs '{"is_slippery": false}'`),
    )
    .action(async (id: string, options: TraceOptions) => {
      const env = makeFromKwargs(id, options.kwargs);
      let block = '';
      for (const line of traceEnvironment(env, { seed: options.seed, steps: options.steps })) {
        block += `${line}\n`;
        if (block.length < BLOCK) continue;
        if (!process.stdout.write(block)) await new Promise((resolve) => process.stdout.once('drain', resolve));
        block = '';
      }
      process.stdout.write(block);
      env.close();
    });
}
