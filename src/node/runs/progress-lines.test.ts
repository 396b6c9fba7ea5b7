import { describe, expect, it } from 'vitest';
import { ProgressLines } from './progress-lines.ts';
import { bestFileName } from './run-layout.ts';

describe('ProgressLines', () => {
  it('says the means of the losses since the last time, and passes on what it hears', () => {
    const lines = new ProgressLines();
    const heard: unknown[] = [];
    const observer = lines.heard({
      update: ({ loss }) => void heard.push(loss),
      line: (text) => void heard.push(text),
    });
    observer.update?.({ step: 1, loss: 1, meanQ: -2 });
    observer.update?.({ step: 2, loss: 2, meanQ: -3 });
    observer.line?.('said');
    expect(heard).toEqual([1, 2, 'said']);
    expect(lines.take(2, '3 games')).toEqual({
      line: '2: loss 1.500, mean Q -2.500, 3 games',
      scalars: { loss: 1.5, mean_q: -2.5 },
    });
    expect(lines.take(3, '3 games')).toEqual({ line: '3: 3 games', scalars: {} });
  });

  it("says the last test of a table, whose scores no game's are taken for", () => {
    const lines = new ProgressLines();
    const observer = lines.heard({});
    observer.scalars?.(1, { reward: 0.2, env_steps: 1 });
    observer.scalars?.(2, { reward: 0.35, env_steps: 2 });
    expect(lines.take(2, 'best reward 0.350').line).toBe('2: test reward 0.350, best reward 0.350');
    observer.scalars?.(3, { reward: 9, epsilon: 1 });
    expect(lines.take(3, 'best reward 0.350').line).toBe('3: best reward 0.350');
  });
});

it.each([
  [19.32, 'best_19.onnx'],
  [-20.6, 'best_-21.onnx'],
  [0.756, 'best_0.76.onnx'],
  [0, 'best_0.00.onnx'],
  [-0.4, 'best_-0.40.onnx'],
])('a best model of %d is %s', (score, name) => {
  expect(bestFileName(score, '.onnx')).toBe(name);
});
