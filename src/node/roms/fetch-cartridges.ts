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
    const download = ['-m', 'pip', 'download', `ale-py==${ALE_VERSION}`, '--no-deps', '--quiet', '--dest', folder];
    for (const extra of [['--only-binary=:all:'], ANY_WHEEL]) {
      const outcome = await run(python, [...download, ...extra], env, ended);
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
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-4000);
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve({ code, lastLine: text.trim().split('\n').at(-1) ?? '' }));
  });
}

interface IndexFile {
  readonly filename: string;
  readonly url: string;
  readonly hashes?: { readonly sha256?: string };
}

async function downloadByHttps(folder: string, env: NodeJS.ProcessEnv, pipProblem: string): Promise<Download> {
  const index = (env['PIP_INDEX_URL'] || DEFAULT_INDEX).replace(/\/+$/, '');
  try {
    const file = (await listIndex(`${index}/ale-py/`)).find(
      ({ filename }) => filename.startsWith(`ale_py-${ALE_VERSION}-`) && filename.endsWith('.whl'),
    );
    if (file === undefined) throw new Error(`no wheel of ale-py ${ALE_VERSION}`);
    const bytes = new Uint8Array(await (await get(file.url)).arrayBuffer());
    const expected = file.hashes?.sha256;
    if (expected !== undefined && createHash('sha256').update(bytes).digest('hex') !== expected) {
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

/** Files of a project in a Python package index: JSON (PEP 691), or HTML (PEP 503). */
async function listIndex(url: string): Promise<IndexFile[]> {
  const accept = 'application/vnd.pypi.simple.v1+json, text/html;q=0.5';
  const response = await get(url, { accept });
  if (response.headers.get('content-type')?.includes('json')) {
    const { files } = (await response.json()) as { files: IndexFile[] };
    return files.map((file) => ({ ...file, url: new URL(file.url, response.url || url).href }));
  }
  const html = await response.text();
  return Array.from(html.matchAll(/<a\b[^>]*\bhref="([^"]+)"/g), ([, href]) => {
    const link = new URL(href.replaceAll('&amp;', '&'), response.url || url);
    const sha256 = /^#sha256=([0-9a-f]{64})$/.exec(link.hash)?.[1];
    const filename = decodeURIComponent(link.pathname.split('/').at(-1) ?? '');
    return { filename, url: link.href, ...(sha256 === undefined ? {} : { hashes: { sha256 } }) };
  });
}

async function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(120_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}
