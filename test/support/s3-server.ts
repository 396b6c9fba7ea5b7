/** An S3 of its own for tests: moto, as the Python of the tests has it. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { pythonPath } from '../platform/programs.ts';
import { freePort } from './queue-servers.ts';

export interface S3Server {
  /** What tells a program where it is. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** @param bucket that it has. */
export async function startS3(bucket: string): Promise<S3Server> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const args = ['-c', 'from moto.server import main; main()', '-H', '127.0.0.1', '-p', `${port}`];
  const child = spawn(process.env['BELLMAN_MOTO_PYTHON'] ?? pythonPath(), args, {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let ended = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  child.once('exit', () => {
    ended = true;
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const env = { AWS_ACCESS_KEY_ID: 'tester', AWS_SECRET_ACCESS_KEY: 'Hush-0815', AWS_ENDPOINT_URL: address };
  const client = new AwsClient({
    accessKeyId: 'tester',
    secretAccessKey: 'Hush-0815',
    service: 's3',
    region: 'us-east-1',
  });
  for (;;) {
    if (ended) throw new Error(`moto does not start (scripts/setup-tests.sh installs it): ${said}`);
    const made = await client.fetch(`${address}/${bucket}`, { method: 'PUT' }).catch(() => undefined);
    if (made?.ok === true) break;
    await sleep(50);
  }
  return {
    env,
    async stop() {
      process.off('exit', kill);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      kill();
      await gone;
    },
  };
}
