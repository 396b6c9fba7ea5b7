/** Workers with clocks an hour off are with queue-worker.test.ts; here is what is told to a server whose clock is near. */
import { expect, it } from 'vitest';
import { onServersClock } from './server-clock.ts';

/** @returns what a server is told of a moment, and what is heard of it again, whose clock is so far ahead of this machine's. */
async function told(serverAhead: number): Promise<[number, number]> {
  let heard = 0;
  const make = onServersClock((() => ({
    query: async () => ({ rows: [{ now: Date.now() + serverAhead }] }),
    run: async (_: string, params: readonly unknown[]) => {
      heard = params[1] as number;
      return { rows: [{ next_delay: `${heard}` }] };
    },
  })) as never) as unknown as () => {
    run(command: string, params: readonly unknown[]): Promise<{ rows: { next_delay: string }[] }>;
  };
  const { rows } = await make().run('move_to_delayed', ['queue', 2e12, 3000]);
  return [heard, Number(rows[0]!.next_delay)];
}

it('takes clocks that agree for one, so that no worker is always the first', async () => {
  for (const serverAhead of [0, -60, 60]) expect(await told(serverAhead)).toEqual([2e12, 2e12]);
});

it("tells moments in the time of a server whose clock is off, and hears them in this machine's", async () => {
  for (const serverAhead of [-3_600_000, 3_600_000]) {
    const [heard, again] = await told(serverAhead);
    expect(Math.abs(heard - (2e12 + serverAhead))).toBeLessThan(1000);
    expect(Math.abs(again - 2e12)).toBeLessThan(1000);
  }
});
