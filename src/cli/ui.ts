import { type Command, Option } from 'commander';
import { advise } from '../core/advise.ts';
import { FileFormatError } from '../core/errors.ts';
import { startBoard } from '../node/board/start-board.ts';
import { kindOf } from '../node/files/folder.ts';
import { exitCodeOf, StopRequests } from '../node/runs/stop-requests.ts';
import { ALLOW_CODE_HELP, examples, wholeNumber } from './command.ts';
import { openInBrowser } from './open-in-browser.ts';
import { packageVersion } from './version.ts';

const DEFAULT_FOLDER = 'runs';

interface UiOptions {
  readonly port?: number;
  readonly open: boolean;
  readonly allowCode?: boolean;
  readonly brief?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('[folder]', 'folder with runs, or a run', DEFAULT_FOLDER)
    .option(
      '--port <n>',
      'port on this machine (default: the first free one from 4177 up)',
      wholeNumber('--port', 1, 65_535),
    )
    .option('--no-open', 'do not open the browser')
    .option('--allow-code', ALLOW_CODE_HELP)
    .addOption(new Option('--brief', 'one line, for the training that started it').hideHelp())
    .addHelpText('after', examples('bellman ui', 'bellman ui runs/sarsa --port 8080 --no-open'))
    .action(ui);
}

async function ui(folder: string, { port, open, allowCode, brief }: UiOptions): Promise<void> {
  if (kindOf(folder) !== 'folder' && folder !== DEFAULT_FOLDER) {
    throw new FileFormatError(folder, 'there is no such folder', 'Give a folder with runs.');
  }
  const { argv, execArgv } = process;
  const board = await startBoard({
    ...{ folder, port, allowCode, version: packageVersion() },
    program: advise('').trim(),
    command: [...execArgv, argv[1]!],
  });
  console.log(`Board of ${folder}: ${board.url}`);
  if (brief !== true) {
    console.log(
      'The address holds the key: whoever has it can read, start and stop the runs. Ctrl-C ends the board; trainings continue.',
    );
  }
  if (open && !(await openInBrowser(board.oneTimeUrl())))
    console.log('No browser opens here: open the address yourself.');
  const signal = await new Promise<'SIGHUP' | 'SIGINT' | 'SIGPIPE' | 'SIGTERM'>((resolve) => {
    new StopRequests({ onStop: resolve });
  });
  await board.close();
  // Ctrl-C is how a board is meant to end.
  process.exitCode = signal === 'SIGINT' ? 0 : exitCodeOf(signal);
}
