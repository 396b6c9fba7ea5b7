import type { Command } from 'commander';
import { MismatchError, OptionError } from '../core/errors.ts';
import { examples, FOREIGN_VIEW_HELP, jsonObject } from './command.ts';

interface ConvertOptions {
  readonly env?: string;
  readonly preprocessing?: string;
  readonly kwargs?: Record<string, unknown>;
  readonly output?: string;
}

export function configure(command: Command): void {
  command
    .argument('<model>', 'state dict of PyTorch (.dat, .pth, .cleanrl_model) or archive of Stable-Baselines3 (.zip)')
    .option('-e, --env <id>', 'environment that it was trained on')
    .option('--preprocessing <name>', FOREIGN_VIEW_HELP)
    .option('--kwargs <json>', "the environment's options by Gymnasium's names", jsonObject('--kwargs'))
    .option('-o, --output <file>', 'the .onnx file to write; without it the layers are shown')
    .addHelpText('after', examples('bellman convert net.pth --env CartPole-v1 -o net.onnx'))
    .action(convert);
}

async function convert(path: string, options: ConvertOptions): Promise<void> {
  const { env, preprocessing, kwargs, output } = options;
  const [{ readFileChecked, writeFileAtomic }, { makeEnvironment }, foreign, { convertForeign }] = await Promise.all([
    import('../node/files/atomic-file.ts'),
    import('../node/runs/load-agent.ts'),
    import('../foreign/foreign-model.ts'),
    import('../runs/open-foreign.ts'),
  ]);
  if (output !== undefined && !output.endsWith('.onnx'))
    throw new OptionError('--output', output, 'a name ending in .onnx');
  const bytes = readFileChecked(path);
  if (!foreign.isForeignModel(bytes)) {
    throw new MismatchError(`${path} is no state dict of PyTorch and no archive of Stable-Baselines3.`);
  }
  const source = {
    path,
    options: { env, preprocessing, envKwargs: kwargs },
    makeEnv: (id: string) => makeEnvironment(id, {}, { env, envKwargs: kwargs }),
  };
  const converted = convertForeign(bytes, source);
  if (output !== undefined && converted.config === undefined) {
    throw new MismatchError(
      `--preprocessing ${converted.view} has no place in a model's metadata. Play ${path} itself, with --env and --preprocessing.`,
    );
  }
  const { program, weights } = converted.model;
  const total = [...weights.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  console.log(`${path}: ${program}, ${weights.size} arrays, ${total} numbers`);
  for (const { name, shape } of converted.parameters) console.log(`  ${name} [${shape.join(', ')}]`);
  if (output === undefined) return;
  writeFileAtomic(output, converted.onnx);
  console.log(`Model ${output}`);
}
