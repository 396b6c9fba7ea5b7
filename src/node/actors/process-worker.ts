import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { JsonObject } from '../../runs/json.ts';
import type { Chunk, Play } from '../../train/actors/chunk.ts';
import { decodePlay, encodeChunk } from '../../train/actors/chunk-codec.ts';
import { type ChunkWorker, WorkerLost } from '../../train/actors/pooled-actors.ts';
import { checksum } from '../files/checksum.ts';
import type { FromActor, ToActor } from './actor-process.ts';
import { heardError } from './told-error.ts';

/** Plays chunks in a process of this machine. */
export class ProcessWorker implements ChunkWorker {
  bytes = 0;
  readonly #child: ChildProcess;
  /** Version of the weights that the process has. */
  #version = -1;
  #said = '';
  #gone: string | undefined;
  #waiting: { readonly hear: (answer: FromActor) => void; readonly lose: (error: WorkerLost) => void } | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: FromActor) => {
      child.channel?.unref();
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.hear(answer);
    });
    // Only an answer that is waited for keeps this program running.
    child.unref();
    child.channel?.unref();
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-2000);
    });
    child.on('error', (error) => this.#lose(error.message));
    child.on('exit', (code, signal) => {
      const last = this.#said.trim().split('\n').at(-1);
      this.#lose(signal === null ? last || `ended with exit code ${code}` : `killed by ${signal}`);
    });
  }

  /**
   * @param config `config.json` of the run.
   * @param allowCode whether it may name code of this machine.
   * @throws what making the run's environments throws there; WorkerLost when the process does not start.
   */
  static async start(config: JsonObject, allowCode: boolean): Promise<ProcessWorker> {
    const fromSources = import.meta.url.endsWith('.ts');
    const file = new URL(`./actor-process.${fromSources ? 'ts' : 'js'}`, import.meta.url);
    const child = fork(fileURLToPath(file), {
      // From the sources with what compiles them, whatever this program was started with.
      execArgv: fromSources ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own: a terminal's Ctrl-C goes to the learner, which saves and lets it go.
      detached: true,
    });
    const worker = new ProcessWorker(child);
    try {
      await worker.#ask({ kind: 'run', config, allowCode });
    } catch (error) {
      await worker.close();
      throw error;
    }
    return worker;
  }

  /** Of the process. */
  get pid(): number {
    return this.#child.pid!;
  }

  async play(chunk: Chunk, weights: Float32Array): Promise<Play> {
    const bytes = encodeChunk(chunk, checksum);
    const news = this.#version === chunk.version ? undefined : weights;
    this.bytes += bytes.length + (news?.byteLength ?? 0);
    this.#version = chunk.version;
    const answer = await this.#ask({ kind: 'play', chunk: bytes, weights: news });
    if (answer.kind !== 'played') throw new Error(`A process that plays said ${answer.kind}.`);
    this.bytes += answer.play.length;
    return decodePlay(answer.play, checksum);
  }

  async #ask(message: ToActor): Promise<FromActor> {
    const answer = await new Promise<FromActor>((hear, lose) => {
      if (this.#gone !== undefined) {
        lose(new WorkerLost(this.#gone));
        return;
      }
      this.#waiting = { hear, lose };
      this.#child.channel?.ref();
      this.#child.send(message, (error) => {
        if (error !== null) this.#lose(error.message);
      });
    });
    if (answer.kind === 'failed') throw heardError(answer.error);
    return answer;
  }

  #lose(why: string): void {
    this.#gone ??= why;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.lose(new WorkerLost(this.#gone));
  }

  async close(): Promise<void> {
    this.#gone ??= 'closed';
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.ref();
    // What it plays is wanted no more.
    this.#child.kill('SIGKILL');
    await ended;
  }
}
