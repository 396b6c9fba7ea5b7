/** Where a file's curve belongs: the runs of one group differ in their seeds. */
export interface FilePlace {
  readonly group: string;
  readonly run: string;
}

const USUAL_FILE = /^(metrics\.jsonl|progress\.csv|monitor\.csv|.*tfevents.*)$/i;
const SEED_FOLDER = /^(?:seed|run|s)[-_ ]?\d+$/i;
const SEED_IN_NAME = /^(.+?)[-_ ]+seed[-_ ]?\d+.*$/i;

/**
 * Names a file's group and run by its path, as `bellman train` lays runs out: `lake/seed0/metrics.jsonl` and `lake/seed1/...` are
 * group lake, `dqn-pong-seed1-1` and `dqn-pong-seed2-1` group dqn-pong.
 */
export function placeOfFile(path: string): FilePlace {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const file = parts.pop() ?? path;
  // A file of a run is called by its folder, another one by its own name.
  const name =
    USUAL_FILE.test(file) && parts.length > 0 ? (parts.pop() as string) : file.replace(/\.(jsonl|csv|txt)$/i, '');
  if (SEED_FOLDER.test(name) && parts.length > 0) return { group: parts[parts.length - 1], run: name };
  const [, group] = SEED_IN_NAME.exec(name) ?? [];
  return { group: group ?? name, run: name };
}
