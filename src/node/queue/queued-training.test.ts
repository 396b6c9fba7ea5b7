import { expect, it } from 'vitest';
import { readQueuedTraining } from './queued-training.ts';

const evaluation = { episodes: 30, epsilon: 0, seed: 1 };
const job = { id: 'a/seed1', recipe: 'dqn', env: 'CartPole-v1', kwargs: {}, set: {}, seed: 1, evaluation };
const queued = (change: object) => ({ format: 1, version: '1.2.3', job: { ...job, ...change } });

it('reads what this program asks for', () => {
  expect(readQueuedTraining(queued({}))).toEqual(queued({}));
});

it.each<[change: object, problem: RegExp]>([
  [{ evaluation: { ...evaluation, episodes: 1e15 } }, /job\.evaluation\.episodes: .*100000/],
  [{ seed: 1e300 }, /job\.seed: /],
  [{ set: JSON.parse('{"__proto__": 1}') }, /job\.set\.__proto__: no setting has that name\.$/],
  [{ set: JSON.parse('{"network": [{"__proto__": {"a": 1}}]}') }, /job\.set\.network\.0\.__proto__: no setting/],
  [{ kwargs: JSON.parse('{"__proto__": 1}') }, /job\.kwargs\.__proto__: no setting has that name\.$/],
])('refuses %j by name', (change, problem) => {
  expect(() => readQueuedTraining(queued(change))).toThrow(/^The job is no training of this program: /);
  expect(() => readQueuedTraining(queued(change))).toThrow(problem);
});
