/**
 * Fuzzes the console: `npx tsx test/fuzz/cartridges.ts [--count N] [--first SEED] [--frames F] [--seconds S]
 * [--json]`. Plays N random and mutated cartridges (of ale-py's games), one a seed, each for F frames and some more (programs
 * are translated after 400) and for at most S seconds, and names the seeds of failures: crash, hang, anything but frames or a typed error. `--only SEED` replays one. Memory after each collected garbage must
 * not grow. The console runs in a thread of its own, so that a hang can be seen and ended.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { gamesToMutate } from './games.ts';
import { type Played, playCartridge } from './play-cartridge.ts';

interface Work {
  readonly first: number;
  readonly end: number;
  readonly frames: number;
  readonly games: readonly Uint8Array[];
  /** Seed under way, and milliseconds since the epoch at which it began. */
  readonly progress: SharedArrayBuffer;
}
type Report =
  | { readonly failed: number; readonly message: string }
  | { readonly played: [outcome: string, count: number][]; readonly jammed: number; readonly frames: number }
  | { readonly bytes: number };

/** Threads do not inherit the loader of TypeScript. */
const TSX = import.meta.resolve('tsx/esm/api');
const REPORT_EVERY = 1000;

interface Totals {
  readonly outcomes: Map<string, number>;
  readonly failures: { readonly seed: number; readonly message: string }[];
  /** In use after garbage collection, every REPORT_EVERY cartridges and at the end. */
  readonly bytes: number[];
  jammed: number;
  frames: number;
}

function playAll({ first, end, frames: framesEach, games, progress }: Work, report: (message: Report) => void): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const now = new Float64Array(progress);
  let jammed = 0;
  let frames = 0;
  const outcomes = new Map<string, number>();
  const flush = (): void => {
    report({ played: [...outcomes], jammed, frames });
    [jammed, frames] = [0, 0];
    outcomes.clear();
  };
  const measure = (): void => {
    flush();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    report({ bytes: heapUsed + external });
  };
  for (let seed = first; seed < end; seed++) {
    now[0] = seed;
    now[1] = Date.now();
    try {
      const played: Played = playCartridge(seed, games, framesEach);
      outcomes.set(played.outcome, (outcomes.get(played.outcome) ?? 0) + 1);
      jammed += Number(played.jammed);
      frames += played.frames;
    } catch (error) {
      report({ failed: seed, message: `${(error as Error).name}: ${(error as Error).message}` });
    }
    if ((seed + 1 - first) % REPORT_EVERY !== 0) continue;
    measure();
  }
  measure();
  now[1] = Number.POSITIVE_INFINITY;
}

/** One worker over seeds until it ends or hangs; where to go on. */
function watch(work: Work, limitMs: number, totals: Totals): Promise<number> {
  const now = new Float64Array(work.progress);
  now[1] = Number.POSITIVE_INFINITY;
  return new Promise((resolve, reject) => {
    const code = `import(${JSON.stringify(TSX)}).then((tsx) => tsx.tsImport(${JSON.stringify(import.meta.url)}, ${JSON.stringify(import.meta.url)}))`;
    const worker = new Worker(code, { eval: true, workerData: work });
    let next = work.end;
    const timer = setInterval(() => {
      if (Date.now() - now[1] < limitMs) return;
      totals.failures.push({ seed: now[0], message: `no end after ${limitMs / 1000} s` });
      next = now[0] + 1;
      clearInterval(timer);
      void worker.terminate();
    }, 200);
    worker.on('message', (message: Report) => {
      if ('failed' in message) totals.failures.push({ seed: message.failed, message: message.message });
      else if ('bytes' in message) totals.bytes.push(message.bytes);
      else {
        for (const [outcome, count] of message.played) {
          totals.outcomes.set(outcome, (totals.outcomes.get(outcome) ?? 0) + count);
        }
        totals.jammed += message.jammed;
        totals.frames += message.frames;
      }
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      clearInterval(timer);
      resolve(next);
    });
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '100000' },
      first: { type: 'string', default: '0' },
      frames: { type: 'string', default: '60' },
      seconds: { type: 'string', default: '60' },
      only: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const games = gamesToMutate();
  const framesEach = Number(values.frames);
  if (values.only !== undefined) {
    console.log(playCartridge(Number(values.only), games, framesEach));
    return;
  }
  const start = performance.now();
  const totals: Totals = { outcomes: new Map(), failures: [], bytes: [], jammed: 0, frames: 0 };
  const first = Number(values.first);
  const end = first + Number(values.count);
  for (let next = first; next < end; ) {
    const work: Work = { first: next, end, frames: framesEach, games, progress: new SharedArrayBuffer(16) };
    next = await watch(work, 1000 * Number(values.seconds), totals);
  }
  const { user, system } = process.cpuUsage();
  const megabytes = totals.bytes.map((bytes) => Math.round(bytes / 2 ** 20));
  const summary = {
    cartridges: end - first,
    failures: totals.failures,
    outcomes: Object.fromEntries([...totals.outcomes].sort(([, a], [, b]) => b - a)),
    jammed: totals.jammed,
    frames: totals.frames,
    megabytesInUse: { first: megabytes[0], last: megabytes.at(-1), most: Math.max(...megabytes) },
    peakRssMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    cpuMinutes: Number(((user + system) / 60e6).toFixed(1)),
    minutes: Number(((performance.now() - start) / 60e3).toFixed(1)),
  };
  console.log(JSON.stringify(summary, null, values.json ? undefined : 1));
  const grown = megabytes.length > 1 && megabytes.at(-1)! > megabytes[0] + 32;
  if (totals.failures.length > 0 || grown) process.exitCode = 1;
}

if (isMainThread) await main();
else playAll(workerData as Work, (message) => parentPort!.postMessage(message));
