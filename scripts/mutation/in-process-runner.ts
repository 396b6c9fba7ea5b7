/**
 * A test runner for Stryker that keeps the tests in memory: they are imported once, and each mutant runs the tests that
 * reach it, quickest first, as plain function calls. Stryker's own runner for Vitest starts Vitest for every mutant,
 * which takes longer than most of these tests.
 *
 * Tests are collected by Vitest's library, and expectations and spies are Vitest's. Mocked modules and snapshots are not supported.
 *
 * A mutant could leave a module's state spoiled, and the next one be killed for it. So a kill counts only when the same
 * test passes again without the mutant; otherwise all modules are loaded anew and the mutant is tried once more. Mutants
 * in code that runs while modules load get fresh modules too.
 */
import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext, type StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import { collectTests, getFn, getHooks, type Suite, type Task, type Test, type VitestRunner } from '@vitest/runner';

/** Name of the runner, for Stryker's option `testRunner`. */
export const IN_PROCESS = 'in-process';

/**
 * Key of Stryker's options: paths of test files, from the root of the project. Stryker's own `testFiles` would have
 * mutants of module code switched on after the modules are loaded.
 */
export const TEST_PATHS = 'testPaths';

/** Key of Stryker's options: what names of suites and tests contain that are left out. */
export const LEFT_OUT = 'leftOut';

/** Stryker allows a mutant 100 times the visits of a whole run of tests, which takes minutes in a busy loop; here 3 times. */
const HIT_LIMIT_SHARE = 0.03;

/** Longer than any test; Stryker has a time limit of its own. */
const NO_TIMEOUT = 3_600_000;

/** Modules that are imported with a number behind their address pass it on to what they import from the project. */
const FRESH_MODULES = `
  const root = ${JSON.stringify(pathToFileURL(`${process.cwd()}/`).href)};
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context);
    const [fresh] = /[?]fresh=[0-9]+$/.exec(context.parentURL ?? '') ?? [];
    const own = resolved.url.startsWith(root) && !/[?]|[/]node_modules[/]/.test(resolved.url);
    return fresh !== undefined && own ? { ...resolved, url: resolved.url + fresh } : resolved;
  }`;

interface LoadedTest {
  readonly id: string;
  readonly test: Test;
  /** Outermost first. */
  readonly suites: readonly Suite[];
  /** Milliseconds of the last run that passed. */
  duration: number;
}

/** What a test threw, or undefined. */
type Failure = { readonly message: string } | undefined;

class InProcessRunner implements TestRunner {
  readonly #files: readonly string[];
  readonly #leftOut: RegExp | undefined;
  /** Shared with the instrumented sources. */
  readonly #context: InstrumenterContext;
  #tests: LoadedTest[] = [];
  #loads = 0;
  /** What failed while the modules loaded. */
  #loadFailure: Failure;

  constructor(files: readonly string[], leftOut: string | undefined) {
    this.#files = files;
    this.#leftOut = leftOut === undefined ? undefined : new RegExp(leftOut);
    const shared = globalThis as unknown as Record<string, InstrumenterContext>;
    shared[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    this.#context = shared[INSTRUMENTER_CONSTANTS.NAMESPACE];
  }

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    // What Vitest's functions look for in a process that Vitest started.
    Object.assign(globalThis, { __vitest_worker__: { config: { expect: {} }, filepath: '' } });
    register(`data:text/javascript,${encodeURIComponent(FRESH_MODULES)}`);
  }

  async dryRun(): Promise<DryRunResult> {
    this.#context.activeMutant = undefined as never;
    await this.#load();
    if (this.#loadFailure !== undefined) return { status: DryRunStatus.Error, errorMessage: this.#loadFailure.message };
    const tests: TestResult[] = [];
    for (const loaded of this.#tests) {
      this.#context.currentTestId = loaded.id;
      const failure = await run(loaded);
      this.#context.currentTestId = undefined as never;
      const result = {
        id: loaded.id,
        name: loaded.id,
        timeSpentMs: loaded.duration,
        fileName: loaded.test.file.filepath,
      };
      tests.push(
        failure === undefined
          ? { ...result, status: TestStatus.Success }
          : { ...result, status: TestStatus.Failed, failureMessage: failure.message },
      );
    }
    const { mutantCoverage } = this.#context;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const context = this.#context;
    const { id } = options.activeMutant;
    const whileLoading = options.mutantActivation === 'static';
    const hitLimit = options.hitLimit && options.hitLimit * HIT_LIMIT_SHARE;
    const activate = () => Object.assign(context, { activeMutant: id, hitCount: 0, hitLimit });
    const deactivate = () => Object.assign(context, { activeMutant: undefined, hitCount: 0, hitLimit: undefined });
    for (let attempt = 0; ; attempt++) {
      if (whileLoading) activate();
      else deactivate();
      if (options.reloadEnvironment || attempt > 0 || this.#loads === 0) await this.#load();
      if (this.#loadFailure !== undefined) {
        if (!whileLoading) return { status: MutantRunStatus.Error, errorMessage: this.#loadFailure.message };
        return {
          status: MutantRunStatus.Killed,
          killedBy: [],
          failureMessage: this.#loadFailure.message,
          nrOfTests: 0,
        };
      }
      const wanted = options.testFilter && new Set(options.testFilter);
      const tests = this.#tests.filter((loaded) => wanted?.has(loaded.id) ?? true);
      if (tests.length === 0) return { status: MutantRunStatus.Error, errorMessage: 'No test was found again.' };
      tests.sort((a, b) => a.duration - b.duration);
      let killed: { readonly by: LoadedTest; readonly failure: Failure } | undefined;
      let count = 0;
      activate();
      for (const loaded of tests) {
        count++;
        const failure = await run(loaded);
        if (failure === undefined) continue;
        killed = { by: loaded, failure };
        break;
      }
      const timeout = determineHitLimitReached(context.hitCount, hitLimit);
      deactivate();
      if (timeout !== undefined)
        return { status: MutantRunStatus.Timeout, ...(timeout.reason && { reason: timeout.reason }) };
      if (killed?.failure === undefined) return { status: MutantRunStatus.Survived, nrOfTests: count };
      // Fresh modules were loaded for this mutant alone, and hold it: nothing can be said of them without it.
      if (!whileLoading && attempt === 0 && (await run(killed.by)) !== undefined) continue;
      const { message } = killed.failure;
      return { status: MutantRunStatus.Killed, killedBy: [killed.by.id], failureMessage: message, nrOfTests: count };
    }
  }

  /** Imports all test files, with fresh modules from the second time on. */
  async #load(): Promise<void> {
    const query = this.#loads === 0 ? '' : `?fresh=${this.#loads}`;
    this.#loads++;
    const runner = {
      config: {
        root: process.cwd(),
        sequence: { shuffle: false, hooks: 'stack', setupFiles: 'list' },
        ...{ testTimeout: NO_TIMEOUT, hookTimeout: NO_TIMEOUT, maxConcurrency: 1, retry: 0 },
        ...{ setupFiles: [], tags: [], strictTags: false, allowOnly: false, passWithNoTests: true },
        includeTaskLocation: false,
      },
      pool: IN_PROCESS,
      importFile: (path: string) => import(pathToFileURL(path).href + query),
    } as unknown as VitestRunner;
    const files = await collectTests(
      this.#files.map((file) => join(process.cwd(), file)),
      runner,
    );
    this.#loadFailure = files.flatMap(({ result }) => result?.errors ?? [])[0];
    this.#tests = [];
    const counts = new Map<string, number>();
    const visit = async (task: Task, suites: readonly Suite[]): Promise<void> => {
      if (task.mode !== 'run' || (task !== task.file && this.#leftOut?.test(task.name))) return;
      if (task.type === 'suite') {
        for (const hook of getHooks(task).beforeAll) await hook(task);
        for (const inner of task.tasks) await visit(inner, [...suites, task]);
        return;
      }
      const name = `${task.file.name} ${[...suites.slice(1), task].map((part) => part.name).join(' > ')}`;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      this.#tests.push({ id: count === 1 ? name : `${name} #${count}`, test: task, suites, duration: 1 });
    };
    try {
      if (this.#loadFailure === undefined) for (const file of files) await visit(file, []);
    } catch (error) {
      this.#loadFailure = asFailure(error);
    }
  }
}

async function run(loaded: LoadedTest): Promise<Failure> {
  const { test, suites } = loaded;
  const start = performance.now();
  try {
    try {
      for (const suite of suites) for (const hook of getHooks(suite).beforeEach) await hook(test.context, suite);
      await getFn(test)();
    } finally {
      // Of a test that fails too: what it has put in the place of something would spoil the next one.
      for (const suite of suites) for (const hook of getHooks(suite).afterEach) await hook(test.context, suite);
    }
  } catch (error) {
    return asFailure(error);
  }
  loaded.duration = performance.now() - start;
  return undefined;
}

function asFailure(error: unknown): Failure {
  return { message: error instanceof Error ? error.message : String(error) };
}

function createRunner(options: StrykerOptions): InProcessRunner {
  return new InProcessRunner(options[TEST_PATHS] as string[], options[LEFT_OUT] as string | undefined);
}
createRunner.inject = tokens(commonTokens.options);

/** Where Stryker looks for what a plugin brings. */
export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, IN_PROCESS, createRunner)];
