import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { advise } from '../../core/advise.ts';
import { UnavailableError } from '../../core/errors.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { exitCodeOf, StopRequests } from '../runs/stop-requests.ts';
import { type ImportReport, importCartridges } from './import-cartridges.ts';

/** The release whose cartridges and rules are known here. */
const ALE_VERSION = '0.12.1';
const DEFAULT_INDEX = 'https://pypi.org/simple';
/** A platform for which the release surely has a wheel: the cartridges inside are the same in all of them. */
const ANY_WHEEL = ['--only-binary=:all:', '--platform', 'manylinux_2_28_x86_64', '--python-version', '3.12'];

/** Most bytes of an index, whose own is below 1 MB, and of a wheel, which has 5 MB. */
const LARGEST_INDEX = 1 << 25;
const LARGEST_WHEEL = 1 << 28;
/** Longest time that one download, and that one call of pip, may take. */
const DOWNLOAD_MS = 120_000;
const PIP_MS = 300_000;

export interface FetchReport extends ImportReport {
  /** How the wheel came: the command of pip, or an address. */
  readonly from: string;
}

/**
 * Takes the cartridges out of ale-py's wheel, which comes from the user's Python index: through pip, with whatever index
 * the user has set up for it, else straight by HTTPS (from `PIP_INDEX_URL` or the public index). Each cartridge is
 * checked by its MD5.
 * @throws UnavailableError when neither way works; the message tells both failures.
 */
export async function fetchCartridges(env: NodeJS.ProcessEnv = process.env): Promise<FetchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'bellman-roms-'));
  const ended = new AbortController();
  const requests = new StopRequests({
    heedParent: false,
    onStop: (signal) => {
      ended.abort();
      rmSync(folder, { recursive: true, force: true });
      process.exit(exitCodeOf(signal));
    },
  });
  try {
    const viaPip = await downloadByPip(folder, env, ended.signal);
    const got = 'wheel' in viaPip ? viaPip : await downloadByHttps(folder, env, viaPip.problem);
    return { ...importCartridges([got.wheel]), from: got.from };
  } finally {
    requests.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Download {
  readonly wheel: string;
  readonly from: string;
}

async function downloadByPip(
  folder: string,
  env: NodeJS.ProcessEnv,
  ended: AbortSignal,
): Promise<Download | { readonly problem: string }> {
  let problem = 'no Python with pip';
  const pythons = env['BELLMAN_PYTHON'] ? [env['BELLMAN_PYTHON']] : ['python3', 'python'];
  for (const python of pythons) {
    const command = ['-m', 'pip', 'download', `ale-py==${ALE_VERSION}`, '--no-deps', '--quiet', '--dest', folder];
    for (const extra of [['--only-binary=:all:'], ANY_WHEEL]) {
      const outcome = await run(python, [...command, ...extra], env, ended);
      if (outcome === undefined) break;
      const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
      if (outcome.code === 0 && wheel !== undefined) {
        return { wheel: join(folder, wheel), from: `${python} -m pip download ale-py==${ALE_VERSION}` };
      }
      problem = outcome.lastLine || `pip ended with ${outcome.code}`;
    }
  }
  return { problem };
}

/** Runs a program; undefined when there is none of that name. */
function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  ended: AbortSignal,
): Promise<{ readonly code: number | null; readonly lastLine: string } | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'], signal: ended });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, PIP_MS);
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-4000);
    });
    child.on('error', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const lastLine = late ? `pip took longer than ${PIP_MS / 1000} s` : (text.trim().split('\n').at(-1) ?? '');
      resolve({ code, lastLine });
    });
  });
}

interface IndexFile {
  readonly filename: string;
  readonly url: string;
  readonly sha256?: string | undefined;
}

async function downloadByHttps(folder: string, env: NodeJS.ProcessEnv, pipProblem: string): Promise<Download> {
  const index = (env['PIP_INDEX_URL'] || DEFAULT_INDEX).replace(/\/+$/, '');
  try {
    const file = (await listIndex(`${index}/ale-py/`)).find(
      ({ filename }) => filename.startsWith(`ale_py-${ALE_VERSION}-`) && filename.endsWith('.whl'),
    );
    if (file === undefined) throw new Error(`no wheel of ale-py ${ALE_VERSION}`);
    const { bytes } = await download(file.url, schemesOf(index), LARGEST_WHEEL);
    if (file.sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== file.sha256) {
      throw new Error(`${file.filename} does not have the checksum that the index names`);
    }
    const wheel = join(folder, 'ale-py.whl');
    writeFileAtomic(wheel, bytes);
    return { wheel, from: file.url };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnavailableError(
      `Cannot fetch ale-py ${ALE_VERSION}: pip: ${pipProblem}; ${index}: ${reason}.`,
      `Download its wheel elsewhere and name it: ${advise('roms import FILE')}`,
      { cause: error },
    );
  }
}

/** Addresses that an index may send to: an encrypted one to no other. */
const schemesOf = (index: string): readonly string[] => (index.startsWith('http:') ? ['http:', 'https:'] : ['https:']);

/** Files of a project in a Python package index: JSON (PEP 691), or HTML (PEP 503). @throws Error when it is neither. */
async function listIndex(url: string): Promise<IndexFile[]> {
  const accept = 'application/vnd.pypi.simple.v1+json, text/html;q=0.5';
  const { bytes, type, at } = await download(url, schemesOf(url), LARGEST_INDEX, { accept });
  const text = new TextDecoder().decode(bytes);
  if (type.includes('json')) return readJsonIndex(text, at);
  return Array.from(text.matchAll(/<a\b[^>]{0,2000}?\bhref="([^"]{1,4000})"/g), ([, href]) => {
    const link = new URL(href!.replaceAll('&amp;', '&'), at);
    const filename = decodeURIComponent(link.pathname.split('/').at(-1) ?? '');
    return { filename, url: link.href, sha256: /^#sha256=([0-9a-f]{64})$/.exec(link.hash)?.[1] };
  });
}

function readJsonIndex(text: string, at: string): IndexFile[] {
  const { files } = (JSON.parse(text) ?? {}) as { readonly files?: unknown };
  if (!Array.isArray(files)) throw new Error('what it answered is no index of files');
  return files.flatMap((file: unknown) => {
    const { filename, url, hashes } = (file ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof filename !== 'string' || typeof url !== 'string') return [];
    const { sha256 } = (hashes ?? {}) as { readonly sha256?: unknown };
    return { filename, url: new URL(url, at).href, sha256: typeof sha256 === 'string' ? sha256 : undefined };
  });
}

interface Downloaded {
  readonly bytes: Uint8Array;
  /** Its media type; empty where it has none. */
  readonly type: string;
  /** The address that answered in the end. */
  readonly at: string;
}

/** Downloads no more than `limit` bytes, counted as they are unpacked. @throws Error for a longer one, at once. */
async function download(
  url: string,
  schemes: readonly string[],
  limit: number,
  headers: Record<string, string> = {},
): Promise<Downloaded> {
  const check = (address: string) => {
    const { protocol } = new URL(address);
    if (!schemes.includes(protocol)) throw new Error(`it sends to ${protocol}, allowed is ${schemes.join(', ')}`);
  };
  check(url);
  const ended = new AbortController();
  const late = setTimeout(() => ended.abort(new Error(`${url} took longer than ${DOWNLOAD_MS / 1000} s`)), DOWNLOAD_MS);
  try {
    const response = await fetch(url, { headers, signal: ended.signal });
    const at = response.url || url;
    check(at);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > limit) throw new Error(`${url} sends more than ${limit} bytes`);
      parts.push(part);
    }
    return { bytes: Buffer.concat(parts), type: response.headers.get('content-type') ?? '', at };
  } catch (error) {
    // What is still coming is not waited for.
    ended.abort();
    throw error;
  } finally {
    clearTimeout(late);
  }
}
