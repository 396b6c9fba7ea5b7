/** Servers of queues for tests: Redis and PostgreSQL as Debian has them, each on a free port with a temporary folder of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const PASSWORD = 'Hush-4711';

export interface QueueServer {
  /** With its password. */
  readonly url: string;
  /** Ends it with SIGKILL and starts it again on the same port, with what it had. */
  restart(): Promise<void>;
  /** SIGSTOP: it listens and says nothing. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

export async function startRedis(): Promise<QueueServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bellman-redis-'));
  const options = ['--requirepass', PASSWORD, '--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'];
  const program = ['redis-server', '--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, ...options];
  return serve(`redis://:${PASSWORD}@127.0.0.1:${port}`, port, folder, program);
}

export async function startPostgres(): Promise<QueueServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bellman-postgres-'));
  const data = join(folder, 'data');
  const secret = join(folder, 'secret');
  writeFileSync(secret, `${PASSWORD}\n`);
  const user = postgresUser();
  if (user !== undefined) for (const path of [folder, secret]) chownSync(path, user.uid, user.gid);
  const initdb = [postgresProgram('initdb'), '-D', data, '-U', 'bellman', '--pwfile', secret, '-A', 'scram-sha-256'];
  const [file, ...args] = [...asUser(user), ...initdb, '--no-sync', '--no-locale', '-E', 'UTF8'];
  execFileSync(file!, args, { stdio: 'pipe', cwd: folder });
  // Against a kill of the server the system's own memory is enough: nothing need reach the disk.
  const own = { listen_addresses: '127.0.0.1', port: `${port}`, unix_socket_directories: '', fsync: 'off' };
  const settings = { ...own, shared_buffers: '16MB' };
  const set = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const program = [...asUser(user), postgresProgram('postgres'), '-D', data, ...set];
  return serve(`postgres://bellman:${PASSWORD}@127.0.0.1:${port}/postgres`, port, folder, program);
}

/** A server and its processes: PostgreSQL has one for each connection. */
function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  for (const one of [pid!, ...below.map(Number)]) {
    try {
      process.kill(one, signal);
    } catch (error) {
      // One that has ended meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL does not run as root; Debian's package brings a user. Undefined for one who is not root. */
function postgresUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

const asUser = (user: User | undefined): string[] =>
  user === undefined ? [] : ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--'];

/** Debian has them apart, by version. */
function postgresProgram(name: string): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(root, version, 'bin', name)).find((path) => existsSync(path));
  return found ?? name;
}

async function serve(url: string, port: number, folder: string, program: readonly string[]): Promise<QueueServer> {
  let child = await begin(program, port, folder);
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const kill = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    signalAll(child, 'SIGCONT');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url,
    async restart() {
      await kill();
      // PostgreSQL's other processes let go of its memory first.
      for (let i = 0; ; i++) {
        try {
          child = await begin(program, port, folder);
          return;
        } catch (error) {
          if (i > 100) throw error;
          await sleep(100);
        }
      }
    },
    freeze: () => signalAll(child, 'SIGSTOP'),
    thaw: () => signalAll(child, 'SIGCONT'),
    async stop() {
      process.off('exit', onExit);
      await kill();
      for (let i = 0; ; i++) {
        try {
          rmSync(folder, { recursive: true, force: true });
          return;
        } catch (error) {
          if (i > 100) throw error;
          await sleep(50);
        }
      }
    },
  };
}

/** Starts it and waits until it takes connections. @throws Error with what it said when it ends instead. */
async function begin([file, ...args]: readonly string[], port: number, cwd: string): Promise<ChildProcess> {
  const child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd });
  let said = '';
  let ended: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
  }
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', () => {
    ended ??= said;
  });
  while (ended === undefined) {
    // Both say it, in their own words, before which they refuse what is asked.
    if (/Ready to accept connections|ready to accept connections/.test(said) && (await listens(port))) return child;
    await sleep(20);
  }
  throw new Error(`${file} does not start (scripts/setup-tests.sh installs it): ${ended}`);
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
