import { formatCount } from '../core/format-count.ts';
import type { TrainingSpeed } from '../train/steady-state.ts';
import { type Finding, good } from './finding.ts';

/** What the textbooks say that Pong takes. */
const USUAL_FRAMES = 1_000_000;

/** Says how long a run would take at a measured speed. */
export function speedFinding({ framesPerSecond, msPerGradientStep }: TrainingSpeed, maxSteps: number): Finding {
  const frames = Math.min(USUAL_FRAMES, maxSteps);
  const step =
    msPerGradientStep === undefined ? ' with learning' : `, ${msPerGradientStep.toFixed(1)} ms a gradient step`;
  const rate = `${framesPerSecond.toFixed(0)} frames/s${step}`;
  return good('speed', `${rate}: ${duration(frames / framesPerSecond)} for ${formatCount(frames)} frames`);
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
