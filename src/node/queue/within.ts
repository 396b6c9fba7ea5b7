/**
 * Waits for something, but not for ever.
 * @param work gets a signal that says when nobody waits for it any more.
 * @throws Error when it takes longer.
 */
export async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${Math.round(ms / 1000)} s`));
      late.abort();
    }, ms);
  });
  const working = work(late.signal);
  try {
    return await Promise.race([working, timeout]);
  } finally {
    clearTimeout(timer);
    // Nobody takes its error any more when it comes late.
    working.catch(() => {});
  }
}
