import { expect, it } from 'vitest';
import type { WorkerEvent } from '../node/queue/queue-worker.ts';
import { describeEvent, describePlay } from './describe-worker.ts';

const FORGED = 'x\u001b[2J\r\ny';
const SHOWN = 'x\\x1b[2J\\r\\ny';

it.each<WorkerEvent>([
  { kind: 'begins', id: FORGED, step: undefined },
  { kind: 'ended', id: 'a', end: { kind: 'failed', message: FORGED }, before: false },
  { kind: 'refuses', id: 'a', what: FORGED },
  { kind: 'gives back', id: 'a', why: FORGED },
  { kind: 'trouble', message: FORGED },
])('shows control characters of $kind', (event) => {
  expect(describeEvent(event)).toContain(SHOWN);
  expect(describeEvent(event)).not.toContain('\u001b');
});

it('shows those of learners', () => {
  expect(describePlay({ session: 's', env: FORGED })).toBe(`Plays ${SHOWN} for learner s.`);
  expect(describePlay({ session: 's', env: '', refused: FORGED })).toContain(SHOWN);
});
