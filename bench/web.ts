/**
 * Learning in a page compared with learning in Node, by processor time on one thread: the kernels (`compileGraphs`) and
 * onnxruntime-web in Chromium, the kernels and onnxruntime-node in Node. All take turns, round by round, so that a busy
 * machine slows all alike. Writes docs/results/web.md with --write.
 *
 *   npx tsx bench/web.ts [--rounds 5] [--only "PQN, Pong"] [--seeds 3] [--write]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { serve } from '../test/browser/serve.ts';
import { bundlePage } from '../test/support/bundle.ts';
import { launchChromium } from '../test/support/launch-chromium.ts';
import { machine, median, page as pageOf, writeSection } from './report.ts';
import type { Order, Work } from './web/in-node.ts';
import type { subject } from './web/in-page.ts';
import { measures } from './web/measures.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);

/** Something that does a measure's work. */
interface Subject {
  readonly name: string;
  work(): Promise<Work>;
  close(): Promise<void>;
}

async function inNode(engine: 'native' | 'kernels', measure: string): Promise<Subject> {
  const script = fileURLToPath(new URL('web/in-node.ts', import.meta.url));
  const child: ChildProcess = fork(script, { execArgv: ['--import', 'tsx'] });
  const answer = async (order?: Order): Promise<unknown> => {
    const [message] = await Promise.all([once(child, 'message'), order && child.send(order)]);
    return message[0];
  };
  await answer();
  await answer({ prepare: measure, engine });
  return {
    name: engine === 'native' ? 'onnxruntime-node' : 'kernels, Node',
    work: async () => (await answer('work')) as Work,
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

const server = await serve({
  '/page.js': await bundlePage('bench/web/in-page.ts'),
  '/training-worker.js': await bundlePage('src/web/worker/training-worker.ts'),
});
type Window = { readonly subject: typeof subject };

/** A browser of its own, so that its renderer's time is the page's. */
async function openPage(): Promise<{ browser: Browser; page: Page; seconds(): Promise<number> }> {
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(server.address);
  await page.waitForFunction(() => 'subject' in globalThis);
  const session = await browser.newBrowserCDPSession();
  return {
    browser,
    page,
    /** Of processor time, all threads of all renderers. */
    async seconds() {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    },
  };
}

async function inPage(engine: string, measure: string): Promise<Subject> {
  const { browser, page, seconds } = await openPage();
  const asked = { measure, engine };
  await page.evaluate(
    ({ measure, engine }) => (globalThis as unknown as Window).subject.prepare(measure, engine),
    asked,
  );
  return {
    name: `${engine}, Chromium`,
    async work() {
      const before = await seconds();
      const count = await page.evaluate(() => (globalThis as unknown as Window).subject.work());
      return { count, seconds: (await seconds()) - before };
    },
    close: () => browser.close(),
  };
}

/** Units in a second of processor time, by subject: medians of the rounds. */
async function contest(subjects: readonly Subject[]): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, work } of subjects) {
      const { count, seconds } = await work();
      seen.get(name)!.push(count / seconds);
    }
  }
  for (const { close } of subjects) await close();
  return new Map([...seen].map(([name, speeds]) => [name, median(speeds)]));
}

const digits = (speed: number): string => Number(speed.toPrecision(3)).toLocaleString('en');
const columns = ['onnxruntime-node', 'kernels, Node', 'onnxruntime-web, Chromium', 'kernels, Chromium'] as const;
const lines = [
  `${machine()} One thread each, processor time; medians of ${rounds} rounds in turn. In brackets: times onnxruntime-node.`,
  '',
  `| | ${columns.join(' | ')} |`,
  `|---|${columns.map(() => '--:').join('|')}|`,
];
for (const [name, { unit }] of Object.entries(measures)) {
  if (values.only !== undefined && values.only !== name) continue;
  const found = await contest([
    await inNode('native', name),
    await inNode('kernels', name),
    await inPage('onnxruntime-web', name),
    await inPage('kernels', name),
  ]);
  const native = found.get(columns[0])!;
  const cells = columns.map((column, i) => {
    const speed = found.get(column)!;
    return i === 0 ? digits(speed) : `${digits(speed)} (${(speed / native).toFixed(2)}x)`;
  });
  lines.push(`| ${name}, ${unit} | ${cells.join(' | ')} |`);
  console.log(lines.at(-1));
}

if (values.only === undefined || values.only === 'updates') {
  const found = await contest([await inNode('kernels', 'updates'), await inPage('kernels', 'updates')]);
  const [node, worker] = [...found.values()].map((speed) => (speed / 1e6).toFixed(1));
  lines.push(
    '',
    `Q-learning on FrozenLake: ${worker} million updates a second in a worker of the page, ${node} in Node.`,
  );
  console.log(lines.at(-1));
}

if (values.only === undefined || values.only === 'solve') {
  lines.push('', '| `pqn-cart-pole` in a page, seed | solved after | frames | processor time |', '|--:|--:|--:|--:|');
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const { browser, page, seconds } = await openPage();
    const { ms, message, step } = await page.evaluate(
      (seed) => (globalThis as unknown as Window).subject.solve('pqn-cart-pole', seed),
      seed,
    );
    const solved = message.startsWith('Solved') ? `${(ms / 1000).toFixed(1)} s` : message;
    lines.push(`| ${seed} | ${solved} | ${step.toLocaleString('en')} | ${(await seconds()).toFixed(1)} s |`);
    console.log(lines.at(-1));
    await browser.close();
  }
}
server.close();
if (values.write) writeSection(pageOf('results/web.md'), 'bench/web.ts', lines);
