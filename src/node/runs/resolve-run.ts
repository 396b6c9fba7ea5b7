import type { Algorithm } from '../../algorithms/algorithm.ts';
import type { JsonObject } from '../../runs/json.ts';
import type { ResolvedRun, RunRequest } from '../../runs/run.ts';
import { runFromJson, runToJson } from '../../runs/run-json.ts';
import { settleRun } from '../../runs/settle-run.ts';
import { nodeHost } from './node-host.ts';
import { runtimeName } from './runtime-name.ts';

export { hyperparametersOf } from '../../runs/run-json.ts';
export type { ResolvedRun, RunRequest };

/**
 * Turns a request into a run: the recipe's values, replaced where asked for, every value with its source. Modules that it names
 * are loaded.
 * @throws UnknownNameError for an unknown recipe, OptionError for an unknown key or a value out of range.
 */
export const resolveRun = (request: RunRequest): Promise<ResolvedRun> => settleRun(request, nodeHost);

/** The device that a request means here: `settledDevice` of an algorithm with networks. */
export async function deviceFor({ networks }: Algorithm, device: string): Promise<string> {
  return networks ? nodeHost.settledDevice(device) : device;
}

/** `config.json` of a run. */
export const toJson = (run: ResolvedRun, version: string, command: string): JsonObject =>
  runToJson(run, { version, runtime: runtimeName(), command });

/**
 * Reads `config.json` back, of this version or an earlier one.
 * @param allowCode whether it may name code from elsewhere. Default false.
 * @throws MismatchError when it is not of a form that this version knows or names code that must not run, OptionError when a
 *   value is out of range.
 */
export const fromJson = (json: JsonObject, path: string, allowCode?: boolean): Promise<ResolvedRun> =>
  runFromJson(json, path, nodeHost, allowCode);
