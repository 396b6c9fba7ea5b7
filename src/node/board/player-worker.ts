/** A thread of the board that plays a run's model, or draws its table: strangers' models are opened here, so that what they do
 * to a program they do to this one. It sends one picture for each message that it gets. */
import { parentPort, workerData } from 'node:worker_threads';
import { frameRateOf } from '../../core/frame-rate.ts';
import { pixelAspectOf } from '../../core/pixel-aspect.ts';
import { playEpisode } from '../../train/evaluate.ts';
import type { PlayHead } from '../../web/board/messages.ts';
import { loadAgent } from '../runs/load-agent.ts';
import { drawTables } from './draw-tables.ts';

export interface PlayerWork {
  readonly task: 'play' | 'tables';
  /** A run's folder, whose best model of the moment plays each episode, or a model's file. */
  readonly path: string;
  readonly allowCode: boolean;
  readonly seed: number;
}

/** What the thread sends: the head of a picture and its pixels, RGB; or the pictures of a table. */
export type PlayerMessage =
  | { readonly head: PlayHead; readonly pixels: Uint8Array }
  | { readonly tables: readonly { readonly title: string; readonly svg: string }[] };

const port = parentPort!;
const work = workerData as PlayerWork;
let wanted = 0;
let wake = () => {};
port.on('message', () => {
  wanted++;
  wake();
});

function send(message: PlayerMessage): void {
  port.postMessage(message);
}

/** Waits until a picture is wanted. */
async function permission(): Promise<void> {
  while (wanted === 0) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  wanted--;
}

async function play(): Promise<void> {
  const totals: number[] = [];
  for (let episode = 1; ; episode++) {
    // Anew each time: training may have come to a better one.
    const agent = await loadAgent(work.path, { renderMode: 'picture-or-text', allowCode: work.allowCode });
    const { env } = agent;
    const interval = 1000 / frameRateOf(env);
    const names = (env.unwrapped as { getActionMeanings?: () => readonly string[] }).getActionMeanings?.();
    let next = performance.now();
    let [step, reward, action] = [-1, 0, null as number | null];
    const show = async (): Promise<void> => {
      step++;
      await permission();
      const rest = next - performance.now();
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      next = Math.max(next + interval, performance.now());
      const mean = totals.length === 0 ? null : totals.reduce((sum, total) => sum + total, 0) / totals.length;
      const told = {
        model: agent.modelPath,
        ...{ episode, step, reward, mean },
        action: action === null ? null : (names?.[action] ?? String(action)),
      };
      const picture = env.render();
      if (typeof picture !== 'object' || picture === null) {
        send({ head: { kind: 'text', text: String(picture ?? ''), ...told }, pixels: new Uint8Array() });
        return;
      }
      const { data, width, height } = picture;
      const head: PlayHead = { kind: 'frame', width, height, aspect: pixelAspectOf(env), ...told };
      send({ head, pixels: Uint8Array.from(data) });
    };
    try {
      const { totalReward } = await playEpisode(env, agent.act, {
        seed: work.seed + episode,
        onState: show,
        onAction: (chosen) => {
          action = chosen;
        },
        onReward: (value) => {
          reward += value;
        },
      });
      totals.push(totalReward);
      if (totals.length > 100) totals.shift();
    } finally {
      await agent.close();
    }
  }
}

try {
  if (work.task === 'play') await play();
  else send({ tables: await drawTables(work.path, work.allowCode) });
} catch (error) {
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
  send({ head: { kind: 'error', text }, pixels: new Uint8Array() });
  port.close();
}
